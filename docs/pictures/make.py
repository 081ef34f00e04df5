"""Takes the pictures of the README and of the caretakers' guide: docs/pictures/make.py [NAME]…

The demonstration is made for one Thursday morning, always the same, and shown in French. WebP, since
a page of ours is 30 kB so, and 140 kB as PNG; Chromium writes it, and no package has to.
"""

import base64
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page

from palier.demo import keeping
from palier.demo.arranging import OPENS_WITH
from palier.demo.seeding import ZONE, Size
from palier.house import House
from palier.testing.clock import Clock
from palier.testing.windows import Served, chromium, served

HERE = Path(__file__).parent
MORNING = datetime(2026, 10, 8, 9, 40, tzinfo=ZONE)
DESK = "/ampere/desk"
QUALITY = 55
MOST = 60 * 1024  # bytes of one picture
WHO = "magda"  # the caretaker of the demonstration
FIND = "/find?q=odile+kern"
# Each picture: an address below the desk, the links that are followed from there, and the heading
# that stands on what is shown. So a page that went is missed, and no record's number is needed.
PICTURES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "desk": ("", (), "Jeudi 8 octobre"),
    "visits": ("/visits/hours?week=2026-10-08", (), "Semaine du"),
    "card": (FIND, (), "Odile Kern"),
    "till": ("", ("Compter et fermer",), "Compter et fermer"),
    "bike": ("/bike_hire/timeline", (), "Vélos"),
    "bread": ("/bread_depot/counter", ("Baguette",), "Le pain est arrivé"),
    "parcels": ("", ("Scanner",), "Colissimo"),
    "weigh": (FIND, ("Peser et remettre",), "Peser pour Odile Kern"),
    "workshop": ("", ("Noter la présence",), "Raccommoder et repriser"),
    "exchange": (FIND, ("Noter un échange",), "Noter un échange"),
    "sheets": ("/receipts/paper_sheets", (), "Feuilles papier"),
    "calls": ("/messages/call_list", (), "Liste d’appels"),
    "roster": ("/rosters/week?day=2026-10-08", (), "Planning"),
    "note": ("", ("Note pour demain",), "Note pour demain"),
}


@contextmanager
def demonstration() -> Iterator[Served]:
    """Make the demonstration of that morning in a folder of its own, and serve it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = keeping.settings_of({"PALIER_HOME": folder})
        keeping.make(settings, Size(), lambda _words, _done, _of: None, MORNING)
        clock = Clock(MORNING)
        house = replace(House.open(keeping.settings_of({"PALIER_HOME": folder})), clock=clock)
        try:
            with served(house, clock) as answering:
                yield answering
        finally:
            house.database.close()


def show(page: Page, name: str) -> None:
    """Go where a picture is taken. Raises `AssertionError` where something else is shown."""
    address, links, heading = PICTURES[name]
    page.goto(f"{DESK}{address}")
    for each in links:
        page.get_by_role("link", name=each).first.click()
    page.locator("h1, h2", has_text=heading).first.wait_for()


def take(page: Page, name: str) -> None:
    """Write the picture of a page beside this script."""
    session = page.context.new_cdp_session(page)
    told = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    picture = base64.b64decode(told["data"])
    assert len(picture) <= MOST, f"{name} has {len(picture)} bytes"  # noqa: S101
    (HERE / f"{name}.webp").write_bytes(picture)
    session.detach()


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    with demonstration() as house, chromium() as browser, house.window(browser) as window:
        house.let_in(window, WHO, OPENS_WITH)
        page = window.new_page()
        for each in names or PICTURES:
            show(page, each)
            take(page, each)
            print(HERE / f"{each}.webp")


if __name__ == "__main__":
    main(sys.argv[1:])
