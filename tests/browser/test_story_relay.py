"""A driver's drop is scanned on a phone, without a script."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.testing.windows import PHONE, Served
from palier_postal_relay import actions
from palier_postal_relay.models import Carrier, Drop

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def test_a_drop_is_scanned_without_a_script_on_a_phone(
    ampere: Served, browser_window: Browser
) -> None:
    with ampere.house.at("ampere", "test") as desk:
        query = select(Carrier).where(Carrier.word == "mondial_relay")
        brought = desk.session.scalars(query).one()
        drop: Drop = actions.open_drop(desk, carrier=brought, announced=2)
        id = drop.id
    with ampere.window(browser_window, size=PHONE, script=False) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        page.goto(f"{DESK}/postal_relay/run?made={id}")

        for n, code in enumerate(("66600001", "66600002"), 1):
            page.get_by_label("Colis, place sur l’étagère ou nom").fill(code)
            page.keyboard.press("Enter")
            expect(page.get_by_text(f"{n} scanné")).to_be_visible()
        page.get_by_role("button", name="Annuler le dernier scan").click()
        expect(page.get_by_text("1 scanné sur 2")).to_be_visible()
        page.get_by_role("button", name="Clore la tournée").click()

        expect(page.get_by_text("1 envoi annoncé manque.")).to_be_visible()
