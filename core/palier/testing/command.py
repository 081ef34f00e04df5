"""`palier plugin check` and `migration`: the contract as a table, and the step that it asks for."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palier.cli.telling import tell
from palier.errors import Refused
from palier.sites.switching import ServiceInTrouble
from palier.text import Reader, _, read_by

if TYPE_CHECKING:
    from palier.testing.contract.outcome import Outcome
    from palier.testing.contract.running import Say

SPOKEN = "en"  # docs/decisions/partner-tools.md


class NoSuchCheck(Refused):
    text = _("There is no check called %(name)s. These are there: %(names)s.")


class NothingToMigrate(Refused):
    text = _("The tables of %(name)s are what its models say: there is nothing to migrate.")


def hold(name: str, only: Sequence[str], *, as_json: bool) -> None:
    """Run the contract, print its table, and end with exit code 1 unless every line is well.

    Raises `UnknownService`, `NoSuchCheck`.
    """
    from palier.testing.contract.checks import CHECKS
    from palier.testing.contract.outcome import OK
    from palier.testing.contract.running import outcomes

    unknown = set(only) - {each.name for each in CHECKS}
    for each in sorted(unknown):
        raise NoSuchCheck(name=each, names=", ".join(check.name for check in CHECKS))
    chosen = [each for each in CHECKS if not only or each.name in only]
    with read_by(Reader(SPOKEN)), _progress() as say:
        found = list(outcomes(chosen, name, say))
    if as_json:
        tell([asdict(each) for each in found], as_json=True)
    else:
        tell([_line(each) for each in found], as_json=False)
        _say_more(found)
    if any(each.state != OK for each in found):
        raise SystemExit(1)


def write_migration(name: str, words: str) -> Path:
    """Write the next migration on an empty database of its own, on PostgreSQL where there is one.

    Raises `UnknownService`, `ServiceInTrouble`, `NothingToMigrate`.
    """
    from palier.db.migrations import new_revision, owner_connection, upgrade
    from palier.installing import package_of_plugin
    from palier.testing.contract.migrated import POSTGRESQL, SQLITE, differing, empty
    from palier.testing.contract.outcome import NotChecked
    from palier.testing.contract.stage import Stage

    with tempfile.TemporaryDirectory(prefix="palier-migration-") as folder, ExitStack() as stack:
        stage = Stage(name, Path(folder))
        if not stage.plugin.works:
            raise ServiceInTrouble(name=name, why=stage.plugin.trouble)
        try:
            url = stack.enter_context(empty(stage, POSTGRESQL))
        except NotChecked:
            url = stack.enter_context(empty(stage, SQLITE))
        order = [stage.registry.plugins[each] for each in stage.registry.needed_with(name)]
        upgrade(url, [package_of_plugin(each) for each in order])
        package = package_of_plugin(stage.plugin)
        with owner_connection(url) as connection:
            if not differing(connection, package):
                raise NothingToMigrate(name=name)
        return new_revision(url, package, words)


def _line(outcome: "Outcome") -> dict[str, object]:
    """Show an outcome; what is not well is red, what could not be checked too."""
    from rich.text import Text as Cell

    from palier.testing.contract.outcome import OK

    state = Cell(outcome.state, style="" if outcome.state == OK else "red")
    return {"check": outcome.name, "": state, "what to do": outcome.words}


def _say_more(found: "list[Outcome]") -> None:
    """Name what was found below the table, where a line has room."""
    for outcome in found:
        if outcome.found:
            click.echo(f"\n{outcome.name}")
            for each in outcome.found:
                click.echo(f"  {each}")


@contextmanager
def _progress() -> Iterator["Say"]:
    """Say which check runs, beside the answer: on one line where someone watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda words, done, of: bar.update(
            task, description=words, completed=done, total=of, refresh=True
        )
