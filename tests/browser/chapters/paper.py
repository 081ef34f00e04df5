"""Chapter J of the day: the hour without the machine, keyed when it is back."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier.visits.models import Visit

from .bread import sells_by_its_key
from .going import DESK, at_the_desk

ON_PAPER = datetime(2026, 10, 6, 8, 45, tzinfo=UTC)  # a quarter to eleven in Strasbourg


def keys_the_hour(page: Page, hands: Hands, ampere: Served) -> None:
    """Key three visits with the sheet's time, then the baguette that was sold."""
    page.goto(f"{DESK}/receipts/paper_hour")
    hands.press("1")
    expect(page.locator("#visits-at")).to_be_focused()
    hands.press(*"1045a", "Tab", "Tab", *"331", "Enter")
    page.wait_for_url("**done=visits*")
    with ampere.house.at("ampere", "test", write=False) as desk:
        keyed = desk.all(select(Visit).where(Visit.at == ON_PAPER))
        assert len(keyed) == 3
    at_the_desk(page, hands)
    sells_by_its_key(page, hands, ampere)
