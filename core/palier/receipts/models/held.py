"""What is held for others: deposits, and the entries of every ledger."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.receipts.models.ledgers import Funder, Ledger
from palier.receipts.models.sold import Receipt, ReceiptLine
from palier.residents.models import Resident
from palier.text import Cents, _

WHO_LEFT_IT = Keep(_("Give a deposit back to who left it"), months=24, after="taken_on")


class DepositForm(Choice):
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    WAIVED = "waived", _("No deposit")


class DepositState(Choice):
    HELD = "held", _("In the box")
    RETURNED = "returned", _("Given back")
    KEPT_PART = "kept_part", _("Kept in part")
    KEPT = "kept", _("Kept")


class WaivedBecause(Choice):
    """Why no deposit is asked; fixed choices, never free text."""

    KNOWN = "known", _("Known at the desk")
    SHORT = "short", _("Only for a moment")
    VOUCHED = "vouched", _("A partner answers for it")
    MANAGER = "manager", _("Decided by the manager")


class KeptAs(Choice):
    """What the kept part of a deposit is: damages are no turnover, a price is (domain 2.12)."""

    DAMAGES = "damages", _("For damage")
    PRICE = "price", _("As a price, to be paid like any other")


class KeptTo(Choice):
    """Where the kept money went out of the box."""

    TILL = "till", _("Into the till")
    BANK = "bank", _("To the bank")


class Deposit(SiteRecord, title="label"):
    """What someone leaves against a thing: in its own box, never income, never in the till."""

    __table_args__ = (
        Index(
            "uq_deposit_held",
            "site_id",
            "package",
            "source_type",
            "source_id",
            unique=True,
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )
    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=WHO_LEFT_IT)
    service: Mapped[str] = mapped_column("package", String(40))
    source_type: Mapped[str] = mapped_column(String(80))
    source_id: Mapped[int] = mapped_column(Key)
    label: Mapped[str] = field(_("For"), max=120, keep=WHO_LEFT_IT, search=True)
    cents: Mapped[Cents] = field(_("Deposit"), min=0)
    kept_cents: Mapped[Cents] = field(_("Kept"), default=Cents(0), min=0)
    form: Mapped[DepositForm] = field(_("Left as"))
    reference: Mapped[str | None] = field(
        _("Cheque number"), max=12, default=None, keep=WHO_LEFT_IT, search=True
    )
    state: Mapped[DepositState] = field(_("State"), default=DepositState.HELD)
    reason: Mapped[str | None] = field(_("Reason"), max=120, default=None)
    kept_as: Mapped[KeptAs | None] = field(_("Kept as"), default=None)
    kept_to: Mapped[KeptTo | None] = field(_("Where the kept money went"), default=None)
    taken_on: Mapped[date] = field(_("Day"), index=True)
    ended_on: Mapped[date | None] = field(_("Ended"), default=None)

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that lie in the box."""
        return cls.state == DepositState.HELD


class EntryReason(Choice):
    HELD = "held", _("Held")
    RETURNED = "returned", _("Given back")
    KEPT = "kept", _("Kept")
    PAID_IN = "paid_in", _("Paid in")
    REDUCTION = "reduction", _("Reduction paid")
    UNUSED = "unused", _("Reduction given back")
    ON_TAB = "on_tab", _("Put on the tab")
    SETTLED = "settled", _("Settled")
    CORRECTED = "corrected", _("Corrected")


class LedgerEntry(SiteRecord, title="reason", issued=True):
    """One move of a ledger, in cents with its sign; written together with the balance.

    A mistake is an entry the other way, `corrects_id`; a line of a receipt moves a fund once.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "corrects_id"],
            ["ledger_entry.site_id", "ledger_entry.id"],
            ondelete="RESTRICT",
        ),
        Index("uq_ledger_entry_corrects", "site_id", "corrects_id", unique=True),
        Index("uq_ledger_entry_line", "site_id", "line_id", unique=True),
    )
    ledger: Mapped[Ledger] = belongs_to(Ledger, _("What"))
    deposit: Mapped[Deposit | None] = belongs_to(Deposit, _("Deposit"), default=None)
    receipt: Mapped[Receipt | None] = belongs_to(Receipt, _("Receipt"), default=None)
    line: Mapped[ReceiptLine | None] = belongs_to(ReceiptLine, _("Line"), default=None)
    funder: Mapped[Funder | None] = belongs_to(Funder, _("From whom"), default=None)
    corrects_id: Mapped[int | None] = mapped_column(Key)
    at: Mapped[datetime] = field(_("At"), index=True)
    cents: Mapped[Cents] = field(_("Amount"))
    reason: Mapped[EntryReason] = field(_("Reason"))
    if TYPE_CHECKING:  # made by the links above
        ledger_id: Mapped[int] = mapped_column()
        line_id: Mapped[int | None] = mapped_column()
