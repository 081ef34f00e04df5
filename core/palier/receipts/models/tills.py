"""A till: its series of receipts, its drawer from opening to closing, what moves in between."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.text import Cents, _, show_day


class RegisterKind(Choice):
    DESK = "desk", _("Desk")
    BOOKLET = "booklet", _("Receipt book")


class Register(SiteRecord, title="code", unique=("code",)):
    """A till's series of receipts: counter, lock and head of its chain, in one row."""

    code: Mapped[str] = field(_("Till"), max=50)
    kind: Mapped[RegisterKind] = field(_("Kind"), default=RegisterKind.DESK)
    year: Mapped[int] = mapped_column()
    next_number: Mapped[int] = mapped_column()
    next_seq: Mapped[int] = mapped_column()
    head_hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(80))
    perpetual_cents: Mapped[int] = mapped_column(Key)
    perpetual_abs_cents: Mapped[int] = mapped_column(Key)


class WhyOther(Choice):
    """Why a drawer holds something else than it should: closed words, nothing about a person."""

    COIN_ROLLED = "coin_rolled", _("A coin rolled away")
    CHANGE = "change", _("Wrong change was given")
    NOTE_MISSING = "note_missing", _("A note is missing")
    NOTED_WRONG = "noted_wrong", _("Counted or noted wrong before")
    UNKNOWN = "unknown", _("Nobody knows")


class TillSession(SiteRecord, title="opened_at"):
    """A drawer from the counted float to the counted takings. One is open in a register at most.

    `before_cents` is what the last closing left in the drawer, `expected_cents` the float and all
    cash since, `left_cents` what stays in the drawer for the next opening. Coins and notes are kept
    as `5000x2 100x3`; `counted_to` is the id of the last receipt that was counted in.
    """

    __table_args__ = (
        Index(
            "uq_till_session_open",
            "site_id",
            "register_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint(
            "difference_cents IS NULL AND closed_at IS NULL"
            " OR difference_cents = counted_cents - expected_cents AND closed_at IS NOT NULL",
            name="difference",
        ),
        CheckConstraint("difference_cents = 0 OR reason IS NOT NULL", name="explained"),
        CheckConstraint(
            "before_cents = float_cents OR float_reason IS NOT NULL", name="float_explained"
        ),
        CheckConstraint("left_cents <= counted_cents", name="left"),
    )
    register: Mapped[Register] = belongs_to(Register, _("Till"))
    opened_on: Mapped[date] = field(_("Day"), index=True)
    opened_at: Mapped[datetime] = field(_("Opened at"), index=True)
    opened_by: Mapped[str] = field(_("Opened by"), max=8)
    before_cents: Mapped[Cents | None] = field(_("Left by the last closing"), default=None)
    float_cents: Mapped[Cents] = field(_("Float"), min=0)
    float_reason: Mapped[WhyOther | None] = field(_("Why the float differs"), default=None)
    float_coins: Mapped[str | None] = field(_("Coins and notes of the float"), default=None)
    closed_at: Mapped[datetime | None] = field(_("Closed at"), default=None)
    closed_by: Mapped[str | None] = field(_("Closed by"), max=8, default=None)
    expected_cents: Mapped[Cents | None] = field(_("Should be there"), default=None)
    counted_cents: Mapped[Cents | None] = field(_("Counted"), min=0, default=None)
    difference_cents: Mapped[Cents | None] = field(_("Difference"), default=None)
    reason: Mapped[WhyOther | None] = field(_("Why it differs"), default=None)
    left_cents: Mapped[Cents | None] = field(_("Stays in the drawer"), min=0, default=None)
    counted_coins: Mapped[str | None] = field(_("Coins and notes counted"), default=None)
    counted_to: Mapped[int | None] = mapped_column(Key)
    if TYPE_CHECKING:  # made by the link above
        register_id: Mapped[int] = mapped_column()


class MoveReason(Choice):
    BANK = "bank", _("To the bank")
    FLOAT = "float", _("Float topped up")
    EXPENSE = "expense", _("Small expense")
    DEPOSIT = "deposit", _("Deposit kept")


class ByHand(Choice):
    """What someone moves cash for; a kept deposit comes in where it is given back."""

    BANK = MoveReason.BANK.value, MoveReason.BANK.label
    FLOAT = MoveReason.FLOAT.value, MoveReason.FLOAT.label
    EXPENSE = MoveReason.EXPENSE.value, MoveReason.EXPENSE.label


class CashMove(SiteRecord, title="reason", issued=True):
    """Cash put into the drawer or taken out that is no sale: signed cents, with a paper's number."""

    __table_args__ = (
        CheckConstraint(
            "reason IN ('float', 'deposit') AND cents > 0"
            " OR reason NOT IN ('float', 'deposit') AND cents < 0",
            name="sign",
        ),
    )
    till_session: Mapped[TillSession] = belongs_to(TillSession, _("Till session"))
    at: Mapped[datetime] = field(_("At"), index=True)
    reason: Mapped[MoveReason] = field(_("What for"))
    cents: Mapped[Cents] = field(_("Amount"))
    number: Mapped[str] = field(_("Number of the paper"), max=20)
    person_code: Mapped[str] = field(_("Written by"), max=8)
    if TYPE_CHECKING:  # made by the link above
        till_session_id: Mapped[int] = mapped_column()


class ClosedPeriod(Choice):
    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class Closing(SiteRecord, title="to_on", issued=True):
    """What a closing of the journal says, to be listed and searched; the journal is what is signed.

    `copy` is the name of its file in the folder outside the database, `person_code` who closed.
    """

    __table_args__ = (UniqueConstraint("site_id", "register_id", "journal_seq"),)
    register: Mapped[Register] = belongs_to(Register, _("Till"))
    journal_seq: Mapped[int] = mapped_column(Key)
    period: Mapped[ClosedPeriod] = field(_("Period"))
    from_on: Mapped[date] = field(_("From"))
    to_on: Mapped[date] = field(_("Closed up to"), index=True)
    at: Mapped[datetime] = field(_("Closed at"), index=True)
    person_code: Mapped[str] = field(_("Closed by"), max=8)
    tickets: Mapped[int] = field(_("Receipts"), min=0)
    first_ticket: Mapped[str | None] = field(_("First receipt"), max=70, default=None, search=True)
    last_ticket: Mapped[str | None] = field(_("Last receipt"), max=70, default=None, search=True)
    total_cents: Mapped[Cents] = field(_("Takings"))
    perpetual_cents: Mapped[Cents] = field(_("Perpetual total"))
    perpetual_abs_cents: Mapped[Cents] = field(_("Without sign"))
    copy: Mapped[str] = field(_("Copy outside"), max=80, search=True)
    if TYPE_CHECKING:  # made by the link above
        register_id: Mapped[int] = mapped_column()

    def __str__(self) -> str:
        """Its period and last day, as lists show it."""
        return f"{self.period} {show_day(self.to_on)}"
