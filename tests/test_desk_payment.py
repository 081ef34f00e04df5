"""The basket side of the card: each price with its reason, parts, tab, and what stays private."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from palier.receipts.charging import has_open_charges
from palier.receipts.models import Payment, PayMode, Tab
from palier.residents.actions import add_household, add_resident, note_bracket
from palier.residents.models import Bracket, Colour, Resident
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import owe, pays
from palier.visits.models import Visit

CARD = "/ampere/desk/desk/card?resident=1"
PRIVATE = re.compile(r"<details class=\"sheet private\".*?</details>", re.DOTALL)


@pytest.fixture
def nguyen(at: At) -> None:
    """A household with a green paper that has 6.65 on its tab."""
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        person = add_resident(desk, home, given_name="Lan", family_name="Nguyen", birth_year=1968)
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="QF up to 500"))
        note_bracket(desk, home, bracket=green, bracket_until=date(2027, 3, 31))
        owe(desk, person, 665)
    pays(at, 1, mode=PayMode.TAB)


def owes(at: At, cents: int, what: str = "more") -> None:
    with at() as desk:
        owe(desk, desk.session.get_one(Resident, 1), cents, what=what)


def sends(browser: Browser, *, status: int = 200, **values: str) -> str:
    drawn = browser.opens(CARD)
    action = re.search(r'class="pay" method="post" action="([^"]+)"', drawn)
    assert action is not None
    data = {**hidden_of(drawn), "mode": "cash", **values}
    answer = browser.client.post(unescape(action[1]), data=data)
    assert answer.status_code == status, words_of(answer.text)
    return str(answer.text)


@pytest.mark.usefixtures("nguyen")
def test_bracket_and_debt_are_read_only_when_opened(browser: Browser) -> None:
    page = browser.opens(CARD)
    seen, private = words_of(PRIVATE.sub("", page)), words_of(PRIVATE.findall(page)[0])

    assert not any(each in seen for each in ("QF up to", "1968", "on the tab", "31 March"))
    assert 'class="dot green"' in page
    assert "€6.65 on the tab €3.35 more fits on it." in private
    assert "Price: Green" in private
    assert '<details class="sheet private" data-private><summary' in page  # closed at first
    assert "QF up to" not in page


@pytest.mark.usefixtures("nguyen")
def test_every_card_has_the_same_lines_so_that_none_gives_away(at: At, browser: Browser) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="1")
        add_resident(desk, home, given_name="Rose", family_name="Kern")

    page = browser.opens("/ampere/desk/desk/card?resident=2")

    private = words_of(PRIVATE.findall(page)[0])
    assert "No paper noted" in private
    assert "Nothing on the tab" in private


@pytest.mark.usefixtures("nguyen")
def test_each_price_in_the_basket_says_its_reason(at: At, browser: Browser) -> None:
    owes(at, 240)
    owes(at, 0, what="gift")

    page = words_of(browser.opens(CARD))

    assert "Full price: 1 × €2.40." in page
    assert "Free of charge." in page


@pytest.mark.usefixtures("nguyen")
def test_coins_and_the_rest_on_the_tab_from_the_card(at: At, browser: Browser) -> None:
    owes(at, 935)

    paper = words_of(sends(browser, given="6.00", second_mode="tab"))

    assert "Cash €6.00" in paper
    assert "Tab €3.35" in paper
    with at(write=False) as desk:
        assert desk.session.scalars(select(Tab)).one().balance_cents == 1000


@pytest.mark.usefixtures("nguyen")
def test_five_cents_too_little_is_said_and_nothing_is_lost(at: At, browser: Browser) -> None:
    owes(at, 935)

    refused = sends(browser, status=422, given="6.00", second_mode="card", second_given="3.30")

    words = words_of(refused)
    assert "€0.05 is missing." in words
    assert "Lan Nguyen" in words
    assert "Take €9.35" in words
    assert re.search('name="second_given"[^>]*value="3.30"[^>]*aria-invalid="true"', refused)
    assert 'value="6.00"' in refused
    assert 'value="3.30"' in refused
    with at(write=False) as desk:
        assert len(desk.all(select(Payment))) == 1


@pytest.mark.usefixtures("nguyen")
def test_beyond_the_cap_the_card_says_what_is_left(at: At, browser: Browser) -> None:
    owes(at, 935)

    refused = sends(browser, status=422, mode="tab")

    assert "The tab takes €3.35 more, not €9.35." in words_of(refused)


@pytest.mark.usefixtures("nguyen")
def test_the_tab_is_settled_from_the_card(at: At, browser: Browser) -> None:
    page = browser.sends(f"/ampere/desk/residents/resident/1/settle_tab?back={CARD}", cents="5.00")

    assert "Ardoise réglée" in words_of(page)
    assert "To pay €5.00" in words_of(page)
    sends(browser)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Tab)).one().balance_cents == 165


@pytest.mark.usefixtures("nguyen")
def test_a_visit_knows_whether_something_of_it_is_to_pay(at: At) -> None:
    with at() as desk:
        visit = desk.add(Visit(at=NOW, on=NOW.date()))
        before = has_open_charges(desk, visit)
        desk.visit_id = visit.id
        owe(desk, desk.session.get_one(Resident, 1), 100, what="visit")

        assert (before, has_open_charges(desk, visit)) == (False, True)


@pytest.mark.usefixtures("nguyen")
def test_what_waits_since_another_day_says_so_and_can_be_waived(at: At, browser: Browser) -> None:
    with at(now=NOW.replace(day=5)) as desk:
        owe(desk, desk.session.get_one(Resident, 1), 240, what="monday")

    page = browser.opens(CARD)
    waive = re.search(r'class="waive" href="([^"]+)"', page)
    assert waive is not None
    assert "Waits since Monday 5 October." in words_of(page)

    page = browser.sends(unescape(waive[1]), reason="goodwill")

    assert "The basket is empty." in words_of(page)


@pytest.mark.usefixtures("nguyen")
@pytest.mark.parametrize("values", [{"mode": "voucher"}, {"given": "6", "second_mode": "voucher"}])
def test_a_voucher_without_its_number_is_refused(
    at: At, browser: Browser, values: dict[str, str]
) -> None:
    owes(at, 935)

    refused = sends(browser, status=422, **values)

    assert "Write the number of the voucher." in words_of(refused)
