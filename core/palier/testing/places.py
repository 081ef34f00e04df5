"""Installations of a test's own, one beside the other: filled, saved, brought back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from palier.house import House
from palier.installing import bring_up
from palier.receipts.actions import pay
from palier.receipts.closings import close_day
from palier.receipts.models import Receipt
from palier.settings import Settings
from palier.testing.databases import postgresql_database
from palier.testing.plugin import NOW, SECRET, seed_sites
from palier.testing.till import make_resident, owe
from palier.text import Cents

Place = Callable[[], Settings]


@contextmanager
def places(folder: Path, kind: str) -> Iterator[Place]:
    """Give a place for one installation after the other; none has tables yet."""
    open_now: list[object] = []

    def place() -> Settings:
        home = folder / f"home{len(open_now)}"
        home.mkdir()
        owner = app = f"sqlite:///{home / 'palier.sqlite3'}"
        made = postgresql_database()
        open_now.append(made)
        if kind == "postgresql":
            owner, app = made.__enter__()
        return Settings(home, app, owner, SECRET, home / "closings", home / "access.jsonl")

    yield place
    if kind == "postgresql":
        for each in open_now:
            each.__exit__(None, None, None)  # type: ignore[attr-defined]  # a context manager


@contextmanager
def installed(settings: Settings) -> Iterator[House]:
    """Open an installation; its clock stands at `NOW`."""
    house = replace(House.open(settings), clock=lambda: NOW)
    try:
        yield house
    finally:
        house.database.close()


@contextmanager
def filled(settings: Settings) -> Iterator[House]:
    """An installation with two receipts, of which yesterday's day is closed."""
    bring_up(settings)
    with installed(settings) as house:
        seed_sites(house.database)
        sell(house, "F1", days_ago=1)
        with house.at("ampere", "test") as desk:
            close_day(desk, desk.today - timedelta(days=1))
        sell(house, "F2")
        yield house


def sell(house: House, code: str, *, days_ago: int = 0) -> None:
    """Sell something for 2.50 to a new resident, paid in cash."""
    with house.at("ampere", "test", now=NOW - timedelta(days=days_ago)) as desk:
        resident = make_resident(desk, code)
        owe(desk, resident, 250, what=code)
        pay(desk, resident, given=Cents(500))


def receipts_of(settings: Settings) -> list[str]:
    """Return the numbers of Ampère's receipts."""
    with installed(settings) as house, house.at("ampere", "test", write=False) as desk:
        return list(desk.session.scalars(select(Receipt.number).order_by(Receipt.id)))
