"""Bookings under a crowd: one gets the bike, the others are told who has it."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable, BookingLine
from palier.db.engine import Database
from palier.errors import Refused
from palier.residents.models import Resident
from palier.rosters.models import Shift
from palier.testing.plugin import NOW, At

ONE_TRY = Path(__file__).parent / "races" / "one_try.py"
CROWD = 16


@pytest.fixture
def bike(at: At) -> None:
    """One bike and one resident, both the first of their table."""
    with at() as desk:
        desk.add(Bookable(code="V01", name="City"))
        desk.add(Resident(given_name="Odile", family_name="Kern", card_code="A"))


@pytest.mark.usefixtures("bike")
def test_sixteen_threads_want_one_bike(database: Database, at: At) -> None:
    together = Barrier(CROWD)

    def book_once(hour: int) -> str:
        try:
            with at() as desk:
                thing = desk.session.get_one(Bookable, 1)
                starts_at = NOW.replace(hour=8 + hour % 2)
                ends_at = NOW.replace(hour=12)
                book_thing(desk, thing, starts_at, ends_at, desk.session.get_one(Resident, 1))
        except Refused as refusal:
            return type(refusal).__name__
        return "done"

    def run(number: int) -> str:
        together.wait()
        return database.again(lambda: book_once(number))

    with ThreadPoolExecutor(CROWD) as pool:
        ends = Counter(pool.map(run, range(CROWD)))

    assert ends == {"done": 1, "AlreadyBooked": CROWD - 1}
    assert _stored(database, BookingLine) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("bike")
def test_processes_want_one_bike(database: Database) -> None:
    ends = _race(database, "book", 4 if database.on_sqlite else CROWD)

    assert ends["done"] == 1
    assert ends["AlreadyBooked"] == ends.total() - 1
    assert _stored(database, BookingLine) == 1


@pytest.mark.slow
def test_processes_put_one_person_on_two_shifts(database: Database) -> None:
    ends = _race(database, "assign", 4)

    assert ends == {"done": 1, "AlreadyOnDuty": 3}
    assert _stored(database, Shift) == 1


def _race(database: Database, what: str, how_many: int) -> "Counter[str]":
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, str(ONE_TRY), url, what]
    runners = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for each in range(how_many)
    ]
    for each in runners:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    # Written to each without waiting for an answer, so that they start together.
    for each in runners:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return Counter(each.communicate()[0].strip() for each in runners)


def _stored(database: Database, model: type[BookingLine | Shift]) -> int:
    with database.read(1) as session:
        return session.scalar(select(func.count(model.id))) or 0
