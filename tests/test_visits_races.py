"""Two desks at once: every press is counted, a visit is begun and closed once, nobody below none."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.receipts.models import Charge, ChargeState
from palier.residents.models import Resident
from palier.testing.keypad import make_keypad
from palier.testing.plugin import At
from palier.testing.races import CROWD, processes, threads
from palier.testing.till import make_resident, owe
from palier.trail import ActRow, perform
from palier.visits import actions, visiting, waiting
from palier.visits.counting import count_hours
from palier.visits.models import Visit, VisitReason, VisitState, Waiting

ONE_TRY = Path(__file__).parent / "races" / "one_try.py"
TODAY = date(2026, 10, 6)


@pytest.fixture
def morning(at: At) -> None:
    """A keypad, a resident, and four who wait."""
    with at() as desk:
        make_keypad(desk)
        make_resident(desk)
        desk.add(Waiting(on=desk.today, people=4))


def counted(at: At) -> int:
    with at(write=False) as desk:
        return count_hours(desk, (TODAY,)).count()


def how_many_wait(at: At) -> int:
    with at(write=False) as desk:
        return desk.session.scalars(select(Waiting.people)).one()


@pytest.mark.usefixtures("morning")
def test_sixteen_desks_press_one_key_and_all_are_counted(database: Database, at: At) -> None:
    def press(_number: int) -> None:
        with at() as desk:
            reason = desk.session.get_one(VisitReason, 1)
            perform(desk, actions.count_visit, None, {"reason": reason})

    ends = threads(database, press)

    assert ends == {"done": CROWD}
    assert counted(at) == CROWD


@pytest.mark.usefixtures("morning")
def test_sixteen_desks_open_one_persons_visit_and_it_is_one(database: Database, at: At) -> None:
    def begin(_number: int) -> None:
        with at() as desk:
            visiting.take_up(desk, 1)

    ends = threads(database, begin)

    assert ends == {"done": CROWD}
    assert counted(at) == 1


@pytest.mark.usefixtures("morning")
def test_a_visit_that_two_desks_close_or_charge_never_ends_with_something_to_pay(
    database: Database, at: At
) -> None:
    with at() as desk:
        visiting.take_up(desk, 1)

    def close_or_charge(number: int) -> None:
        with at() as desk:
            if number % 2:
                visiting.close(desk, desk.session.get_one(Visit, 1))
                return
            visiting.take_up(desk, 1)
            owe(desk, desk.session.get_one(Resident, 1), 100, what=str(number))

    threads(database, close_or_charge, 8)

    with at(write=False) as desk:
        unpaid = (
            select(func.count(Charge.id))
            .join(Charge.visit)
            .where(Charge.state == ChargeState.OPEN, Visit.state == VisitState.CLOSED)
        )
        assert desk.session.scalar(unpaid) == 0
        assert desk.session.scalar(select(func.count(Charge.id))) == 4


@pytest.mark.usefixtures("morning")
def test_one_more_and_one_less_at_once_add_up(database: Database, at: At) -> None:
    def change(number: int) -> None:
        with at() as desk:
            (waiting.add if number < 12 else waiting.take_off)(desk)

    ends = threads(database, change)

    assert ends == {"done": CROWD}
    assert how_many_wait(at) == 4 + 12 - 4


@pytest.mark.usefixtures("morning")
def test_sixteen_take_one_off_from_four_and_twelve_are_told(database: Database, at: At) -> None:
    def take_off(_number: int) -> None:
        with at() as desk:
            waiting.take_off(desk)

    ends = threads(database, take_off)

    assert ends == {"done": 4, "NobodyWaits": CROWD - 4}
    assert how_many_wait(at) == 0


@pytest.mark.usefixtures("morning")
def test_one_visit_undone_by_two_desks_is_taken_back_once(database: Database, at: At) -> None:
    with at() as desk:
        visiting.take_up(desk, 1)

    def undo(_number: int) -> None:
        with at() as desk:
            perform(desk, actions.take_back, desk.session.get_one(Visit, 1), {})

    ends = threads(database, undo, 4)

    assert ends["done"] + ends["NotNow"] == 4
    with at(write=False) as desk:
        taken_back = select(func.count(ActRow.id)).where(ActRow.cancels_id.is_not(None))
        assert desk.session.scalar(taken_back) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("morning")
def test_processes_count_open_one_visit_and_take_off(database: Database, at: At) -> None:
    crowd = 6

    ends = processes(database, ONE_TRY, "morning", crowd)

    assert ends == {"done done done": 4, "done done NobodyWaits": 2}
    assert counted(at) == crowd + 1
    assert how_many_wait(at) == 0
