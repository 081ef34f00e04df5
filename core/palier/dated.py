"""Days: rows of the law that hold from one on, in a TOML file beside who asks, and a form's own."""

import tomllib
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec


class Dated(Protocol):
    """A row with the day from which it holds."""

    @property
    def valid_from(self) -> date:
        """The first day."""


R = TypeVar("R", bound=Dated)


class Rows(Generic[R]):
    """The rows of one file, read once, oldest first: `Rows(SOURCE, "rule", NoteRule)`."""

    def __init__(self, source: Path, key: str, kind: type[R]) -> None:
        self.source, self.key, self.kind = source, key, kind

    @cached_property
    def all(self) -> tuple[R, ...]:
        """Every row, oldest first. Raises `msgspec.ValidationError` for a file of another shape."""
        told = tomllib.loads(self.source.read_text("utf-8"))[self.key]
        rows = (msgspec.convert(each, self.kind) for each in told)
        return tuple(sorted(rows, key=lambda row: row.valid_from))

    def on(self, day: date, fits: Callable[[R], bool] = lambda _row: True) -> R | None:
        """Return the newest row that holds on a day, of those that fit; None before the first."""
        held = [row for row in self.all if row.valid_from <= day and fits(row)]
        return held[-1] if held else None


class _HasDay(Protocol):
    @property
    def today(self) -> date: ...


def today(desk: _HasDay) -> date:
    """Start a form with the site's own day: `ask(start=today)`."""
    return desk.today
