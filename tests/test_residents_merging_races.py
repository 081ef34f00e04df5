"""A merge while others write, a merge that dies, and merges of anything that can happen."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable
from palier.db.engine import Database
from palier.db.links import links_to, tables
from palier.errors import Refused
from palier.receipts.actions import pay
from palier.receipts.deposits import hold_deposit
from palier.receipts.models import DepositForm, Receipt
from palier.residents.actions import has_left, merge, undo_merge
from palier.residents.models import Merge, Resident
from palier.residents.rules import Whose
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, make_resident, owe
from palier.text import Cents
from palier.trail import perform

CROWD = 8
OWN = ("merge", "merge_move", "act", "form_key")


@pytest.fixture
def twice(at: At) -> None:
    """Two records of one person, and things enough to book."""
    with at() as desk:
        make_resident(desk, "F1")
        make_resident(desk, "F2")
        for number in range(CROWD):
            desk.add(Bookable(code=f"V{number}", name="City"))


def left_behind(at: At, who: int) -> list[str]:
    """Name the columns that still point at a resident; an act's subject is history."""
    with at(write=False) as desk:
        return [
            f"{link.table}.{link.name}"
            for link in links_to(Resident)
            if link.moves
            and desk.session.scalars(select(link.attribute).where(link.points_at(who))).first()
        ]


@pytest.mark.usefixtures("twice")
def test_what_others_write_meanwhile_goes_to_the_kept_record(database: Database, at: At) -> None:
    together = Barrier(CROWD + 1)

    def run(number: int) -> str:
        together.wait()
        try:
            if number == CROWD:
                return database.again(lambda: joined(at))
            return database.again(lambda: wrote(at, number))
        except Refused as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(CROWD + 1) as pool:
        ends = list(pool.map(run, range(CROWD + 1)))

    assert set(ends) == {"done"}
    assert left_behind(at, 2) == []
    with at(write=False) as desk:
        owed = {each.name: each for each in links_to(Resident) if each.table == "charge"}
        charges = select(owed["resident_id"].attribute)
        assert list(desk.session.scalars(charges)) == [1] * CROWD


def wrote(at: At, number: int) -> str:
    """Book and charge for the record that goes, as a desk that opened it before the merge."""
    with at() as desk:
        gone = desk.session.get_one(Resident, 2)
        thing = desk.session.get_one(Bookable, number + 1)
        book_thing(desk, thing, NOW, NOW + timedelta(days=1), gone)
        owe(desk, gone, 100, what=str(number))
    return "done"


def joined(at: At) -> str:
    with at() as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (1, 2))
        perform(desk, merge, kept, {"other": gone})
    return "done"


# A process whose children each end without a word, before the merge's statement number `step`.
DIES = """
import os, sys
from sqlalchemy import event
from palier.context import Context
from palier.residents.actions import merge
from palier.residents.models import Resident
from palier.testing.databases import open_database
from palier.testing.plugin import MAGDA, NOW, SECRET, place
from palier.trail import perform

def run(step):
    database, sent = open_database(sys.argv[1]), []

    @event.listens_for(database.writer, "before_cursor_execute")
    def look(*statement):
        sent.append(statement)
        if len(sent) == step:
            os._exit(9)

    with database.write(1) as session:
        desk = Context(session, place(), MAGDA, NOW, secret=SECRET)
        kept, gone = (session.get_one(Resident, each) for each in (1, 2))
        perform(desk, merge, kept, {"other": gone, "home": True})
        os._exit(len(sent))

def child(step):
    if not (pid := os.fork()):
        run(step)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

every = child(0)
died = [child(step) for step in range(1, every + 1)]
print(every, died.count(9))
"""


@pytest.mark.usefixtures("twice")
def test_a_merge_that_dies_leaves_nothing(database: Database, at: At) -> None:
    wrote(at, 0)
    before = everything(at)
    url = database.url.render_as_string(hide_password=False)

    ran = subprocess.run(
        [sys.executable, "-c", DIES, url],
        env=os.environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    after = everything(at)
    joined(at)

    every, died = map(int, ran.stdout.split())
    assert died == every > 20
    assert after == before
    assert left_behind(at, 2) == []


def everything(at: At) -> dict[str, list[Any]]:
    """Return every row of the site, what each merge and each act leaves behind left out."""
    with at(write=False) as desk:
        found = {}
        for kind, table in tables():
            if table.name not in OWN:
                columns = [c for c in table.c if c.name != "version"]
                rows = desk.session.execute(select(*(kind_column(kind, c) for c in columns)))
                found[table.name] = sorted(map(str, rows))
        return found


def kind_column(kind: Any, column: Any) -> Any:
    return getattr(kind, inspect(kind).get_property_by_column(column).key)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["owe", "pay", "book", "deposit", "leave", "housemate"]),
        st.sampled_from([1, 2]),
    ),
    max_size=6,
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(list(Whose))
        for name in ("given_name", "birth_year", "phone", "email", "language", "household")
    }
    | {"home": st.just(True)},
)


NUMBERS = count(1000)


class Life:
    """What happens to two records before somebody sees that they are one person."""

    def __init__(self, at: At) -> None:
        self.at, self.number = at, next(NUMBERS)

    def does(self, step: str, who: int) -> None:
        self.number = next(NUMBERS)
        try:
            with self.at() as desk:
                getattr(self, step)(desk, desk.session.get_one(Resident, who))
        except Refused:
            return

    def owe(self, desk: Any, who: Resident) -> None:
        owe(desk, who, 100, what=str(self.number))

    def pay(self, desk: Any, who: Resident) -> None:
        owe(desk, who, 100, what=str(self.number))
        pay(desk, who)

    def book(self, desk: Any, who: Resident) -> None:
        thing = desk.add(Bookable(code=f"W{self.number}", name="City"))
        book_thing(desk, thing, NOW, NOW + timedelta(days=1), who)

    def deposit(self, desk: Any, who: Resident) -> None:
        thing = desk.add(Bookable(code=f"W{self.number}", name="City"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(days=1), who)
        hold_deposit(desk, line.booking, Cents(100), DepositForm.CASH)

    def leave(self, desk: Any, who: Resident) -> None:
        perform(desk, has_left, who, {})

    def housemate(self, desk: Any, who: Resident) -> None:
        name, card = f"Paul {self.number}", f"C-{self.number}"
        home = who.household
        desk.add(Resident(household=home, given_name=name, family_name="Kern", card_code=card))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, choices=CHOICES)
@pytest.mark.usefixtures("twice")
def test_merging_then_undoing_changes_nothing(
    at: At, steps: list[tuple[str, int]], choices: dict[str, Any]
) -> None:
    life = Life(at)
    one, two = fresh_pair(at)
    for step, who in steps:
        life.does(step, one if who == 1 else two)
    before = everything(at)

    try:
        with at() as desk:
            kept, gone = (desk.session.get_one(Resident, each) for each in (one, two))
            id = perform(desk, merge, kept, {"other": gone, **choices}).result.id
    except Refused:
        assert everything(at) == before
        return
    behind = left_behind(at, two)
    with at() as desk:
        perform(desk, undo_merge, desk.session.get_one(Merge, id), {})

    assert behind == []
    assert everything(at) == before
    assert_books_are_whole_if_any(at)


def fresh_pair(at: At) -> tuple[int, int]:
    with at() as desk:
        one, two = (make_resident(desk, f"F{next(NUMBERS)}") for _each in range(2))
        two.phone, two.birth_year = "06 12 34 56 78", 1968
        return one.id, two.id


def assert_books_are_whole_if_any(at: At) -> None:
    with at(write=False) as desk:
        paid = desk.session.scalar(select(Receipt.id).limit(1))
    if paid is not None:
        assert_books_are_whole(at)
