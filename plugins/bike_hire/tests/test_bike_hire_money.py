"""The price on the lend form before it is sent, and the membership that it needs."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from palier.accounts.models import StaffSkill
from palier.db.types import Ticks
from palier.desk.membership import MembershipNeeded
from palier.house import House
from palier.receipts.ledgers import make_fund
from palier.receipts.models import DepositForm, Price, WaivedBecause
from palier.receipts.price_list import set_price, set_reduced_price
from palier.residents.actions import add_household, add_resident, note_bracket
from palier.residents.models import Bracket, Colour, Household, Membership, Resident
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW
from palier.text import Cents
from palier.trail import perform
from palier_bike_hire import actions
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Loan

DUE = "2026-10-13T09:05"


@pytest.fixture
def lend(house: House) -> str:
    """Théo, green and no member; a week of V07 costs 8.00, green 4.00. The form's address."""
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "bike_hire"))
        make_fleet(desk)
        set_price(desk, "membership.year", Cents(1000), valid_from=date(2026, 1, 1))
        home = add_household(desk, street="rue de Wattwiller", number="40")
        add_resident(desk, home, given_name="Théo", family_name="Ritter")
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="QF up to 500"))
        note_bracket(desk, home, bracket=green, bracket_until=date(2027, 3, 31))
        bike = desk.session.scalars(select(Bike).where(Bike.code == "V07")).one()
        item = f"{bike.kind.price_item}.week"
        full = desk.session.scalars(select(Price).where(Price.item == item)).one()
        fund = make_fund(desk, "Fund")
        fund.balance_cents = Cents(1000)
        set_reduced_price(desk, full, Cents(400), bracket=green, fund=fund, valid_from=desk.today)
        desk.session.add(StaffSkill(staff_id=1, skill="brake_test"))
        return f"/ampere/desk/bike_hire/bike/{bike.id}/lend"


def test_the_form_shows_the_price_with_its_reason(browser: Browser, lend: str) -> None:
    empty = words_of(browser.opens(lend))
    form = words_of(browser.opens(f"{lend}?resident=1&due_at={DUE}"))

    assert "Fill in first: Resident." in empty
    assert "€8.00" in form
    assert "Reduction −€4.00" in form
    assert "Reduced price: the fund pays €4.00 of €8.00." in form
    assert "Into the basket €4.00" in form
    assert "QF up to" not in form


def test_the_price_follows_what_is_typed_and_nothing_is_done(browser: Browser, lend: str) -> None:
    again = browser.sends(lend, status=422, resident="1", due_at="2026-10-08T09:05", __price="1")

    assert "Into the basket €4.00" in words_of(again)  # two days at 2.00
    assert 'value="2026-10-08T09:05"' in again
    assert browser.asks("/api/v1/ampere/bike_hire/loan")["total"] == 0


def test_who_is_no_member_is_led_to_the_membership_and_back_to_the_form(
    browser: Browser, lend: str
) -> None:
    typed: dict[str, Any] = {
        "before": "brakes,lights",
        "deposit": "cheque",
        "reference": "0045128",
    }

    refused = browser.sends(lend, status=422, resident="1", due_at=DUE, **typed)
    way = refused.partition('class="note stop')[2].partition('href="')[2].partition('"')[0]
    form = browser.sends(unescape(way))
    lent = browser.sends(lend, resident="1", due_at=DUE, **typed)

    assert "Théo Ritter is no member on Tuesday 6 October." in words_of(refused)
    assert f'value="{DUE}"' in form
    assert 'value="0045128"' in form
    assert "V07" in words_of(lent)


@pytest.mark.usefixtures("lend")
def test_a_membership_that_ends_stops_new_loans_and_no_return(house: House) -> None:
    january = datetime(2027, 1, 4, 9, tzinfo=UTC)
    checked = Ticks.made(("brakes", "lights"), "MK", NOW)
    values: dict[str, Any] = {
        "before": checked,
        "deposit": DepositForm.WAIVED,
        "waived": WaivedBecause.KNOWN,
    }
    with house.at("ampere", "test") as desk:
        home = desk.session.get_one(Household, 1)
        year = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        desk.add(Membership(household=home, **year))
        values |= {"resident": desk.session.get_one(Resident, 1)}
        values |= {"due_at": desk.now + timedelta(days=7), "bike": desk.session.get_one(Bike, 4)}
        perform(desk, actions.hire, None, values)

    with house.at("ampere", "test", now=january) as desk:
        values |= {"resident": desk.session.get_one(Resident, 1)}
        values |= {"due_at": desk.now + timedelta(days=7), "bike": desk.session.get_one(Bike, 1)}
        with pytest.raises(MembershipNeeded):
            perform(desk, actions.hire, None, values)
        perform(desk, actions.take_back, desk.session.scalars(select(Loan)).one(), {})
