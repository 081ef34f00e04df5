"""The services page says what is on, shows the plan of a switch, and switches."""

import pytest
from sqlalchemy import select

from palier.plugins import discover
from palier.sites.models import SitePlugin
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At

DESK = "/ampere/desk"
PAGE = f"{DESK}/sites/services"
ON = f"{DESK}/sites/do/switch_on?service=bike_hire"
OFF = f"{DESK}/sites/do/switch_off?service=bike_hire"
BIKES = f"{DESK}/bike_hire/bike"


@pytest.fixture(autouse=True)
def english(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "en"


def test_the_services_page_names_every_installed_service(browser: Browser) -> None:
    page = browser.opens(PAGE)

    assert "Bike hire" in words_of(page)
    assert f"0 on of {len(discover().services())}" in words_of(page)
    assert "Bike hire: off. Switch on" in page


def test_the_plan_is_shown_before_anything_is_switched(browser: Browser, at: At) -> None:
    plan = words_of(browser.opens(ON))

    assert "You are about to switch on: Bike hire" in plan
    assert "One more entry in the menu: Bike hire." in plan
    assert "a skill that nobody has learnt yet: Brake test. Note it in Team." in plan
    assert "Kept about people: Know who has what, 12 months." in plan
    browser.opens(BIKES, status=404)
    with at(write=False) as desk:
        assert desk.session.scalars(select(SitePlugin)).all() == []


def test_a_manager_switches_a_service_on_and_off(browser: Browser) -> None:
    browser.sends(ON, service="bike_hire")
    on = browser.opens(BIKES)
    page = browser.opens(PAGE)
    plan = words_of(browser.opens(OFF))
    browser.sends(OFF, service="bike_hire")

    assert on
    assert "Bike hire: on. Switch off" in page
    assert "<b>Bike hire: switched on</b>" in page
    assert "Its data stay, and come back with it." in plan
    browser.opens(BIKES, status=404)


def test_only_what_is_there_is_switched(browser: Browser) -> None:
    page = browser.sends(f"{DESK}/sites/do/switch_on", status=422, service="nothing")
    off = browser.sends(f"{DESK}/sites/do/switch_off", status=422, service="bike_hire")

    assert "Choose one of the list." in words_of(page)
    assert "Choose one of the list." in words_of(off)
