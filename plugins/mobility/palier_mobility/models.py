"""What mobility remembers: places, who goes along, vehicles, trips, whose turn it was, vouchers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from palier.api import (
    ONE,
    Bookable,
    BookingLine,
    Choice,
    ColumnElement,
    Keep,
    Mapped,
    Priced,
    Provider,
    Resident,
    SiteRecord,
    Tariff,
    Tick,
    Ticks,
    Unit,
    VatClass,
    _,
    belongs_to,
    field,
)

DAYS = (
    Tick("1", _("Monday")),
    Tick("2", _("Tuesday")),
    Tick("3", _("Wednesday")),
    Tick("4", _("Thursday")),
    Tick("5", _("Friday")),
    Tick("6", _("Saturday")),
    Tick("7", _("Sunday")),
)
ON_FOOT, BY_VEHICLE = "on_foot", "by_vehicle"

GOES = Keep(_("Know who goes along with others"), months=12, after="ended_on")
TRAVELS = Keep(_("Make a trip that was asked for"), months=12, after="ended_at")
HANDED = Keep(_("Know who was given which voucher"), months=12, after="given_at")


class Fare(Priced, title="name", unique=("name",), copied=True):
    """How far a trip goes, for its price: in the neighbourhood, in the city."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {
        ON_FOOT: Tariff(_("without a vehicle"), Unit.PIECE),
        BY_VEHICLE: Tariff(_("with a vehicle"), Unit.PIECE, VatClass.INTERMEDIATE),
    }

    name: Mapped[str] = field(_("Fare"), max=40)


class Stop(SiteRecord, title="name", unique=("name",), copied=True):
    """A place that trips begin or end at; one of them is the resident's home, whichever that is."""

    name: Mapped[str] = field(_("Place of trips"), max=60, index=True)
    fare: Mapped[Fare] = belongs_to(Fare, _("Fare"))
    home: Mapped[bool] = field(_("The resident's home"), default=False)
    active: Mapped[bool] = field(_("Offered now"), default=True)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Those that a form offers."""
        return cls.active.is_(True)


class Vehicle(Bookable, title=("code", "name")):
    """A car or a cargo cycle that drives people. The core refuses to book it twice at one time."""

    seats: Mapped[int] = field(_("Seats for passengers"), default=4, min=1, max=8)


class Companion(SiteRecord, title="name"):
    """A volunteer or a provider who goes along: asked in turn, on their days.

    The name is the resident's or the provider's own, and follows it.
    """

    name: Mapped[str] = field(_("Name"), max=120, index=True, keep=GOES)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Volunteer"), default=None, keep=GOES
    )
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Provider"), default=None)
    days: Mapped[Ticks] = field(_("Days"), items=DAYS)
    drives: Mapped[bool] = field(_("May drive the vehicle"), default=False)
    away_until: Mapped[date | None] = field(
        _("Away until"), default=None, help=_("The last day away. Nobody asks before.")
    )
    ended_on: Mapped[date | None] = field(_("Stopped on"), default=None)


class What(Choice):
    """What a trip is for. A closed list, and never a reason of health: nothing is asked of it."""

    SHOPS = "shops", _("Shops and market")
    OFFICE = "office", _("An office, papers")
    FAMILY = "family", _("Family or friends")
    APPOINTMENT = "appointment", _("An appointment")
    OUTING = "outing", _("An outing")


class TripState(Choice):
    LOOKING = "looking", _("Looking for someone")
    AGREED = "agreed", _("Someone goes along")
    DONE = "done", _("Took place")
    NOT_MADE = "not_made", _("Did not take place")
    CALLED_OFF = "called_off", _("Called off")


class Why(Choice):
    """Why a trip did not take place."""

    RESIDENT = "resident", _("The resident can't or did not come")
    COMPANION = "companion", _("Who goes along can't or did not come")
    VEHICLE = "vehicle", _("The vehicle")
    WEATHER = "weather", _("The weather")


WAITS = (TripState.LOOKING, TripState.AGREED)


class Trip(SiteRecord, title=("what", "starts_at")):
    """One resident taken somewhere and accompanied, from the asking to the end."""

    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=TRAVELS)
    starts_at: Mapped[datetime] = field(_("When"), index=True)
    ends_at: Mapped[datetime] = field(_("Until"))
    origin: Mapped[Stop] = belongs_to(Stop, _("Leaves from"))
    target: Mapped[Stop] = belongs_to(Stop, _("Goes to"))
    what: Mapped[What] = field(_("For"))
    people: Mapped[int] = field(_("How many people"), default=1, min=1, max=8)
    vehicle: Mapped[Vehicle | None] = belongs_to(Vehicle, _("Vehicle"), default=None)
    line: Mapped[BookingLine | None] = belongs_to(
        BookingLine, _("Booking of the vehicle"), default=None
    )
    companion: Mapped[Companion | None] = belongs_to(Companion, _("Goes along"), default=None)
    state: Mapped[TripState] = field(_("State"), default=TripState.LOOKING, index=True)
    why: Mapped[Why | None] = field(_("Why not"), default=None)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)

    def __str__(self) -> str:
        """Say what for, and when."""
        return str(_("%(what)s, %(start)s").fill(what=self.what, start=self.starts_at))

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that are to come, or that nobody has ended."""
        return cls.state.in_(WAITS)


class Answer(Choice):
    YES = "yes", _("Yes, they go along")
    NO = "no", _("No, not this time: the next one")


class Heard(Choice):
    """What became of someone's turn."""

    YES = "yes", _("Said yes")
    NO = "no", _("Could not")
    PASSED = "passed", _("Passed over")


class Turn(SiteRecord, title="at"):
    """Someone's turn, for one trip: the log that says whose is next."""

    companion: Mapped[Companion] = belongs_to(Companion, _("Goes along"))
    trip: Mapped[Trip] = belongs_to(Trip, _("Trip"))
    at: Mapped[datetime] = field(_("Asked"), index=True)
    heard: Mapped[Heard] = field(_("Answer"))


class VoucherKind(Priced, title="name", unique=("name",), copied=True):
    """A taxi voucher, a bus ticket. What one costs, and each bracket's share, is in the price list."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {
        ONE: Tariff(_("One"), Unit.PIECE, VatClass.INTERMEDIATE)
    }

    name: Mapped[str] = field(_("Kind of voucher"), max=40, index=True)
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Sold in the name of"), default=None)

    @property
    def seller(self) -> Provider | None:
        """In whose name it is sold."""
        return self.provider


class Booklet(SiteRecord, title="first"):
    """Numbered vouchers that came together."""

    kind: Mapped[VoucherKind] = belongs_to(VoucherKind, _("Kind of voucher"))
    first: Mapped[str] = field(_("Number of the first voucher"), max=20)
    vouchers: Mapped[int] = field(_("Vouchers"), min=1, max=100)
    came_on: Mapped[date] = field(_("Came"), index=True)


class VoucherState(Choice):
    LEFT = "left", _("In the booklet")
    GIVEN = "given", _("Given")
    SPOILT = "spoilt", _("Spoilt")


class Voucher(SiteRecord, title="number", unique=("number",)):
    """One numbered voucher: it is given once."""

    number: Mapped[str] = field(_("Number"), max=20, impersonal=True)
    booklet: Mapped[Booklet] = belongs_to(Booklet, _("Booklet"))
    kind: Mapped[VoucherKind] = belongs_to(VoucherKind, _("Kind of voucher"))
    state: Mapped[VoucherState] = field(_("State"), default=VoucherState.LEFT)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Given to"), default=None, keep=HANDED
    )
    given_at: Mapped[datetime | None] = field(_("Given or spoilt"), default=None, index=True)
    person_code: Mapped[str] = field(_("By"), max=20, default="", keep=HANDED)
