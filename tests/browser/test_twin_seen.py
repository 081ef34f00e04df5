"""The training twin is seen and said on each of its pages: a frame, and a word."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from palier.acts import Act
from palier.demo.arranging import OPENS_WITH
from palier.plugins import discover
from palier.residents.models import Household, Resident
from palier.testing.windows import PHONE, Served, overflow
from palier.training.twins import open_twin

pytestmark = pytest.mark.browser
LIVE, TWIN = "/ampere/desk", "/ampere-essai/desk"
ORANGE = {"light": "rgb(181, 71, 8)", "dark": "rgb(247, 154, 75)"}
FRAME = """() => {
  const frame = getComputedStyle(document.body, "::after");
  const sides = ["Top", "Right", "Bottom", "Left"];
  const each = (what) => [...new Set(sides.map((side) => frame[`border${side}${what}`]))].join();
  return [each("Style"), each("Width"), each("Color"), frame.position, frame.inset];
}"""


def pages() -> Iterator[str]:
    """Yield every list, form and act of the twin that needs no record, the desk, and a person's."""
    yield from ("", "/find?q=kern", "/find?q=zzz")
    yield from ("/residents/resident/{resident}", "/residents/resident/{resident}/edit")
    yield from ("/residents/household/{household}", "/desk/card?resident={resident}")
    for plugin in discover().working():
        manifest = plugin.manifest
        yield from (f"/{each.package}/{each.word}" for each in manifest.screens)
        yield from (f"/{plugin.name}/do/{each.name}" for each in alone(manifest.acts))


def alone(acts: Iterable[Act[..., Any]]) -> Iterator[Act[..., Any]]:
    return (each for each in acts if each.signature.record is None)


@pytest.fixture(scope="module")
def twin(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Sonia's window at the twin, with every service."""
    ampere.put_all_on("ampere")
    open_twin(ampere.house, "ampere")
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "sonia", OPENS_WITH)
        yield context.new_page()


def filled(ampere: Served, path: str) -> str:
    with ampere.house.at("ampere-essai", "test", write=False) as desk:
        home = desk.session.scalars(select(func.min(Household.id))).one()
        who = desk.session.scalars(select(func.min(Resident.id))).one()
    return path.format(resident=who, household=home)


@pytest.mark.parametrize("path", list(pages()))
def test_each_page_of_the_twin_has_the_orange_frame_and_the_word(
    ampere: Served, twin: Page, path: str
) -> None:
    twin.goto(f"{TWIN}{filled(ampere, path)}")

    expect(twin.locator(".bar .mode")).to_have_text("Entraînement")
    assert twin.evaluate(FRAME) == ["dashed", "6px", ORANGE["light"], "fixed", "0px"]


def test_the_frame_is_orange_in_the_dark_too(twin: Page) -> None:
    twin.emulate_media(color_scheme="dark")
    twin.goto(TWIN)

    assert twin.evaluate(FRAME)[2] == ORANGE["dark"]
    twin.emulate_media(color_scheme="light")


def test_the_live_desk_has_neither_frame_nor_word(twin: Page) -> None:
    twin.goto(LIVE)

    expect(twin.locator(".bar .mode")).to_have_count(0)
    assert twin.evaluate(FRAME)[0] == "none"


def test_the_twin_s_desk_is_for_everyone(twin: Page) -> None:
    twin.goto(TWIN)
    wide = Axe().run(twin, options={"resultTypes": ["violations"]}).response["violations"]
    twin.set_viewport_size(PHONE)
    narrow = Axe().run(twin, options={"resultTypes": ["violations"]}).response["violations"]

    assert (wide, narrow) == ([], [])
    assert overflow(twin) == 0
