"""One resident at the counter: the card, the basket, the payment, the receipt."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from types import ModuleType

import pytest
from hypothesis import given as examples
from hypothesis import strategies
from sqlalchemy import func, select

from palier.asking import Hooks
from palier.bookings.booking import book_thing, hand_out
from palier.bookings.models import Bookable
from palier.context import Context, Role
from palier.db.engine import Database
from palier.desk.basket import coins
from palier.desk.counter import Desk
from palier.desk.membership import PRICE, is_required, sell_membership
from palier.desk.offering import with_keys
from palier.desk.reception import CardView
from palier.desk.screens import card
from palier.errors import PluginFailed
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.receipts.deposits import hold_deposit
from palier.receipts.models import Charge, ChargeState, DepositForm, Payment, Price, Receipt
from palier.residents.actions import add_household, add_resident
from palier.residents.memberships import member_until
from palier.residents.models import Household, Membership, Resident
from palier.screens.views import ActView
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import MAGDA, NOW, SECRET, At, counted_statements, place
from palier.testing.till import owe
from palier.text import Cents, Reader, Text, read_by

CARD = "/ampere/desk/desk/card?resident=1"
PAY = "/ampere/desk/residents/resident/1/pay"
SELL = f"/ampere/desk/residents/household/1/sell_membership?back={CARD}"


@pytest.fixture
def odile(at: At) -> None:
    """Odile Kern, at a site where a year's membership costs ten euros."""
    with at() as desk:
        desk.add(Price(item=PRICE, cents=Cents(1000), valid_from=date(2026, 1, 1)))
        home = add_household(desk, street="rue de Wattwiller", number="40", stairwell="4")
        add_resident(desk, home, given_name="Odile", family_name="Kern", phone="03 88 60 90 90")


def owes(at: At, cents: int) -> None:
    with at() as desk:
        owe(desk, desk.session.get_one(Resident, 1), cents)


def pays(browser: Browser, *, page: str = "", status: int = 200, **values: str) -> str:
    """Send the card's own form, as it was drawn, and return the page after it."""
    drawn = page or browser.opens(CARD)
    action = re.search(r'class="pay" method="post" action="([^"]+)"', drawn)
    assert action is not None
    data = {**hidden_of(drawn), "mode": "cash", **values}
    answer = browser.client.post(unescape(action[1]), data=data)
    assert answer.status_code == status, words_of(answer.text)
    return str(answer.text)


@pytest.mark.usefixtures("odile")
def test_the_card_says_who_it_is_without_number_or_year(browser: Browser) -> None:
    page = words_of(browser.opens(CARD))

    assert "40 rue de Wattwiller, stairwell 4. Reached by: Telephone call." in page
    assert "No membership today €10.00 for a year, for the whole household." in page
    assert "The basket is empty." in page
    assert "03 88" not in page


@pytest.mark.usefixtures("odile")
def test_a_membership_is_sold_from_the_card_and_paid_on_a_receipt(at: At, browser: Browser) -> None:
    sold = browser.sends(SELL)

    assert "Membership of the household: valid" in words_of(sold)
    assert "To pay €10.00" in words_of(sold)

    receipt = words_of(pays(browser, given="20"))

    assert "Receipt AMPERE-01-2026-000001" in receipt
    assert "Total €10.00" in receipt
    with at() as desk:
        assert member_until(desk, desk.session.get_one(Household, 1)) == date(2027, 10, 5)
        assert desk.session.scalars(select(Charge.state)).all() == [ChargeState.RECEIPTED]


@pytest.mark.usefixtures("odile")
def test_what_is_taken_out_of_the_basket_was_never_sold(at: At, browser: Browser) -> None:
    page = browser.sends(SELL)
    drop = re.search(r'class="drop" href="([^"]+)"', page)
    assert drop is not None

    page = browser.sends(unescape(drop[1]))

    assert "The basket is empty." in words_of(page)
    assert "No membership today" in words_of(page)
    with at() as desk:
        assert desk.session.scalars(select(Membership.cancelled_on)).all() == [NOW.date()]


@pytest.mark.usefixtures("odile")
def test_the_change_is_said_without_a_script(at: At, browser: Browser) -> None:
    owes(at, 240)

    page = browser.opens(f"{CARD}&given=5.00")

    assert "To give back €2.60" in words_of(page)
    assert 'value="5.00"' in page


@pytest.mark.usefixtures("odile")
def test_a_cheque_without_its_number_is_refused_and_nothing_is_lost(
    at: At, browser: Browser
) -> None:
    owes(at, 240)

    refused = pays(browser, mode="cheque", status=422)

    assert "Write the number of the cheque." in words_of(refused)
    with at() as desk:
        assert desk.session.scalar(select(func.count(Receipt.id))) == 0

    paid = pays(browser, mode="cheque", reference="1234567")

    assert "Cheque no. 1234567" in words_of(paid)


@pytest.mark.usefixtures("odile")
def test_a_basket_that_changed_meanwhile_is_not_paid(at: At, browser: Browser) -> None:
    owes(at, 240)
    page = browser.opens(CARD)
    with at() as desk:
        owe(desk, desk.session.get_one(Resident, 1), 100, what="more")

    refused = pays(browser, page=page, status=422)

    assert "The basket changed: it was €2.40, it is now €3.40." in words_of(refused)


@pytest.mark.usefixtures("odile")
def test_a_form_sent_twice_is_paid_once(at: At, browser: Browser) -> None:
    owes(at, 240)
    page = browser.opens(CARD)

    first, second = (words_of(pays(browser, page=page)) for _time in range(2))

    assert first == second
    with at() as desk:
        assert desk.session.scalar(select(func.count(Payment.id))) == 1


@pytest.mark.usefixtures("odile")
def test_deposits_stand_apart_from_the_total(at: At, browser: Browser) -> None:
    with at() as desk:
        bike = desk.add(Bookable(code="V01"))
        resident = desk.session.get_one(Resident, 1)
        line = book_thing(desk, bike, NOW, NOW + timedelta(days=7), resident)
        hand_out(desk, line)
        hold_deposit(desk, line.booking, Cents(15000), DepositForm.CHEQUE, "7654321")
        owe(desk, resident, 240)

    page = words_of(browser.opens(CARD))

    assert "V01 Due back Tuesday 13 October at 09:05" in page
    assert "To pay €2.40" in page
    assert "€150.00, cheque 7654321" in page


@pytest.mark.usefixtures("odile")
def test_a_person_found_again_finds_the_receipt_of_the_day(at: At, browser: Browser) -> None:
    owes(at, 240)
    pays(browser)

    assert "Receipt AMPERE-01-2026-000001 €2.40, at 09:05" in words_of(browser.opens(CARD))


@pytest.mark.usefixtures("odile")
@pytest.mark.parametrize(
    "path",
    [
        "desk/card?resident=1",
        "desk/paid?resident=1",
        "desk/receipt?receipt=1",
    ],
)
def test_another_site_has_no_such_page(at: At, browser: Browser, path: str) -> None:
    owes(at, 240)
    pays(browser)

    browser.opens(f"/cathedrale/desk/{path}", status=404)


@pytest.mark.usefixtures("odile")
def test_leaving_the_payment_leads_back_to_the_card(at: At, browser: Browser) -> None:
    owes(at, 240)

    answer = browser.client.get("/ampere/desk/desk/paid?resident=1", follow_redirects=False)

    assert answer.headers["location"] == CARD


@pytest.mark.usefixtures("odile")
def test_a_trainee_sees_the_basket_and_takes_no_money(at: At, browser: Browser) -> None:
    owes(at, 240)
    trainee = replace(MAGDA, role=Role.TRAINEE)

    with at(write=False, actor=trainee) as desk:
        view = card(desk, resident=1).values["card"]

    assert isinstance(view, CardView)
    assert (view.basket.total, view.basket.pay_href) == (240, "")
    assert "Take €2.40" in words_of(browser.opens(CARD))


@pytest.mark.usefixtures("odile")
def test_the_card_costs_the_same_however_full_the_basket_is(
    at: At, database: Database, browser: Browser
) -> None:
    browser.opens(CARD)  # the first page of a session is noted
    counts = []
    for number in range(3):
        with at() as desk:
            owe(desk, desk.session.get_one(Resident, 1), 100, what=str(number))
        with counted_statements(database) as sent:
            browser.opens(CARD)
        counts.append(len(sent))

    assert len(set(counts)) == 1
    assert counts[0] <= 12


@examples(strategies.integers(min_value=1, max_value=200_000))
def test_round_sums_cover_what_is_due(due: int) -> None:
    offered = coins(Cents(due))

    assert offered[0] == due
    assert list(offered) == sorted(set(offered))
    assert len(offered) <= 4


def test_keys_have_letters_of_their_own() -> None:
    labels = ["Baguette", "Bike hire", "Notes", "Éé", "n"]

    keys = [each.key for each in with_keys(ActView("x", each, "") for each in labels)]

    assert keys == ["b", "i", "o", "a", "c"]  # its own, else the first that is left


def service(name: str, required: object) -> Plugin:
    """A service that says whether it is for members."""
    module = ModuleType(f"palier_{name}")
    label = Text(name.title())
    module.__dict__["manifest"] = Manifest(
        name,
        label,
        label,
        icon="bike",
        membership_required=required,  # type: ignore[arg-type]  # one of them is wrong
    )
    return Plugin(name, module, "1.0")


def broken(_desk: Context) -> bool:
    raise LookupError("nobody knows")


@contextmanager
def desk_with(database: Database, required: Mapping[str, object]) -> Iterator[Desk]:
    """A desk at which these services are on, and the core's areas."""
    registry = Registry({name: each for name, each in discover().plugins.items() if each.is_core})
    registry.plugins |= {name: service(name, value) for name, value in required.items()}
    here = place(plugins=frozenset(required))
    with database.read(1) as session, read_by(Reader("en")):
        yield Desk(session, here, MAGDA, NOW, hooks=Hooks(registry), secret=SECRET)


def test_a_service_that_cannot_say_whether_it_is_for_members_hands_nothing_out(
    database: Database,
) -> None:
    with desk_with(database, {"tools": True, "odd": broken}) as desk:
        assert is_required(desk, "tools")
        with pytest.raises(PluginFailed, match="Odd has a problem"):
            is_required(desk, "odd")


@pytest.mark.usefixtures("odile")
@pytest.mark.parametrize(
    ("is_member", "said"),
    [
        (False, ["Needed for: Bikes, Tools.", "May use today: Relay"]),
        (True, ["May use today: Bikes, Odd, Relay, Tools"]),
    ],
)
def test_the_card_says_what_the_person_may_use_today(
    at: At, database: Database, is_member: bool, said: list[str]
) -> None:
    if is_member:
        with at() as desk:
            sell_membership(desk, desk.session.get_one(Household, 1))
    required = {"tools": True, "relay": False, "bikes": lambda _desk: True, "odd": broken}

    with desk_with(database, required) as desk:
        view = card(desk, resident=1).values["card"]
        assert isinstance(view, CardView)
        words = [f"{each.text} {each.detail or ''}" for each in view.now.lines]

    for each in said:
        assert any(each in line for line in words), words
    assert not any("Odd" in line for line in words if not is_member)
