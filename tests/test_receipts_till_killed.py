"""A process that dies while a till is opened, counted or closed leaves nothing half done."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.receipts import closings
from palier.receipts.actions import close_day
from palier.receipts.models import CashMove, Closing, Journal, MoveReason, TillSession
from palier.receipts.till_acts import move_cash
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    Killed,
    assert_books_are_whole,
    counts_the_till,
    ends_at_each_statement,
    opens_the_till,
    pays,
    someone_owes,
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


def test_counting_the_till_is_whole_or_nothing(at: At, database: Database) -> None:
    pays(at, someone_owes(at, 835))

    steps = dies_at_each_step(at, database, lambda: counts_the_till(at, off=-50))

    assert steps >= 6
    assert left(at) == (1, 1, 0, 3)


def test_a_cash_move_is_whole_or_nothing(at: At, database: Database) -> None:
    def moves() -> None:
        with at() as desk:
            session = desk.session.scalars(select(TillSession)).one()
            move_cash(desk, session, reason=MoveReason.BANK, cents=Cents(2000), number="B-1")

    steps = dies_at_each_step(at, database, moves)

    assert steps >= 6
    assert left(at) == (1, 0, 1, 2)


@pytest.mark.parametrize("period", ["day", "month", "year"])
def test_a_closing_is_whole_or_nothing(
    at: At, database: Database, tmp_path: Path, period: str
) -> None:
    pays(at, someone_owes(at, 835))
    counts_the_till(at)
    later = NOW + timedelta(days=120)

    def closes() -> None:
        with at(now=later) as desk:
            desk.closings = tmp_path
            if period == "day":
                closings.close_day(desk, DAY)
            elif period == "month":
                closings.close_month(desk, 2026, 10)
            else:
                closings.close_year(desk, 2026)

    steps = dies_at_each_step(at, database, closes)

    copies = sorted(each.name for each in tmp_path.glob("*.json"))
    assert steps >= 4
    assert len(copies) == {"day": 1, "month": 2, "year": 3}[period]


def test_a_copy_lost_between_commit_and_disk_is_made_up_for(
    at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_self: Path, _target: Path) -> None:
        raise Killed

    def closes() -> None:
        with at() as desk:
            desk.closings = tmp_path
            close_day(desk, day=DAY)

    counts_the_till(at)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dies)
        with pytest.raises(Killed):
            closes()

    with at(write=False) as desk:
        lost = closings.closings_missing(desk.session, tmp_path)
        desk.closings = tmp_path
        closings.keep_closings(desk)
        after = closings.closings_missing(desk.session, tmp_path)
        (shown,) = desk.session.scalars(select(Closing))
    assert lost == ["AMPERE-01-000000003.json"]
    assert after == []
    assert (shown.copy, shown.total_cents, shown.perpetual_abs_cents) == (lost[0], 0, 0)
    assert json.loads((tmp_path / lost[0]).read_text())["kind"] == "closing"
