"""What is seen in a browser: every page for everyone, and every act by the keyboard alone."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from palier.testing.contract.living import fitting
from palier.testing.contract.outcome import NotChecked, unless
from palier.testing.contract.stage import ON, Stage
from palier.testing.contract.walking import addresses, page_address

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from palier.testing.windows import Served

# These are no pages: files, and what programs read.
NO_PAGE = ("/api/", "/export.", "/pick/")
DRAWN = {"resultTypes": ["violations"]}
FAR = 120  # presses of Tab after which something can't be reached
REACHED = """() => {
  const e = document.activeElement;
  return e && e !== document.body ? (e.id || e.name || e.getAttribute('href') || e.textContent.trim()) : '';
}"""
# Everything in the page itself that a hand could press or fill, but for what is not shown.
PRESSED = """() => {
  // Of choices that exclude each other, Tab stops at the chosen one, or at the first.
  const stop = e => {
    if (e.type !== 'radio') return e;
    const all = [...document.querySelectorAll('input[type=radio]')].filter(o => o.name === e.name && o.form === e.form);
    return all.find(o => o.checked) ?? all[0];
  };
  return [...document.querySelectorAll('main a[href], main button, main input, main select, main textarea, main summary')]
  .filter(e => e.type !== 'hidden' && e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})
    && !e.closest('[popover]:not(:popover-open), dialog:not([open])')
    && e === stop(e))
  .map(e => e.id || e.name || e.getAttribute('href') || e.textContent.trim());
}"""


@contextmanager
def window(stage: Stage) -> Iterator[tuple["Page", "Served", list[str]]]:
    """Open Magda's window, and list the pages to look at. Raises `NotChecked` without Chromium."""
    for module in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(module) is None:
            msg = "The browser's tools are not installed: pip install 'palier[testing]'"
            raise NotChecked(msg)
    from palier.testing.caretaker import PASSWORD
    from palier.testing.windows import NoChromium, chromium, served

    with stage.filled() as filled:
        filled.speaks("fr")
        with filled.desk() as desk:
            ids = fitting(desk, stage)
        manifest = stage.plugin.manifest
        own = {f"/{ON}/desk/{stage.name}/{each.name}": each for each in manifest.pages}
        paths = [each for each in addresses(manifest, ON, ids) if each not in own]
        paths = [each for each in paths if not any(part in each for part in NO_PAGE)]
        paths += [page_address(f"/{ON}/desk", each, ids) for each in manifest.pages]
        try:
            with (
                chromium() as browser,
                served(filled.house, filled.clock) as at,
                at.window(browser) as context,
            ):
                at.let_in(context, "magda", PASSWORD)
                yield context.new_page(), at, paths
        except NoChromium as why:
            raise NotChecked(str(why)) from why


def check_seen(stage: Stage) -> None:
    """Every page can be read by all: wide, narrow and from the right, with nothing complained of."""
    from axe_playwright_python.sync_playwright import Axe

    from palier.testing.windows import DESK, PHONE, keys_twice, overflow

    found: dict[str, None] = {}
    with window(stage) as (page, at, paths):
        for path in paths:
            at.said.clear()
            for size, how in ((DESK, "wide"), (PHONE, "narrow")):
                page.set_viewport_size(size)
                if how == "wide":
                    page.goto(path)
                for each in Axe().run(page, options=DRAWN).response["violations"]:
                    node = each["nodes"][0]["html"][:120]
                    found[f"{path}, {how}: {each['id']}, {node}"] = None
                if (by := overflow(page)) > 0:
                    found[f"{path}, {how}: {by} pixels too wide"] = None
            found |= dict.fromkeys(f"{path}: {each}" for each in keys_twice(page))
            page.evaluate("document.documentElement.dir = 'rtl'")
            if (by := overflow(page)) > 0:
                found[f"{path}, from the right: {by} pixels too wide"] = None
            found |= dict.fromkeys(f"{path}: the browser says {each}" for each in at.said)
    unless(found, "Use the core's blocks and tokens; the rule's name says what a reader misses.")


def check_keyboard(stage: Stage) -> None:
    """Everything that can be pressed or filled in can be reached with Tab."""
    found = []
    with window(stage) as (page, _at, paths):
        for path in paths:
            page.goto(path)
            wanted = set(page.evaluate(PRESSED))
            for _press in range(FAR + len(wanted)):
                wanted.discard(page.evaluate(REACHED))
                if not wanted:
                    break
                page.keyboard.press("Tab")
            found += [f"{path}: {each!r}" for each in sorted(wanted)]
    unless(found, "Let Tab lead there: links, buttons and fields of HTML do it by themselves.")
