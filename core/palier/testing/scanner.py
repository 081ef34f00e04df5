"""A scanner before a real browser: keys as fast as a scanner's, on the keyboard it is set to."""

import time
from contextlib import suppress

from playwright.sync_api import CDPSession, Error, Page

from palier.codes.keyboard import written
from palier.codes.reading import GS

BETWEEN = 0.005  # seconds from key to key
CONTROL = 2
# A test sends its keys slower than the scanner it plays: the page must not take the first one for
# a person's. What it waits for begins to run when the code is there.
HOLD = """() => {
  const [start, stop, held, started] = [setTimeout, clearTimeout, new Map(), new Map()];
  let last = 0;
  window.setTimeout = (act, wait, ...more) => (held.set(--last, [act, wait, ...more]), last);
  window.clearTimeout = (id) => held.delete(id) || stop(started.get(id) ?? id);
  window.letGo = () => {
    window.setTimeout = start;
    for (const [id, waits] of held) started.set(id, start(...waits));
    held.clear();
  };
}"""
LET_GO = "() => window.letGo?.()"


def scan(page: Page, code: str, *, azerty: bool = False, enter: bool = True) -> None:
    """Send a code as a scanner does, wherever the focus is, once the page is there.

    With `azerty` the scanner is set to QWERTY and the computer to AZERTY. A group separator is sent
    as Ctrl and the key of "]". `enter` ends it.
    """
    page.wait_for_load_state()
    page.evaluate(HOLD)
    keys = page.context.new_cdp_session(page)
    at = time.time()
    for sign in written(code) if azerty else code:
        at += BETWEEN
        _press(keys, sign, at)
    if enter:
        _send(keys, at + BETWEEN, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
    keys.detach()
    with suppress(Error):  # the page has gone where the code led
        page.evaluate(LET_GO)


def _press(keys: CDPSession, sign: str, at: float) -> None:
    if sign == GS:
        _send(keys, at, key="]", code="BracketRight", modifiers=CONTROL)
    else:
        _send(keys, at, key=sign, text=sign, unmodifiedText=sign)


def _send(keys: CDPSession, at: float, **event: object) -> None:
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **event})
    released = {name: value for name, value in event.items() if "ext" not in name}
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **released})
