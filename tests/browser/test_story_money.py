"""A price explained before and after, a sale in two parts, a tab settled: by the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from palier.testing.windows import overflow

pytestmark = pytest.mark.browser
CARD = re.compile(r"/desk/card\?resident=\d+")


def open_card(page: Page, words: str, name: str) -> None:
    page.goto("/ampere/desk")
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.wait_for_load_state()


def test_a_reduced_price_is_said_before_and_after_and_paid_in_parts(magda: Page) -> None:
    open_card(magda, "théo ritter", "Théo Ritter")
    main, keys = magda.get_by_role("main"), magda.keyboard
    expect(magda.locator(".dot.green")).to_be_visible()
    assert "Tarif" not in main.inner_text()
    assert "Quotient" not in magda.content()

    magda.get_by_role("link", name="Prêter un vélo").click()
    dialog = magda.get_by_role("dialog")
    shown = dialog.locator("[data-price]")
    expect(shown).to_contain_text("le fonds paie")
    expect(shown).to_contain_text("Dans le panier")
    for each in ("Freins", "Éclairage"):
        dialog.get_by_label(each, exact=True).check()
    dialog.get_by_label("Espèces", exact=True).check()
    dialog.get_by_role("button", name="Prêter un vélo").click()
    expect(dialog).to_have_count(0)
    basket = magda.get_by_role("complementary", name="Panier")
    expect(basket).to_contain_text("Prix réduit : le fonds paie")
    assert overflow(magda) == 0

    magda.wait_for_load_state()
    keys.press("g")
    expect(magda.locator("#given")).to_be_focused()
    keys.insert_text("2")
    expect(magda.locator("#given")).to_have_value("2")
    magda.locator("main h1").click()
    keys.press("+")
    expect(magda.locator("#second-given")).to_be_focused()
    expect(magda.locator("#second-mode")).to_have_value("tab")
    expect(basket.locator(".change")).to_contain_text("Reste")
    keys.press("Enter")

    sheet = magda.get_by_role("article")
    expect(sheet).to_contain_text("Ardoise")
    expect(sheet).to_contain_text("Espèces")
    assert "fonds" not in sheet.inner_text().lower()


def test_the_tab_opens_by_a_key_closes_by_itself_and_is_settled(magda: Page) -> None:
    open_card(magda, "thi lan nguyen", "Nguyen")
    private = magda.locator("[data-private]")
    assert "3,35" not in magda.get_by_role("main").inner_text()

    magda.keyboard.press("d")
    expect(private).to_contain_text("3,35 € sur l’ardoise")
    expect(private).to_have_attribute("open", "")
    magda.get_by_role("link", name="Fiche").focus()
    private.locator("summary").focus()
    magda.keyboard.press("/")
    expect(private).not_to_have_attribute("open", "")

    magda.locator("main h1").click()
    magda.keyboard.press("d")
    private.get_by_role("link", name="Régler l’ardoise").click()
    dialog = magda.get_by_role("dialog")
    dialog.get_by_role("button", name="Régler l’ardoise").click()
    expect(magda.locator(".total")).to_contain_text("3,35")
    magda.wait_for_load_state()
    magda.keyboard.press("Enter")
    expect(magda.get_by_role("article")).to_contain_text("Ardoise réglée")
