"""Tables of the till."""

from palier.receipts.models.articles import Article, DeskSale
from palier.receipts.models.counts import BoxCount, TillCount, WhyAmiss
from palier.receipts.models.held import (
    Deposit,
    DepositForm,
    DepositState,
    EntryReason,
    LedgerEntry,
)
from palier.receipts.models.ledgers import Fund, Funder, Ledger, LedgerKind, Tab
from palier.receipts.models.noted import NoteName, ServiceNote, ServiceNoteLine
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
    RefundReason,
)
from palier.receipts.models.tills import (
    CashMove,
    ClosedPeriod,
    Closing,
    MoveReason,
    Register,
    RegisterKind,
    TillSession,
    WhyOther,
)

__all__ = [
    "Article",
    "BoxCount",
    "CashMove",
    "Charge",
    "ChargeKind",
    "ChargeState",
    "ClosedPeriod",
    "Closing",
    "Deposit",
    "DepositForm",
    "DepositState",
    "DeskSale",
    "EntryReason",
    "Fund",
    "Funder",
    "Journal",
    "Ledger",
    "LedgerEntry",
    "LedgerKind",
    "MoveReason",
    "NoteName",
    "PaperShape",
    "PayMode",
    "Payment",
    "Price",
    "Priced",
    "Receipt",
    "ReceiptKind",
    "ReceiptLine",
    "ReceiptPrint",
    "RefundReason",
    "Register",
    "RegisterKind",
    "ServiceNote",
    "ServiceNoteLine",
    "Tab",
    "TillCount",
    "TillSession",
    "Unit",
    "VatClass",
    "WaiveReason",
    "WhyAmiss",
    "WhyOther",
]
