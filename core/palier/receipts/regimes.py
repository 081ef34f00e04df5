"""How the operator stands towards VAT: changed from a day on, and watched against the thresholds."""

import tomllib
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy import func, select

from palier.context import Context
from palier.errors import Refused
from palier.providers.models import VatRegime
from palier.receipts.models import Receipt
from palier.receipts.tills import lock_till, note_event
from palier.sites.models import OperatorVat
from palier.text import Money, Text, _

SOURCE = Path(__file__).parent / "data" / "thresholds.toml"
NEARLY = 80  # per cent of a limit from which it is said

State = StrEnum("State", ["EXEMPT", "LAST_EXEMPT_YEAR", "DUE_FROM_THAT_DAY", "DUE_ALL_YEAR"])


class RegimeInThePast(Refused):
    text = _("Receipts of that day say the other regime already. Choose today or a day to come.")
    field = "valid_from"


class RegimeOfThatDay(Refused):
    text = _("A regime from that day is written already.")
    field = "valid_from"


class Threshold(msgspec.Struct, frozen=True):
    """One row of the law, in whole euros."""

    kind: str
    limit: int
    higher: int
    valid_from: date
    source: str


@cache
def threshold_on(kind: str, day: date) -> Threshold | None:
    """Return the thresholds for `goods`, `services` or `association` on a day."""
    told = tomllib.loads(SOURCE.read_text("utf-8"))["threshold"]
    rows = sorted(msgspec.convert(told, list[Threshold]), key=lambda each: each.valid_from)
    held = [each for each in rows if each.kind == kind and each.valid_from <= day]
    return held[-1] if held else None


def franchise(of: Threshold, last_year_cents: int, this_year_cents: int) -> State:
    """Say what the franchise makes of two years' turnover in cents (CGI 293 B; domain 2.1)."""
    if last_year_cents > of.limit * 100:
        return State.DUE_ALL_YEAR
    if this_year_cents > of.higher * 100:
        return State.DUE_FROM_THAT_DAY
    return State.LAST_EXEMPT_YEAR if this_year_cents > of.limit * 100 else State.EXEMPT


def change_regime(desk: Context, regime: VatRegime, valid_from: date, source: str) -> OperatorVat:
    """Write the operator's regime from a day on; the journal says "change of rate" (domain 1.15).

    Raises `RegimeInThePast` and `RegimeOfThatDay`. Other sites of the operator note it with
    `note_regime`.
    """
    if valid_from < desk.today:
        raise RegimeInThePast
    same = OperatorVat.operator_id == desk.site.operator_id, OperatorVat.valid_from == valid_from
    if desk.session.scalar(select(OperatorVat.id).where(*same)) is not None:
        raise RegimeOfThatDay
    row = OperatorVat(
        operator_id=desk.site.operator_id,
        regime=regime.value,
        valid_from=valid_from,
        source=source,
    )
    desk.session.add(row)
    note_regime(desk, regime, valid_from, source)
    return row


def note_regime(desk: Context, regime: VatRegime, valid_from: date, source: str) -> None:
    """Write the change into the site's journal."""
    said = {"regime": regime.value, "valid_from": valid_from.isoformat(), "source": source}
    note_event(desk, lock_till(desk), "rate_change", **said)
    desk.session.flush()


def near_threshold(desk: Context, regime: str) -> Text | None:
    """Say that the year's turnover at this site nears or passes what the regime allows.

    Services have the lower limit, so theirs is compared: better early than late.
    """
    kind = {"franchise": "services", "none": "association"}.get(regime)
    of = threshold_on(kind, desk.today) if kind else None
    if of is None:
        return None
    first = desk.today.replace(month=1, day=1)
    year = select(func.coalesce(func.sum(Receipt.total_cents), 0)).where(Receipt.sold_on >= first)
    cents = int(desk.session.scalar(year) or 0)
    if cents * 100 < of.limit * 100 * NEARLY:
        return None
    words = _(
        "Turnover of the year here: %(sum)s. Above %(limit)s, VAT is due: ask the accountant."
    )
    return words.fill(sum=Money(cents), limit=Money(of.limit * 100))
