"""Member cards: printed, ten on a sheet; a lost one is replaced and then opens nobody by itself."""

import io
import re
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from palier.db.engine import Database
from palier.privacy.erasure import erase
from palier.privacy.export import as_json, dossier_of
from palier.residents.actions import add_household, add_resident, has_left, merge
from palier.residents.card_paper import cards_pdf
from palier.residents.cards import (
    PART,
    NobodyChosen,
    NobodyWithoutCard,
    Who,
    cards_printed,
    print_card,
    print_cards,
    print_chosen,
    print_home_card,
    replace_card,
    replace_home_card,
    whose_card,
)
from palier.residents.models import CardRun, Household, PrintedCard, ReplacedCard, Resident
from palier.residents.people import find_people
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At, counted_statements
from palier.trail import ActRow, perform
from palier.web.render import Renderer

FONTS = Renderer([]).fonts("plain")


@pytest.fixture
def kerns(at: At) -> list[int]:
    """Odile Kern and Théo, in two households of one street; their ids."""
    with at() as desk:
        found = []
        for number, (given, family) in (("44", ("Théo", "Ritter")), ("40", ("Odile", "Kern"))):
            home = add_household(desk, street="rue de Wattwiller", number=number)
            found.append(add_resident(desk, home, given_name=given, family_name=family).id)
        return found


def many(at: At, count: int) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="1")
        desk.session.add_all(
            Resident(household=home, given_name=f"N{at}", family_name="Zorn", card_code=f"H-{at}")
            for at in range(count)
        )


def card_of(at: At, id: int) -> str:
    with at(write=False) as desk:
        return desk.session.get_one(Resident, id).card_code


def pages(at: At, *, part: int = 0, alone: bool = False) -> list[str]:
    """The last run's words, page by page."""
    with at(write=False) as desk:
        run = desk.session.scalars(select(CardRun).order_by(CardRun.id.desc())).first()
        assert run is not None
        pdf = cards_pdf(desk, run, part, FONTS, alone=alone)
    return [each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages]


def leads_to(browser: Browser, code: str) -> str:
    answer = browser.client.get("/ampere/desk/find", params={"q": code}, follow_redirects=False)
    return str(answer.headers.get("location", ""))


def test_a_card_says_who_needs_it_and_no_more(at: At, kerns: list[int]) -> None:
    with at() as desk:
        perform(desk, print_card, desk.session.get_one(Resident, kerns[1]), {})

    (page,) = pages(at)

    assert card_of(at, kerns[1]) in page.replace(" ", "")
    assert "Odile K." in page
    assert "Ampère" in page
    assert not re.search(r"Kern|Wattwiller|F-|born", page)


def test_a_card_alone_is_a_page_of_its_size(at: At, kerns: list[int]) -> None:
    with at() as desk:
        run = print_card(desk, desk.session.get_one(Resident, kerns[0]))
        file = PdfReader(io.BytesIO(cards_pdf(desk, run, 0, FONTS, alone=True)))

    (page,) = file.pages
    millimetres = [round(float(each) * 25.4 / 72) for each in page.mediabox[2:]]
    assert millimetres == [85, 54]
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]  # tagged


def test_those_without_a_card_get_one_in_the_order_of_the_doors(at: At, kerns: list[int]) -> None:
    with at() as desk:
        run = print_cards(desk)
        order = desk.session.scalars(
            select(PrintedCard.resident_id).order_by(PrintedCard.place)
        ).all()

    assert run.cards == 2
    assert list(order) == kerns[::-1]
    with at() as desk, pytest.raises(NobodyWithoutCard):
        print_cards(desk)
    with at() as desk:
        assert print_cards(desk, who=Who.ALL).cards == 2


def test_who_has_left_gets_no_card(at: At, kerns: list[int]) -> None:
    with at() as desk:
        has_left(desk, desk.session.get_one(Resident, kerns[0]))

        assert print_cards(desk, who=Who.ALL).cards == 1


def test_chosen_people_are_printed_each_with_an_act(at: At, kerns: list[int]) -> None:
    with at() as desk:
        perform(desk, print_chosen, None, {"chosen": f"{kerns[0]},{kerns[1]},999,x"})

    with at(write=False) as desk:
        named = select(ActRow.resident_id).where(ActRow.name == "residents.print_card")
        assert sorted(desk.session.scalars(named)) == sorted(kerns)  # type: ignore[type-var]
    with at() as desk, pytest.raises(NobodyChosen):
        print_chosen(desk, chosen="")


def test_many_cards_are_printed_part_by_part(at: At) -> None:
    many(at, PART + 25)
    with at() as desk:
        run_id = print_cards(desk).id

    assert len(pages(at)) == 10
    assert len(pages(at, part=1)) == 3
    for printed in (PART, PART + 25):
        with at() as desk:
            run = desk.session.get_one(CardRun, run_id)
            cards_printed(desk, run)
            assert run.printed == printed


def test_a_thousand_cards_cost_few_statements(at: At, database: Database) -> None:
    many(at, 300)

    with at() as desk, counted_statements(database) as sent:
        perform(desk, print_cards, None, {"who": Who.ALL})

    assert len(sent) <= 12


def test_a_lost_card_opens_nobody_and_says_so(at: At, kerns: list[int], browser: Browser) -> None:
    old = card_of(at, kerns[1])
    assert leads_to(browser, old) == f"/ampere/desk/desk/card?resident={kerns[1]}"

    with at() as desk:
        perform(desk, replace_card, desk.session.get_one(Resident, kerns[1]), {})

    new = card_of(at, kerns[1])
    page = browser.opens(f"/ampere/desk/find?q={old}")
    assert leads_to(browser, new) == f"/ampere/desk/desk/card?resident={kerns[1]}"
    assert leads_to(browser, old) == ""
    assert "This card was replaced on Tuesday 6 October." in words_of(page)
    assert "Odile" not in page
    assert f"resident={kerns[1]}" not in page


def test_whose_a_replaced_card_was_is_opened_by_an_act(
    at: At, kerns: list[int], browser: Browser
) -> None:
    old = card_of(at, kerns[1])
    with at() as desk:
        replace_card(desk, desk.session.get_one(Resident, kerns[1]))
    page = browser.opens(f"/ampere/desk/find?q={old}")
    form = next(unescape(e) for e in re.findall(r'href="([^"]+)"', page) if "whose_card" in e)

    card = browser.sends(form)

    assert "Odile Kern" in words_of(card)
    with at(write=False) as desk:
        named = select(ActRow.resident_id).where(ActRow.name == whose_card.permission)
        assert desk.session.scalars(named).all() == [kerns[1]]


def test_a_household_has_a_card_of_its_own(at: At, kerns: list[int], browser: Browser) -> None:
    with at() as desk:
        home = desk.session.get_one(Resident, kerns[1]).household
        assert home is not None
        perform(desk, print_home_card, home, {})
        code, own = home.card_code, home.code

    (page,) = pages(at)
    assert code is not None
    assert code in page.replace(" ", "")
    assert own not in page
    assert leads_to(browser, code) == f"/ampere/desk/desk/card?resident={kerns[1]}"
    with at() as desk:
        home = desk.session.scalars(select(Household).where(Household.card_code == code)).one()
        replace_home_card(desk, home)
    assert leads_to(browser, code) == ""
    assert "This card was replaced" in words_of(browser.opens(f"/ampere/desk/find?q={code}"))


def test_a_replaced_card_follows_a_merge(at: At, kerns: list[int]) -> None:
    gone, kept = kerns
    old = card_of(at, gone)
    with at() as desk:
        replace_card(desk, desk.session.get_one(Resident, gone))
        perform(
            desk,
            merge,
            desk.session.get_one(Resident, kept),
            {"other": desk.session.get_one(Resident, gone)},
        )

    with at(write=False) as desk:
        card = desk.session.scalars(select(ReplacedCard).where(ReplacedCard.code == old)).one()
        assert card.resident is not None
        assert card.resident.id == kept
        assert [each.id for each in find_people(desk, card_of(at, gone))] == [kept]


def test_an_erased_person_s_cards_speak_of_nobody(
    at: At, kerns: list[int], browser: Browser
) -> None:
    old = card_of(at, kerns[1])
    with at() as desk:
        person = desk.session.get_one(Resident, kerns[1])
        assert person.household is not None
        print_home_card(desk, person.household)
        replace_card(desk, person)
        assert old in b"".join(as_json(dossier_of(desk, person))).decode()
        erase(desk, person)

    with at(write=False) as desk:
        assert desk.session.scalars(select(ReplacedCard.code)).all() == [None]
        assert [each.resident for each in desk.all(select(PrintedCard))] == [None, None]
        assert desk.session.scalars(select(Household.card_code)).all() == [None, None]
    assert "nobody here has this one" in words_of(browser.opens(f"/ampere/desk/find?q={old}"))
    assert "H-" not in pages(at)[0]


def test_the_list_prints_those_who_are_ticked(kerns: list[int], browser: Browser) -> None:
    page = browser.opens("/ampere/desk/residents/resident")
    assert page.count('name="chosen"') == 2
    assert "Choose Odile Kern" in page

    form = f"/ampere/desk/residents/resident/print_chosen?chosen={kerns[0]}&chosen={kerns[1]}"
    made = browser.sends(form)

    assert "Member cards" in words_of(made)
    assert "0 of 2 cards are printed." in words_of(made)


def test_the_file_of_a_run_is_a_pdf(at: At, kerns: list[int], browser: Browser) -> None:
    with at() as desk:
        print_card(desk, desk.session.get_one(Resident, kerns[0]))

    answer = browser.client.get("/ampere/desk/residents/cards_file?made=1")
    beyond = browser.client.get("/ampere/desk/residents/cards_file?made=1&part=1")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert beyond.status_code == 404
