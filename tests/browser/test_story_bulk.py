"""What is typed or scanned wrongly on the weighing page stays there, with a sentence."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.testing.hands import Hands
from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_bulk_food.models import Order

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def test_a_slip_of_the_finger_on_the_scale_loses_nothing(magda: Page, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        last = desk.session.scalars(select(Order).order_by(Order.id.desc())).first()
        assert last is not None
    hands = Hands(magda)
    magda.goto(f"{DESK}/bulk_food/order/{last.id}/weigh")
    expect(magda.locator("#f-reading")).to_be_focused()

    hands.press(*"999", "Enter")
    expect(magda.get_by_role("main")).to_contain_text("La balance pèse au plus")
    expect(magda.locator("#f-reading")).to_have_value("999")

    magda.locator("#f-reading").fill("")
    scan(magda, "2110000005009")
    expect(magda.get_by_role("main")).to_contain_text("0,500")
