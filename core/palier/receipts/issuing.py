"""Writing a receipt down: number, lines, payments and the signed record, under the till's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from palier.context import Context
from palier.errors import Refused
from palier.receipts.drawer import open_session
from palier.receipts.journal import Entry, add_ticket
from palier.receipts.models import (
    Charge,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    RefundReason,
    Register,
)
from palier.receipts.numbering import ReceiptNumber
from palier.receipts.tenders import Part, at_part
from palier.receipts.till_acts import TillClosed
from palier.receipts.tills import lock_till, next_number, who_signs, write_down
from palier.receipts.vat import Amounts, Line, Regime, Ticket
from palier.residents.models import Household, Resident
from palier.text import Cents, _


class VoucherUsed(Refused):
    text = _(
        "This voucher was used before: %(day)s, receipt %(number)s, by %(who)s. Take another one, or"
        " another way to pay."
    )
    field = "reference"


@dataclass(frozen=True)
class Buyer:
    """Who the receipt is for; nobody for a passer-by."""

    resident: Resident | None = None
    household: Household | None = None


@dataclass(frozen=True)
class OnPaper:
    """A receipt that was written by hand: its book, its number, and when it is keyed."""

    register: Register
    number: ReceiptNumber
    recorded_at: datetime


@dataclass(frozen=True)
class Heading:
    """What a receipt is, under which VAT regime, and for whom."""

    kind: ReceiptKind
    regime: Regime
    buyer: Buyer
    refund_of: Receipt | None = None
    reason: RefundReason | None = None
    paper: OnPaper | None = None
    given_before: Amounts = ()  # turnover of `refund_of` that went back before


@dataclass(frozen=True)
class Item:
    """What a line of a receipt copies: a charge, or the line that it gives back."""

    of: Charge | ReceiptLine
    charge: Charge
    vat_rate: str | None
    refunds: ReceiptLine | None = None
    provider_name: str | None = None
    provider_regime: str | None = None
    units: int | None = None  # of a line that is given back in part

    @property
    def quantity(self) -> int:
        """How many, with the sign of the line that is written."""
        return (-1 if self.refunds else 1) * (
            self.of.quantity if self.units is None else self.units
        )

    def share(self, cents: int) -> Cents:
        """Return the part of an amount of the line; whole cents, since its units cost the same."""
        return Cents(cents * self.quantity // self.of.quantity if self.of.quantity else 0)

    def line(self, receipt: Receipt, position: int) -> ReceiptLine:
        """Return the line; a refund's is the exact opposite (domain 2.11)."""
        of = self.of
        return ReceiptLine(
            receipt=receipt,
            charge=self.charge,
            position=position,
            kind=of.kind,
            service=of.service,
            what=of.what,
            label=of.label,
            quantity=self.quantity,
            unit=of.unit,
            unit_cents=of.unit_cents,
            total_cents=self.share(of.total_cents),
            full_cents=self.share(of.full_cents),
            vat_class=of.vat_class,
            vat_rate=self.vat_rate,
            provider_id=of.provider_id,
            provider_name=self.provider_name,
            provider_regime=self.provider_regime,
            refunds_line_id=self.refunds.id if self.refunds else None,
        )

    def signed(self) -> Line:
        """Return the line as the journal signs it."""
        of = self.of
        return Line(
            label=of.label,
            qty=of.unit.of(self.quantity),
            unit=of.unit.value,
            unit_price_cents=of.unit_cents,
            rate=None if self.vat_rate is None else Decimal(self.vat_rate),
            total_cents=self.share(of.total_cents),
            kind=of.kind.value,
            provider=self.provider_name or "",
        )


def issue(
    desk: Context, heading: Heading, items: Sequence[Item], parts: Sequence[Part]
) -> tuple[Receipt, list[ReceiptLine]]:
    """Write the receipt, its lines in the order of the items, its payments, its signed record.

    Raises `TillClosed` for cash while no till is open, `VoucherUsed` for a voucher that paid before.
    """
    lines = tuple(each.signed() for each in items)
    paper, till = heading.paper, lock_till(desk)  # cash of the paper book goes into this drawer too
    register = paper.register if paper else till
    session = open_session(desk, till)
    if session is None and any(each.mode is PayMode.CASH and each.cents for each in parts):
        raise TillClosed
    ticket = Ticket(
        number=str(paper.number if paper else next_number(desk, register)),
        at=desk.local(desk.now),
        operator=who_signs(desk),
        lines=lines,
        payments=tuple((each.mode.value, int(each.cents)) for each in parts),
        recorded_at=desk.local(paper.recorded_at) if paper else None,
        refund_of=heading.refund_of.number if heading.refund_of else "",
        reason=heading.reason.value if heading.reason else "",
        given_before=heading.given_before,
    )
    entry = write_down(desk, register, lambda head, key: add_ticket(head, key, ticket))
    receipt = _receipt(desk, heading, register, ticket, entry)
    receipt.till_session = session
    desk.session.add(receipt)
    written = [each.line(receipt, n) for n, each in enumerate(items, start=1)]
    desk.session.add_all(written)
    _pay(desk, receipt, parts)
    return receipt, written


def _pay(desk: Context, receipt: Receipt, parts: Sequence[Part]) -> None:
    """Write the payments. A voucher's number is held by the database, whoever comes first."""
    for place, part in enumerate(parts):
        paid = Payment(receipt=receipt, mode=part.mode, cents=part.cents, reference=part.reference)
        if part.mode is PayMode.VOUCHER:
            _pay_by_voucher(desk, paid, place)
        else:
            desk.session.add(paid)
    desk.session.flush()


def _pay_by_voucher(desk: Context, paid: Payment, place: int) -> None:
    desk.session.flush()
    try:
        with desk.session.begin_nested():
            desk.session.add(paid)
            desk.session.flush()
    except IntegrityError as error:
        same = Payment.mode == PayMode.VOUCHER, Payment.reference == paid.reference
        query = select(Receipt).join(Payment, Payment.receipt_id == Receipt.id).where(*same)
        before = desk.session.scalars(query).first()
        if before is None:
            raise
        used = VoucherUsed(day=before.at, number=before.number, who=before.person_code)
        raise at_part(used, place) from error


def _receipt(
    desk: Context, heading: Heading, register: Register, ticket: Ticket, entry: Entry
) -> Receipt:
    return Receipt(
        register=register,
        number=ticket.number,
        kind=heading.kind,
        at=entry.at,
        sold_on=desk.today,
        recorded_at=heading.paper.recorded_at if heading.paper else desk.now,
        visit_id=desk.visit_id,
        resident=heading.buyer.resident,
        household=heading.buyer.household,
        total_cents=Cents(ticket.total_cents),
        due_cents=Cents(ticket.due_cents),
        person_code=ticket.operator,
        operator_id=desk.site.operator_id,
        vat_regime=heading.regime.value,
        refund_of_id=heading.refund_of.id if heading.refund_of else None,
        refund_reason=heading.reason,
        journal_seq=entry.seq,
    )
