"""Two windows want the same: one is faster, the other reads by whom and what to do, and loses nothing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.residents.models import Resident
from palier.testing.windows import Served, overflow
from palier_bike_hire.models import Bike

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


@pytest.fixture
def theirs(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    """The other desk: Sonia's."""
    with ampere.window(browser_window) as made:
        ampere.let_in(made, "sonia", OPENS_WITH)
        yield made


def id_of(ampere: Served, model: type[Bike | Resident], *where: object) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return desk.session.scalars(select(model).where(*where).limit(1)).one().id  # type: ignore[arg-type]  # conditions on the model


def fills_in(page: Page, path: str, who: str) -> None:
    page.goto(path)
    field = page.locator("[name=resident__q]")
    expect(field).to_be_focused()
    page.keyboard.type(who, delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("[name=before]").first).to_be_focused()
    for key in "123456":
        page.keyboard.press(key, delay=60)
        expect(page.locator(f'[data-key="{key}"]')).to_be_checked()
    page.locator("[name=due_at]").fill("2026-10-07T10:00")
    page.get_by_label("Espèces", exact=True).check()


def test_the_last_bike_goes_to_one_and_the_other_reads_who_has_it(
    magda: Page, theirs: BrowserContext, ampere: Served
) -> None:
    bike = id_of(ampere, Bike, Bike.code == "A01")
    path = f"{DESK}/bike_hire/bike/{bike}/lend"
    ampere.let_in(theirs, "magda", OPENS_WITH)  # Sonia has not learnt the brake test
    other = theirs.new_page()
    fills_in(magda, path, "rit")
    fills_in(other, path, "aicha benali")

    other.get_by_role("button", name="Prêter", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Benali")
    magda.get_by_role("button", name="Prêter", exact=True).click()

    said = magda.get_by_role("alert").first
    expect(said).to_contain_text(
        "A01 est déjà dehors avec Aïcha Benali depuis le mardi 6 octobre à 9 h 05"
    )
    expect(said).to_contain_text("Choisissez-en un autre")
    expect(said).to_contain_text("Fait par MK, mardi 6 octobre à 9 h 05 : Prêter")
    expect(magda.locator("[name=resident__q]")).to_have_value(re.compile("Ritter"))
    expect(magda.locator("[name=before]").first).to_be_checked()
    assert overflow(magda) == 0


def test_one_record_changed_by_two_shows_both_and_by_whom(
    magda: Page, theirs: BrowserContext, ampere: Served
) -> None:
    path = f"{DESK}/residents/resident/{id_of(ampere, Resident, Resident.given_name == 'Odile')}"
    other = theirs.new_page()
    for page, phone in ((magda, "03 88 60 90 91"), (other, "03 88 60 90 92")):
        page.goto(f"{path}/edit")
        page.locator("[name=phone]").fill(phone)

    other.locator("[name=phone]").press("Enter")
    other.wait_for_url("**done=saved*")
    magda.locator("[name=phone]").press("Enter")

    differs = magda.get_by_role("region", name="Ce qui diffère").get_by_role("row").last
    expect(differs).to_contain_text("388609092")
    expect(differs).to_contain_text("03 88 60 90 91")
    expect(magda.locator(".note.wait:not(.no-network)")).to_contain_text(
        "Fait par SR, mardi 6 octobre"
    )
    assert overflow(magda) == 0
    magda.get_by_role("region", name="Ou enregistrer").get_by_role("button").last.click()
    magda.wait_for_url("**done=saved*")
    with ampere.house.at("ampere", "test", write=False) as desk:
        assert (
            desk.session.scalars(
                select(Resident.phone).where(Resident.given_name == "Odile")
            ).first()
            == "+33388609091"
        )
