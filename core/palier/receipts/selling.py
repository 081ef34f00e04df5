"""The sale and its opposite: receipt, lines, payments and journal, all in one transaction."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.charging import lock_funds, lock_owed, tell_end, total_of
from palier.receipts.issuing import Buyer, Heading, Item, issue
from palier.receipts.ledgers import enter
from palier.receipts.models import (
    Charge,
    ChargeState,
    EntryReason,
    Fund,
    LedgerEntry,
    Receipt,
    ReceiptKind,
    ReceiptLine,
)
from palier.receipts.quoting import Quote
from palier.receipts.rates import rate_on
from palier.receipts.tenders import Tender, change_of
from palier.receipts.vat import Regime, rate_text
from palier.sites.models import OperatorVat
from palier.text import Cents, Money, _


class NothingToPay(Refused):
    text = _("There is nothing to pay: the basket is empty.")


class BasketChanged(Refused):
    text = _("The basket changed: it was %(shown)s, it is now %(now)s. Look at it again.")


class FundRanOut(BasketChanged):
    text = _(
        "The fund has not enough left any more: it was %(shown)s, it is now %(now)s. Look at it"
        " again."
    )


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
    owed = lock_owed(desk, which)
    if not owed:
        raise NothingToPay
    charges = [each.charge for each in owed]
    due = total_of(charges)
    if shown is not None and shown != due:
        short = any(each.quote and each.quote.is_short for each in owed)
        raise (FundRanOut if short else BasketChanged)(shown=Money(shown), now=Money(due))
    change_of(tender, due)
    regime = regime_on(desk)
    items = [_sold(desk, each, regime) for each in charges]
    receipt, lines = issue(desk, Heading(ReceiptKind.SALE, regime, buyer), items, tender)
    for (_charge, quote), line in zip(owed, lines, strict=True):
        if quote is not None and quote.fund_cents:
            _use_fund(desk, quote, line)
    for each in charges:
        each.state = ChargeState.RECEIPTED
    for each in charges:
        tell_end(desk, each)
    return receipt


def _use_fund(desk: Context, quote: Quote, line: ReceiptLine) -> None:
    """Let the fund, locked before, pay what the bracket takes off a line."""
    fund = desk.session.get_one(Fund, quote.fund_ledger_id)
    receipt = line.receipt
    enter(desk, fund, -quote.fund_cents, EntryReason.REDUCTION, receipt=receipt, line=line)


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
    helped = _helped(desk, left)
    items = [Item(each, each.charge, each.vat_rate, refunds=each) for each in left]
    buyer = Buyer(receipt.resident, receipt.household)
    heading = Heading(ReceiptKind.REFUND, Regime(receipt.vat_regime), buyer, receipt)
    refund, lines = issue(desk, heading, items, tender)
    for each in lines:
        if entry := helped.get(each.refunds_line_id):
            about = {"receipt": refund, "line": each}
            enter(desk, entry.ledger, -entry.cents, EntryReason.UNUSED, **about)
    return refund


def _helped(desk: Context, lines: Sequence[ReceiptLine]) -> dict[int | None, LedgerEntry]:
    """Return what funds paid for these lines, by line; the funds are locked."""
    ids = [each.id for each in lines if each.full_cents != each.total_cents]
    if not ids:
        return {}
    paid = select(LedgerEntry).where(LedgerEntry.line_id.in_(ids))
    found = desk.all(paid.where(LedgerEntry.reason == EntryReason.REDUCTION))
    lock_funds(desk, sorted({each.ledger_id for each in found}))
    return {each.line_id: each for each in found}


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
