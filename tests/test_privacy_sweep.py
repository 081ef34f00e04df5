"""What was kept for long enough: erased line by line, each with its result, and only once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from palier.bookings.booking import book_thing, cancel
from palier.bookings.models import Bookable, Booking, BookingLine
from palier.desk.models import HandoverItem
from palier.house import House
from palier.jobs.running import Run
from palier.messages.models import Message
from palier.messages.telling import tell
from palier.privacy.actions import erase_due
from palier.privacy.clearing import sweep
from palier.privacy.keeping import counted_over, due_people
from palier.privacy.models import Result, Sweep, Swept
from palier.privacy.sweeping import NothingDue, SweepGoesOn, counts
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.models import Charge, Deposit, DepositForm, Receipt
from palier.residents.actions import add_household, add_resident, agree, withdraw
from palier.residents.cards import NobodyWithoutCard, print_cards
from palier.residents.models import Consent, PrintedCard, Purpose, Resident, ResidentState
from palier.rosters.models import Absence, Shift
from palier.testing.caretaker import Browser, words_of
from palier.testing.everything import figures
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, owe, pays
from palier.text import Cents, Reader, Text, read_by
from palier.trail import perform

CROWD = 4
LATER = datetime(2032, 3, 2, 9, 0, tzinfo=UTC)
ODILE, PAUL, ROSE = 1, 2, 3


@pytest.fixture
def people(at: At) -> None:
    """Odile and Paul were last here years ago, Paul still owes something; Rose is here today."""
    with at() as desk:
        for name in ("Odile", "Paul", "Rose"):
            home = add_household(desk, street="rue de Genève", number=name)
            add_resident(desk, home, given_name=name, family_name="Kern", sure=True)
        owe(desk, desk.session.get_one(Resident, PAUL), 240)
        desk.session.get_one(Resident, ROSE).last_contact_on = LATER.date()


@pytest.fixture
def house(house: House) -> House:
    """The installation, years later."""
    return replace(house, clock=lambda: LATER)


def job(house: House) -> Run:
    return Run(house, "ampere", "job privacy.sweep")


def counted(at: At) -> list[int]:
    """How many people were erased and left as they are by the first run, and other records."""
    with at(write=False) as desk:
        return [each[1] for each in counts(desk, [1]).values()]  # type: ignore[misc]  # numbers


def clears(house: House, at: At) -> Sweep:
    with at(now=LATER) as desk:
        run: Sweep = perform(desk, erase_due, None, {}).result
        id = run.id
    sweep(job(house))
    with at(now=LATER, write=False) as desk:
        return desk.session.get_one(Sweep, id)


@pytest.mark.usefixtures("people")
def test_each_who_is_due_is_erased_or_named(house: House, at: At) -> None:
    run = clears(house, at)

    assert (run.due, *counted(at)) == (2, 1, 1, 0)
    assert run.ended_at is not None
    with at(now=LATER, write=False) as desk:
        lines = desk.all(select(Swept), Swept.resident)
        told = {each.resident.id: each.result for each in lines if each.resident}
        assert told == {ODILE: Result.ERASED, PAUL: Result.OPEN}
        states = [each.state for each in desk.all(select(Resident).order_by(Resident.id).limit(3))]
        assert states == [ResidentState.ERASED, ResidentState.ACTIVE, ResidentState.ACTIVE]


@pytest.mark.usefixtures("people")
def test_who_is_known_still_has_a_card_and_nobody_else_has(house: House, at: At) -> None:
    with at() as desk:
        print_cards(desk)

    clears(house, at)

    with at(now=LATER) as desk:
        printed = desk.session.scalars(select(PrintedCard.resident_id).order_by(PrintedCard.place))
        assert printed.all() == [None, PAUL, ROSE]
        with pytest.raises(NobodyWithoutCard):
            print_cards(desk)


@pytest.mark.usefixtures("people")
def test_a_second_run_does_nothing_more(house: House, at: At) -> None:
    clears(house, at)
    pays(at, PAUL, LATER)
    clears(house, at)

    with at(now=LATER) as desk, pytest.raises(NothingDue):
        erase_due(desk)


@pytest.mark.usefixtures("people")
def test_one_run_at_a_time(at: At) -> None:
    with at(now=LATER) as desk:
        erase_due(desk)

    with at(now=LATER) as desk, pytest.raises(SweepGoesOn):
        erase_due(desk)


@pytest.mark.usefixtures("people")
def test_of_many_desks_that_begin_at_once_one_does(at: At) -> None:
    together = Barrier(CROWD)

    def begins(_number: int) -> bool:
        together.wait()
        try:
            with at(now=LATER) as desk:
                perform(desk, erase_due, None, {})
        except SweepGoesOn:
            return False
        return True

    with ThreadPoolExecutor(CROWD) as crowd:
        begun = list(crowd.map(begins, range(CROWD)))

    assert begun.count(True) == 1
    with at(now=LATER, write=False) as desk:
        assert len(desk.all(select(Sweep))) == 1


@pytest.mark.usefixtures("people")
def test_a_run_that_was_cut_goes_on_where_it_stopped(house: House, at: At) -> None:
    with at(now=LATER) as desk:
        erase_due(desk)
    turn, steps = job(house), iter((0, 1))

    class Cut(Exception):
        pass

    class Once(Run):
        def does(self, work: Callable[[Any], Any]) -> Any:
            if next(steps, None) is None:
                raise Cut
            return turn.does(work)

    with pytest.raises(Cut):
        sweep(Once(house, "ampere", "job privacy.sweep"))
    sweep(turn)

    with at(now=LATER, write=False) as desk:
        (run,) = desk.all(select(Sweep))
        assert run.ended_at is not None
    assert counted(at) == [1, 1, 0]


@pytest.mark.usefixtures("people")
def test_a_job_that_nobody_asked_for_erases_nobody(house: House, at: At) -> None:
    sweep(job(house))

    with at(now=LATER, write=False) as desk:
        assert len(due_people(desk)) == 2
        assert desk.all(select(Swept)) == []


@pytest.fixture
def old_rows(at: At, people: None) -> None:
    """Of Rose, who is here today, old rows of every sort; and one of each that is still open."""
    assert people is None
    with at() as desk:
        rose = desk.session.get_one(Resident, ROSE)
        owe(desk, rose, 300, what="paid")
    pays(at, ROSE)
    with at() as desk:
        rose = desk.session.get_one(Resident, ROSE)
        owe(desk, rose, 200, what="open")
        for code in ("V01", "V02"):
            thing = desk.add(Bookable(code=code, name="City"))
            line = book_thing(desk, thing, desk.now, desk.now + timedelta(hours=1), rose)
            hold_deposit(desk, line.booking, Cents(100), DepositForm.CHEQUE, "0045128")
            if code == "V01":
                cancel(desk, line)
                give_deposit_back(desk, line.booking)
        tell(desk, rose, Text("Come by, %(who)s.").fill(who=str(rose)), kind="x", here=True)
        tell(desk, rose, Text("Come by, %(who)s.").fill(who=str(rose)), kind="y", asks=True)
        withdraw(desk, agree(desk, rose, purpose=Purpose.PICTURES))
        agree(desk, rose, purpose=Purpose.PASS_TO_PROVIDER)
        desk.add(
            HandoverItem(on=desk.today, service="x", what="y", source_type="", source_id=0,
                         resident=rose, text="Rose", written_at=desk.now, written_by="MK")
        )  # fmt: skip
        span = (desk.now, desk.now + timedelta(hours=2))
        staff = desk.add(Shift(starts_at=span[0], ends_at=span[1], staff=_magda(desk))).staff
        assert staff is not None
        desk.add(Absence(staff=staff, from_at=span[0] + timedelta(days=1), to_at=span[1]
                         + timedelta(days=1)))  # fmt: skip
        rose.last_contact_on = LATER.date()


def _magda(desk: Any) -> Any:
    from palier.accounts.models import Staff

    return desk.session.scalars(select(Staff)).first()


def named(at: At) -> dict[str, list[bool]]:
    """Say of each sort of row which still name Rose."""
    kinds: tuple[Any, ...] = (Charge, Receipt, Booking, Deposit, Message, Consent, HandoverItem)
    with at(now=LATER, write=False) as desk:
        return {
            kind.__tablename__: [
                each.resident is not None and each.resident.id == ROSE
                for each in desk.all(select(kind).order_by(kind.id))
                if each.resident is None or each.resident.id != PAUL
            ]
            for kind in kinds
        }


@pytest.mark.usefixtures("old_rows")
def test_old_rows_let_go_of_the_person_and_what_is_open_keeps_them(house: House, at: At) -> None:
    before = figures(at)
    assert all(all(each) for each in named(at).values())

    clears(house, at)

    assert named(at) == {
        "charge": [False, True],
        "receipt": [False],
        "booking": [False, True],
        "deposit": [False, True],
        "message": [False, True],
        "consent": [False, True],
        "handover_item": [False],
    }
    assert counted(at) == [1, 1, 9]
    assert figures(at) == before
    assert_books_are_whole(at)
    with at(now=LATER, write=False) as desk:
        assert desk.all(select(Absence)) == []
        assert [each.staff for each in desk.all(select(Shift))] == [None]
        assert counted_over(desk) == []


@pytest.mark.usefixtures("old_rows")
def test_a_period_begins_with_the_day_its_declaration_names(at: At) -> None:
    with at(now=NOW.replace(year=2027), write=False) as desk, read_by(Reader("en")):
        a_year_later = {str(what) for what, _n in counted_over(desk)}
    with at(now=NOW.replace(year=2028), write=False) as desk, read_by(Reader("en")):
        two_years_later = {str(what) for what, _n in counted_over(desk)}

    assert {"Booking", "Message"} <= a_year_later
    assert not {"Charge", "Receipt"} & a_year_later
    assert {"Charge", "Receipt", "Deposit"} <= two_years_later


@pytest.mark.usefixtures("old_rows")
def test_the_page_counts_first_and_shows_each_result(browser: Browser, house: House) -> None:
    page = browser.opens("/ampere/desk/privacy/due")

    assert "Odile Kern Last contact: Tuesday 6 October 2026 Paul Kern" in words_of(page)
    assert "Something is still open: stays as it is." in words_of(page)
    assert "Erase: 2 people, 9 records" in words_of(page)
    browser.client.post("/ampere/desk/privacy/do/erase_due", data=hidden(page))
    sweep(job(house))
    after = words_of(browser.opens("/ampere/desk/privacy/sweep/1"))
    assert "People left as they are 1" in after
    left = words_of(browser.opens("/ampere/desk/privacy/swept?result=open"))
    assert "Paul Kern 1 Left: something is still open" in left
    assert "Names nobody any more" in after
    assert "Messages" in after
    assert "Nobody: all have been here since" not in words_of(
        browser.opens("/ampere/desk/privacy/due")
    )


def hidden(page: str) -> dict[str, str]:
    from palier.testing.caretaker import hidden_of

    return hidden_of(page)


@pytest.mark.usefixtures("people")
def test_a_booking_is_as_old_as_its_last_line(at: At) -> None:
    with at() as desk:
        rose = desk.session.get_one(Resident, ROSE)
        thing = desk.add(Bookable(code="V01", name="City"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(hours=1), rose)
        cancel(desk, line)
        later = LATER - timedelta(days=30)
        desk.add(BookingLine(booking=line.booking, resource=thing, starts_at=later, ends_at=later
                             + timedelta(hours=1), busy_from=later, busy_to=later
                             + timedelta(hours=1), state=line.state))  # fmt: skip

    with at(now=LATER, write=False) as desk, read_by(Reader("en")):
        assert "Booking" not in {str(what) for what, _n in counted_over(desk)}
        assert desk.session.scalar(select(func.count(Booking.id))) == 1
