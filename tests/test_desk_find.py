"""The scan field: a code leads on, a name finds its owner, nothing is a dead end."""

import re
from datetime import timedelta
from html import unescape
from types import ModuleType

import pytest

from palier import hookspecs as hooks
from palier.acts import Step
from palier.asking import Hooks
from palier.bookings.booking import book_thing, cancel
from palier.bookings.models import Bookable, BookingLine
from palier.codes.keyboard import written
from palier.context import Context
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.desk.scanning import find
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.receipts.actions import pay
from palier.residents.actions import add_household, add_resident, has_left
from palier.residents.models import Household, Resident
from palier.residents.rules import names_in
from palier.screens.declared import Page
from palier.screens.views import Block
from palier.testing.caretaker import Browser, hidden_of, words_of
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
        thing = desk.add(Bookable(code="T01", name="Perceuse"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(days=1), odile)
        return {
            "booking": line.booking.code,
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
        ("booking", "/ampere/desk/bookings/lines/1"),
    ],
)
def test_a_code_leads_to_what_it_stands_for(
    browser: Browser, people: dict[str, str], code: str, leads_to: str
) -> None:
    assert address_of(browser, people[code]) == leads_to
    assert address_of(browser, f"\t {people[code].lower()}\r\n") == leads_to
    assert address_of(browser, written(people[code])) == leads_to
    assert address_of(browser, written(f"]Q3{people[code]}")) == leads_to


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


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("odile kern", ("Odile", "Kern")),
        ("KERN Odile", ("Odile", "Kern")),
        ("Kern", ("", "Kern")),
        ("jean de la fontaine", ("Jean", "de la Fontaine")),
        ("Marie-Ève MacDonald", ("Marie-Ève", "MacDonald")),
        ("ODILE KERN", ("Odile", "Kern")),
        ("V07", ("", "")),
        ("<b>Kern</b>", ("", "")),
        ("", ("", "")),
    ],
)
def test_typed_words_are_names(typed: str, names: tuple[str, str]) -> None:
    assert names_in(typed) == names


def leads(page: str, act: str) -> list[str]:
    """Return where a page's links to an act or a page lead."""
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', page) if act in each]


@pytest.mark.usefixtures("people")
def test_who_is_not_found_is_added_with_a_new_household(browser: Browser) -> None:
    page = browser.opens("/ampere/desk/find?q=rosalie+zimmer")
    form = leads(page, "add_household")[0]

    person = browser.sends(form, street="rue du Zornhoff", number="12")
    at_form = re.search(r'action="([^"]+/add_resident)"', person)
    assert at_form is not None
    filled = hidden_of(person)
    card = browser.client.post(
        at_form[1], data={**filled, "given_name": "Rosalie", "family_name": "Zimmer"}
    )

    assert 'value="Rosalie"' in person
    assert 'value="Zimmer"' in person
    assert str(card.url.path) == "/ampere/desk/desk/card"
    assert "Rosalie Zimmer" in words_of(card.text)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("home", ["wattwiller 40", "odile", "kern"])
def test_who_is_not_found_is_added_to_a_household_that_is_known(
    browser: Browser, home: str
) -> None:
    page = browser.opens("/ampere/desk/find?q=rosalie+zimmer")
    asks = browser.opens(f"{leads(page, 'newcomer')[0]}&home={home}")

    form = browser.opens(leads(asks, "add_resident")[0])

    assert "Odile Kern" in words_of(asks)
    assert 'value="Rosalie"' in form
    assert 'value="Zimmer"' in form


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "x" * 4096,
            "9 " * 2048,
            "é" * 4096,
            "\x00\x1b",
            "%_\\'\"",
            "𝕏" * 300,
            "-",
            "\U0001f6b2" * 900,
        ),
        *(
            "' OR 1=1 --",
            '"; DROP TABLE resident; --',
            "مرحبا بكم",
            "\u202eKern\u202c",
            "<b>Kern</b>",
        ),
    ],
)
def test_whatever_is_sent_is_answered(browser: Browser, typed: str) -> None:
    answer = browser.client.get("/ampere/desk/find", params={"q": typed})

    assert answer.status_code == 200
    assert len(answer.text) < 60_000


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("H-2345678B", "It has the form of a member card, but nobody here has this one."),
        ("F-23456B", "It has the form of a household's code, but no household here has it."),
        ("AMPERE-01-2026-999999", "there is no such receipt here."),
        (
            "RR473124829FR",
            "It is the number of a letter or a parcel. No service here has noted it.",
        ),
        ("3760000000017", "It is a product's barcode. No service here has this product."),
        ("Z99", "It has the form of a thing's tag, but nothing here has this one."),
    ],
)
def test_an_unknown_code_is_said_to_be_what_it_looks_like(
    browser: Browser, typed: str, said: str
) -> None:
    page = words_of(browser.opens(f"/ampere/desk/find?q={typed}"))

    assert said in page
    assert f"Searched: “{typed}”" in page


@pytest.mark.usefixtures("people")
def test_a_scan_through_other_keys_says_how_it_was_read(browser: Browser) -> None:
    answer = browser.client.get("/ampere/desk/find", params={"q": written("RR473124829FR")})

    page = words_of(answer.text)
    assert "It was read as RR473124829FR." in page
    assert "It is the number of a letter or a parcel." in page


@pytest.mark.usefixtures("people")
def test_a_code_cut_short_by_the_wrong_keys_is_said_to_be_one(browser: Browser) -> None:
    answer = browser.client.get("/ampere/desk/find", params={"q": written("RR473124829FR")[:9]})

    assert "This looks like a code typed through the wrong keys." in words_of(answer.text)


def test_an_ended_booking_s_slip_says_so_and_opens_nothing(
    at: At, browser: Browser, people: dict[str, str]
) -> None:
    with at() as desk:
        cancel(desk, desk.session.get_one(BookingLine, 1))

    page = words_of(browser.opens(f"/ampere/desk/find?q={people['booking']}"))

    assert "T01 Perceuse, Odile Kern Cancelled, Tuesday 6 October at 09:05" in page


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
        module.__dict__.setdefault("asked", []).append(code)
        found = desk.find(Household, 1)
        return add_resident.on(found) if found and code.startswith("TAG-1") else None

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
        back = "%2Fampere%2Fdesk%2Fdesk%2Fafter%3Fresident%3D%7Bresident%7D"
        assert answer.location == f"{form}?back={back}"
    else:
        assert isinstance(answer, Page)
        assert isinstance(found := answer.values["found"], Block)
        assert len(found.lines) == 2


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (written("]C1RR473124829FR"), ["RR473124829FR", written("]C1RR473124829FR")]),
        (written("TAG-10"), ["TAG-10"]),
        ("tag-1", ["TAG-1"]),
        ("Zoé", ["Zoé"]),
        ("x" * 4096, []),
    ],
)
def test_a_service_is_asked_for_the_likely_reading_first_until_one_answers(
    database: Database, typed: str, asked: list[str]
) -> None:
    service = scanning("s0")
    assert service.module is not None
    registry = Registry({name: each for name, each in discover().plugins.items() if each.is_core})
    registry.plugins |= {"s0": service}
    here = place(plugins=frozenset({"s0"}))
    with database.write(1) as session:
        session.add(Household(code="F-1"))

    with database.read(1) as session, read_by(Reader("en")):
        find(Desk(session, here, MAGDA, NOW, hooks=Hooks(registry), secret=SECRET), q=typed)

    assert service.module.__dict__.get("asked", []) == asked
