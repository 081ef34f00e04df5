"""A visit on the card: begun by the first act, not closed over something to pay, then closed in one key."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.residents.models import Resident
from palier.testing.windows import Served

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def card_of(ampere: Served, given: str, family: str) -> str:
    with ampere.house.at("ampere", "test", write=False) as desk:
        named = Resident.given_name == given, Resident.family_name == family
        return f"{DESK}/desk/card?resident={desk.session.scalars(select(Resident.id).where(*named)).one()}"


def test_a_visit_is_opened_refused_paid_and_closed(magda: Page, ampere: Served) -> None:
    card = card_of(ampere, "Odile", "Kern")
    visit = magda.locator("section.visit")
    magda.goto(card)
    expect(visit).to_contain_text("Pas encore de visite")

    magda.get_by_role("link", name="Vendre l’adhésion").click()
    magda.get_by_role("dialog").get_by_role("button", name="Vendre l’adhésion").click()
    expect(visit).to_contain_text("Visite en cours depuis 9 h 05")
    expect(visit).to_contain_text("9 h 05 Vendre l’adhésion")
    magda.wait_for_load_state()
    magda.keyboard.press("1")
    expect(visit.get_by_role("button", name="Un café", pressed=True)).to_be_visible()

    magda.wait_for_load_state()
    magda.keyboard.press("x")
    expect(magda.get_by_role("alert")).to_contain_text("mettez sur l’ardoise")
    magda.goto(DESK)
    expect(magda.get_by_role("region", name="1 visite ouverte")).to_contain_text("Odile Kern")

    magda.goto(card)
    magda.keyboard.press("Enter")
    expect(magda.get_by_role("article")).to_contain_text("10,00 €")
    magda.keyboard.press("Enter")
    magda.wait_for_url(f"**{DESK}?done=*")
    expect(magda.get_by_role("region", name="visite ouverte")).to_have_count(0)
