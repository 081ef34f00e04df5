"""A real browser before a real server: for tests that do what a person does."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    sync_playwright,
)

from palier import hookspecs
from palier.accounts.signing import sign_in
from palier.app import create_app
from palier.house import House
from palier.sites.switching import enable, plan_enable
from palier.testing.clock import Clock
from palier.web.wrapper import TOKEN

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
FAR = 90  # presses of Tab after which something can't be reached
PATIENCE = 10_000  # milliseconds until something that should be there is missed
# What the browser says of itself: an answer that refuses, a change of pages cut short, no network.
ITS_OWN = (
    "status of 404",
    "status of 409",
    "status of 422",
    "Transition was ",
    "ERR_INTERNET_DISCONNECTED",
)


class NoChromium(LookupError):
    """Chromium is not installed: `apt install chromium`, or leave out with `-m "not browser"`."""


@dataclass
class Served:
    """A house that answers on this machine. `clock` is the house's own."""

    house: House
    clock: Clock
    address: str
    said: list[str] = field(default_factory=list)

    @contextmanager
    def window(
        self, browser: Browser, *, size: ViewportSize = DESK, script: bool = True
    ) -> Iterator[BrowserContext]:
        """Open a French browser that nobody has signed in; `said` keeps what it complains of."""
        context = browser.new_context(
            base_url=self.address,
            viewport=size,
            locale="fr-FR",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._note)
        context.on("weberror", lambda fault: self._keep(str(fault.error)))
        try:
            yield context
        finally:
            for page in context.pages:
                _leave(page)
            context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._keep(message.text)

    def _keep(self, words: str) -> None:
        if not any(each in words for each in ITS_OWN):
            self.said.append(words)

    def put_all_on(self, slug: str) -> None:
        """Switch on what the demonstration of a site leaves out, with its samples."""
        house = self.house
        for each in house.registry.services():
            with house.at(slug, "test") as desk:
                plan = plan_enable(house.registry, desk.site.plugins, each.name)
                enable(desk, house.hooks, plan)
                for name in plan.names:
                    house.hooks.answer(hookspecs.demo, desk, only=name)

    def let_in(self, context: BrowserContext, login: str, password: str) -> None:
        """Sign someone in without the form."""
        token, _slug = sign_in(self.house.database, login, password, self.clock())
        context.add_cookies([{"name": TOKEN, "value": token, "url": self.address}])


def _leave(page: Page) -> None:
    """Stop what a page still waits for: Chromium may never close one whose form is on its way."""
    with suppress(Error):  # it has gone somewhere meanwhile, which is as good
        page.goto("about:blank")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium. Raises `NoChromium`."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise NoChromium(NoChromium.__doc__)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(house: House, clock: Clock) -> Iterator[Served]:
    """Serve a house on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)  # so nobody has to wait for the thread below
        config = uvicorn.Config(create_app(house), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield Served(house, clock, f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(PATIENCE / 1000)


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def keys_twice(page: Page) -> list[str]:
    """Return the keys that two things on a page bear, or in the form that is open there."""
    twice: list[str] = page.evaluate("""() => {
      const all = [...(document.querySelector('main dialog[open]') ?? document).querySelectorAll('[data-key]')];
      const keys = all.map(each => each.dataset.key);
      return keys.filter((key, at) => keys.indexOf(key) !== at).map(key => `two bear the key ${key}`);
    }""")
    return twice


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there. Raises `AssertionError` where no number of presses leads."""
    for _press in range(FAR):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    msg = f"{selector} can't be reached on {page.url}"
    raise AssertionError(msg)
