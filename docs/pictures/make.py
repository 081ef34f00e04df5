"""Takes the README's pictures of the demonstration: docs/pictures/make.py [ADDRESS]."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from palier.demo.arranging import OPENS_WITH
from palier.demo.places import STAFF

HERE = Path(__file__).parent
PORT = 8765
PATIENCE = 600  # seconds for the demonstration to be made and to answer
WIDTH = 1366
PICTURES = (("desk", "/ampere/desk", 768), ("bike", "/ampere/desk/bike_hire/timeline", 900))


@contextmanager
def demonstration() -> Iterator[str]:
    """Make and serve the demonstration of today; yield its address."""
    palier = shutil.which("palier", path=str(Path(sys.executable).parent))
    assert palier is not None, "no palier beside this Python: make set-up"  # noqa: S101
    address = f"http://127.0.0.1:{PORT}"
    server = subprocess.Popen([palier, "demo", "--port", str(PORT)])  # noqa: S603
    try:
        wait_for(f"{address}/health/ready", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Return when the address answers. Raises `RuntimeError` when it never does."""
    for _second in range(PATIENCE):
        if server.poll() is not None:
            break
        try:
            with urlopen(address):  # noqa: S310 - our own server
                return
        except URLError:
            time.sleep(1)
    msg = f"{address} does not answer"
    raise RuntimeError(msg)


def sign_in(page: Page, address: str) -> None:
    """Sign the first caretaker of the demonstration in."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=login]", STAFF[0].login)
    page.fill("input[name=password]", OPENS_WITH)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def take_pictures(address: str) -> None:
    """Write the pictures beside this script, in French, as on a desk's screen."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "chromium is not installed"  # noqa: S101
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(locale="fr-FR", color_scheme="light")
        sign_in(page, address)
        for name, path, height in PICTURES:
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.goto(f"{address}{path}", wait_until="networkidle")
            page.screenshot(path=HERE / f"{name}.png")
            print(HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take_pictures(sys.argv[1].rstrip("/"))
    else:
        with demonstration() as ours:
            take_pictures(ours)
