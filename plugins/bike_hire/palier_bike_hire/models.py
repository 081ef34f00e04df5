"""What bike hire remembers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from palier.api import (
    Bookable,
    BookingLine,
    Cents,
    Choice,
    DepositForm,
    Keep,
    Mapped,
    Priced,
    Provider,
    Resident,
    SiteRecord,
    Skill,
    Tariff,
    Text,
    Tick,
    Ticks,
    Unit,
    _,
    belongs_to,
    field,
    validates,
)

from .identifier import read_identifier

BRAKE_TEST = Skill("brake_test", _("Brake test"))
BRAKES = "brakes"
# What can be looked at before something leaves; each kind says which of these are its own.
TO_LEAVE = (
    Tick(BRAKES, _("Brakes"), must=True, skill=BRAKE_TEST),
    Tick("lights", _("Lights"), must=True),
    Tick("tyres", _("Tyres")),
    Tick("bell", _("Bell")),
    Tick("saddle", _("Saddle at the right height")),
    Tick("lock", _("Lock and key")),
    Tick("cable", _("Cable and plug without damage"), must=True),
    Tick("works", _("Works when switched on")),
    Tick("clean", _("Clean")),
    Tick("manual", _("Instructions in the box")),
)
ON_RETURN = (
    Tick("clean", _("Clean")),
    Tick("lights", _("Lights")),
    Tick("tyres", _("Tyres")),
    Tick("lock", _("Lock and key")),
    Tick("cable", _("Cable and plug without damage")),
    Tick("works", _("Works when switched on")),
    Tick("manual", _("Instructions in the box")),
)
# The same lines where a kind chooses among them: nobody looks at anything there.
OF_A_KIND = tuple(Tick(each.name, each.label) for each in TO_LEAVE)
BIKE_LEAVES = Ticks({BRAKES, "lights", "tyres", "bell", "saddle", "lock"})
BIKE_RETURNS = Ticks({"clean", "lights", "tyres", "lock"})


class Tier(Choice):
    """What a price is for: its row in the price list ends in this word, its label is charged."""

    DAY = "day", _("%(bike)s, %(kind)s, by the day")
    WEEK = "week", _("%(bike)s, %(kind)s, by the week")
    LATE = "late_fee", _("%(bike)s, %(kind)s, days late")
    PIECE = "piece", _("%(bike)s, %(kind)s, missing pieces")


class Kind(Priced, title="name", unique=("name",), copied=True):
    """City bike, raclette machine: what is checked, counted and held. Prices are in the price list."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {
        Tier.DAY.value: Tariff(_("by the day"), Unit.DAY),
        Tier.WEEK.value: Tariff(_("by the week"), Unit.WEEK),
        Tier.LATE.value: Tariff(_("a day late"), Unit.DAY),
        Tier.PIECE.value: Tariff(_("a missing piece"), Unit.PIECE),
    }

    name: Mapped[str] = field(_("Kind"), max=40)
    deposit: Mapped[Cents] = field(_("Deposit"), min=0)
    marked: Mapped[bool] = field(_("Only lent with the identifier on its frame"), default=False)
    before: Mapped[Ticks] = field(
        _("To check before it leaves"),
        items=OF_A_KIND,
        default=BIKE_LEAVES,
        help=_("Brakes are signed by someone who has learnt the brake test."),
    )
    after: Mapped[Ticks] = field(_("To check on return"), items=ON_RETURN, default=BIKE_RETURNS)
    piece: Mapped[str | None] = field(
        _("What is counted with it"),
        default=None,
        max=40,
        help=_("In one word: pans, balls, keys."),
    )
    pieces: Mapped[int] = field(_("How many belong to it"), default=0, min=0, max=99)

    def price_of(self, tier: Tier) -> str:
        """The name of a row in the price list: `bike_hire.kind.3.week`."""
        return f"{self.price_item}.{tier.value}"

    @property
    def has_brakes(self) -> bool:
        """Whether a brake test is signed for it: it is a bicycle."""
        return BRAKES in self.before

    @property
    def counted(self) -> Text | str:
        """What is counted with it, in words."""
        return self.piece or _("Pieces")


class Bike(Bookable, title="code"):
    """A bicycle, or another thing that is lent. The core refuses to book or lend it twice."""

    # All of them are bikes to the code: addresses, tables and the trail have said so from the first.
    kind: Mapped[Kind] = belongs_to(Kind, _("Kind"))
    identifier: Mapped[str | None] = field(
        _("Identifier"), default=None, max=20, help=_("10 letters and digits, on the frame.")
    )
    loans_since: Mapped[int] = field(_("Loans since the service"), default=0, min=0)
    days_since: Mapped[int] = field(_("Days out since the service"), default=0, min=0)
    serviced_on: Mapped[date | None] = field(_("Last service"), default=None)
    checked: Mapped[Ticks | None] = field(_("Checked at the service"), items=TO_LEAVE, default=None)

    @validates("identifier")
    def _read_identifier(self, _name: str, given: str | None) -> str | None:
        return read_identifier(given) if given else None


class Problem(Choice):
    NONE = "none", _("None")
    BRAKES = "brakes", _("Brakes")
    TYRES = "tyres", _("Tyres")
    LIGHTS = "lights", _("Lights")
    CABLE = "cable", _("Cable or plug")
    OTHER = "other", _("Something else")


class Missing(Choice):
    """What follows when fewer pieces come back than left."""

    CHARGED = "charged", _("Charge what is missing")
    NOTED = "noted", _("Only note it")


class Paper(Choice):
    """How far a paper is that somebody signs."""

    NONE = "none", _("No paper")
    TO_PRINT = "to_print", _("To print")
    PRINTED = "printed", _("To sign")
    SIGNED = "signed", _("Signed")


WHO = Keep(_("Know who has what"), months=12, after="back_at")


class Loan(SiteRecord, title="lent_at"):
    """One thing with one resident, from the day it leaves to the day it is back."""

    bike: Mapped[Bike] = belongs_to(Bike, _("Bike or thing"))
    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=WHO)
    line: Mapped[BookingLine] = belongs_to(BookingLine, _("Booking"))
    lent_at: Mapped[datetime] = field(_("Left"))
    due_at: Mapped[datetime] = field(_("Due back"), index=True)
    back_at: Mapped[datetime | None] = field(_("Came back"), default=None)
    before: Mapped[Ticks] = field(_("Checked before it left"), items=TO_LEAVE)
    after: Mapped[Ticks | None] = field(_("Checked on return"), items=ON_RETURN, default=None)
    pieces_out: Mapped[int | None] = field(_("Pieces that left"), default=None, min=0)
    pieces_in: Mapped[int | None] = field(_("Pieces that came back"), default=None, min=0)
    problem: Mapped[Problem] = field(_("Problem"), default=Problem.NONE)
    deposit: Mapped[DepositForm] = field(_("Deposit left as"))
    held: Mapped[Cents] = field(_("Deposit"), min=0)
    damage: Mapped[Cents] = field(_("Damage"), default=Cents(0), min=0)
    still_owed: Mapped[Cents] = field(_("Not covered by the deposit"), default=Cents(0), min=0)
    contract: Mapped[Paper] = field(_("Contract"), default=Paper.NONE)
    return_slip: Mapped[Paper] = field(_("Return slip"), default=Paper.NONE)

    def __str__(self) -> str:
        """Say which one, and with whom."""
        return f"{self.bike}, {self.resident}"


class Rhythm(SiteRecord, title="valid_from", unique=("kind", "valid_from"), copied=True):
    """When things of a kind are due for maintenance, from a day on. What is left empty never is."""

    kind: Mapped[Kind] = belongs_to(Kind, _("Kind"))
    valid_from: Mapped[date] = field(_("From"))
    loans: Mapped[int | None] = field(
        _("After so many loans"), default=None, min=1, help=_("1: after each loan.")
    )
    days_out: Mapped[int | None] = field(_("After so many days out"), default=None, min=1)
    days: Mapped[int | None] = field(
        _("After so many days, lent or not"), default=None, min=1, help=_("Half a year: 182.")
    )


class Cause(Choice):
    """What opened a repair."""

    HAND = "by_hand", _("Seen at the desk")
    PROBLEM = "problem", _("Problem on return")
    MISSING = "missing", _("Pieces missing")
    DUE = "due", _("Due for maintenance")


class RepairState(Choice):
    OPEN = "open", _("To repair")
    SENT = "sent", _("At the workshop")
    BACK = "back", _("Back, to check")
    DONE = "done", _("Repaired")
    CANCELLED = "cancelled", _("Cancelled")


RUNNING = (RepairState.OPEN, RepairState.SENT, RepairState.BACK)


class Repair(SiteRecord, title="what"):
    """A work order: what is done to one thing, by us or by an outside workshop, and what it cost."""

    bike: Mapped[Bike] = belongs_to(Bike, _("Bike or thing"))
    what: Mapped[str] = field(_("What is to be done"), max=120)
    cause: Mapped[Cause] = field(_("Opened because"), default=Cause.HAND)
    state: Mapped[RepairState] = field(_("State"), default=RepairState.OPEN, index=True)
    opened_at: Mapped[datetime] = field(_("Opened"), index=True)
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Workshop"), default=None)
    due_back: Mapped[date | None] = field(_("Back on"), default=None)
    sent_at: Mapped[datetime | None] = field(_("Sent"), default=None)
    back_at: Mapped[datetime | None] = field(_("Came back"), default=None)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)
    parts: Mapped[Cents] = field(_("Parts"), default=Cents(0), min=0)
    labour: Mapped[Cents] = field(_("Labour"), default=Cents(0), min=0)
    checked: Mapped[Ticks | None] = field(
        _("Checked after the repair"), items=TO_LEAVE, default=None
    )

    def __str__(self) -> str:
        """Say which one, and what is done."""
        return f"{self.bike}, {self.what}"


class RepairPart(SiteRecord, title="name"):
    """A part that a repair used: what one of it cost, in cents."""

    repair: Mapped[Repair] = belongs_to(Repair, _("Repair"))
    name: Mapped[str] = field(_("Part used"), max=80, index=True)
    quantity: Mapped[int] = field(_("Quantity"), default=1, min=1, max=999)
    cents: Mapped[Cents] = field(_("Price of one"), min=0)
    total: Mapped[Cents] = field(_("Total"), min=0)
