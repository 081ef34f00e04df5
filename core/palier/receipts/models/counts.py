"""What was counted beside the cash: other ways of payment at a closing, the box of deposits."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.receipts.models.sold import PayMode
from palier.receipts.models.tills import TillSession
from palier.text import Cents, _


class WhyAmiss(Choice):
    """Why something else is there than the books say: closed words, nothing about a person."""

    OTHER_WAY = "other_way", _("It was paid another way than noted")
    NEXT_SLIP = "next_slip", _("It is on another slip of the terminal")
    MISLAID = "mislaid", _("It was mislaid")
    NOTED_WRONG = "noted_wrong", _("Counted or noted wrong before")
    UNKNOWN = "unknown", _("Nobody knows")


class TillCount(SiteRecord, title="mode", issued=True):
    """What was counted of one way of payment when a till was closed; nothing said is not counted.

    Cheques and vouchers are counted in pieces, the card by the total of the terminal's slip.
    `missing` has the numbers of the cheques that were not there.
    """

    __table_args__ = (
        CheckConstraint(
            "reason IS NOT NULL OR coalesce(counted_number, expected_number) = expected_number"
            " AND coalesce(counted_cents, expected_cents) = expected_cents",
            name="explained",
        ),
    )
    till_session: Mapped[TillSession] = belongs_to(TillSession, _("Till session"))
    mode: Mapped[PayMode] = field(_("Paid by"))
    expected_number: Mapped[int] = field(_("Should be there, pieces"), min=0)
    counted_number: Mapped[int | None] = field(_("Counted, pieces"), min=0, default=None)
    expected_cents: Mapped[Cents] = field(_("Should be there"))
    counted_cents: Mapped[Cents | None] = field(_("Counted"), default=None)
    reason: Mapped[WhyAmiss | None] = field(_("Why it differs"), default=None)
    missing: Mapped[str | None] = field(_("Cheques that were missing"), max=2000, default=None)
    if TYPE_CHECKING:  # made by the link above
        till_session_id: Mapped[int] = mapped_column()


class BoxCount(SiteRecord, title="at", issued=True):
    """The box of deposits as it was counted, right or not. `strange` is what should not lie there.

    `missing` has the ids of the deposits that were not there: their rows say whose they are for as
    long as that is kept.
    """

    __table_args__ = (
        CheckConstraint(
            "counted_number = expected_number AND strange = 0 OR reason IS NOT NULL",
            name="explained",
        ),
    )
    on: Mapped[date] = field(_("Day"))
    at: Mapped[datetime] = field(_("At"), index=True)
    person_code: Mapped[str] = field(_("Counted by"), max=8)
    expected_number: Mapped[int] = field(_("Should be there, pieces"), min=0)
    counted_number: Mapped[int] = field(_("Counted, pieces"), min=0)
    strange: Mapped[int] = field(_("Cheques too many"), min=0)
    expected_cents: Mapped[Cents] = field(_("Should be there"))
    counted_cents: Mapped[Cents] = field(_("Counted"))
    reason: Mapped[WhyAmiss | None] = field(_("Why it differs"), default=None)
    missing: Mapped[str | None] = mapped_column(Text)
