"""Chapter L: Magda rings Mrs Kern, three keys from the desk page to "reached, yes"."""

import re

import pytest
from playwright.sync_api import Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.jobs.running import Loop
from palier.testing.windows import Served

pytestmark = pytest.mark.browser


def test_odile_is_rung_up_and_says_yes(ampere: Served, magda: Page) -> None:
    magda.goto("/ampere/desk")
    calls = magda.get_by_role("region", name="À appeler")
    expect(calls).to_contain_text("Odile Kern")
    magda.evaluate("document.activeElement.blur()")
    keys = magda.keyboard

    keys.press("a")
    magda.wait_for_url("**/messages/call_list")
    expect(magda.get_by_role("main")).not_to_contain_text("03 53 01")
    magda.wait_for_load_state()
    keys.press("a")
    magda.wait_for_url("**/messages/calling*")
    expect(magda.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    expect(magda.get_by_role("main")).to_contain_text("03 53 01 01 04")
    magda.wait_for_load_state()
    keys.press("y")

    magda.wait_for_url("**/messages/call_list*")
    expect(magda.get_by_role("main")).not_to_contain_text("atelier couture")
    assert ampere.said == []


def test_who_asked_for_it_and_was_not_seen_is_called_once(ampere: Served, magda: Page) -> None:
    magda.goto("/ampere/desk/find?q=Aïcha Benali")
    magda.get_by_role("link", name="Fiche").click()
    record = magda.url.partition("?")[0]
    asks_to_be_called_after_three_days(magda, record)

    Loop(ampere.house).once()
    ampere.clock.forward(days=4)
    ampere.let_in(magda.context, "magda", OPENS_WITH)
    Loop(ampere.house).once()

    magda.goto("/ampere/desk")
    calls = magda.get_by_role("region", name="À appeler")
    expect(calls).to_contain_text("Aïcha Benali")
    is_rung_up_and_all_is_well(magda)
    magda.goto("/ampere/desk")
    expect(calls).not_to_contain_text("Aïcha Benali")
    magda.goto(record)
    expect(magda.get_by_role("main")).to_contain_text("samedi 10 octobre")


def asks_to_be_called_after_three_days(page: Page, record: str) -> None:
    page.goto(f"{record}/call_if_not_seen")
    page.get_by_label("3 jours").check()
    page.get_by_role("button", name="Appeler sans nouvelles").click()
    expect(page.get_by_role("main")).to_contain_text("Demandez d’abord à la personne")
    page.get_by_label("La personne l’a demandé").check()
    page.get_by_role("button", name="Appeler sans nouvelles").click()
    page.wait_for_url(re.compile(r"/resident/\d+(\?|$)"))
    expect(page.get_by_role("region", name="Accords")).to_contain_text("si on ne le voit plus")
    expect(page.get_by_role("main")).to_contain_text("3 jours")


def is_rung_up_and_all_is_well(page: Page) -> None:
    page.goto("/ampere/desk/messages/call_list")
    page.get_by_role("button", name=re.compile("Aïcha Benali")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aïcha Benali")
    expect(page.get_by_role("main")).to_contain_text("Un appel a été demandé")
    page.get_by_role("button", name="Jointe : oui").click()
    page.wait_for_url("**/messages/call_list*")
    expect(page.get_by_role("main")).not_to_contain_text("Aïcha Benali")
