"""The sale and its opposite: receipt, lines, payments and journal, all in one transaction."""

from sqlalchemy import ColumnElement, or_, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.charging import lock_charges, tell_end, total_of
from palier.receipts.issuing import Buyer, Heading, Item, issue
from palier.receipts.models import (
    Charge,
    ChargeState,
    Receipt,
    ReceiptKind,
    ReceiptLine,
)
from palier.receipts.rates import rate_on
from palier.receipts.tenders import Tender, change_of
from palier.receipts.vat import Regime, rate_text
from palier.sites.models import OperatorVat
from palier.text import Cents, Money, _


class NothingToPay(Refused):
    text = _("There is nothing to pay: the basket is empty.")


class BasketChanged(Refused):
    text = _("The basket changed: it was %(shown)s, it is now %(now)s. Look at it again.")


class NoVatRegime(Refused):
    text = _("Nobody has said yet how the operator stands towards VAT. The administrator does.")


class NothingToRefund(Refused):
    text = _("Nothing of this receipt is left to give back.")


class NotOnThisReceipt(Refused):
    text = _("This line is not on this receipt.")
    field = "line"


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
    receipt = issue(desk, Heading(ReceiptKind.SALE, regime, buyer), items, tender)
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
    return issue(desk, heading, items, tender)


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
