"""What a manager sets, by keyboard alone: services, settings, the operator, the team, a price."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from palier.accounts.models import Staff, StaffSkill
from palier.demo.arranging import OPENS_WITH
from palier.messages.rules import Settings
from palier.receipts.models import Price
from palier.sites.models import Operator
from palier.testing.windows import PHONE, Served, overflow, tab_to
from palier_bike_hire.models import Kind, Tier

pytestmark = pytest.mark.browser
DRAWN = {"resultTypes": ["violations"]}
DESK = "/ampere/desk"


@pytest.fixture
def page(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Sonia's page; she manages Ampère."""
    ampere.said.clear()
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "sonia", OPENS_WITH)
        yield context.new_page()
    assert ampere.said == []


def types(page: Page, name: str, words: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words, delay=60)


def sends(page: Page) -> None:
    tab_to(page, "main form .go, dialog .go")
    page.keyboard.press("Enter")


def is_readable(page: Page) -> None:
    assert Axe().run(page, options=DRAWN).response["violations"] == []
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_service_is_switched_off_and_on_after_its_plan(page: Page) -> None:
    page.goto(f"{DESK}/sites/services")
    is_readable(page)
    tab_to(page, "a.switch.is-on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vous allez éteindre")
    is_readable(page)
    sends(page)
    expect(page.get_by_role("link", name="Location de vélos : éteint. Allumer")).to_be_visible()
    expect(page.locator(".rail")).not_to_contain_text("Location de vélos")

    tab_to(page, "a.switch:not(.is-on)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vous allez allumer")
    expect(page.get_by_role("main")).to_contain_text("Une entrée de plus dans le menu")
    is_readable(page)
    sends(page)

    expect(page.get_by_role("link", name="Location de vélos : allumé. Éteindre")).to_be_visible()
    expect(page.locator(".rail")).to_contain_text("Location de vélos")


def test_a_setting_is_changed_from_a_day_on(page: Page, ampere: Served) -> None:
    page.goto(f"{DESK}/sites/settings")
    is_readable(page)
    tab_to(page, "a[href*='messages/do/change_settings']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changer les réglages")).to_be_visible()
    types(page, "sms_budget", "450")
    sends(page)

    expect(page.get_by_role("main")).to_contain_text("450")
    expect(page.get_by_role("main")).to_contain_text("avant : 300")
    with ampere.house.at("ampere", "test", write=False) as desk:
        assert desk.settings(Settings).sms_budget == 450


def test_a_wrong_siret_is_said_and_nothing_typed_is_lost(page: Page, ampere: Served) -> None:
    page.goto(f"{DESK}/sites/operator")
    is_readable(page)
    tab_to(page, "a[href*='change_operator']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changer la structure")).to_be_visible()
    types(page, "address", "2 rue Ampère, 67000 Strasbourg")
    types(page, "siret", "732 829 320 00075")
    sends(page)
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas un numéro SIRET")
    expect(page.locator("[name=address]")).to_have_value("2 rue Ampère, 67000 Strasbourg")
    types(page, "siret", "732 829 320 00074")
    sends(page)

    expect(page.get_by_role("main")).to_contain_text("73282932000074")
    with ampere.house.at("ampere", "test", write=False) as desk:
        found = desk.session.get_one(Operator, desk.site.operator_id)
        assert found.siret == "73282932000074"


def test_a_skill_is_noted_and_a_right_is_given(page: Page, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        ilyes = desk.session.scalars(select(Staff).where(Staff.name == "Ilyes B.")).one().id
    page.goto(f"{DESK}/accounts/staff/{ilyes}")
    is_readable(page)
    tab_to(page, "a[href*='note_skill']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "[name=skill]")
    page.keyboard.press("Space")
    sends(page)
    expect(page.get_by_role("main")).to_contain_text("Essai des freins")

    page.goto(f"{DESK}/accounts/rights?of=residents")
    is_readable(page)
    tab_to(page, "a[href*='change_right'][href*='has_left']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "[name=who]")
    page.get_by_label("Responsables seulement").press("Space")
    sends(page)

    expect(page.get_by_role("main")).to_contain_text("D’habitude : Concierges et responsables.")
    with ampere.house.at("ampere", "test", write=False) as desk:
        held = desk.session.scalars(select(StaffSkill.skill).where(StaffSkill.staff_id == ilyes))
        assert "brake_test" in held.all()


def test_the_price_of_a_kind_of_bike_is_set_on_its_page(page: Page, ampere: Served) -> None:
    page.goto(f"{DESK}/bike_hire/kind/1/set_its_price")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("à la semaine").press("Space")
    types(page, "cents", "9,50")
    tab_to(page, "[name=valid_from]")
    page.locator("[name=valid_from]").fill("2026-10-12")
    sends(page)

    expect(page.get_by_role("main")).to_contain_text("9,50")
    with ampere.house.at("ampere", "test", write=False) as desk:
        item = desk.session.get_one(Kind, 1).price_of(Tier.WEEK)
        rows = select(Price.cents).where(Price.item == item).order_by(Price.id.desc())
        assert desk.session.scalars(rows).first() == 950
