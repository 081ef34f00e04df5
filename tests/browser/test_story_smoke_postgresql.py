"""The same desk on PostgreSQL: sign in, find, hire out, take the money."""

import re

import pytest
from playwright.sync_api import Browser, expect

from palier.demo.arranging import OPENS_WITH
from palier.receipts.checking import verify_site
from palier.testing.windows import Served

pytestmark = pytest.mark.browser


def test_a_bike_is_hired_out_and_paid(
    ampere_on_postgresql: Served, browser_window: Browser
) -> None:
    house = ampere_on_postgresql.house

    with ampere_on_postgresql.window(browser_window) as context:
        page = context.new_page()
        page.goto("/sign-in?next=/ampere/desk")
        page.get_by_label("Nom de connexion").fill("magda")
        page.get_by_label("Mot de passe").fill(OPENS_WITH)
        page.get_by_label("Mot de passe").press("Enter")
        page.get_by_role("search").get_by_role("textbox").fill("Ritter")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Prêter un vélo").click()
        dialog = page.get_by_role("dialog")
        for each in ("Freins", "Éclairage", "Antivol et clé"):
            dialog.get_by_label(each, exact=True).check()
        dialog.get_by_label("Espèces", exact=True).check()
        dialog.get_by_role("button", name="Prêter un vélo").click()
        page.get_by_role("button", name=re.compile("^Encaisser")).click()
        receipt = page.get_by_role("article")

        expect(receipt).to_contain_text(re.compile(r"AMPERE-01-2026-\d{6}"))
        expect(receipt).to_contain_text("Caution gardée")

    assert ampere_on_postgresql.said == []
    with house.at("ampere", "test", write=False) as desk:
        checked = verify_site(desk.session, desk.signing_key, house.settings.closings / "ampere")
    assert [each.ok for each in checked] == [True]
