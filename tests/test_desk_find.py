"""The scan field: a code leads on, a name finds its owner, nothing is a dead end."""

from types import ModuleType

import pytest

from palier import hookspecs as hooks
from palier.acts import Step
from palier.asking import Hooks
from palier.context import Context
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.desk.screens import find
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.receipts.actions import pay
from palier.residents.actions import add_household, add_resident, has_left
from palier.residents.models import Household, Resident
from palier.screens.declared import Page
from palier.screens.views import Block
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import MAGDA, NOW, SECRET, At, place
from palier.testing.till import owe
from palier.text import Reader, Text, read_by
from palier.web.asked import Answer


@pytest.fixture
def people(at: At) -> dict[str, str]:
    """Some neighbours; the codes on their papers."""
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40", stairwell="4")
        odile = add_resident(desk, home, given_name="Odile", family_name="Kern", birth_year=1948)
        for year, stairwell in ((1962, "2"), (1994, "5")):
            other = add_household(
                desk, street="rue de Wattwiller", number="44", stairwell=stairwell
            )
            add_resident(
                desk,
                other,
                given_name="Éloïse",
                family_name="Müller",
                birth_year=year,
                sure=True,
            )
        add_resident(desk, other, given_name="Yves", family_name="Müller")
        owe(desk, odile, 300)
        receipt = pay(desk, odile)
        return {
            "card": odile.card_code,
            "household": home.code,
            "family": other.code,
            "receipt": receipt.number,
        }


def address_of(browser: Browser, words: str) -> str:
    """Where the scan field leads."""
    answer = browser.client.get("/ampere/desk/find", params={"q": words}, follow_redirects=False)
    assert answer.status_code in {200, 303}, answer.text
    return str(answer.headers.get("location", ""))


@pytest.mark.parametrize(
    ("code", "leads_to"),
    [
        ("card", "/ampere/desk/desk/card?resident=1"),
        ("household", "/ampere/desk/desk/card?resident=1"),
        ("receipt", "/ampere/desk/desk/receipt?receipt=1"),
    ],
)
def test_a_code_leads_to_what_it_stands_for(
    browser: Browser, people: dict[str, str], code: str, leads_to: str
) -> None:
    assert address_of(browser, people[code]) == leads_to
    assert address_of(browser, f"\t {people[code].lower()}\r\n") == leads_to


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["ker", "KERN", "odile kern", "kern odile", "Kérn"])
def test_a_name_that_fits_one_person_leads_to_their_card(browser: Browser, typed: str) -> None:
    assert address_of(browser, typed) == "/ampere/desk/desk/card?resident=1"


@pytest.mark.usefixtures("people")
def test_two_of_one_name_are_told_apart(browser: Browser) -> None:
    page = words_of(browser.opens("/ampere/desk/find?q=eloise+muller"))

    assert "Éloïse Müller 44 rue de Wattwiller, stairwell 2, born in 1962" in page
    assert "Éloïse Müller 44 rue de Wattwiller, stairwell 5, born in 1994" in page


def test_a_family_s_code_offers_each_of_them(browser: Browser, people: dict[str, str]) -> None:
    page = browser.opens(f"/ampere/desk/find?q={people['family']}")

    assert page.count('href="/ampere/desk/desk/card?resident=') == 2


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["Kerm", "Odile Dupont"])
def test_a_name_close_to_it_is_offered_not_taken(browser: Browser, typed: str) -> None:
    page = words_of(browser.opens(f"/ampere/desk/find?q={typed}"))

    assert "These are close." in page
    assert "Odile Kern" in page


@pytest.mark.usefixtures("people")
def test_nothing_found_says_what_was_searched_and_how_to_add(browser: Browser) -> None:
    page = browser.opens("/ampere/desk/find?q=xyzzy")

    assert "Searched: “xyzzy”" in words_of(page)
    assert "/residents/household/add_household?" in page


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["x" * 4096, "9 " * 2048, "\x00\x1b", "%_\\'\"", "𝕏" * 300, "-"])
def test_whatever_is_sent_is_answered(browser: Browser, typed: str) -> None:
    answer = browser.client.get("/ampere/desk/find", params={"q": typed})

    assert answer.status_code == 200
    assert len(answer.text) < 60_000


def test_who_has_left_is_not_found_by_card(
    at: At, browser: Browser, people: dict[str, str]
) -> None:
    with at() as desk:
        has_left(desk, desk.session.get_one(Resident, 1))

    assert address_of(browser, people["card"]) == ""


def test_another_site_s_card_finds_nobody(browser: Browser, people: dict[str, str]) -> None:
    answer = browser.client.get("/cathedrale/desk/find", params={"q": people["card"]})

    assert "Odile" not in answer.text


def scanning(name: str) -> Plugin:
    """A service that knows the code of a household as its own."""
    module = ModuleType(f"palier_{name}")
    module.__dict__["manifest"] = Manifest(name, Text(name), Text(name), icon="bike")

    def known(desk: Context, code: str) -> Step | None:
        found = desk.find(Household, 1)
        return add_resident.on(found) if found and code == "TAG-1" else None

    module.__dict__["resolve_scan"] = hooks.resolve_scan(known)
    return Plugin(name, module, "1.0")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("services", [1, 2])
def test_one_service_s_answer_is_its_form_several_are_offered(
    database: Database, services: int
) -> None:
    names = [f"s{number}" for number in range(services)]
    registry = Registry({name: each for name, each in discover().plugins.items() if each.is_core})
    registry.plugins |= {name: scanning(name) for name in names}
    here = place(plugins=frozenset(names))
    with database.read(1) as session, read_by(Reader("en")):
        answer = find(
            Desk(session, here, MAGDA, NOW, hooks=Hooks(registry), secret=SECRET), q="TAG-1"
        )

    if services == 1:
        assert isinstance(answer, Answer)
        form = "/ampere/desk/residents/household/1/add_resident"
        assert answer.location == f"{form}?back=%2Fampere%2Fdesk"
    else:
        assert isinstance(answer, Page)
        assert isinstance(found := answer.values["found"], Block)
        assert len(found.lines) == 2
