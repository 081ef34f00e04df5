"""What opens a till or moves its cash, ended before each of its statements, leaves nothing half done."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import func, select

from palier.db.engine import Database
from palier.receipts.models import ByHand, CashMove, Journal, TillSession
from palier.receipts.till_acts import move_cash
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    assert_books_are_whole,
    counts_the_till,
    ends_at_each_statement,
    opens_the_till,
)
from palier.text import Cents

DAY = date(2026, 10, 6)
TOMORROW = NOW + timedelta(days=1)


def left(at: At) -> tuple[int, int, int, int]:
    """How many sessions, closed ones, moves and records of the journal there are."""
    with at(write=False) as desk:
        rows = (
            select(func.count(TillSession.id)),
            select(func.count(TillSession.closed_at)),
            select(func.count(CashMove.id)),
            select(func.count(Journal.seq)),
        )
        first, second, third, fourth = (desk.session.scalar(each) or 0 for each in rows)
    return first, second, third, fourth


def dies_at_each_step(at: At, database: Database, work: Callable[[], object]) -> int:
    """Kill the work before each of its statements; nothing of it is left, and the books are whole."""
    before, steps = left(at), 0
    for _step in ends_at_each_statement(database, work):
        steps += 1
        assert left(at) == before
    assert_books_are_whole(at)
    return steps


def test_opening_the_till_is_whole_or_nothing(at: At, database: Database) -> None:
    counts_the_till(at)

    steps = dies_at_each_step(at, database, lambda: opens_the_till(at, TOMORROW))

    assert steps >= 5
    assert left(at) == (2, 1, 0, 3)


def test_a_cash_move_is_whole_or_nothing(at: At, database: Database) -> None:
    def moves() -> None:
        with at() as desk:
            session = desk.session.scalars(select(TillSession)).one()
            move_cash(desk, session, reason=ByHand.BANK, cents=Cents(2000), number="B-1")

    steps = dies_at_each_step(at, database, moves)

    assert steps >= 6
    assert left(at) == (1, 0, 1, 2)
