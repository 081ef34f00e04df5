"""Things that can be booked, and who has them when."""

from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    and_,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from palier.db.fields import Keep, belongs_to, field
from palier.db.guards import add_guard
from palier.db.overlap import no_overlap
from palier.db.records import SiteRecord, table_name
from palier.db.types import Choice
from palier.residents.models import Household, Resident
from palier.text import _, show

WHO_BOOKED = Keep(_("Know who booked what"), months=12)


class ResourceKind(SiteRecord, title="name", unique=("code",), copied=True):
    """Things with the same rules. The buffers are minutes that stay free around each booking."""

    # `package` is the class's own package: the service a row belongs to has another name here.
    service: Mapped[str] = mapped_column("package", String(40), default="bookings")
    code: Mapped[str] = field(_("Code"), max=20)
    name: Mapped[str] = field(_("Name"), max=60)
    buffer_before: Mapped[int] = field(_("Minutes free before"), default=0, min=0, max=1440)
    buffer_after: Mapped[int] = field(_("Minutes free after"), default=0, min=0, max=1440)
    approval: Mapped[bool] = field(_("Someone says yes first"), default=False)


class ThingState(Choice):
    READY = "ready", _("Ready")
    BLOCKED = "blocked", _("Blocked")
    GONE = "gone", _("Gone")


class KnownThing(TypeDecorator[str]):
    """Which class a thing is; one of a service that was uninstalled reads as a plain thing."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002
        """Give the class's word where the class is here."""
        word = str(value)
        return word if word in Bookable.__mapper__.polymorphic_map else Bookable.__tablename__


class Bookable(SiteRecord, title=("code", "name"), unique=("code",), copied=True):
    """A thing of a site that can be booked. The core refuses two at a time.

    A service's own things extend it: `class Bike(Bookable, title="code")`. They stand in for each
    other when their `kind` is the same, or their kind of resource where they have none.
    """

    __tablename__ = "resource"
    __mapper_args__ = {"polymorphic_on": "what", "polymorphic_identity": "resource"}  # noqa: RUF012
    alike: ClassVar[str] = "resource_kind"

    what: Mapped[str] = mapped_column(KnownThing(60))
    resource_kind: Mapped[ResourceKind | None] = belongs_to(
        ResourceKind, _("Kind of thing"), default=None
    )
    code: Mapped[str] = field(_("Tag"), max=20, search=True)
    name: Mapped[str] = field(_("Name"), default="", max=80, search=True)
    state: Mapped[ThingState] = field(_("State"), default=ThingState.READY)
    blocked_reason: Mapped[str | None] = field(_("Blocked because"), default=None, max=120)

    def __init_subclass__(cls, **more: Any) -> None:
        """Name the class in its rows, so that a booking finds the service's own record."""
        if "__mapper_args__" not in cls.__dict__:
            cls.__mapper_args__ = {"polymorphic_identity": table_name(cls)}
        super().__init_subclass__(**more)
        if "kind" in cls.links:
            cls.alike = "kind"

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Those that are not gone for good."""
        return cls.state != ThingState.GONE

    @property
    def detail(self) -> str:
        """What tells it from others of its kind, beside the tag, where one is chosen."""
        return "" if "name" in self.title_columns else self.name


class Purpose(Choice):
    USE = "use", _("In use")
    BLOCK = "block", _("Kept free")


class Booking(SiteRecord, title="code", unique=("code",)):
    """What someone asked for. Its lines say what, when and how far."""

    code: Mapped[str] = field(_("Booking"), max=12, search=True)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_BOOKED
    )
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=WHO_BOOKED
    )
    service: Mapped[str] = mapped_column("package", String(40))
    purpose: Mapped[Purpose] = field(_("Purpose"), default=Purpose.USE)

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those of which something is still to come, or out."""
        return exists().where(cls.id == _OF_BOOKING, BookingLine.state.in_(OCCUPYING))

    @classmethod
    def kept_from(cls, keep: Keep) -> ColumnElement[Any] | None:  # noqa: ARG003 - one reason only
        """The end of the last of its lines."""
        last = select(func.max(BookingLine.ends_at)).where(cls.id == _OF_BOOKING)
        return last.correlate(cls).scalar_subquery()


class LineState(Choice):
    REQUESTED = "requested", _("Asked for")
    HELD = "held", _("Held")
    BOOKED = "booked", _("Booked")
    OUT = "out", _("Out")
    BACK = "back", _("Back")
    LOST = "lost", _("Lost")
    ATTENDED = "attended", _("Came")
    EXCUSED = "excused", _("Excused")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


OCCUPYING = (LineState.REQUESTED, LineState.HELD, LineState.BOOKED, LineState.OUT)
_OCCUPIES = "{}.state IN ('requested', 'held', 'booked', 'out')"
_OUT = text("state = 'out'")


class BookingLine(SiteRecord, title=("starts_at",)):
    """One thing taken for one span `[starts_at, ends_at)`; the buffers make it `busy_…` longer."""

    booking: Mapped[Booking] = belongs_to(Booking, _("Booking"))
    resource: Mapped[Bookable] = belongs_to(Bookable, _("Thing"))
    wanted_kind: Mapped[ResourceKind | None] = belongs_to(ResourceKind, _("Wanted"), default=None)
    starts_at: Mapped[datetime] = field(_("From"), index=True)
    ends_at: Mapped[datetime] = field(_("Until"), index=True)
    busy_from: Mapped[datetime] = field(_("Taken from"))
    busy_to: Mapped[datetime] = field(_("Taken until"))
    seats: Mapped[int] = field(_("Places"), default=1, min=1)
    state: Mapped[LineState] = field(_("State"), default=LineState.BOOKED)
    held_until: Mapped[datetime | None] = field(_("Held until"), default=None)
    done_at: Mapped[datetime | None] = field(_("Ended"), default=None)
    __table_args__ = (
        CheckConstraint(f"starts_at < ends_at OR NOT {_OCCUPIES.replace('{}.', '')}", name="span"),
        CheckConstraint("busy_from <= starts_at AND ends_at <= busy_to", name="busy"),
        Index("ix_booking_line_busy", "site_id", "resource_id", "busy_to"),
        Index(
            "uq_booking_line_out",
            "resource_id",
            unique=True,
            postgresql_where=_OUT,
            sqlite_where=_OUT,
        ),
    )

    def __str__(self) -> str:
        """Say what, and from when."""
        return f"{self.resource}, {show(self.starts_at)}"


_OF_BOOKING = cast("InstrumentedAttribute[int]", vars(BookingLine)["booking_id"])
# The column beside the link, for lists of things: the link itself compares with one thing only.
THING_ID = cast("InstrumentedAttribute[int]", vars(BookingLine)["resource_id"])
add_guard(no_overlap("booking_line", "resource_id", "busy_from", "busy_to", rows=_OCCUPIES))


def occupies(now: datetime) -> ColumnElement[bool]:
    """Lines that take their thing; a hold that has run out takes it no more."""
    return and_(
        BookingLine.state.in_(OCCUPYING),
        or_(BookingLine.state != LineState.HELD, BookingLine.held_until > now),
    )
