"""The law on the note of a service, as dated data: from which price, and how long it is kept."""

from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

from palier.context import Context
from palier.dated import Rows
from palier.receipts.decided import Settings
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


def note_rule(desk: Context) -> NoteRule:
    """Return today's rule at this site: what it wrote itself stands above the packaged row."""
    law, own = note_rule_on(desk.today), desk.settings(Settings)
    return replace(
        law,
        limit_cents=law.limit_cents if own.note_from is None else own.note_from,
        keep_months=law.keep_months if own.note_months is None else own.note_months,
    )
