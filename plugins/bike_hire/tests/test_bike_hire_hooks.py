"""What bike hire says at the desk: in words, in at most two statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from palier.api import (
    BookingLine,
    Card,
    DepositForm,
    Desk,
    Household,
    Resident,
    Step,
    Ticks,
    select,
)
from palier.asking import Hooks
from palier.db.engine import Database
from palier.plugins import discover
from palier.receipts.models import Price
from palier.residents.models import Membership
from palier.testing.plugin import NOW, At, counted_statements
from palier_bike_hire import actions, plugin, repairing
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Kind, Loan

DAY = timedelta(days=1)
CHECKED = Ticks.made(("brakes", "lights"), "MK", NOW)
Opened = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture
def opened(at: At) -> Opened:
    """A desk where Théo has V01 and V02 for a day, and V03 booked for tomorrow."""

    @contextmanager
    def open_desk(now: datetime = NOW, *, write: bool = True) -> Iterator[Desk]:
        with at(now=now, write=write) as desk:
            desk.hooks = Hooks(discover())
            desk.site = replace(desk.site, plugins=frozenset({"bike_hire"}))
            yield desk

    with open_desk() as desk:
        make_fleet(desk)
        home = desk.add(Household(code="F-1"))
        year = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        desk.add(Membership(household=home, **year))
        theo = desk.add(
            Resident(given_name="Théo", family_name="Ritter", household=home, card_code="C-1")
        )
        for code in ("V01", "V02"):
            lend(desk, code, theo)
        span = {"starts_at": NOW + DAY, "ends_at": NOW + 3 * DAY}
        actions.book(desk, bike(desk, "V03"), resident=theo, **span)
    return open_desk


def lend(desk: Desk, code: str, resident: Resident) -> Loan:
    return actions.lend(
        desk,
        bike(desk, code),
        resident=resident,
        due_at=desk.now + DAY,
        before=CHECKED,
        deposit=DepositForm.CASH,
    )


def bike(desk: Desk, code: str) -> Bike:
    return desk.session.scalars(select(Bike).where(Bike.code == code)).one()


def theo_of(desk: Desk) -> Resident:
    return desk.session.scalars(select(Resident)).one()


def told(cards: list[Card]) -> list[tuple[str, str, str]]:
    steps = [each.step.act.name if each.step else "" for each in cards]
    return [(str(c.text).split(",")[0], c.kind, s) for c, s in zip(cards, steps, strict=True)]


def way(step: Step | None) -> tuple[str, str] | None:
    return (step.act.name, str(step.record)[:3]) if step else None


def test_a_card_tells_what_is_out_and_what_is_booked(opened: Opened) -> None:
    with opened(NOW + DAY - timedelta(hours=1)) as desk:
        actions.take_back(desk, desk.all(select(Loan).order_by(Loan.id))[0])

        cards = list(plugin.bikes_of(desk, theo_of(desk)))

        assert told(cards) == [
            ("V02 is out", "", "take_back"),
            ("V02 leaves with a contract: print it", "soon", "print_contract"),
            ("V03 is booked until Friday 9 October 2026 at 07:05.", "soon", "hand_over"),
        ]


def test_a_late_bike_is_late_on_every_page(opened: Opened) -> None:
    with opened(NOW + DAY + timedelta(minutes=5)) as desk:
        card = list(plugin.bikes_of(desk, theo_of(desk)))
        today = list(plugin.bikes_today(desk))

        assert [each for each in told(card) if each[1] == "late"] == [
            (
                "V01 is late: it was due back Wednesday 7 October 2026 at 07:05.",
                "late",
                "take_back",
            ),
            (
                "V02 is late: it was due back Wednesday 7 October 2026 at 07:05.",
                "late",
                "take_back",
            ),
        ]
        assert told(today)[0] == ("V01 is late: Théo Ritter", "late", "take_back")


def test_today_lists_what_comes_back_and_what_leaves(opened: Opened) -> None:
    with opened(NOW + timedelta(hours=20)) as desk:
        today = list(plugin.bikes_today(desk))

        assert told(today) == [
            ("V01 comes back from Théo Ritter", "soon", "take_back"),
            ("V02 comes back from Théo Ritter", "soon", "take_back"),
            ("V03 is for Théo Ritter", "", "hand_over"),
        ]


def test_a_tag_opens_the_next_act(opened: Opened) -> None:
    with opened() as desk:
        repairing.block(desk, bike(desk, "E02"), reason="Chain")

        steps = [way(plugin.scanned(desk, code)) for code in ("v01", "V07", "E02", "PARCEL-1")]

        assert steps == [("take_back", "V01"), ("lend", "V07"), ("put_back", "E02"), None]


def test_a_slip_opens_the_return_and_later_the_next_loan(opened: Opened) -> None:
    with opened() as desk:
        loan = desk.all(select(Loan).order_by(Loan.id))[0]
        slip = f"BIKE_HIRE_LOAN-{loan.id}"

        out = way(plugin.scanned(desk, slip))
        actions.take_back(desk, loan)
        back = way(plugin.scanned(desk, slip))

        assert (out, back) == (("take_back", "V01"), ("lend", "V01"))


def test_the_slip_of_a_bike_that_is_back_says_since_when(opened: Opened) -> None:
    with opened() as desk:
        loan = desk.all(select(Loan).order_by(Loan.id))[0]
        actions.take_back(desk, loan)

        step = plugin.scanned(desk, f"BIKE_HIRE_LOAN-{loan.id}")

        assert step is not None
        assert str(step.words).startswith("V01 is already back since Tuesday 6 October")


def test_a_tag_scanned_twice_at_the_return_says_so_and_lends_an_hour_later(opened: Opened) -> None:
    with opened() as desk:
        actions.take_back(desk, desk.all(select(Loan).order_by(Loan.id))[0])

        again = plugin.scanned(desk, "V01")

    assert again is not None
    assert str(again.words).startswith("V01 is already back since Tuesday 6 October")
    with opened(NOW + timedelta(hours=1)) as desk:
        later = plugin.scanned(desk, "V01")
    assert later is not None
    assert (later.act, later.words) == (actions.lend, None)


def test_a_booking_s_slip_opens_what_comes_next(opened: Opened) -> None:
    with opened(NOW + DAY) as desk:
        line = desk.all(select(BookingLine).order_by(BookingLine.id))[-1]
        slip = line.booking.code.lower()

        booked = plugin.scanned(desk, slip)
        loan = actions.hand_over(desk, line, before=CHECKED, deposit=DepositForm.CASH)
        out = plugin.scanned(desk, slip)
        actions.take_back(desk, loan)
        back = plugin.scanned(desk, slip)

        assert booked is not None
        assert (booked.act, booked.record) == (actions.hand_over, line)
        assert way(out) == ("take_back", "V03")
        assert back is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk, resident: list(plugin.bikes_of(desk, resident)),
        lambda desk, _resident: list(plugin.bikes_today(desk)),
        lambda desk, _resident: plugin.scanned(desk, "V01"),
        lambda desk, _resident: plugin.scanned(desk, "V07"),
        lambda desk, _resident: plugin.scanned(desk, "BIKE_HIRE_LOAN-1"),
        lambda desk, _resident: plugin.scanned(desk, "B-2345678"),
    ],
)
def test_a_hook_asks_twice_at_most(
    database: Database, opened: Opened, ask: Callable[[Desk, Resident], object]
) -> None:
    with opened(NOW + DAY, write=False) as desk:
        resident = theo_of(desk)

        with counted_statements(database) as sent:
            ask(desk, resident)

        assert 1 <= len(sent) <= 2


def test_a_booking_is_checked_in_two_statements(database: Database, opened: Opened) -> None:
    with opened(write=False) as desk:
        line = desk.all(select(BookingLine).order_by(BookingLine.id))[-1]
        assert isinstance(line.resource, Bike)
        assert line.booking.resident is not None
        assert line.booking.resident.household is not None
        assert line.resource.days_since == 0

        with counted_statements(database) as sent:
            assert list(plugin.against(desk, line)) == []

        assert len(sent) == 2


def test_the_service_begins_with_its_kinds(at: At) -> None:
    with at() as desk:
        plugin.first_kinds(desk)
        plugin.first_kinds(desk)

        assert len(desk.all(select(Kind))) == 5


def test_the_sample_fleet_has_a_price_for_each_kind(at: At) -> None:
    with at() as desk:
        plugin.sample_bikes(desk)

        assert len(desk.all(select(Bike))) == 12
        assert len(desk.all(select(Price))) == 16
