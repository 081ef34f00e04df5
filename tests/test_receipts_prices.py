"""The price list on the screen: an item each, brackets beside it, what comes, what was."""

import re
from datetime import date

import pytest

from palier.receipts.actions import open_fund
from palier.receipts.models import Price, Unit
from palier.receipts.price_list import set_price, set_reduced_price
from palier.residents.models import Bracket, Colour
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.text import Cents

PRICES = "/ampere/desk/receipts/price"
SINCE = date(2026, 1, 1)


@pytest.fixture
def listed(at: At) -> int:
    """City bike 8.00 a week, green 4.00, 9.00 from January; a copy is free. The bike's price."""
    with at() as desk:
        words, week = "City bike, hired", Unit.WEEK
        full = set_price(desk, "bike.week", Cents(800), valid_from=SINCE, label=words, unit=week)
        set_price(desk, "bike.week", Cents(900), valid_from=date(2027, 1, 1))
        set_price(desk, "copy", Cents(0), valid_from=SINCE, label="Copy")
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="QF up to 500"))
        fund = open_fund(desk, label="Fund")
        set_reduced_price(desk, full, Cents(400), bracket=green, fund=fund, valid_from=SINCE)
        return full.id


def row_of(page: str, label: str) -> str:
    rows = [words_of(each) for each in re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)]
    return next(each for each in rows if label in each)


@pytest.mark.usefixtures("listed")
def test_an_item_is_one_line_with_its_brackets_and_what_comes(browser: Browser) -> None:
    page = browser.opens(PRICES)

    bike = row_of(page, "City bike")
    assert page.count("City bike, hired") == 1
    assert "€8.00" in bike
    assert "€4.00" in bike
    assert "€9.00 from Friday 1 January 2027" in bike
    assert "Green" in page
    assert "QF up to 500" not in page


@pytest.mark.usefixtures("listed")
def test_a_price_of_nothing_is_said_in_a_word(browser: Browser) -> None:
    assert "Free" in row_of(browser.opens(PRICES), "Copy")


@pytest.mark.usefixtures("listed")
def test_the_list_is_searched_sorted_and_exported(browser: Browser) -> None:
    found = browser.opens(f"{PRICES}?q=bike")
    down = browser.opens(f"{PRICES}?sort=-cents")
    file = browser.client.get(f"{PRICES}/export.csv").text
    book = browser.client.get(f"{PRICES}/export.xlsx")

    assert "City bike" in found
    assert ">Copy<" not in found
    assert down.index("City bike") < down.index(">Copy<")
    assert "Green;Next change" in file
    assert "€4.00" in file
    assert book.status_code == 200


def test_the_page_of_a_price_shows_it_over_time(browser: Browser, listed: int) -> None:
    page = browser.opens(f"{PRICES}/{listed}")

    lines = [words_of(each) for each in re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)]
    assert any("€9.00" in each and "To come" in each for each in lines)
    assert any("€4.00" in each and "Green" in each and "Today" in each for each in lines)


def test_a_manager_adds_the_price_of_a_bracket(at: At, browser: Browser, listed: int) -> None:
    with at() as desk:
        desk.add(Bracket(code="B", colour=Colour.BLUE, label="QF up to 800"))

    form = browser.opens(f"{PRICES}/{listed}/add_reduced_price")
    browser.sends(
        f"{PRICES}/{listed}/add_reduced_price",
        bracket="2", cents="6,00", fund_ledger="1", valid_from="2026-10-06",
    )  # fmt: skip

    assert "the fund pays the rest" in words_of(form)
    assert "€6.00" in row_of(browser.opens(PRICES), "City bike")


def test_a_bracket_price_needs_a_fund(at: At, browser: Browser, listed: int) -> None:
    with at() as desk:
        desk.add(Bracket(code="B", colour=Colour.BLUE, label="QF up to 800"))

    refused = browser.sends(
        f"{PRICES}/{listed}/add_reduced_price",
        status=422,
        bracket="2", cents="6,00", valid_from="2026-10-06",
    )  # fmt: skip

    assert "Choose: Fund that pays the rest." in words_of(refused)


def test_changing_the_price_of_a_bracket_keeps_bracket_and_fund(
    at: At, browser: Browser, listed: int
) -> None:
    with at(write=False) as desk:
        reduced = desk.session.get_one(Price, listed + 3).id

    browser.sends(
        f"/ampere/desk/receipts/over_time/{reduced}/change_price",
        cents="3,50", valid_from="2026-10-06",
    )  # fmt: skip

    assert "€3.50" in row_of(browser.opens(PRICES), "City bike")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-10-05", "This day is over: what held on it stays."),
        ("2027-01-01", "has a price from that day already"),
    ],
)
def test_a_day_that_is_over_or_taken_is_refused_in_words(
    browser: Browser, listed: int, day: str, words: str
) -> None:
    refused = browser.sends(
        f"{PRICES}/{listed}/change_price", status=422, cents="9,50", valid_from=day
    )

    assert words in words_of(refused)
    assert 'value="9,50"' in refused


def test_an_amount_below_nothing_is_refused(browser: Browser, listed: int) -> None:
    refused = browser.sends(
        f"{PRICES}/{listed}/change_price", status=422, cents="-1", valid_from="2026-10-06"
    )

    assert "At least" in words_of(refused)
