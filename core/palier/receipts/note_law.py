"""The law on the note of a service, as dated data: from which price, and how long it is kept."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from palier.text import Cents

SOURCE = Path(__file__).parent / "data" / "service_note.toml"


class NoteRule(msgspec.Struct, frozen=True):
    """From so many cents with VAT a service is noted before it is paid (order 83-50/A)."""

    limit_cents: Cents
    keep_months: int
    valid_from: date
    source: str


@cache
def note_rule_on(day: date) -> NoteRule:
    """Return the rule that holds on a day. Raises `LookupError` before the first."""
    told = tomllib.loads(SOURCE.read_text("utf-8"))["rule"]
    rows = [each for each in msgspec.convert(told, list[NoteRule]) if each.valid_from <= day]
    if not rows:
        msg = f"no rule on the note of a service holds on {day}"
        raise LookupError(msg)
    return max(rows, key=lambda each: each.valid_from)
