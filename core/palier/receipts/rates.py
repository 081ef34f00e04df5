"""Rates of VAT as dated data: what a class of things is taxed at on a day."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from palier.context import Context
from palier.dated import Rows
from palier.errors import DayIsOver, Refused
from palier.receipts.events import at_live_sites, check_real
from palier.receipts.models import VatClass
from palier.receipts.tills import lock_till, note_event
from palier.receipts.vat import Regime, rate_text
from palier.site_settings import decide
from palier.text import _


class Rate(msgspec.Struct, frozen=True):
    """One row of the law: a rate in per cent from a day on, and where it is written."""

    vat_class: str = msgspec.field(name="class")
    rate: Decimal
    valid_from: date
    source: str


RATES = Rows(Path(__file__).parent / "data" / "vat.toml", "rate", Rate)


def rate_on(vat_class: VatClass, regime: Regime, day: date) -> Decimal | None:
    """Return the rate in per cent; None when the operator or the thing is not taxed on that day.

    Sources: data/vat.toml for the rates; CGI 293 B and 261-7-1° for who is not taxed.
    """
    if regime is not Regime.TAXABLE:
        return None
    held = RATES.on(day, lambda row: row.vat_class == vat_class.value)
    return held.rate if held else None


@dataclass(frozen=True)
class OwnRates:
    """Rates in per cent that a manager wrote because the law changed before Palier did."""

    rate_standard: str | None = None
    rate_intermediate: str | None = None
    rate_reduced: str | None = None
    rate_press: str | None = None


class NoRate(Refused):
    text = _("Write the rate in per cent, as 20 or 5.5, below 100.")
    field = "rate"


class NeverTaxed(Refused):
    text = _("What is exempt has no rate.")
    field = "vat_class"


def rate_at(desk: Context, vat_class: VatClass, regime: Regime) -> Decimal | None:
    """Return today's rate at this site: what a manager wrote, else the packaged row."""
    known = rate_on(vat_class, regime, desk.today)
    if regime is not Regime.TAXABLE or vat_class is VatClass.EXEMPT:
        return known
    own = getattr(desk.settings(OwnRates), f"rate_{vat_class.value}")
    return known if own is None else Decimal(own)


def change_rate(
    desk: Context, vat_class: VatClass, typed: str, valid_from: date, source: str
) -> None:
    """Write a rate from a day on, at each live site of the operator, with its `rate_change`.

    Raises `NoRate`, `NeverTaxed`, `DayIsOver`, and `OnlyTraining` at a training site.
    """
    check_real(desk)
    if vat_class is VatClass.EXEMPT:
        raise NeverTaxed
    DayIsOver.check(valid_from, desk.today)
    words = typed.strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,2}([.][0-9]{1,2})?", words):
        raise NoRate
    rate, key = rate_text(Decimal(words)), f"rate_{vat_class.value}"
    said = {"class": vat_class.value, "rate": rate, "valid_from": valid_from.isoformat()}
    for there in at_live_sites(desk):
        decide(there.session, "receipts", {key: rate}, valid_from, desk.actor.account_id, source)
        note_event(there, lock_till(there), "rate_change", source=source, **said)
