"""What every chapter begins with: the hour, the desk page, an open lock."""

from datetime import date

from playwright.sync_api import Page, expect

from palier.testing.hands import Hands
from palier.testing.windows import Served

DESK = "/ampere/desk"
TODAY = date(2026, 10, 6)
MAGDA = "4711"


def comes_back(page: Page, hands: Hands, ampere: Served, hour: int, minute: int) -> None:
    """Let time pass; where the desk has locked itself, its four digits are no chapter's keys."""
    page.goto("about:blank")  # nothing of the page before is on its way any more
    ampere.clock.now = ampere.clock.now.replace(hour=hour, minute=minute)
    at_the_desk(page, hands)


def at_the_desk(page: Page, hands: Hands) -> None:
    """Open the desk page; it waits for a scan."""
    page.goto(DESK)
    code, scan = page.get_by_label("Code à quatre chiffres"), page.locator("#scan")
    expect(code.or_(scan)).to_be_focused()
    if code.count():
        hands.press(*MAGDA)
    expect(scan).to_be_focused()
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing is on its way."""
    page.wait_for_load_state("networkidle")


def key_of(page: Page, name: str) -> str:
    """Return the letter that stands on a card's button."""
    found = page.get_by_role("link", name=name).get_attribute("data-key")
    assert found
    return found
