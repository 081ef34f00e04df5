"""The letters that sell bread: what is typed at the desk, `b` or `b2`."""

import re

from palier.api import Refused, _

_TYPED = re.compile(r"([a-z])\s?([0-9]{1,3})?", re.IGNORECASE)


class NotAKey(Refused):
    text = _("A key is one letter from a to z.")
    field = "key"


def read_key(given: str) -> str:
    """Return a key in its one spelling. Raises `NotAKey`."""
    key = given.strip().lower()
    if len(key) != 1 or not key.isascii() or not key.isalpha():
        raise NotAKey
    return key


def read_typed(code: str) -> tuple[str, int | None] | None:
    """Read `b` as that key, `b2` or `b 2` as two of it; None for what is neither."""
    found = _TYPED.fullmatch(code)
    if found is None:
        return None
    return found[1].lower(), int(found[2]) if found[2] else None
