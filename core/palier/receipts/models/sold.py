"""What was sold and paid, and the chain that proves it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.guards import Guard, add_guard
from palier.db.records import SiteRecord, SiteRow
from palier.db.types import Choice, Instant, Key
from palier.receipts.models.owed import Charge, ChargeKind, Unit, VatClass
from palier.receipts.models.tills import Register, TillSession
from palier.residents.models import Household, Resident
from palier.text import Cents, _
from palier.visits.models import Visit

# Books are kept six years (LPF L102 B); who bought what is not needed for as long.
WHO_BOUGHT = Keep(_("Find a receipt again for the person"), months=24, after="sold_on")


class ReceiptKind(Choice):
    SALE = "sale", _("Sale")
    REFUND = "refund", _("Refund")
    SETTLEMENT = "settlement", _("Settlement")


class RefundReason(Choice):
    """Why money is given back; fixed choices, never free text."""

    OUR_MISTAKE = "our_mistake", _("Our mistake")
    GIVEN_BACK = "given_back", _("Brought back")
    NOT_AS_PROMISED = "not_as_promised", _("Not as promised")
    CANCELLED = "cancelled", _("Cancelled")
    GOODWILL = "goodwill", _("Goodwill")


class Receipt(
    SiteRecord,
    title="number",
    unique=("number",),
    issued=True,
    loose=("resident_id", "household_id"),
):
    """What was sold and paid. `total_cents` is turnover, `due_cents` what was to pay."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "refund_of_id"], ["receipt.site_id", "receipt.id"], ondelete="RESTRICT"
        ),
        UniqueConstraint("site_id", "register_id", "journal_seq"),
        Index("ix_receipt_refunds", "site_id", "refund_of_id"),
    )
    register: Mapped[Register] = belongs_to(Register, _("Till"))
    till_session: Mapped[TillSession | None] = belongs_to(
        TillSession, _("Till session"), default=None
    )
    number: Mapped[str] = field(_("Number"), max=70, search=True)
    kind: Mapped[ReceiptKind] = field(_("Kind"))
    at: Mapped[datetime] = field(_("At"), index=True)
    sold_on: Mapped[date] = field(_("Day"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    visit: Mapped[Visit | None] = belongs_to(Visit, _("Visit"), default=None)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_BOUGHT
    )
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=WHO_BOUGHT
    )
    total_cents: Mapped[Cents] = field(_("Takings"))
    due_cents: Mapped[Cents] = field(_("To pay"))
    person_code: Mapped[str] = field(_("Served by"), max=8)
    operator_id: Mapped[int] = mapped_column(Key, ForeignKey("operator.id", ondelete="RESTRICT"))
    vat_regime: Mapped[str] = mapped_column(String(12))
    refund_of_id: Mapped[int | None] = mapped_column(Key)
    refund_reason: Mapped[RefundReason | None] = field(_("Why given back"), default=None)
    journal_seq: Mapped[int] = mapped_column(Key)
    if TYPE_CHECKING:  # made by the links above
        register_id: Mapped[int] = mapped_column()
        till_session_id: Mapped[int | None] = mapped_column()
        visit_id: Mapped[int | None] = mapped_column()


class ReceiptLine(SiteRecord, title="label", issued=True):
    """One charge as it was when it was paid, or its exact opposite."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "refunds_line_id"],
            ["receipt_line.site_id", "receipt_line.id"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["site_id", "provider_id"], ["provider.site_id", "provider.id"], ondelete="RESTRICT"
        ),
        # A charge is paid once, and no more of a line given back than was sold (a rule below),
        # whatever the code above believes.
        Index(
            "uq_receipt_line_paid",
            "site_id",
            "charge_id",
            unique=True,
            sqlite_where=text("refunds_line_id IS NULL"),
            postgresql_where=text("refunds_line_id IS NULL"),
        ),
        Index("ix_receipt_line_refunds", "site_id", "refunds_line_id"),
    )
    receipt: Mapped[Receipt] = belongs_to(Receipt, _("Receipt"))
    charge: Mapped[Charge] = belongs_to(Charge, _("To pay"))
    position: Mapped[int] = field(_("Line"))
    kind: Mapped[ChargeKind] = field(_("Kind"))
    service: Mapped[str] = mapped_column("package", String(40))
    what: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = field(_("What"), max=120)
    quantity: Mapped[int] = field(_("Quantity"))
    unit: Mapped[Unit] = field(_("For one"))
    unit_cents: Mapped[Cents] = field(_("Price"))
    total_cents: Mapped[Cents] = field(_("Total"))
    full_cents: Mapped[Cents] = field(_("Full price"))
    vat_class: Mapped[VatClass] = field(_("VAT"))
    vat_rate: Mapped[str | None] = mapped_column(String(6))
    provider_id: Mapped[int | None] = mapped_column(Key)
    # In whose name it was sold, and how they stood towards VAT that day: it stays on the paper.
    provider_name: Mapped[str | None] = mapped_column(String(120))
    provider_regime: Mapped[str | None] = mapped_column(String(12))
    refunds_line_id: Mapped[int | None] = mapped_column(Key)
    if TYPE_CHECKING:  # made by the links above
        receipt_id: Mapped[int] = mapped_column()
        charge_id: Mapped[int] = mapped_column()


class PayMode(Choice):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    CHEQUE = "cheque", _("Cheque")
    VOUCHER = "voucher", _("Voucher")
    TRANSFER = "transfer", _("Bank transfer")
    TAB = "tab", _("Tab")


class Payment(SiteRecord, title="mode", issued=True):
    """How a receipt was paid, in one part or several. Change given back is not a payment."""

    __table_args__ = (
        # A voucher pays once, whatever the code above believes.
        Index(
            "uq_payment_voucher",
            "site_id",
            "reference",
            unique=True,
            sqlite_where=text("mode = 'voucher'"),
            postgresql_where=text("mode = 'voucher'"),
        ),
    )
    receipt: Mapped[Receipt] = belongs_to(Receipt, _("Receipt"))
    mode: Mapped[PayMode] = field(_("Paid by"))
    cents: Mapped[Cents] = field(_("Amount"))
    reference: Mapped[str | None] = field(_("Number"), max=20, default=None)
    if TYPE_CHECKING:  # made by the link above
        receipt_id: Mapped[int] = mapped_column()


class Journal(SiteRow):
    """A register's chain of signed records; the body is what was signed."""

    __tablename__ = "journal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "register_id"], ["register.site_id", "register.id"], ondelete="RESTRICT"
        ),
        CheckConstraint("kind IN ('ticket', 'event', 'closing')", name="kind_known"),
        Index("ix_journal_site", "site_id", "register_id", "kind", "seq"),
    )
    register_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(80))


_LIVE = "(SELECT kind FROM site WHERE id = OLD.site_id) = 'live'"
_NO_UPDATE = (
    'CREATE TRIGGER IF NOT EXISTS journal_keep_update BEFORE UPDATE ON "journal"'
    " BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
)
_NO_DELETE = (
    'CREATE TRIGGER IF NOT EXISTS journal_keep_delete BEFORE DELETE ON "journal"'
    f" WHEN {_LIVE} BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION journal_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'UPDATE' OR {_LIVE} THEN RAISE EXCEPTION 'journal is append-only'; END IF;"
    " RETURN OLD; END $$"
)
_TRIGGER = (
    'CREATE OR REPLACE TRIGGER journal_keep BEFORE UPDATE OR DELETE ON "journal"'
    " FOR EACH ROW EXECUTE FUNCTION journal_keep()"
)
add_guard(Guard("keep", "journal", (_NO_UPDATE, _NO_DELETE), (_FUNCTION, _TRIGGER)))

_BACK = (
    "abs(NEW.quantity + (SELECT coalesce(sum(quantity), 0) FROM receipt_line"
    " WHERE refunds_line_id = NEW.refunds_line_id))"
    " > abs((SELECT quantity FROM receipt_line WHERE id = NEW.refunds_line_id))"
)
_MORE = "more is given back than was sold"
add_guard(
    Guard(
        "given_back",
        "receipt_line",
        (
            "CREATE TRIGGER IF NOT EXISTS receipt_line_given_back BEFORE INSERT ON receipt_line"
            f" WHEN NEW.refunds_line_id IS NOT NULL AND {_BACK}"
            f" BEGIN SELECT RAISE(ABORT, '{_MORE}'); END",
        ),
        (
            "CREATE OR REPLACE FUNCTION receipt_line_given_back() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN IF {_BACK} THEN RAISE EXCEPTION '{_MORE}'; END IF; RETURN NEW; END $$",
            "CREATE OR REPLACE TRIGGER receipt_line_given_back BEFORE INSERT ON receipt_line FOR"
            " EACH ROW WHEN (NEW.refunds_line_id IS NOT NULL)"
            " EXECUTE FUNCTION receipt_line_given_back()",
        ),
    )
)
