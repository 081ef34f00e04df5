"""A bike leaves and comes back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from palier.api import (
    BookingLine,
    Cents,
    Charge,
    DepositForm,
    Desk,
    Household,
    LineState,
    Resident,
    ThingState,
    Ticks,
    WaivedBecause,
    select,
)
from palier.asking import Hooks
from palier.bookings.rules import AlreadyBooked, AlreadyOut, EndsBeforeStart, ThingBlocked
from palier.desk.membership import MembershipNeeded
from palier.messages.models import Message, MessageState
from palier.plugins import discover
from palier.receipts.deposits import ChequeNumberMissing, NotAChequeNumber
from palier.receipts.models import Deposit, DepositState, Price
from palier.residents.models import Membership
from palier.testing.plugin import NOW, At
from palier.trail import perform
from palier_bike_hire import actions, plugin, repairing, rules
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Kind, Loan, Problem

HOOKS = Hooks(discover())
DAY = timedelta(days=1)
CHECKED = Ticks.made(("brakes", "lights", "tyres"), "MK", NOW)
NONE_LEFT: dict[str, Any] = {"deposit": DepositForm.WAIVED, "waived": WaivedBecause.KNOWN}


@dataclass(frozen=True)
class Here:
    """An open desk, with a member and someone who is none."""

    desk: Desk
    theo: Resident
    rose: Resident

    def bike(self, code: str) -> Bike:
        return self.desk.session.scalars(select(Bike).where(Bike.code == code)).one()

    def loan(self) -> Loan:
        return self.desk.session.scalars(select(Loan)).one()

    def lends(self, code: str = "V07", **changed: Any) -> Loan:
        """Lend a bike to Théo for a week against a cheque, but for what is changed."""
        values: dict[str, Any] = {
            "resident": self.theo,
            "due_at": self.desk.now + 7 * DAY,
            "before": CHECKED,
            "deposit": DepositForm.CHEQUE,
            "reference": "0045128",
        }
        return actions.lend(self.desk, self.bike(code), **values | changed)

    def books(self, code: str, first: int, last: int) -> BookingLine:
        """Book a bike for Théo, from and until so many days from now."""
        now = self.desk.now
        span = {"starts_at": now + first * DAY, "ends_at": now + last * DAY}
        return actions.book(self.desk, self.bike(code), resident=self.theo, **span)

    def charged(self) -> list[tuple[str, int, int]]:
        rows = self.desk.session.scalars(select(Charge).order_by(Charge.id))
        return [(each.what, each.quantity, each.total_cents) for each in rows]


Shop = Callable[..., AbstractContextManager[Here]]


@pytest.fixture
def shop(at: At) -> Shop:
    """Open the desk at a moment; Théo's household is a member until the end of 2026."""

    @contextmanager
    def opened(now: datetime = NOW) -> Iterator[Here]:
        with at(now=now) as desk:
            desk.hooks = HOOKS
            desk.site = replace(desk.site, plugins=frozenset({"bike_hire"}))
            theo, rose = desk.all(select(Resident).order_by(Resident.id), Resident.household)
            yield Here(desk, theo, rose)

    with at() as desk:
        make_fleet(desk)
        home = desk.add(Household(code="F-1"))
        desk.add(Membership(household=home, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1)))
        desk.add(_resident("Théo", "Ritter", home))
        desk.add(_resident("Rose", "Kern", None))
    return opened


def _resident(given: str, family: str, household: Household | None) -> Resident:
    return Resident(
        given_name=given, family_name=family, household=household, card_code=f"C-{given}"
    )


def test_a_lent_bike_is_out_charged_and_against_a_deposit(shop: Shop) -> None:
    with shop() as here:
        loan = here.lends()

        deposit = here.desk.session.scalars(select(Deposit)).one()
        assert (loan.line.state, loan.line.ends_at) == (LineState.OUT, NOW + 7 * DAY)
        assert here.charged() == [("week", 1, 800)]
        assert (deposit.cents, deposit.reference) == (15000, "0045128")


def test_nine_days_are_a_week_and_two_days_on_one_basket(shop: Shop) -> None:
    with shop() as here:
        here.lends(due_at=NOW + 9 * DAY)

        assert here.charged() == [("week", 1, 800), ("day", 2, 400)]


def test_the_charge_says_what_it_is_for(shop: Shop) -> None:
    with shop() as here:
        here.lends()

        charge = here.desk.session.scalars(select(Charge)).one()
        assert charge.label.startswith("V07, ")
        assert charge.item == f"bike_hire.kind.{here.bike('V07').kind.id}.week"


def test_a_bike_for_a_resident_is_lent_alike(shop: Shop) -> None:
    with shop() as here:
        loan = actions.hire(
            here.desk,
            resident=here.theo,
            bike=here.bike("V01"),
            due_at=NOW + DAY,
            before=CHECKED,
            **NONE_LEFT,
        )

        assert (loan.bike.code, loan.held) == ("V01", 0)


def test_the_form_proposes_a_free_bike(shop: Shop) -> None:
    with shop() as here:
        first = actions.first_free(here.desk)
        assert first is not None
        here.lends(first.code)

        second = actions.first_free(here.desk)

        assert second is not None
        assert second.code > first.code


def test_a_bike_that_is_out_is_not_lent_again(shop: Shop) -> None:
    with shop() as here:
        here.lends()

        with pytest.raises(AlreadyOut) as refusal:
            here.lends()

        assert "Théo Ritter" in str(refusal.value)


@pytest.mark.parametrize("days", [0, -1])
def test_a_loan_ends_after_it_begins(shop: Shop, days: int) -> None:
    with shop() as here, pytest.raises(rules.BackBeforeItLeaves) as refusal:
        here.lends(due_at=NOW + days * DAY)

    assert refusal.value.field == "due_at"


def test_a_booking_ends_after_it_begins(shop: Shop) -> None:
    with shop() as here, pytest.raises(EndsBeforeStart):
        here.books("V07", 2, 1)


@pytest.mark.parametrize(
    ("reference", "refused"),
    [("00A5128", NotAChequeNumber), ("", ChequeNumberMissing), (None, ChequeNumberMissing)],
)
def test_a_cheque_has_a_number_of_digits(
    shop: Shop, reference: str | None, refused: type[Exception]
) -> None:
    with shop() as here, pytest.raises(refused) as refusal:
        here.lends(reference=reference)

    assert getattr(refusal.value, "field", None) == "reference"


def test_a_blocked_bike_stays_here(shop: Shop) -> None:
    with shop() as here:
        repairing.block(here.desk, here.bike("V07"), reason="Chain")

        with pytest.raises(ThingBlocked):
            here.lends()


def test_a_kind_may_ask_for_the_identifier(shop: Shop) -> None:
    with shop() as here:
        here.bike("E02").kind.marked = True

        with pytest.raises(rules.NotMarked):
            here.lends("E02")


def test_the_hire_over_the_long_night_is_one_day(shop: Shop) -> None:
    saturday = datetime(2026, 10, 24, 8, tzinfo=UTC)
    with shop(saturday) as here:
        here.lends(due_at=datetime(2026, 10, 25, 9, tzinfo=UTC))

        assert here.charged() == [("day", 1, 200)]


def test_the_week_proposed_keeps_the_hour(shop: Shop) -> None:
    with shop(datetime(2026, 10, 20, 8, tzinfo=UTC)) as here:
        assert actions.in_a_week(here.desk).isoformat() == "2026-10-27T10:00:00+01:00"


def test_a_bike_back_early_is_free_from_then_on(shop: Shop) -> None:
    with shop() as here:
        here.lends()
    with shop(NOW + 2 * DAY) as here:
        loan = here.loan()

        actions.take_back(here.desk, loan)

        assert (loan.back_at, loan.line.ends_at) == (NOW + 2 * DAY, NOW + 2 * DAY)
        assert here.desk.session.scalars(select(Deposit.state)).one() is DepositState.RETURNED
        assert here.lends(reference="0045129").lent_at == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("late", "fee"), [(timedelta(minutes=50), []), (timedelta(days=2), [("late_fee", 2, 400)])]
)
def test_late_days_are_charged_after_the_grace(
    shop: Shop, late: timedelta, fee: list[object]
) -> None:
    with shop() as here:
        here.lends()
    with shop(NOW + 7 * DAY + late) as here:
        actions.take_back(here.desk, here.loan())

        assert here.charged()[1:] == fee


def test_a_return_is_never_refused_for_a_missing_price(shop: Shop) -> None:
    with shop() as here:
        here.lends()
        for price in here.desk.all(select(Price).where(Price.item.endswith("late_fee"))):
            here.desk.session.delete(price)
    with shop(NOW + 10 * DAY) as here:
        actions.take_back(here.desk, here.loan())

        assert len(here.charged()) == 1


def test_damage_is_kept_from_the_deposit_and_the_rest_is_shown(shop: Shop) -> None:
    with shop() as here:
        here.lends()
        loan = here.loan()

        actions.take_back(here.desk, loan, damage=Cents(18000))

        deposit = here.desk.session.scalars(select(Deposit)).one()
        assert (deposit.kept_cents, loan.still_owed) == (15000, 3000)


def test_broken_brakes_block_the_bike_and_move_its_next_booking(shop: Shop) -> None:
    with shop() as here:
        here.lends("V03")
        line = here.books("V03", 8, 10)

        actions.take_back(here.desk, here.loan(), problem=Problem.BRAKES)

        assert here.bike("V03").state is ThingState.BLOCKED
        assert line.resource.code == "V01"
        assert line.state is LineState.BOOKED


def test_a_booking_that_no_other_bike_can_take_stays(shop: Shop) -> None:
    with shop() as here:
        here.lends("A01")
        line = here.books("A01", 8, 10)

        actions.take_back(here.desk, here.loan(), problem=Problem.TYRES)

        assert line.resource.code == "A01"
        assert here.loan().back_at == NOW


def test_a_booking_of_who_is_no_longer_member_waits_for_the_membership(shop: Shop) -> None:
    with shop() as here:
        here.lends("V03")
        line = here.books("V03", 8, 10)
        here.desk.session.scalars(select(Membership)).one().cancelled_on = NOW.date()

        actions.take_back(here.desk, here.loan(), problem=Problem.BRAKES)

        assert line.resource.code == "V01"
        values = {"before": CHECKED, **NONE_LEFT}
        with pytest.raises(MembershipNeeded):
            perform(here.desk, actions.hand_over, line, values)


def test_a_bike_due_for_its_service_waits_for_it(shop: Shop) -> None:
    with shop() as here:
        bike = here.bike("V07")
        bike.loans_since = 9
        here.lends()

        actions.take_back(here.desk, here.loan())

        assert (bike.state, bike.loans_since) == (ThingState.BLOCKED, 10)


def test_a_bike_over_its_days_is_refused_with_the_way_out(shop: Shop) -> None:
    with shop() as here:
        here.bike("V07").days_since = 60

        with pytest.raises(rules.ServiceDue) as refusal:
            here.books("V07", 1, 2)

        assert "Open its repair" in str(refusal.value)


def test_putting_back_signs_the_service_and_counts_anew(shop: Shop) -> None:
    with shop() as here:
        bike = here.bike("V07")
        bike.days_since, bike.loans_since = 60, 3
        repairing.block(here.desk, bike, reason="Service")

        repairing.put_back(here.desk, bike, checked=CHECKED)

        assert (bike.days_since, bike.loans_since) == (0, 0)
        assert (bike.serviced_on, bike.state) == (NOW.date(), ThingState.READY)
        assert bike.checked is not None
        assert bike.checked.by == "MK"


def test_a_booked_bike_is_handed_over_until_the_day_booked(shop: Shop) -> None:
    with shop() as here:
        line = here.books("V07", 1, 4)
    with shop(NOW + DAY) as here:
        stored = here.desk.session.get_one(BookingLine, line.id)

        loan = actions.hand_over(
            here.desk, stored, before=CHECKED, deposit=DepositForm.CASH, reference=None
        )

        assert (loan.due_at, stored.state) == (NOW + 4 * DAY, LineState.OUT)
        assert here.charged() == [("day", 3, 600)]


def test_lending_to_who_booked_takes_the_place_of_the_booking(shop: Shop) -> None:
    with shop() as here:
        line = here.books("V07", 1, 4)

        here.lends(due_at=NOW + 5 * DAY)

        assert line.state is LineState.CANCELLED


def test_a_bike_that_another_booked_is_not_lent_over_it(shop: Shop) -> None:
    with shop() as here:
        here.rose.household = here.theo.household
        here.books("V07", 1, 4)

        with pytest.raises(AlreadyBooked):
            here.lends(resident=here.rose, due_at=NOW + 2 * DAY)

        here.lends(resident=here.rose, due_at=NOW + DAY)


def test_the_kinds_are_made_once(shop: Shop) -> None:
    with shop() as here:
        make_fleet(here.desk)
        make_fleet(here.desk)

        assert len(here.desk.all(select(Kind))) == 5
        assert len(here.desk.all(select(Bike))) == 9


def test_reminders_are_told_once_and_none_is_left_once_it_is_back(shop: Shop) -> None:
    with shop() as here:
        loan = here.lends()
        for here.desk.now in (NOW + days * DAY for days in (6, 6, 8, 9, 15)):
            plugin.reminders(here.desk)
        actions.take_back(here.desk, loan)
        kinds = here.desk.session.scalars(select(Message.kind).order_by(Message.id)).all()
        assert kinds == ["bike_hire.due", "bike_hire.late", "bike_hire.late"]
        assert here.desk.session.scalars(select(Message.state)).first() is MessageState.WITHDRAWN
