"""The sentence of the law where no VAT is charged, as dated data."""

from datetime import date
from pathlib import Path

import msgspec

from palier.dated import Rows
from palier.receipts.vat import Regime


class Mention(msgspec.Struct, frozen=True):
    """One row of the law: a sentence from a day on, and where it is written."""

    regime: str
    text: str
    valid_from: date
    source: str


MENTIONS = Rows(Path(__file__).parent / "data" / "mentions.toml", "mention", Mention)


def mention(regime: Regime, day: date) -> str | None:
    """Return the sentence the law wants in place of VAT lines, in French whatever the language.

    Nothing when VAT is charged. Sources: data/mentions.toml.
    """
    held = MENTIONS.on(day, lambda row: row.regime == regime.value)
    return held.text if held else None
