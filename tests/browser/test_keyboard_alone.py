"""From signing in to the receipt with the keyboard alone, the focus always in sight."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.testing.windows import Served, tab_to

pytestmark = pytest.mark.browser
SEEN = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const near = at.closest("label, .scan, form") ?? at;
  const ring = (each) => getComputedStyle(each).outlineStyle !== "none";
  return { ring: ring(at) || ring(near), inside: box.bottom > 0 && box.top < innerHeight };
}"""


def see_focus(page: Page) -> None:
    seen = page.evaluate(SEEN)
    name = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    assert seen == {"ring": True, "inside": True}, name


def seen_at(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see it."""
    tab_to(page, selector)
    see_focus(page)


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/ampere/desk")
    seen_at(page, "[name=login]")
    page.keyboard.type("magda", delay=60)
    seen_at(page, "[name=password]")
    page.keyboard.insert_text(OPENS_WITH)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ampere/desk(\?.*)?$"))


def tick(page: Page, *names: str) -> None:
    for each in names:
        seen_at(page, f"[value={each}]")
        page.keyboard.press("Space")


def test_from_signing_in_to_the_receipt(ampere: Served, browser_window: Browser) -> None:
    with ampere.window(browser_window) as context:
        page = context.new_page()
        keys = page.keyboard
        sign_in(page)
        expect(page.locator("#scan")).to_be_focused()
        keys.insert_text("odile kern")
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")

        page.wait_for_load_state()
        shown = page.locator("main [data-key][href*=sell_membership]").last
        keys.press(shown.get_attribute("data-key") or "")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        seen_at(page, "dialog [type=submit]")
        keys.press("Enter")
        expect(dialog).to_have_count(0)
        expect(page.locator(".total")).to_contain_text("10,00 €")
        page.wait_for_load_state()

        keys.press("p")
        expect(dialog).to_be_visible()
        tick(page, "brakes", "lights")
        seen_at(page, "[name=deposit]")
        keys.press("Space")
        seen_at(page, "[name=reference]")
        keys.insert_text("0045128")
        keys.press("Enter")
        expect(page.locator(".total")).to_contain_text("18,00 €")
        page.wait_for_load_state()

        keys.press("Enter")
        expect(page.get_by_role("article")).to_contain_text("18,00 €")
        page.wait_for_load_state()
        keys.press("Enter")
        page.wait_for_url(re.compile(r"/ampere/desk(\?.*)?$"))

    assert ampere.said == []


def test_esc_leaves_a_dialog_where_it_was_opened(magda: Page) -> None:
    magda.goto("/ampere/desk/residents/household")
    keys = magda.keyboard
    opener = magda.locator("main [data-act]").first

    opener.focus()
    keys.press("Enter")
    expect(magda.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")

    expect(magda.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_esc_asks_again_where_something_was_typed(magda: Page) -> None:
    magda.goto("/ampere/desk/residents/household")
    magda.locator("main [data-act]").first.click()
    dialog = magda.get_by_role("dialog")
    dialog.get_by_label("Rue").fill("rue de Genève")

    magda.keyboard.press("Escape")

    expect(dialog.get_by_role("alert")).to_be_visible()
    magda.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_n_begins_something_new(sonia: Page) -> None:
    sonia.goto("/ampere/desk/rosters/week")

    sonia.keyboard.press("n")

    expect(sonia.get_by_role("dialog")).to_be_visible()


def test_arrows_walk_through_a_list_and_slash_leads_to_the_search(magda: Page) -> None:
    magda.goto("/ampere/desk/residents/resident")
    rows = magda.locator("main .table tbody th a")

    magda.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_be_focused()
    magda.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    see_focus(magda)
    magda.keyboard.press("/")

    expect(magda.locator("#scan")).to_be_focused()


def test_the_first_stop_leads_past_the_menu(magda: Page) -> None:
    magda.goto("/ampere/desk/residents/resident")

    magda.keyboard.press("Tab")
    expect(magda.locator(".skip")).to_be_focused()
    magda.keyboard.press("Enter")

    expect(magda.locator("#main")).to_be_focused()
