"""Member cards: ticked in the list, printed part by part, lost, replaced, and scanned again."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.residents.models import Resident
from palier.testing.scanner import scan
from palier.testing.windows import Served

pytestmark = pytest.mark.browser

DESK = "/ampere/desk"


def of(ampere: Served, family_name: str) -> Resident:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Resident).where(Resident.family_name == family_name)
        return desk.session.scalars(query).first()  # type: ignore[return-value]  # they live here


def test_those_who_are_ticked_get_their_cards(magda: Page) -> None:
    magda.goto(f"{DESK}/residents/resident")
    boxes = magda.locator("tbody [name=chosen]")
    expect(magda.locator(".bulk")).to_be_hidden()

    boxes.nth(0).focus()
    magda.keyboard.press("Space")
    boxes.nth(2).check()
    expect(magda.locator(".bulk b")).to_have_text("2 choisis")
    magda.get_by_role("button", name="Imprimer leurs cartes").press("Enter")
    magda.get_by_role("dialog").get_by_role("button", name="Imprimer leurs cartes").press("Enter")

    expect(magda.get_by_role("heading", name="Cartes d’adhérent")).to_be_visible()
    expect(magda.locator("#done")).to_have_text("0 carte sur 2 est imprimée.")
    file = magda.get_by_role("link", name="Ouvrir le PDF").get_attribute("href")
    answer = magda.request.get(str(file))
    assert answer.body().startswith(b"%PDF")
    magda.locator("main").focus()
    magda.keyboard.press("i")
    expect(magda.get_by_role("main")).to_contain_text("Toutes sont imprimées.")


def test_all_that_are_shown_are_ticked_at_once_and_nobody_again(magda: Page) -> None:
    magda.goto(f"{DESK}/residents/resident")
    count = magda.locator("tbody [name=chosen]").count()

    magda.get_by_label("Tout choisir").check()
    expect(magda.locator(".bulk b")).to_have_text(f"{count} choisis")
    magda.get_by_role("button", name="Ne plus choisir").click()

    expect(magda.locator(".bulk")).to_be_hidden()


def test_a_lost_card_is_replaced_and_its_finder_reads_no_name(ampere: Served, magda: Page) -> None:
    odile = of(ampere, "Kern")
    magda.goto(f"{DESK}/residents/resident/{odile.id}/replace_card")
    magda.get_by_role("button", name="Remplacer la carte").click()
    expect(magda.get_by_role("heading", name="Cartes d’adhérent")).to_be_visible()

    scan(magda, odile.card_code, azerty=True)
    expect(magda.get_by_role("main")).to_contain_text(
        "Cette carte a été remplacée le mardi 6 octobre."
    )
    expect(magda.get_by_role("main")).not_to_contain_text("Odile")
    magda.get_by_role("link", name="Voir à qui elle était").click()
    magda.get_by_role("dialog").get_by_role("button", name="Voir à qui elle était").click()
    expect(magda.locator(".who h1")).to_contain_text("Odile Kern")

    magda.goto(DESK)
    magda.wait_for_load_state()
    scan(magda, of(ampere, "Kern").card_code)
    expect(magda).to_have_url(re.compile(f"card\\?resident={odile.id}"))
