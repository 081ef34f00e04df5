"""A list: search, filters, sort, paging by key, totals, files; one site's rows in few statements."""

import csv
import io
import zipfile
from itertools import chain
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from palier.context import Context
from palier.db.engine import Database
from palier.house import House
from palier.plugins import discover
from palier.receipts.models import Deposit, DepositForm
from palier.receipts.screens import charges, deposits
from palier.residents.models import Channel, Household, Resident, ResidentState
from palier.residents.screens import residents
from palier.screens.declared import Screen
from palier.screens.exports import harmless
from palier.screens.listing import Wanted, find_rows
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import someone_owes
from palier.text import Cents
from palier.visits.models import Visit

LIST = "/ampere/desk/residents/resident"
API = "/api/v1/ampere/residents/resident"
GIVEN = ("Odile", "Éloïse", "Zoé", "Yves", "Ana")
FAMILY = ("Kern", "Müller", "Ritter", "Weiß")
SCREENS = [screen for plugin in discover().working() for screen in plugin.manifest.screens]


def add_people(desk: Context, count: int) -> None:
    """Neighbours whose names, homes and numbers repeat and are sometimes left out."""
    homes = [desk.add(Household(code=f"F-{number}")) for number in range(4)]
    for number in range(count):
        desk.session.add(
            Resident(
                given_name=GIVEN[number % 5],
                family_name=FAMILY[number % 4],
                household=homes[number % 4] if number % 3 else None,
                phone=f"+3338800{number % 7:04}" if number % 2 else None,
                channel=Channel.CALL if number % 2 else Channel.LETTER,
                state=ResidentState.LEFT if number % 10 == 0 else ResidentState.ACTIVE,
                card_code=f"C-{number}",
            )
        )


@pytest.fixture
def sixty(at: At) -> None:
    with at() as desk:
        add_people(desk, 60)
    with at(2) as desk:
        add_people(desk, 3)


def walked(desk: Context, screen: Screen[Any], sort: str) -> list[list[int]]:
    """Every page's ids, forward to the end and then back to the start."""
    pages, wanted = [], Wanted(sort=sort, size=7)
    while True:
        found = find_rows(desk, screen, wanted)
        pages.append([row[0] for row in found.rows])
        if found.next is None:
            break
        wanted = Wanted(sort=sort, size=7, after=found.next)
    while found.previous is not None:
        found = find_rows(desk, screen, Wanted(sort=sort, size=7, before=found.previous))
        pages.append([row[0] for row in found.rows])
    return pages


KEYS = [each.key for each in residents.columns]


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("sort", [f"{sign}{key}" for key in KEYS for sign in ("", "-")])
def test_paging_shows_every_row_once_forward_and_back(at: At, sort: str) -> None:
    with at(write=False) as desk:
        pages = walked(desk, residents, sort)

    forward, back = pages[:9], pages[9:]
    assert sorted(chain.from_iterable(forward)) == list(range(1, 61))
    assert back == forward[-2::-1]


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("key", KEYS)
def test_down_is_up_turned_round(at: At, key: str) -> None:
    with at(write=False) as desk:
        up, down = (
            [row[0] for row in find_rows(desk, residents, Wanted(sort=sort, size=100)).rows]
            for sort in (key, f"-{key}")
        )

    assert down == up[::-1]


def test_every_list_opens_sorted_by_each_column_and_as_a_file(
    at: At, house: House, browser: Browser
) -> None:
    with at() as desk:
        for each in house.registry.services():
            enable(desk, house.hooks, plan_enable(house.registry, frozenset(), each.name))
    roots = {f"/ampere/desk/{each.package}/{each.word}": each for each in SCREENS}
    sorts = [f"{root}?sort=-{c.key}" for root, each in roots.items() for c in each.columns]
    files = [f"{root}/export.{ending}" for root in roots for ending in ("csv", "xlsx")]

    answers = {path: browser.client.get(path).status_code for path in [*sorts, *files]}

    assert {path: status for path, status in answers.items() if status != 200} == {}


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("q=kern", 15),
        ("q=Muller", 15),
        ("q=eloise+muller", 3),
        ("q=nobody", 0),
        ("state=left", 6),
        ("channel=call&state=active", 30),
        ("q=kern&channel=letter", 15),
        ("q=%00kern", 15),
        ("unknown=1", 60),
    ],
)
def test_search_and_filters_narrow_the_list(browser: Browser, query: str, total: int) -> None:
    found = browser.asks(f"{API}?{query}")

    assert found["total"] == total


@pytest.mark.usefixtures("sixty")
def test_a_filter_that_cannot_be_read_is_left_out_and_said(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "en"
    page = words_of(browser.opens(f"{LIST}?state=flying"))
    answer = browser.asks(f"{API}?state=flying", status=422)

    assert "A filter could not be read, so it was left out. Choose one of the list." in page
    assert answer["fields"] == {"state": ["Choose one of the list."]}


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "WyJhIl0=", "WzEsImEiXQ=="])
def test_a_cursor_that_is_none_begins_at_the_start(browser: Browser, cursor: str) -> None:
    assert browser.asks(f"{API}?after={cursor}")["rows"][0]["id"]


@pytest.mark.usefixtures("sixty")
def test_the_page_says_how_many_and_leads_on(browser: Browser) -> None:
    page = browser.opens(LIST)

    assert "60" in words_of(page)
    assert "after=" in page
    assert "before=" not in page


def test_totals_are_of_the_whole_list_not_of_the_page(at: At) -> None:
    someone_owes(at, 100, 250, 999)

    with at(write=False) as desk:
        found = find_rows(desk, charges, Wanted(size=1))

    assert (len(found.rows), found.total) == (1, 3)
    assert not charges.totals or found.sums[0] == 1349


@pytest.mark.parametrize("number", [1, 60])
def test_a_list_costs_the_same_statements_for_one_row_and_for_sixty(
    at: At, database: Database, browser: Browser, number: int
) -> None:
    with at() as desk:
        add_people(desk, number)
    browser.opens("/ampere/desk")  # what the site switched is read once

    with counted_statements(database) as page:
        browser.opens(LIST)
    with counted_statements(database) as api:
        browser.asks(API)
    with counted_statements(database) as file:
        browser.client.get(f"{LIST}/export.csv")

    assert (len(page), len(api), len(file)) == (COST_PAGE, COST_API, COST_FILE)


COST_API = 4  # who and where, then rows and count
COST_PAGE = 4
COST_FILE = 3


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_in_a_name_is_only_text_in_a_spreadsheet(begins: str) -> None:
    assert harmless(begins) == f"'{begins}"
    assert harmless("Rose") == "Rose"


FORMULA = '=HYPERLINK("https://example.org";"x")'


@pytest.fixture
def formula(at: At) -> None:
    with at() as desk:
        desk.add(Resident(given_name=FORMULA, family_name="Kern", card_code="C-1"))


@pytest.mark.usefixtures("formula")
def test_the_csv_has_the_list_and_no_formula(browser: Browser) -> None:
    answer = browser.client.get(f"{LIST}/export.csv")

    text = answer.content.decode("utf-8-sig")
    heads, row = csv.reader(io.StringIO(text), delimiter=";")
    assert heads[:2] == ["Given name", "Family name"]
    assert row[:2] == [f"'{FORMULA}", "Kern"]
    assert 'filename="ampere-resident-2026-10-06.csv"' in answer.headers["content-disposition"]


@pytest.mark.usefixtures("formula")
def test_the_workbook_has_texts_and_no_formula(browser: Browser) -> None:
    body = browser.client.get(f"{LIST}/export.xlsx").content

    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
        everything = b"".join(book.read(each) for each in book.namelist())
    names = {each.tag.rpartition("}")[2] for each in sheet.iter()}
    assert "f" not in names
    assert len([each for each in sheet.iter() if each.tag.endswith("}row")]) == 2
    assert b"=HYPERLINK(" in everything


@pytest.mark.usefixtures("sixty")
def test_a_file_holds_what_the_list_shows(browser: Browser) -> None:
    text = browser.client.get(f"{LIST}/export.csv?state=left&sort=-card_code").text

    assert len(text.strip().splitlines()) == 7


@pytest.mark.usefixtures("sixty")
def test_another_sites_rows_are_nowhere(browser: Browser, at: At) -> None:
    with at(2) as desk:
        desk.add(Resident(given_name="Fremd", family_name="Anderswo", card_code="X-1"))

    listed = browser.asks(f"{API}?q=anderswo")
    exported = browser.client.get(f"{LIST}/export.csv").text
    picked = browser.asks("/ampere/desk/pick/residents/resident?q=anderswo")

    assert (listed["total"], picked) == (0, [])
    assert "Anderswo" not in exported
    assert "Fremd" not in browser.opens("/ampere/desk/find?q=Anderswo")
    browser.opens(f"{LIST}/64", status=404)
    browser.asks(f"{API}/64", status=404)
    browser.opens(f"{LIST}/64/edit", status=404)
    browser.opens(f"{LIST}/64/has_left", status=404)
    browser.posts(f"{API}/64", {"given_name": "Ours"}, status=404)
    browser.posts(f"{API}/64/has_left", {}, status=404)


def test_an_instant_in_a_file_is_the_site_s_time_as_a_spreadsheet_reads_it(
    browser: Browser, at: At
) -> None:
    with at() as desk:
        desk.add(Visit(at=NOW, on=desk.today))

    text = browser.client.get("/ampere/desk/visits/visit/export.csv").text
    book = browser.client.get("/ampere/desk/visits/visit/export.xlsx").content

    assert "2026-10-06 09:05:00;" in text
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert "46301.378" in parts.read("xl/worksheets/sheet1.xml").decode()  # days since 1900


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize(
    ("words", "total"),
    [("muller", 3), ("mullr", 3), ("0045128", 1), ("trottinette", 1), ("nobody", 0)],
)
def test_a_list_is_searched_by_the_people_it_shows(
    browser: Browser, at: At, words: str, total: int
) -> None:
    with at() as desk:
        people = select(Resident).where(Resident.family_name == "Müller").order_by(Resident.id)
        for number, person in enumerate(desk.session.scalars(people.limit(3)).all()):
            deposit_of(desk, person, "Trottinette" if number == 2 else "V07", f"004512{number + 8}")

    assert browser.asks(f"/api/v1/ampere/receipts/deposit?q={words}")["total"] == total


def test_a_search_through_a_link_costs_one_statement_more(at: At, database: Database) -> None:
    with at() as desk, counted_statements(database) as sent:
        find_rows(desk, deposits, Wanted())
        plain = len(sent)
        find_rows(desk, deposits, Wanted("muller"))

    assert len(sent) - plain == plain + 1


def deposit_of(desk: Context, person: Resident, label: str, reference: str) -> None:
    desk.session.add(
        Deposit(
            resident=person,
            service="bike_hire",
            source_type="resident",
            source_id=person.id,
            label=label,
            cents=Cents(15000),
            form=DepositForm.CHEQUE,
            reference=reference,
            taken_on=desk.today,
        )
    )
