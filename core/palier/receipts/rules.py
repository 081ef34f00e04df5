"""What is always true of charges, receipts and prices."""

from palier.receipts.models import (
    Charge,
    ChargeState,
    EntryReason,
    LedgerEntry,
    Price,
    Receipt,
    ReceiptKind,
)


def is_open(charge: Charge) -> bool:
    """Whether it is still to be paid."""
    return charge.state is ChargeState.OPEN


def is_sale(receipt: Receipt) -> bool:
    """Whether money may be given back for it: a refund is never refunded."""
    return receipt.kind is ReceiptKind.SALE


def may_be_taken_back(entry: LedgerEntry) -> bool:
    """Whether an entry stands by itself: what a receipt or a deposit moved ends with that."""
    return entry.reason in {EntryReason.PAID_IN, EntryReason.ON_TAB}


def is_full_price(price: Price) -> bool:
    """Whether it is what everyone pays who shows no paper."""
    return price.bracket is None
