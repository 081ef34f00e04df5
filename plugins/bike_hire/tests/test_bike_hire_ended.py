"""A membership that has ended stops what is for members, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from palier.accounts.models import StaffSkill
from palier.db.types import Ticks
from palier.desk.counter import Desk
from palier.desk.membership import MembershipNeeded
from palier.house import House
from palier.messages.models import Message, MessageState
from palier.receipts.actions import pay
from palier.receipts.models import DepositForm, PayMode, WaivedBecause
from palier.residents.actions import add_household, add_resident
from palier.residents.memberships import is_member
from palier.residents.models import Household, Membership, Resident
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.keypad import make_keypad, reason_of
from palier.testing.till import owe
from palier.text import Text
from palier.trail import perform
from palier.visits.actions import come_for
from palier_bike_hire import actions
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Loan

JANUARY = datetime(2027, 1, 4, 9, 5, tzinfo=UTC)


def hires(desk: Desk, bike: int) -> Loan:
    values: dict[str, Any] = {
        "before": Ticks.made(("brakes", "lights"), "MK", desk.now),
        "deposit": DepositForm.WAIVED,
        "waived": WaivedBecause.KNOWN,
        "resident": desk.session.get_one(Resident, 1),
        "due_at": desk.now + timedelta(days=7),
        "bike": desk.session.get_one(Bike, bike),
    }
    found = perform(desk, actions.hire, None, values).result
    assert isinstance(found, Loan)
    return found


@pytest.fixture
def ended(house: House) -> House:
    """Théo was a member until the new year; he has a bike, owes 2.50, and it is January."""
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "bike_hire"))
        make_fleet(desk)
        make_keypad(desk)
        desk.session.add(StaffSkill(staff_id=1, skill="brake_test"))
        home = add_household(desk, street="rue de Wattwiller", number="40")
        who = add_resident(desk, home, given_name="Théo", family_name="Ritter")
        year = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        desk.add(Membership(household=home, **year))
        owe(desk, who, 250)
    with house.at("ampere", "test") as desk:
        hires(desk, 4)
    house.clock = lambda: JANUARY
    return house


def test_nothing_is_hired_once_the_membership_has_ended(ended: House) -> None:
    with ended.at("ampere", "test") as desk:
        assert not is_member(desk, desk.session.get_one(Household, 1), desk.today)

        with pytest.raises(MembershipNeeded):
            hires(desk, 1)


def test_who_is_no_longer_a_member_still_comes_and_pays(ended: House) -> None:
    with ended.at("ampere", "test") as desk:
        who = desk.session.get_one(Resident, 1)

        visit = perform(desk, come_for, who, {"reason": reason_of(desk, 1)}).result
        receipt = perform(desk, pay, who, {"mode": PayMode.CARD}).result

        assert visit.resident == who
        assert receipt.due_cents >= 250


def test_who_is_no_longer_a_member_still_brings_back_and_is_still_told(ended: House) -> None:
    with ended.at("ampere", "test") as desk:
        who = desk.session.get_one(Resident, 1)

        perform(desk, actions.take_back, desk.session.scalars(select(Loan)).one(), {})
        desk.tell(who, Text("Your parcel is here."), kind="note")

        assert desk.session.scalars(select(Loan.back_at)).one() == JANUARY
        told = desk.session.scalars(select(Message).where(Message.kind == "note")).one()
        assert told.state is not MessageState.WITHDRAWN


def test_a_slip_and_a_card_of_who_is_no_longer_a_member_are_read(
    ended: House, browser: Browser
) -> None:
    with ended.at("ampere", "test", write=False) as desk:
        card = desk.session.get_one(Resident, 1).card_code
    browser.client.post("/sign-in", data={"login": "magda", "password": PASSWORD})

    slip = browser.opens("/ampere/desk/find?q=BIKE_HIRE_LOAN-1")
    person = browser.opens(f"/ampere/desk/find?q={card}")

    assert "Take back" in words_of(slip)
    assert "Théo Ritter" in words_of(person)
