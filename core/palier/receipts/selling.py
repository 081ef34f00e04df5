"""The sale and its opposite: receipt, lines, payments and journal, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.charging import lock_charges, tell_end, total_of
from palier.receipts.deposits import cheque_number
from palier.receipts.journal import Entry, add_ticket
from palier.receipts.models import (
    Charge,
    ChargeState,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Register,
)
from palier.receipts.rates import rate_on
from palier.receipts.tills import lock_till, next_number, write_down
from palier.receipts.vat import Line, Regime, Ticket, rate_text
from palier.residents.models import Household, Resident
from palier.sites.models import OperatorVat
from palier.text import Cents, Money, _


class NothingToPay(Refused):
    text = _("There is nothing to pay: the basket is empty.")


class BasketChanged(Refused):
    text = _("The basket changed: it was %(shown)s, it is now %(now)s. Look at it again.")


class TooLittle(Refused):
    text = _("%(missing)s is missing.")
    field = "given"


class NotTheAmount(Refused):
    text = _("Only cash gives change: this must be exactly %(due)s.")
    field = "given"


class NoVatRegime(Refused):
    text = _("Nobody has said yet how the operator stands towards VAT. The administrator does.")


class NothingToRefund(Refused):
    text = _("Nothing of this receipt is left to give back.")


class NotOnThisReceipt(Refused):
    text = _("This line is not on this receipt.")
    field = "line"


@dataclass(frozen=True)
class Tender:
    """What is put on the counter: the amount in cents, nothing said meaning the exact amount."""

    mode: PayMode
    given: Cents | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Buyer:
    """Who the receipt is for; nobody for a passer-by."""

    resident: Resident | None = None
    household: Household | None = None


@dataclass(frozen=True)
class Heading:
    """What a receipt is, under which VAT regime, and for whom."""

    kind: ReceiptKind
    regime: Regime
    buyer: Buyer
    refund_of: Receipt | None = None


@dataclass(frozen=True)
class Item:
    """What a line of a receipt copies: a charge, or the line that it gives back."""

    of: Charge | ReceiptLine
    charge: Charge
    vat_rate: str | None
    refunds: ReceiptLine | None = None

    def line(self, receipt: Receipt, position: int) -> ReceiptLine:
        """Return the line; a refund's is the exact opposite (domain 2.11)."""
        sign, of = (-1 if self.refunds else 1), self.of
        return ReceiptLine(
            receipt=receipt,
            charge=self.charge,
            position=position,
            kind=of.kind,
            service=of.service,
            what=of.what,
            label=of.label,
            quantity=sign * of.quantity,
            unit=of.unit,
            unit_cents=of.unit_cents,
            total_cents=Cents(sign * of.total_cents),
            full_cents=Cents(sign * of.full_cents),
            vat_class=of.vat_class,
            vat_rate=self.vat_rate,
            provider_id=of.provider_id,
            refunds_line_id=self.refunds.id if self.refunds else None,
        )

    def signed(self) -> Line:
        """Return the line as the journal signs it."""
        sign, of = (-1 if self.refunds else 1), self.of
        return Line(
            label=of.label,
            qty=Decimal(sign * of.quantity),
            unit=of.unit.value,
            unit_price_cents=of.unit_cents,
            rate=None if self.vat_rate is None else Decimal(self.vat_rate),
            total_cents=sign * of.total_cents,
            kind=of.kind.value,
        )


def change_of(tender: Tender, due: Cents) -> Cents:
    """Return the change to give back, in cents.

    Raises `TooLittle` when too little was given, `NotTheAmount` for more than is due unless in cash.
    """
    given = due if tender.given is None else tender.given
    if given < due:
        raise TooLittle(missing=Money(due - given))
    if given > due and tender.mode is not PayMode.CASH:
        raise NotTheAmount(due=Money(due))
    return Cents(given - due)


def sell(
    desk: Context,
    which: ColumnElement[bool],
    tender: Tender,
    *,
    buyer: Buyer,
    shown: Cents | None = None,
) -> Receipt:
    """Take the money for the open charges among `which` and issue their receipt.

    Charges are locked and priced again first, the register last. `shown` is the total in cents
    that was on the screen. Raises `NothingToPay`, `BasketChanged`, `TooLittle`, `NotTheAmount`,
    `ChequeNumberMissing`, `NotAChequeNumber`, `NoVatRegime`, and what a service refuses.
    """
    charges = lock_charges(desk, which)
    if not charges:
        raise NothingToPay
    due = total_of(charges)
    if shown is not None and shown != due:
        raise BasketChanged(shown=Money(shown), now=Money(due))
    change_of(tender, due)
    regime = regime_on(desk)
    items = [_sold(desk, each, regime) for each in charges]
    receipt = _issue(desk, Heading(ReceiptKind.SALE, regime, buyer), items, tender)
    for each in charges:
        each.state = ChargeState.RECEIPTED
    for each in charges:
        tell_end(desk, each)
    return receipt


def refund_lines(
    desk: Context, receipt: Receipt, tender: Tender, line: ReceiptLine | None = None
) -> Receipt:
    """Issue the opposite of a receipt, or of one of its lines; never more than was sold.

    Raises `NotOnThisReceipt`, `NothingToRefund`, and what a cheque's number is refused for.
    """
    desk.lock(select(Receipt).where(Receipt.id == receipt.id))
    left = _left(desk, receipt)
    if line is not None:
        if line.receipt_id != receipt.id:
            raise NotOnThisReceipt
        left = [each for each in left if each.id == line.id]
    if not left:
        raise NothingToRefund
    items = [Item(each, each.charge, each.vat_rate, refunds=each) for each in left]
    buyer = Buyer(receipt.resident, receipt.household)
    heading = Heading(ReceiptKind.REFUND, Regime(receipt.vat_regime), buyer, receipt)
    return _issue(desk, heading, items, tender)


def lines_of(desk: Context, receipt: Receipt) -> list[ReceiptLine]:
    """Return a receipt's lines in their order."""
    mine = select(ReceiptLine).where(ReceiptLine.receipt_id == receipt.id)
    return desk.all(mine.order_by(ReceiptLine.position), ReceiptLine.charge)


def regime_on(desk: Context) -> Regime:
    """Return how the site's operator stands towards VAT today. Raises `NoVatRegime` if unsaid."""
    lasts = or_(OperatorVat.valid_to.is_(None), OperatorVat.valid_to > desk.today)
    query = (
        select(OperatorVat.regime)
        .where(OperatorVat.operator_id == desk.site.operator_id)
        .where(OperatorVat.valid_from <= desk.today, lasts)
        .order_by(OperatorVat.valid_from.desc())
        .limit(1)
    )
    found = desk.session.scalar(query)
    if found is None:
        raise NoVatRegime
    return Regime(found)


def _left(desk: Context, receipt: Receipt) -> list[ReceiptLine]:
    lines = lines_of(desk, receipt)
    given_back = select(ReceiptLine.refunds_line_id).where(
        ReceiptLine.refunds_line_id.in_([each.id for each in lines])
    )
    gone = set(desk.session.scalars(given_back))
    return [each for each in lines if each.id not in gone]


def _sold(desk: Context, charge: Charge, regime: Regime) -> Item:
    rate = rate_on(charge.vat_class, regime, desk.today)
    return Item(charge, charge, None if rate is None else rate_text(rate))


def _issue(desk: Context, heading: Heading, items: Sequence[Item], tender: Tender) -> Receipt:
    reference = cheque_number(tender.reference) if tender.mode is PayMode.CHEQUE else None
    lines = tuple(each.signed() for each in items)
    due = Cents(sum(each.total_cents for each in lines))
    register = lock_till(desk)
    ticket = Ticket(
        number=str(next_number(desk, register)),
        at=desk.local(desk.now),
        operator=desk.actor.person_code or "system",
        lines=lines,
        payments=((tender.mode.value, due),) if due else (),
    )
    entry = write_down(desk, register, lambda head, key: add_ticket(head, key, ticket))
    receipt = _receipt(desk, heading, register, ticket, entry)
    desk.session.add(receipt)
    desk.session.add_all(each.line(receipt, n) for n, each in enumerate(items, start=1))
    if due:
        desk.session.add(Payment(receipt=receipt, mode=tender.mode, cents=due, reference=reference))
    desk.session.flush()
    return receipt


def _receipt(
    desk: Context, heading: Heading, register: Register, ticket: Ticket, entry: Entry
) -> Receipt:
    return Receipt(
        register=register,
        number=ticket.number,
        kind=heading.kind,
        at=entry.at,
        sold_on=desk.today,
        recorded_at=desk.now,
        visit_id=desk.visit_id,
        resident=heading.buyer.resident,
        household=heading.buyer.household,
        total_cents=Cents(ticket.total_cents),
        due_cents=Cents(ticket.due_cents),
        person_code=ticket.operator,
        operator_id=desk.site.operator_id,
        vat_regime=heading.regime.value,
        refund_of_id=heading.refund_of.id if heading.refund_of else None,
        journal_seq=entry.seq,
    )
