"""The sentence of the law where no VAT is charged, as dated data."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from palier.receipts.vat import Regime

SOURCE = Path(__file__).parent / "data" / "mentions.toml"


class Mention(msgspec.Struct, frozen=True):
    """One row of the law: a sentence from a day on, and where it is written."""

    regime: str
    text: str
    valid_from: date
    source: str


@cache
def mention(regime: Regime, day: date) -> str | None:
    """Return the sentence the law wants in place of VAT lines, in French whatever the language.

    Nothing when VAT is charged. Sources: data/mentions.toml.
    """
    told = tomllib.loads(SOURCE.read_text("utf-8"))["mention"]
    rows = sorted(msgspec.convert(told, list[Mention]), key=lambda each: each.valid_from)
    held = [each for each in rows if each.regime == regime.value and each.valid_from <= day]
    return held[-1].text if held else None
