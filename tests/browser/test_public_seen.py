"""The page that anyone may read, on a telephone: no script, no account, in every language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import Browser, Page, ViewportSize, expect

from palier.demo.arranging import OPENS_WITH
from palier.public.speaking import languages
from palier.testing.windows import DESK, PHONE, Served, overflow

pytestmark = pytest.mark.browser

DRAWN = {"resultTypes": ["violations"]}
NARROW: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def page(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """A neighbour's telephone; nobody is signed in."""
    with ampere.window(browser_window, size=PHONE, script=False) as context:
        yield context.new_page()


def test_a_neighbour_sees_that_it_is_open_and_takes_a_workshop_along(page: Page) -> None:
    page.goto("/ampere/")
    expect(page.get_by_role("heading", name="Ouvert maintenant, jusqu’à 12 h 30")).to_be_visible()

    page.get_by_text("Tous les horaires").click()
    today = page.get_by_role("row", name="Mardi")
    expect(today).to_contain_text("9 h – 12 h 30")
    workshop = page.get_by_role("listitem").filter(has_text="Poser une étagère")
    expect(workshop).to_contain_text("Encore 10 places.")
    with page.expect_download() as got:
        workshop.get_by_role("link", name="Dans mon agenda").click()

    (event,) = Calendar.from_ical(Path(got.value.path()).read_text("utf-8")).walk("VEVENT")
    assert str(event["summary"]) == "Poser une étagère"


def test_the_language_is_changed_by_one_key_and_stays_in_the_address(page: Page) -> None:
    page.goto("/ampere/")

    page.get_by_role("link", name="English").press("Enter")

    expect(page.get_by_role("heading", name="Your neighbourhood concierge")).to_be_visible()
    expect(page).to_have_url("/ampere/?lang=en")
    assert page.context.cookies() == []


def test_at_noon_it_is_closed_and_says_when_it_opens(page: Page, ampere: Served) -> None:
    before = ampere.clock.now
    ampere.clock.now = before.replace(hour=13)

    page.goto("/ampere/")

    expect(page.get_by_role("heading", name="Fermé. Ouvre à 14 h")).to_be_visible()
    expect(page.get_by_role("link", name="03 53 01 00 40").first).to_be_visible()
    ampere.clock.now = before


@pytest.mark.parametrize("language", languages())
def test_everyone_can_read_it_however_narrow(
    ampere: Served, browser_window: Browser, language: str
) -> None:
    with ampere.window(browser_window) as context:
        page = context.new_page()
        page.goto(f"/ampere/?lang={language}")
        page.get_by_text("12:30").or_(page.get_by_text("12 h 30")).first.wait_for()
        found = []
        for size in (DESK, PHONE, NARROW):
            page.set_viewport_size(size)
            violations = Axe().run(page, options=DRAWN).response["violations"]
            found += [(size["width"], each["id"]) for each in violations]
            assert overflow(page) <= 0, size

    assert found == []


def test_a_caretaker_finds_it_in_the_menu_of_their_name(
    ampere: Served, browser_window: Browser
) -> None:
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        page.goto("/ampere/desk")

        page.get_by_role("button", name="Magda K., votre compte").click()
        page.get_by_role("link", name="Page publique").click()

        expect(page.get_by_role("heading", name="Votre conciergerie de quartier")).to_be_visible()
