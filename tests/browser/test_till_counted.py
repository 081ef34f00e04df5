"""The drawer counted coin by coin, by keyboard, and without a script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.testing.windows import Served, tab_to

pytestmark = pytest.mark.browser

TILL = "/ampere/desk/receipts/till"


def test_coins_are_counted_with_enter_and_the_total_follows(magda: Page) -> None:
    keys, dialog = magda.keyboard, magda.get_by_role("dialog")
    magda.goto(TILL)
    keys.press("c")
    expect(dialog).to_be_visible()
    coin = dialog.get_by_label("20,00\u00a0€", exact=True)
    tab_to(magda, f"#{coin.get_attribute('id')}")

    keys.type("2", delay=60)
    keys.press("Enter")
    expect(dialog.get_by_label("10,00\u00a0€", exact=True)).to_be_focused()
    keys.type("1", delay=60)

    expect(dialog.get_by_label("Compté dans le tiroir")).to_have_value("50,00")
    expect(dialog.get_by_text("Le compte est juste.")).to_be_visible()
    keys.press("Backspace")
    expect(dialog.get_by_text("Il manque 10,00\u00a0€.")).to_be_visible()


def test_without_a_script_the_coins_alone_are_a_count(
    ampere: Served, browser_window: Browser
) -> None:
    with ampere.window(browser_window, script=False) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        page.goto(TILL)
        page.get_by_role("link", name="Compter et fermer").click()
        page.get_by_label("20,00\u00a0€", exact=True).fill("2")
        page.get_by_label("10,00\u00a0€", exact=True).fill("1")
        page.get_by_role("button", name="Compter et fermer").last.click()

        expect(page.get_by_role("main")).to_contain_text("Caisse fermée")
