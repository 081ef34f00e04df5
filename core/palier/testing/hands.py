"""Two hands on a keyboard: they press as a person does, and every key is counted."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from palier.testing.scanner import scan

PERSON = 60  # milliseconds between two keys of a person
# A hand on the mouse is a complaint of the page, and no page may complain.
NO_MOUSE = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) console.error("a mouse was used");
}, true);"""


class Hands:
    """Presses and types as a person does, and counts; what a scanner types is free."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, on a page that has come."""
        self.page.wait_for_load_state()
        for each in keys:
            self.page.keyboard.press(each, delay=PERSON)
            self.keys += 1

    def type(self, text: str) -> None:
        """Type words."""
        self.page.keyboard.type(text, delay=PERSON)
        self.keys += len(text)

    def say(self, words: str) -> None:
        """Type a sentence of one's own: its letters are no keys of the page."""
        self.page.keyboard.type(words, delay=PERSON)

    def scan(self, code: str) -> None:
        """Scan a code."""
        scan(self.page, code)

    @contextmanager
    def within(self, budget: int) -> Iterator[None]:
        """Hold what is done inside to so many keys."""
        before = self.keys
        yield
        assert self.keys - before <= budget
