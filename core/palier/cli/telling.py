"""How commands speak: a table or JSON, a refusal in one sentence, exit codes 0, 1 and 2."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from palier.errors import PalierError
from palier.logs import keep_log
from palier.settings import Settings, load
from palier.text import Reader, read_by

if TYPE_CHECKING:
    from rich.text import Text as Cell

P = ParamSpec("P")
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
plan_option = click.option("--plan", is_flag=True, help="Only say what would be done.")


def command_errors(function: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal into one sentence and exit code 1."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        # A command's words are its answer: only what it can't survive is logged.
        keep_log(logging.CRITICAL)
        with read_by(Reader(_language())):
            try:
                return function(*args, **kwargs)
            except PalierError as refusal:
                refuse(str(refusal))

    return run


def _language() -> str:
    import os

    return "fr" if os.environ.get("LANG", "").startswith("fr") else "en"


def refuse(words: str) -> NoReturn:
    """Say why, and end with exit code 1."""
    click.echo(words, err=True)
    raise SystemExit(1)


def settings_here() -> Settings:
    """Read this installation's settings."""
    return load()


def tell(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str = "") -> None:
    """Print rows as a table, or as JSON for programs."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, default=str, indent=2))
        return
    if not rows:
        click.echo(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in rows[0]:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console(soft_wrap=False).print(table)


def _cell(value: object) -> "Cell":
    """Return what stands in a table, letter by letter: brackets are no markup."""
    from rich.text import Text as Cell

    return value if isinstance(value, Cell) else Cell("" if value is None else str(value))


@contextmanager
def opened() -> Iterator[Any]:
    """Open the installation for a command, and close its database after. Raises `NotMade`."""
    from palier.house import House
    from palier.installing import quarantine_behind

    house = House.open(settings_here())
    try:
        quarantine_behind(house)
        yield house
    finally:
        house.database.close()
