"""Chapter L: Magda rings Mrs Kern, three keys from the desk page to "reached, yes"."""

import pytest
from playwright.sync_api import Page, expect

from palier.testing.windows import Served

pytestmark = pytest.mark.browser


def test_odile_is_rung_up_and_says_yes(ampere: Served, magda: Page) -> None:
    magda.goto("/ampere/desk")
    calls = magda.get_by_role("region", name="À appeler")
    expect(calls).to_contain_text("à appeler")
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
