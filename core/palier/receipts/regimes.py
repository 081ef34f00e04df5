"""How the operator stands towards VAT: changed from a day on, and watched against the thresholds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, and_, case, func, select

from palier.context import Context
from palier.dated import Rows
from palier.errors import DayIsOver, Refused
from palier.providers.models import VatRegime
from palier.receipts.decided import Settings
from palier.receipts.events import at_live_sites, check_real
from palier.receipts.models import Charge, ChargeKind, Receipt, ReceiptLine
from palier.receipts.tills import lock_till, note_event
from palier.sites.models import OperatorVat, SiteKind
from palier.text import Money, Text, _

GOODS, SERVICES, ASSOCIATION = "goods", "services", "association"
NEARLY = 80  # per cent of a limit from which it is said

State = StrEnum("State", ["EXEMPT", "LAST_EXEMPT_YEAR", "DUE_FROM_THAT_DAY", "DUE_ALL_YEAR"])


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


THRESHOLDS = Rows(Path(__file__).parent / "data" / "thresholds.toml", "threshold", Threshold)


def threshold_on(kind: str, day: date) -> Threshold | None:
    """Return the thresholds for `goods`, `services` or `association` on a day."""
    return THRESHOLDS.on(day, lambda row: row.kind == kind)


def threshold_at(desk: Context, kind: str) -> Threshold | None:
    """Return today's thresholds at this site: what it wrote itself stands above the packaged row."""
    law, own = threshold_on(kind, desk.today), desk.settings(Settings)
    if law is None:
        return None
    limit: int | None = getattr(own, f"{kind}_limit")
    higher: int | None = limit if kind == ASSOCIATION else getattr(own, f"{kind}_higher")
    return replace(
        law,
        limit=law.limit if limit is None else limit,
        higher=law.higher if higher is None else higher,
    )


def franchise(of: Threshold, last_year_cents: int, this_year_cents: int) -> State:
    """Say what the franchise makes of two years' turnover in cents (CGI 293 B; domain 2.1)."""
    if last_year_cents > of.limit * 100:
        return State.DUE_ALL_YEAR
    if this_year_cents > of.higher * 100:
        return State.DUE_FROM_THAT_DAY
    return State.LAST_EXEMPT_YEAR if this_year_cents > of.limit * 100 else State.EXEMPT


def change_regime(desk: Context, regime: VatRegime, valid_from: date, source: str) -> OperatorVat:
    """Write the operator's regime from a day on; the journal of each of its live sites says so.

    Raises `OnlyTraining` at a training site, `DayIsOver` and `RegimeOfThatDay`.
    """
    check_real(desk)
    DayIsOver.check(valid_from, desk.today)
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
    said = {"regime": regime.value, "valid_from": valid_from.isoformat(), "source": source}
    for there in at_live_sites(desk):
        note_event(there, lock_till(there), "rate_change", **said)
    desk.session.flush()
    return row


@dataclass
class Turnover:
    """What an operator sold at its live sites in two years, in cents, all of it and services."""

    last: int = 0
    this: int = 0
    services_last: int = 0
    services_this: int = 0


def read_turnover(desk: Context) -> Turnover:
    """Add up this year and the one before, at every live site of the operator; one statement each.

    At a training site its own sales alone: they are nobody's turnover.
    """
    first = desk.today.replace(month=1, day=1)
    before, this = first.replace(year=first.year - 1), Receipt.sold_on >= first

    def cents(*which: ColumnElement[bool]) -> ColumnElement[int]:
        sold = case((and_(*which), ReceiptLine.total_cents), else_=0)
        return func.coalesce(func.sum(sold), 0)

    service = Charge.is_service.is_(True)
    sums = cents(~this), cents(this), cents(~this, service), cents(this, service)
    query = (
        select(*sums)
        .select_from(ReceiptLine)
        .join(ReceiptLine.receipt)
        .join(ReceiptLine.charge)
        .where(Receipt.sold_on >= before, ReceiptLine.kind == ChargeKind.SALE)
    )
    found = Turnover()
    training = desk.site.kind == SiteKind.TRAINING.value
    for there in (desk,) if training else at_live_sites(desk):
        last, now, services_last, services_now = there.session.execute(query).one()
        found.last, found.this = found.last + int(last), found.this + int(now)
        found.services_last += int(services_last)
        found.services_this += int(services_now)
    return found


def watched(regime: str) -> tuple[str, ...]:
    """Return the kinds of turnover that have a limit under this regime."""
    return {"franchise": (GOODS, SERVICES), "none": (ASSOCIATION,)}.get(regime, ())


WORST = (State.DUE_ALL_YEAR, State.DUE_FROM_THAT_DAY, State.LAST_EXEMPT_YEAR, State.EXEMPT)


def near_threshold(desk: Context, regime: str, told: Turnover) -> Text | None:
    """Say where the operator's turnover stands towards what its regime allows; nothing far below.

    All that is sold is held against the limit for goods, and the services among it against
    theirs (CGI 293 B); an association's against its own ceiling (domain 2.5).
    """
    standing = [_standing(kind, threshold_at(desk, kind), told) for kind in watched(regime)]
    known = [each for each in standing if each is not None]
    worst = min(known, key=lambda each: (WORST.index(each.state), -each.share), default=None)
    return worst.words(desk.today.year) if worst is not None else None


@dataclass(frozen=True)
class _Standing:
    kind: str
    of: Threshold
    last: int
    this: int
    state: State

    @property
    def share(self) -> int:
        """How far the year is, in per cent of the limit."""
        return self.this // self.of.limit

    def words(self, year: int) -> Text | None:
        """Say it in one sentence, with what to do."""
        if self.state is State.EXEMPT and self.share < NEARLY:
            return None
        words = OVER_CEILING if self.kind == ASSOCIATION else SAID[self.state]
        if self.state is State.EXEMPT:
            words = CEILING_NEAR if self.kind == ASSOCIATION else SAID[State.EXEMPT]
        return words.fill(
            kind=KINDS[self.kind],
            sum=Money(self.this),
            last=Money(self.last),
            limit=Money(self.of.limit * 100),
            higher=Money(self.of.higher * 100),
            next=str(year + 1),
        )


def _standing(kind: str, of: Threshold | None, told: Turnover) -> _Standing | None:
    if of is None:
        return None
    services = kind == SERVICES
    last = told.services_last if services else told.last
    this = told.services_this if services else told.this
    return _Standing(kind, of, last, this, franchise(of, last, this))


KINDS = {GOODS: _("all that is sold"), SERVICES: _("services"), ASSOCIATION: _("all that is sold")}
SAID = {
    State.EXEMPT: _(
        "Turnover of the year, %(kind)s: %(sum)s. Above %(limit)s VAT is due from next year on."
    ),
    State.LAST_EXEMPT_YEAR: _(
        "Turnover of the year, %(kind)s: %(sum)s, above %(limit)s. VAT is due from 1 January"
        " %(next)s: change the regime from that day. Above %(higher)s it is due at once."
    ),
    State.DUE_FROM_THAT_DAY: _(
        "Turnover of the year, %(kind)s: %(sum)s, above %(higher)s. VAT is due since the day it"
        " was passed: change the regime today and call the accountant."
    ),
    State.DUE_ALL_YEAR: _(
        "Turnover of last year, %(kind)s: %(last)s, above %(limit)s. VAT is due for all of this"
        " year: change the regime today and call the accountant."
    ),
}
CEILING_NEAR = _(
    "Turnover of the year: %(sum)s. Above %(limit)s an association is no longer exempt: ask the"
    " accountant in time."
)
OVER_CEILING = _(
    "Turnover above %(limit)s (this year %(sum)s, last year %(last)s): an association is no longer"
    " exempt, VAT is due on all of it. Call the accountant."
)
