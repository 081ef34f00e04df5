"""Rates of VAT as dated data: what a class of things is taxed at on a day."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

from palier.receipts.models import VatClass
from palier.receipts.vat import Regime

SOURCE = Path(__file__).parent / "data" / "vat.toml"


class Rate(msgspec.Struct, frozen=True):
    """One row of the law: a rate in per cent from a day on, and where it is written."""

    vat_class: str = msgspec.field(name="class")
    rate: Decimal
    valid_from: date
    source: str


@cache
def rates() -> tuple[Rate, ...]:
    """Return every row, oldest first; read once."""
    told = tomllib.loads(SOURCE.read_text("utf-8"))["rate"]
    return tuple(sorted(msgspec.convert(told, list[Rate]), key=lambda each: each.valid_from))


@cache
def rate_on(vat_class: VatClass, regime: Regime, day: date) -> Decimal | None:
    """Return the rate in per cent; None when the operator or the thing is not taxed on that day.

    Sources: data/vat.toml for the rates; CGI 293 B and 261-7-1° for who is not taxed.
    """
    if regime is not Regime.TAXABLE:
        return None
    name = vat_class.value
    held = [row.rate for row in rates() if row.vat_class == name and row.valid_from <= day]
    return held[-1] if held else None
