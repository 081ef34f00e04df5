"""What of a receipt can still be given back: whole lines, or part of a quantity, never more."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.models import Payment, PayMode, Receipt, ReceiptLine, ServiceNoteLine
from palier.receipts.vat import Amounts
from palier.text import _


class NothingToRefund(Refused):
    text = _("Nothing of this receipt is left to give back.")


class NotOnThisReceipt(Refused):
    text = _("This line is not on this receipt.")
    field = "line"


class OfWhichLine(Refused):
    text = _("Choose the line of which this many are given back.")
    field = "line"


class NotSoMany(Refused):
    text = _("Of this line %(left)s are left to give back.")
    field = "quantity"


class OnlyWhole(Refused):
    text = _("This line had a reduced price: it is given back whole.")
    field = "quantity"


@dataclass(frozen=True)
class Portion:
    """So many units of a line, with its sign."""

    line: ReceiptLine
    units: int


def lines_of(desk: Context, receipt: Receipt) -> list[ReceiptLine]:
    """Return a receipt's lines in their order."""
    mine = select(ReceiptLine).where(ReceiptLine.receipt_id == receipt.id)
    return desk.all(mine.order_by(ReceiptLine.position), ReceiptLine.charge)


def way_back(desk: Context, receipt: Receipt) -> PayMode:
    """Return the way a receipt was paid, by which its money goes back: that of its largest part.

    A voucher is never given back, so another part comes before it.
    """
    paid = desk.all(select(Payment).where(Payment.receipt_id == receipt.id).order_by(Payment.id))
    if not paid:
        return PayMode.CASH  # nothing was paid, nothing goes back
    return max(paid, key=lambda each: (each.mode is not PayMode.VOUCHER, each.cents)).mode


def portions_of(
    desk: Context, receipt: Receipt, line: ReceiptLine | None, quantity: int | None
) -> list[Portion]:
    """Return what is given back; under the lock of the receipt nobody else gives it back too.

    Raises `NotOnThisReceipt`, `NothingToRefund`, `OfWhichLine`, `NotSoMany`, `OnlyWhole`.
    """
    left = _left(desk, receipt)
    if line is None:
        if quantity is not None:
            raise OfWhichLine
        return _some(left)
    if line.receipt_id != receipt.id:
        raise NotOnThisReceipt
    (mine,) = _some([each for each in left if each.line.id == line.id])
    if quantity is None or quantity == mine.units:
        return [mine]
    if not 0 < quantity <= mine.units:
        raise NotSoMany(left=mine.units)
    if line.total_cents != line.quantity * line.unit_cents:
        raise OnlyWhole
    return [Portion(mine.line, quantity)]


def given_before(
    desk: Context, receipt: Receipt, refund: Receipt | None = None
) -> list[ReceiptLine]:
    """Return the lines that gave parts of a receipt back, before that refund or up to now."""
    query = select(ReceiptLine).join(ReceiptLine.receipt).where(Receipt.refund_of_id == receipt.id)
    if refund is not None:
        query = query.where(Receipt.id < refund.id)
    return desk.all(query.order_by(ReceiptLine.id))


def amounts_of(lines: Iterable[ReceiptLine | ServiceNoteLine]) -> Amounts:
    """Return what is taxed of these lines, as VAT is taken out of it."""
    return [(Decimal(each.vat_rate), each.total_cents) for each in lines if each.vat_rate]


def _some(found: list[Portion]) -> list[Portion]:
    if not found:
        raise NothingToRefund
    return found


def _left(desk: Context, receipt: Receipt) -> list[Portion]:
    lines = lines_of(desk, receipt)
    query = select(ReceiptLine.refunds_line_id, func.sum(ReceiptLine.quantity))
    query = query.where(ReceiptLine.refunds_line_id.in_([each.id for each in lines]))
    rows = desk.session.execute(query.group_by(ReceiptLine.refunds_line_id))
    gone = {id: int(units) for id, units in rows}
    portions = (Portion(each, each.quantity + gone.get(each.id, 0)) for each in lines)
    return [each for each in portions if each.units]
