"""What is held for others: ledgers, their entries, deposits."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.residents.models import Resident
from palier.text import Cents, _

WHO_LEFT_IT = Keep(_("Give a deposit back to who left it"), months=24, after="taken_on")


class LedgerKind(Choice):
    DEPOSIT = "deposit", _("Deposits")
    CONTAINER = "container", _("Container deposits")
    TAB = "tab", _("Tab")
    FUND = "fund", _("Fund")
    PROVIDER = "provider", _("Provider")


class Ledger(SiteRecord, title="label", unique=("kind", "owner_type", "owner_id")):
    """A balance with its entries. The database refuses what passes its floor or cap.

    The deposits of one form are one box: kind `deposit`, `owner_type` its form, `owner_id` 0.
    """

    __table_args__ = (
        CheckConstraint("floor_cents IS NULL OR balance_cents >= floor_cents", name="floor"),
        CheckConstraint("cap_cents IS NULL OR balance_cents <= cap_cents", name="cap"),
    )
    kind: Mapped[LedgerKind] = field(_("Kind"))
    owner_type: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int] = mapped_column(Key)
    label: Mapped[str] = field(_("What"), max=120)
    floor_cents: Mapped[Cents | None] = field(_("Floor"), default=None)
    cap_cents: Mapped[Cents | None] = field(_("Cap"), default=None)
    balance_cents: Mapped[Cents] = field(_("Balance"), default=Cents(0))


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
    label: Mapped[str] = field(_("For"), max=120)
    cents: Mapped[Cents] = field(_("Deposit"), min=0)
    kept_cents: Mapped[Cents] = field(_("Kept"), default=Cents(0), min=0)
    form: Mapped[DepositForm] = field(_("Left as"))
    reference: Mapped[str | None] = field(
        _("Cheque number"), max=12, default=None, keep=WHO_LEFT_IT
    )
    state: Mapped[DepositState] = field(_("State"), default=DepositState.HELD)
    reason: Mapped[str | None] = field(_("Reason"), max=120, default=None)
    taken_on: Mapped[date] = field(_("Day"), index=True)
    ended_on: Mapped[date | None] = field(_("Ended"), default=None)


class EntryReason(Choice):
    HELD = "held", _("Held")
    RETURNED = "returned", _("Given back")
    KEPT = "kept", _("Kept")


class LedgerEntry(SiteRecord, issued=True):
    """One move of a ledger, in cents with its sign; written together with the balance."""

    ledger: Mapped[Ledger] = belongs_to(Ledger, _("What"))
    deposit: Mapped[Deposit | None] = belongs_to(Deposit, _("Deposit"), default=None)
    at: Mapped[datetime] = field(_("At"))
    cents: Mapped[Cents] = field(_("Amount"))
    reason: Mapped[EntryReason] = field(_("Reason"))
