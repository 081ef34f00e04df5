"""Tables of visits: one person at the desk, why they came, how many wait."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.residents.models import Resident
from palier.text import _

WHO_CAME = Keep(_("Put what one visit owes on one receipt"), months=24, after="on")


class ReasonIcon(Choice):
    """A drawing, by what it shows."""

    CHAT = "chat", _("Two people talking")
    QUESTION = "info", _("Information")
    MAIL = "parcel", _("A parcel")
    PURCHASE = "basket", _("A basket")
    WORKSHOP = "workshop", _("Scissors")
    OTHER = "more", _("Three dots")
    HANDS = "hands", _("Two hands")
    BREAD = "bread", _("Bread")
    BICYCLE = "bike", _("A bicycle")
    PAPER = "paper", _("A paper")
    PHONE = "phone", _("A telephone")
    COMPUTER = "globe", _("A globe")
    KEY = "key", _("A key")
    TOOL = "tool", _("A toolbox")
    GIFT = "gift", _("A present")
    PEOPLE = "people", _("People")


class VisitReason(SiteRecord, title="label", copied=True):
    """Why people come: a key of the keypad, its word and its drawing.

    A reason that was used is never deleted, only switched off; then its key is free again.
    """

    __table_args__ = (
        Index(
            "uq_visit_reason_key",
            "site_id",
            "key",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )
    key: Mapped[int] = field(_("Key"), min=1, max=9)
    label: Mapped[str] = field(
        _("Word"), max=24, help=_("For another meaning, switch this off and make a new one.")
    )
    icon: Mapped[ReasonIcon] = field(_("Drawing"), default=ReasonIcon.CHAT)
    apart: Mapped[bool] = field(
        _("Counted apart"),
        default=False,
        help=_("For volunteers and partners: they are no visitors."),
    )
    active: Mapped[bool] = field(_("On the keypad"), default=True)


class VisitState(Choice):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Counted by mistake")


class AgeBand(Choice):
    """How old someone looks or says; never a birth date, and never asked of those in a hurry."""

    UNDER_12 = "0-11", _("Under 12")
    TEENS = "12-17", _("12 to 17")
    YOUNG = "18-25", _("18 to 25")
    TO_39 = "26-39", _("26 to 39")
    TO_59 = "40-59", _("40 to 59")
    TO_69 = "60-69", _("60 to 69")
    OLDER = "70+", _("70 and over")
    NOT_SAID = "not_said", _("Not said")


class Sex(Choice):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")
    NOT_SAID = "not_said", _("Not said")


class Visit(SiteRecord, title="on"):
    """One person at the desk; what is owed in it stays in its basket until it is closed.

    Counted on the keypad it is born closed and names nobody. Its age band and sex are of no one
    once the link to the resident is empty, so they stay for the figures.
    """

    __table_args__ = (
        # Two desks that open a resident's card take up one visit, not two.
        Index(
            "uq_visit_open",
            "site_id",
            "resident_id",
            "on",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # Few are open, and the desk page asks for them.
        Index(
            "ix_visit_open",
            "site_id",
            "at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    at: Mapped[datetime] = field(_("At"), index=True)
    on: Mapped[date] = field(_("Day"), index=True)
    reason: Mapped[VisitReason | None] = belongs_to(VisitReason, _("Reason"), default=None)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_CAME
    )
    age_band: Mapped[AgeBand | None] = field(_("Age"), default=None)
    sex: Mapped[Sex | None] = field(_("Sex"), default=None)
    state: Mapped[VisitState] = field(_("State"), default=VisitState.OPEN)
    # The device of the day; like an act's, it may name one that is gone.
    terminal_id: Mapped[int | None] = mapped_column(Key, default=None)

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that go on."""
        return cls.state == VisitState.OPEN

    if TYPE_CHECKING:  # made by the links above
        reason_id: Mapped[int | None] = mapped_column()
        resident_id: Mapped[int | None] = mapped_column()


class Waiting(SiteRecord, title="on", unique=("on",)):
    """How many people wait, on one day: the night begins at none."""

    on: Mapped[date] = field(_("Day"))
    people: Mapped[int] = field(_("Waiting"), default=0, min=0)
