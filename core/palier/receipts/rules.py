"""What is always true of charges, receipts, prices and tills."""

from sqlalchemy import ColumnElement

from palier.receipts.models import (
    ArchiveState,
    Charge,
    ChargeKind,
    ChargeState,
    EntryReason,
    LedgerEntry,
    MoveReason,
    Price,
    PriceOf,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    TillSession,
    Unit,
    VatClass,
    YearArchive,
)
from palier.text import Cents


def is_open(charge: Charge) -> bool:
    """Whether it is still to be paid."""
    return charge.state is ChargeState.OPEN


def is_service_by_class(unit: Unit, vat_class: VatClass) -> bool:
    """Whether a price is taken for a service's unless one says so: by its time, or its class of VAT.

    Goods at these rates are taken for one: a note too many harms nobody.
    """
    return unit not in {Unit.PIECE, Unit.KG} or vat_class in {
        VatClass.STANDARD,
        VatClass.INTERMEDIATE,
    }


def is_service(said: PriceOf | None) -> bool | None:
    """Whether a price is said to be a service's; None where nothing is said."""
    return None if said is None else said is PriceOf.SERVICE


def is_sale(receipt: Receipt) -> bool:
    """Whether money may be given back for it: a refund is never refunded."""
    return receipt.kind is not ReceiptKind.REFUND


def on_receipt(receipt: Receipt) -> ColumnElement[bool]:
    """Return which lines stand on a receipt."""
    return ReceiptLine.receipt_id == receipt.id


def may_be_waived(charge: Charge) -> bool:
    """Whether it may go unpaid: what is on a tab stays there until it is paid or corrected."""
    return is_open(charge) and charge.kind is not ChargeKind.TAB_SETTLED


def may_be_taken_back(entry: LedgerEntry) -> bool:
    """Whether an entry stands by itself: what a receipt or a deposit moved ends with that."""
    return entry.reason in {EntryReason.PAID_IN, EntryReason.ON_TAB}


def is_full_price(price: Price) -> bool:
    """Whether it is what everyone pays who shows no paper."""
    return price.bracket is None


def is_open_till(session: TillSession) -> bool:
    """Whether cash can still go into this drawer or come out of it."""
    return session.closed_at is None


def signed_move(reason: MoveReason, amount: Cents) -> Cents:
    """Return what an amount in cents does to the drawer: a float and a kept deposit go in."""
    comes_in = reason in {MoveReason.FLOAT, MoveReason.DEPOSIT}
    return amount if comes_in else Cents(-amount)


def is_ready(archive: YearArchive) -> bool:
    """Whether an archive can be taken away."""
    return archive.state is ArchiveState.DONE
