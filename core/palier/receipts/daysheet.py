"""The day sheet: what was sold, how it was paid, what lay in the drawer and in the box."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from palier.context import Context
from palier.providers.models import Provider
from palier.receipts.coins import in_words
from palier.receipts.drawer import Drawer, drawers_of
from palier.receipts.models import (
    CashMove,
    ChargeKind,
    DepositForm,
    EntryReason,
    Ledger,
    LedgerEntry,
    LedgerKind,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    ReceiptPrint,
    Register,
    TillCount,
    TillSession,
)
from palier.receipts.vat import VatPart, add_up, split_after
from palier.rosters.rules import day_span
from palier.text import Text


@dataclass(frozen=True)
class Series:
    """The receipts of one till: how many, from which number to which."""

    register: str
    count: int
    first: str
    last: str


@dataclass(frozen=True)
class Sold:
    """The turnover of one service at one rate of VAT (None: not taxed), in cents with VAT."""

    service: str
    rate: str | None
    cents: int


@dataclass(frozen=True)
class Sum:
    """So many of something, and what they come to in cents."""

    label: Text | str
    count: int
    cents: int


@dataclass(frozen=True)
class Cheque:
    """A cheque in the drawer."""

    number: str
    cents: int
    receipt: str


@dataclass(frozen=True)
class Box:
    """The deposits of one form: what lay in their box in the morning, what moved, what lies there."""

    form: DepositForm
    before: int
    taken: int
    given_back: int
    kept: int

    @property
    def held(self) -> int:
        """What lies there in the evening, in cents."""
        return self.before + self.taken + self.given_back + self.kept


@dataclass(frozen=True)
class Counted:
    """A session of the day, what made its cash, what moved, and what was counted beside it."""

    session: TillSession
    drawer: Drawer
    moves: tuple[CashMove, ...]
    beside: tuple[TillCount, ...] = ()

    @property
    def coins(self) -> str:
        """The coins and notes that were counted, in words; nothing for a total alone."""
        return in_words(self.session.counted_coins or "")


@dataclass(frozen=True)
class DaySheet:
    """All of a day, in cents; a refund counts below zero."""

    day: date
    series: tuple[Series, ...]
    sales: Sum
    refunds: Sum
    sold: tuple[Sold, ...]
    vat: tuple[VatPart, ...]
    untaxed_cents: int
    collected: tuple[Sum, ...]
    containers_out: Sum
    containers_back: Sum
    tab_settled: Sum
    payments: tuple[tuple[PayMode, Sum], ...]
    cheques: tuple[Cheque, ...]
    funds: tuple[Sum, ...]
    counted: tuple[Counted, ...]
    boxes: tuple[Box, ...]
    duplicates: int
    served: tuple[str, ...]

    @property
    def turnover_cents(self) -> int:
        """What was sold: the only turnover there is."""
        return sum(each.cents for each in self.sold)

    @property
    def due_cents(self) -> int:
        """What was to pay: turnover, what is collected for others, containers, tabs settled."""
        others = (*self.collected, self.containers_out, self.containers_back, self.tab_settled)
        return self.turnover_cents + sum(each.cents for each in others)

    @property
    def paid_cents(self) -> int:
        """What was paid, in every way."""
        return sum(each.cents for _mode, each in self.payments)

    @property
    def held_cents(self) -> int:
        """What lies in the box in the evening."""
        return sum(each.held for each in self.boxes)

    def paid_by(self, mode: PayMode) -> int:
        """Return what was paid in one way."""
        return sum(each.cents for found, each in self.payments if found is mode)


def read_day(desk: Context, day: date) -> DaySheet:
    """Return the sheet of a day of the site; about ten statements, however much was sold."""
    receipts, lines, paid = _receipts(desk, day), _lines(desk, day), _payments(desk, day)
    of = {kind: [each for each in lines if each.kind is kind] for kind in ChargeKind}
    out = [each for each in of[ChargeKind.CONTAINER] if each.total_cents >= 0]
    back = [each for each in of[ChargeKind.CONTAINER] if each.total_cents < 0]
    refunds = [each for each in receipts if each.kind is ReceiptKind.REFUND]
    return DaySheet(
        day=day,
        series=tuple(_series(receipts)),
        sales=_sum("", "due_cents", [each for each in receipts if each not in refunds]),
        refunds=_sum("", "due_cents", refunds),
        sold=tuple(_sold(of[ChargeKind.SALE])),
        vat=add_up(_vat(of[ChargeKind.SALE], _given_before(desk, day))),
        untaxed_cents=sum(e.total_cents for e in of[ChargeKind.SALE] if e.vat_rate is None),
        collected=tuple(_by(of[ChargeKind.AGENT], "provider")),
        containers_out=_sum("", "total_cents", out),
        containers_back=_sum("", "total_cents", back),
        tab_settled=_sum("", "total_cents", of[ChargeKind.TAB_SETTLED]),
        payments=tuple(_modes(paid)),
        cheques=tuple(
            Cheque(each.reference or "", each.cents, each.number)
            for each in paid
            if each.mode is PayMode.CHEQUE
        ),
        funds=tuple(_funds(desk, day)),
        counted=tuple(_counted(desk, day)),
        boxes=tuple(_boxes(desk, day)),
        duplicates=_duplicates(desk, day),
        served=tuple(sorted({each.person_code for each in receipts})),
    )


def _receipts(desk: Context, day: date) -> Sequence[Any]:
    columns = Receipt.id, Receipt.number, Receipt.kind, Receipt.due_cents, Receipt.person_code
    query = select(*columns, Register.code).join(Receipt.register).where(Receipt.sold_on == day)
    return desk.session.execute(query.order_by(Register.id, Receipt.journal_seq)).all()


def _lines(desk: Context, day: date) -> Sequence[Any]:
    columns = ReceiptLine.receipt_id, ReceiptLine.kind, ReceiptLine.service, ReceiptLine.vat_rate
    query = (
        select(*columns, ReceiptLine.total_cents, Provider.name.label("provider"))
        .join(ReceiptLine.receipt)
        .outerjoin(Provider, Provider.id == ReceiptLine.provider_id)
        .where(Receipt.sold_on == day)
    )
    return desk.session.execute(query.order_by(ReceiptLine.id)).all()


def _payments(desk: Context, day: date) -> Sequence[Any]:
    columns = Payment.mode, Payment.cents, Payment.reference, Receipt.number
    query = select(*columns).join(Payment.receipt).where(Receipt.sold_on == day)
    return desk.session.execute(query.order_by(Payment.id)).all()


def _series(receipts: Sequence[Any]) -> Iterator[Series]:
    for code in dict.fromkeys(each.code for each in receipts):
        mine = [each.number for each in receipts if each.code == code]
        yield Series(code, len(mine), mine[0], mine[-1])


def _sum(label: Text | str, column: str, rows: Sequence[Any]) -> Sum:
    return Sum(label, len(rows), sum(getattr(each, column) for each in rows))


def _by(rows: Sequence[Any], column: str) -> Iterator[Sum]:
    for name in sorted({getattr(each, column) or "" for each in rows}):
        mine = [each for each in rows if (getattr(each, column) or "") == name]
        yield _sum(name, "total_cents", mine)


def _sold(rows: Sequence[Any]) -> Iterator[Sold]:
    """Yield turnover by rate, the highest first, then by service."""
    keys = {(each.vat_rate, each.service) for each in rows}
    for rate, service in sorted(keys, key=lambda key: (-Decimal(key[0] or 0), key[1])):
        mine = (e.total_cents for e in rows if (e.vat_rate, e.service) == (rate, service))
        yield Sold(service, rate, sum(mine))


def _given_before(desk: Context, day: date) -> Sequence[Any]:
    """Return the turnover that went back of the same sales before each refund of the day."""
    later = aliased(Receipt)
    query = (
        select(later.id.label("receipt_id"), ReceiptLine.vat_rate, ReceiptLine.total_cents)
        .select_from(ReceiptLine)
        .join(ReceiptLine.receipt)
        .join(later, and_(later.refund_of_id == Receipt.refund_of_id, later.id > Receipt.id))
        .where(later.sold_on == day, ReceiptLine.kind == ChargeKind.SALE)
    )
    return desk.session.execute(query.order_by(ReceiptLine.id)).all()


def _vat(rows: Sequence[Any], before: Sequence[Any]) -> Iterator[VatPart]:
    """Yield the VAT of each receipt, as it was signed: once per rate, never rounded again."""
    gone = _amounts(before)
    for receipt_id, amounts in _amounts(rows).items():
        yield from split_after(gone.get(receipt_id, ()), amounts)


def _amounts(rows: Sequence[Any]) -> dict[int, list[tuple[Decimal | None, int]]]:
    found: dict[int, list[tuple[Decimal | None, int]]] = {}
    for each in rows:
        rate = None if each.vat_rate is None else Decimal(each.vat_rate)
        found.setdefault(each.receipt_id, []).append((rate, each.total_cents))
    return found


def _modes(paid: Sequence[Any]) -> Iterator[tuple[PayMode, Sum]]:
    for mode in PayMode:
        mine = [each for each in paid if each.mode is mode]
        if mine:
            yield mode, _sum(mode.label, "cents", mine)


def _within(desk: Context, day: date, column: Any) -> ColumnElement[bool]:
    span = day_span(day, desk.site.zone)
    return and_(column >= span.starts_at, column < span.ends_at)


def _funds(desk: Context, day: date) -> Iterator[Sum]:
    """Yield what funds paid for people that day: no turnover, and never in the drawer."""
    reasons = EntryReason.REDUCTION, EntryReason.UNUSED
    query = (
        select(Ledger.label, func.count(LedgerEntry.id), func.sum(-LedgerEntry.cents))
        .join(LedgerEntry.ledger)
        .where(LedgerEntry.reason.in_(reasons), _within(desk, day, LedgerEntry.at))
        .group_by(Ledger.label)
        .order_by(Ledger.label)
    )
    for label, count, cents in desk.session.execute(query):
        yield Sum(label, count, int(cents))


def _counted(desk: Context, day: date) -> Iterator[Counted]:
    ended = _within(desk, day, TillSession.closed_at)
    query = select(TillSession).where(or_(TillSession.opened_on == day, ended))
    sessions = desk.all(query.order_by(TillSession.id))
    ids = [each.id for each in sessions]
    moves = desk.all(
        select(CashMove).where(CashMove.till_session_id.in_(ids)).order_by(CashMove.id)
    )
    beside = desk.all(
        select(TillCount).where(TillCount.till_session_id.in_(ids)).order_by(TillCount.id)
    )
    drawers = drawers_of(desk, sessions)
    for each in sessions:
        mine = tuple(move for move in moves if move.till_session_id == each.id)
        counts = tuple(count for count in beside if count.till_session_id == each.id)
        yield Counted(each, drawers[each.id], mine, counts)


def _boxes(desk: Context, day: date) -> Iterator[Box]:
    """Yield the boxes that hold something or moved, by form, in one statement."""
    span = day_span(day, desk.site.zone)
    today = LedgerEntry.at >= span.starts_at

    def cents(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, LedgerEntry.cents), else_=0)), 0)

    reasons = EntryReason.HELD, EntryReason.RETURNED, EntryReason.KEPT
    moved = (cents(and_(today, LedgerEntry.reason == each)) for each in reasons)
    query = (
        select(Ledger.owner_type, cents(LedgerEntry.at < span.starts_at), *moved)
        .join(LedgerEntry.ledger)
        .where(Ledger.kind == LedgerKind.DEPOSIT, LedgerEntry.at < span.ends_at)
        .group_by(Ledger.owner_type)
    )
    found = {row[0]: [int(each) for each in row[1:]] for row in desk.session.execute(query)}
    for form in DepositForm:
        if any(found.get(form.value, ())):
            yield Box(form, *found[form.value])


def _duplicates(desk: Context, day: date) -> int:
    query = select(func.count(ReceiptPrint.id)).where(ReceiptPrint.copy_no > 1)
    return desk.session.scalar(query.where(_within(desk, day, ReceiptPrint.at))) or 0
