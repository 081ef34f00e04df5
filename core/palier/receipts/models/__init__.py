"""Tables of the till."""

from palier.receipts.models.held import (
    Deposit,
    DepositForm,
    DepositState,
    EntryReason,
    Ledger,
    LedgerEntry,
    LedgerKind,
)
from palier.receipts.models.owed import (
    Charge,
    ChargeKind,
    ChargeState,
    Price,
    Priced,
    Unit,
    VatClass,
    WaiveReason,
)
from palier.receipts.models.printed import PaperShape, ReceiptPrint
from palier.receipts.models.sold import (
    Journal,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Register,
    RegisterKind,
)

__all__ = [
    "Charge",
    "ChargeKind",
    "ChargeState",
    "Deposit",
    "DepositForm",
    "DepositState",
    "EntryReason",
    "Journal",
    "Ledger",
    "LedgerEntry",
    "LedgerKind",
    "PaperShape",
    "PayMode",
    "Payment",
    "Price",
    "Priced",
    "Receipt",
    "ReceiptKind",
    "ReceiptLine",
    "ReceiptPrint",
    "Register",
    "RegisterKind",
    "Unit",
    "VatClass",
    "WaiveReason",
]
