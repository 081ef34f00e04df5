"""The law on the note of a service, as dated data: from which price, and how long it is kept."""

from datetime import date
from pathlib import Path

import msgspec

from palier.dated import Rows
from palier.text import Cents


class NoteRule(msgspec.Struct, frozen=True):
    """From so many cents with VAT a service is noted before it is paid (order 83-50/A)."""

    limit_cents: Cents
    keep_months: int
    valid_from: date
    source: str


RULES = Rows(Path(__file__).parent / "data" / "service_note.toml", "rule", NoteRule)


def note_rule_on(day: date) -> NoteRule:
    """Return the rule that holds on a day. Raises `LookupError` before the first."""
    held = RULES.on(day)
    if held is None:
        msg = f"no rule on the note of a service holds on {day}"
        raise LookupError(msg)
    return held
