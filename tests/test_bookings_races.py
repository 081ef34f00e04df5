"""Bookings under a crowd: one gets the bike, the others are told who has it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable, BookingLine
from palier.db.engine import Database
from palier.residents.models import Resident
from palier.rosters.models import Shift
from palier.testing.plugin import NOW, At
from palier.testing.races import CROWD, processes, threads

ONE_TRY = Path(__file__).parent / "races" / "one_try.py"


@pytest.fixture
def bike(at: At) -> None:
    """One bike and one resident, both the first of their table."""
    with at() as desk:
        desk.add(Bookable(code="V01", name="City"))
        desk.add(Resident(given_name="Odile", family_name="Kern", card_code="A"))


@pytest.mark.usefixtures("bike")
def test_sixteen_threads_want_one_bike(database: Database, at: At) -> None:
    def book(number: int) -> None:
        with at() as desk:
            thing = desk.session.get_one(Bookable, 1)
            starts_at = NOW.replace(hour=8 + number % 2)
            ends_at = NOW.replace(hour=12)
            book_thing(desk, thing, starts_at, ends_at, desk.session.get_one(Resident, 1))

    ends = threads(database, book)

    assert ends == {"done": 1, "AlreadyBooked": CROWD - 1}
    assert _stored(database, BookingLine) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("bike")
def test_processes_want_one_bike(database: Database) -> None:
    ends = processes(database, ONE_TRY, "book", 4 if database.on_sqlite else CROWD)

    assert ends["done"] == 1
    assert ends["AlreadyBooked"] == ends.total() - 1
    assert _stored(database, BookingLine) == 1


@pytest.mark.slow
def test_processes_put_one_person_on_two_shifts(database: Database) -> None:
    ends = processes(database, ONE_TRY, "assign", 4)

    assert ends == {"done": 1, "AlreadyOnDuty": 3}
    assert _stored(database, Shift) == 1


def _stored(database: Database, model: type[BookingLine | Shift]) -> int:
    with database.read(1) as session:
        return session.scalar(select(func.count(model.id))) or 0
