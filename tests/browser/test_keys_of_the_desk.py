"""The desk page's own keys, pressed while the empty scan field waits: one key each, and names can be typed."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.residents.models import Resident
from palier.testing.windows import Served
from palier.training.twins import open_twin
from palier_bread_depot.models import Bread

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"
TWIN = "/ampere-essai/desk"
HUNTS = 1900  # milliseconds in which a slow person finds the next letter


@pytest.fixture
def desk(magda: Page) -> Page:
    """Magda's desk page, ready, with a clock that a test winds on."""
    magda.clock.install()
    magda.goto(DESK)
    ready(magda)
    return magda


def ready(page: Page) -> None:
    page.wait_for_load_state()
    expect(page.locator("#scan[data-idle]")).to_be_focused()


def presses(page: Page, key: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("#scan")).to_have_value(key)
    page.clock.run_for(2500)


def test_t_alone_leads_to_the_twin_and_back(ampere: Served, desk: Page) -> None:
    open_twin(ampere.house, "ampere")

    presses(desk, "t")
    desk.wait_for_url(f"**{TWIN}*")
    ready(desk)
    presses(desk, "t")

    desk.wait_for_url(f"**{DESK}*")


@pytest.mark.parametrize(
    ("key", "says"),
    [("o", "Compter et fermer"), ("b", "Commencer une visite sans nom")],
    ids=["o", "b"],
)
def test_a_letter_alone_opens_what_bears_it(desk: Page, key: str, says: str) -> None:
    presses(desk, key)

    expect(desk.get_by_role("dialog")).to_contain_text(says)
    expect(desk.locator("#scan")).to_have_value("")


def test_a_letter_alone_says_first_what_it_will_do(desk: Page) -> None:
    desk.keyboard.press("f")
    expect(desk.locator("#scan")).to_have_value("f")
    desk.clock.run_for(500)

    expect(desk.locator("#scan-soon")).to_have_text(
        "Dans un instant : Note pour demain. Pour chercher, continuez à taper."
    )
    desk.clock.run_for(2000)
    desk.wait_for_url(f"**{DESK}/desk/handover*")


def test_a_name_that_begins_with_a_key_is_typed_as_slowly_as_one_likes(desk: Page) -> None:
    for each in "theo ritter":
        desk.keyboard.press(each)
        desk.clock.run_for(HUNTS)
    expect(desk.locator("#scan")).to_have_value("theo ritter")
    expect(desk.locator("#scan-soon")).to_be_empty()
    desk.clock.run_for(60_000)
    expect(desk).to_have_url(f"{desk.url.partition('/ampere')[0]}{DESK}")
    desk.keyboard.press("Enter")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")


def test_a_letter_that_was_wiped_out_does_nothing(desk: Page) -> None:
    desk.keyboard.press("o")
    expect(desk.locator("#scan")).to_have_value("o")
    desk.clock.run_for(HUNTS)
    desk.keyboard.press("Backspace")
    desk.clock.run_for(2000)

    expect(desk.locator("#scan")).to_have_value("")
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_no_card_has_one_letter_on_two_things(ampere: Served, magda: Page) -> None:
    with ampere.house.at("ampere", "test", write=False) as at:
        people = at.session.scalars(select(Resident.id).order_by(Resident.id)).all()

    cards = [magda.request.get(f"{DESK}/desk/card?resident={each}").text() for each in people]

    keys = [Counter(re.findall(r'data-key="(.+?)"', each.partition("<main")[2])) for each in cards]
    assert [each for each in keys if each.total() > len(each)] == []
    assert max(map(len, keys)) > 20


def test_a_letter_of_the_page_goes_before_the_bar_s(ampere: Served, magda: Page) -> None:
    with ampere.house.at("ampere", "test") as at:
        bread = at.session.scalars(select(Bread).order_by(Bread.id)).first()
        assert bread is not None
        bread.key = "t"
    magda.goto(f"{DESK}/bread_depot/counter")

    magda.keyboard.press("t")

    expect(magda.get_by_role("dialog")).to_contain_text(bread.name)


def test_down_from_the_empty_scan_field_is_the_day_s_first_line(desk: Page) -> None:
    first = desk.locator("[data-block=today] .lines :is(a.btn, .say a)").first

    desk.keyboard.press("ArrowDown")

    expect(first).to_be_focused()
