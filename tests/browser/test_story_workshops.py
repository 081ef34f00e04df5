"""A card scanned on a workshop's list checks its person in."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_workshops.models import Enrolment, Mark

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def test_a_card_scanned_on_the_list_checks_in(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=14, minute=5)
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Enrolment).where(Enrolment.mark != Mark.PRESENT)
        last = desk.all(query.order_by(Enrolment.id.desc()), Enrolment.resident)[0]
        where, card, name = last.workshop.id, last.resident.card_code, str(last.resident)
    magda.goto(f"{DESK}/workshops/workshop/{where}/check_in")
    row = magda.locator(".lines li").filter(has_text=name)
    expect(row).to_be_visible()

    scan(magda, card)

    expect(row.locator("small")).to_contain_text("Présent")
    expect(magda).to_have_url(re.compile("check_in"))
