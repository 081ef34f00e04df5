"""Amounts: of a receipt's lines, of the VAT in them, and of the days, months and years they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

SALE = "sale"

Amounts = Sequence[tuple[Decimal | None, int]]  # rate in per cent, cents with VAT

Period = StrEnum("Period", ["DAY", "MONTH", "YEAR"])
LONGER = {Period.DAY: Period.MONTH, Period.MONTH: Period.YEAR}
SHORTER = {Period.MONTH: Period.DAY, Period.YEAR: Period.MONTH}


class Regime(StrEnum):
    """How an operator stands towards VAT on a given day; a dated fact of the operator."""

    TAXABLE = "taxable"
    FRANCHISE = "franchise"
    EXEMPT_ASSOCIATION = "none"


@dataclass(frozen=True, slots=True)
class VatPart:
    """What one rate makes of a receipt, in cents; `ht_cents + vat_cents` is what was paid."""

    rate: Decimal
    ht_cents: int
    vat_cents: int

    @property
    def ttc_cents(self) -> int:
        """The part with its VAT, in cents."""
        return self.ht_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ticket. Only a line of kind `sale` is turnover; `rate` is in per cent."""

    label: str
    qty: Decimal
    unit: str
    unit_price_cents: int
    rate: Decimal | None
    total_cents: int
    kind: str = SALE
    provider: str = ""  # in whose name it is sold

    def body(self) -> dict[str, object]:
        """The line as it is signed: quantity and rate as text; the kind only when it is no sale."""
        body: dict[str, object] = {
            "label": self.label,
            "qty": f"{self.qty:f}",
            "unit": self.unit,
            "unit_price_cents": self.unit_price_cents,
            "rate": None if self.rate is None else rate_text(self.rate),
            "total_cents": self.total_cents,
        }
        if self.provider:
            body["provider"] = self.provider
        return body if self.kind == SALE else body | {"kind": self.kind}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sale or a refund to be recorded; `operator` is a person code, `at` in the site's zone."""

    number: str
    at: datetime
    operator: str
    lines: tuple[Line, ...]
    payments: tuple[tuple[str, int], ...]
    recorded_at: datetime | None = None  # of a paper receipt that was keyed later
    refund_of: str = ""  # the number of what is given back, and why
    reason: str = ""
    given_before: Amounts = ()  # of the same sale, below zero

    @property
    def total_cents(self) -> int:
        """The turnover, in cents."""
        return sum(line.total_cents for line in self.lines if line.kind == SALE)

    @property
    def due_cents(self) -> int:
        """What is to pay, in cents: the turnover and what is collected for others."""
        return sum(line.total_cents for line in self.lines)

    @property
    def vat(self) -> tuple[VatPart, ...]:
        """The VAT of the turnover, once per rate."""
        mine = [(line.rate, line.total_cents) for line in self.lines if line.kind == SALE]
        return split_after(self.given_before, mine)

    def body(self) -> dict[str, object]:
        """What the journal signs of it, without time, register and perpetual totals."""
        body: dict[str, object] = {
            "number": self.number,
            "operator": self.operator,
            "lines": [line.body() for line in self.lines],
            "vat": [_part_body(rate_text(p.rate), p.ht_cents, p.vat_cents) for p in self.vat],
            "payments": [{"mode": mode, "cents": cents} for mode, cents in self.payments],
            "total_cents": self.total_cents,
        }
        if self.recorded_at is not None:
            body["recorded_at"] = self.recorded_at.replace(microsecond=0).isoformat()
        said = {"refund_of": self.refund_of, "reason": self.reason}
        body |= {name: words for name, words in said.items() if words}
        return body


class SignedPart(msgspec.Struct):
    """One rate's part as a signed record says it."""

    rate: str
    ht_cents: int
    vat_cents: int


class SignedLine(msgspec.Struct):
    """What the proof reads of a signed line."""

    total_cents: int
    kind: str = SALE


class SignedPayment(msgspec.Struct):
    """What the proof reads of a signed payment."""

    cents: int


class SignedAmounts(msgspec.Struct, kw_only=True):
    """The amounts the proof reads of any signed record."""

    lines: list[SignedLine] = []
    payments: list[SignedPayment] = []
    vat: list[SignedPart] = []
    total_cents: int = 0

    def adds_up(self) -> bool:
        """Whether the sale lines make the total, and the payments what is due."""
        sold = due = 0
        for line in self.lines:
            due += line.total_cents
            if line.kind == SALE:
                sold += line.total_cents
        for paid in self.payments:
            due -= paid.cents
        return sold == self.total_cents and due == 0


@dataclass(slots=True)
class Totals:
    """What a period's tickets come to, in cents.

    `first` and `last` are (journal seq, number), `vat` is rate as kept → [HT, VAT].
    """

    tickets: int = 0
    total_cents: int = 0
    first: tuple[int, str] | None = None
    last: tuple[int, str] | None = None
    vat: dict[str, list[int]] = field(default_factory=dict)

    @property
    def first_number(self) -> str | None:
        """The number of the first ticket, if there is one."""
        return self.first and self.first[1]

    @property
    def last_number(self) -> str | None:
        """The number of the last ticket, if there is one."""
        return self.last and self.last[1]

    def vat_body(self) -> list[dict[str, object]]:
        """The sums per rate as they are signed, highest rate first."""
        return [_part_body(rate, *self.vat[rate]) for rate in sorted(self.vat, key=Decimal)[::-1]]

    def sell(self, seq: int, number: str, total_cents: int, vat: Iterable[SignedPart]) -> None:
        """Count one more ticket, in the order of the journal."""
        mark = (seq, number)
        self.tickets += 1
        self.total_cents += total_cents
        self.first = self.first or mark
        self.last = mark
        for part in vat:
            had = self.vat.get(part.rate)
            if had is None:
                had = self.vat[part.rate] = [0, 0]
            had[0] += part.ht_cents
            had[1] += part.vat_cents

    def add(self, more: "Totals") -> None:
        """Take in the totals of other tickets."""
        self.tickets += more.tickets
        self.total_cents += more.total_cents
        self.first = min(filter(None, (self.first, more.first)), default=None)
        self.last = max(filter(None, (self.last, more.last)), default=None)
        for rate, (ht, vat) in more.vat.items():
            had = self.vat.setdefault(rate, [0, 0])
            had[0] += ht
            had[1] += vat


@dataclass(slots=True)
class Books:
    """The days, months and years that are not closed yet, each with its totals.

    A closing takes in every ticket up to its last day that no closing of that period took before,
    so a paper booklet keyed after its day was closed is counted once and never lost.
    """

    open: dict[Period, dict[date, Totals]] = field(default_factory=lambda: {p: {} for p in Period})

    def on(self, day: date) -> Totals:
        """Give the totals of a day, to count its tickets in."""
        had = self.open[Period.DAY].get(day)
        if had is None:
            had = self.open[Period.DAY][day] = Totals()
        return had

    def due(self, period: Period, to: date) -> Totals:
        """Return what closing this period at the end of that day comes to."""
        totals = Totals()
        for day, more in self.open[period].items():
            if day <= to:
                totals.add(more)
        return totals

    def may_close(self, period: Period, to: date) -> bool:
        """Whether every shorter period with sales is closed: days before a month, months before a year."""
        shorter = SHORTER.get(period)
        if shorter is None:
            return True
        return self.may_close(shorter, to) and all(day > to for day in self.open[shorter])

    def close(self, period: Period, to: date) -> Totals:
        """Close, hand the total on to the longer period, and return it."""
        totals = self.due(period, to)
        self.open[period] = {day: had for day, had in self.open[period].items() if day > to}
        if totals.tickets and period in LONGER:
            self.open[LONGER[period]].setdefault(to, Totals()).add(totals)
        return totals


def rate_text(rate: Decimal) -> str:
    """Write a rate in per cent the one way it is kept: "20", "5.5", never "20.0"."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_total(quantity: Decimal, unit_cents: int, *, discount_pct: Decimal = Decimal(0)) -> int:
    """Return quantity × unit price less a discount in per cent, in cents, half up away from zero."""
    amount, per = quantity.as_integer_ratio()
    off, of = discount_pct.as_integer_ratio()
    return _half_up(amount * unit_cents * (100 * of - off), per * 100 * of)


def split(amounts: Iterable[tuple[Decimal | None, int]]) -> tuple[VatPart, ...]:
    """Take VAT out of `(rate in per cent, cents with VAT)`, once per rate, highest rate first.

    HT is rounded and VAT is the rest, so that the parts always add up. An amount without a rate
    is not taxed and gives no part. Rates and rounding: VAT is computed on the whole receipt.
    """
    parts = []
    for rate, ttc_cents in _per_rate(amounts):
        share, of = rate.as_integer_ratio()
        ht_cents = _half_up(ttc_cents * 100 * of, 100 * of + share)
        parts.append(VatPart(rate, ht_cents, ttc_cents - ht_cents))
    return tuple(parts)


def split_after(before: Amounts, now: Amounts) -> tuple[VatPart, ...]:
    """Take VAT out of what is given back now, where parts of the same sale were given back before.

    It is the VAT of all that was given back by then, less that of before: in however many parts a
    sale goes back, its VAT goes back to the cent (domain 2.11). Without a part before it is `split`.
    """
    had = {part.rate: part for part in split(before)}
    rates = {rate for rate, _cents in now}
    return tuple(
        VatPart(
            part.rate,
            part.ht_cents - (had[part.rate].ht_cents if part.rate in had else 0),
            part.vat_cents - (had[part.rate].vat_cents if part.rate in had else 0),
        )
        for part in split([*before, *now])
        if part.rate in rates
    )


def add_vat(amounts: Iterable[tuple[Decimal | None, int]]) -> tuple[VatPart, ...]:
    """Put VAT on `(rate in per cent, cents without VAT)`, once per rate, as invoices do (EN 16931)."""
    parts = []
    for rate, ht_cents in _per_rate(amounts):
        share, of = rate.as_integer_ratio()
        parts.append(VatPart(rate, ht_cents, _half_up(ht_cents * share, 100 * of)))
    return tuple(parts)


def add_up(parts: Iterable[VatPart]) -> tuple[VatPart, ...]:
    """Sum parts of several receipts per rate, highest first, without rounding anything again."""
    sums: dict[Decimal, VatPart] = {}
    for part in parts:
        had = sums.get(part.rate, VatPart(part.rate, 0, 0))
        sums[part.rate] = VatPart(
            part.rate, had.ht_cents + part.ht_cents, had.vat_cents + part.vat_cents
        )
    return tuple(sums[rate] for rate in sorted(sums, reverse=True))


def _per_rate(amounts: Iterable[tuple[Decimal | None, int]]) -> list[tuple[Decimal, int]]:
    sums: dict[Decimal, int] = {}
    for rate, cents in amounts:
        if rate is not None:
            sums[rate] = sums.get(rate, 0) + cents
    return sorted(sums.items(), reverse=True)


def _half_up(numerator: int, denominator: int) -> int:
    # Whole numbers only: no decimal context of the thread and no binary fraction can tip a half.
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def _part_body(rate: str, ht_cents: int, vat_cents: int) -> dict[str, object]:
    return {"rate": rate, "ht_cents": ht_cents, "vat_cents": vat_cents}
