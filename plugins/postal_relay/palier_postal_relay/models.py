"""What the relay remembers of parcels: where they lie, for whom, until when. No sender, no content."""

from datetime import date, datetime

from palier.api import (
    Choice,
    Keep,
    Mapped,
    Resident,
    SiteRecord,
    Skill,
    Tick,
    Ticks,
    _,
    belongs_to,
    field,
)

REGISTERED_MAIL = Skill("registered_mail", _("Registered mail"))

# What may have been seen at a hand-out. Only that it was seen is kept: no number, no copy.
SEEN = (
    Tick("document", _("Identity document")),
    Tick("notice", _("The carrier's notice")),
    Tick("code", _("The carrier's code")),
    Tick("addressee_document", _("Identity document of the addressee too")),
    Tick("proxy", _("Signed proxy")),
)


class Size(Choice):
    LETTER = "letter", _("Letter")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


class Event(Choice):
    """What the days of a carrier are counted from."""

    ARRIVAL = "arrival", _("Arrival at the desk")
    NOTICE = "notice", _("Notice to the person")


class Carrier(SiteRecord, title="name", unique=("word",), copied=True):
    """Who brings parcels. Carriers of one network come with one driver."""

    name: Mapped[str] = field(_("Carrier"), max=80, index=True, search=True)
    word: Mapped[str] = field(
        _("Word"), max=40, help=_("As in the carriers' rules, or one of your own.")
    )
    network: Mapped[str] = field(
        _("Network"), max=40, help=_("Carriers of one network come with one driver.")
    )
    registered: Mapped[bool] = field(_("Registered items"), default=False)


class Rule(SiteRecord, title="source", unique=("carrier", "valid_from"), copied=True):
    """What a carrier asks from a day on, where a site knows it otherwise than it came."""

    carrier: Mapped[Carrier] = belongs_to(Carrier, _("Carrier"))
    days: Mapped[int] = field(_("Days kept"), min=1, max=60)
    counted_from: Mapped[Event] = field(_("Counted from"), default=Event.ARRIVAL)
    notice: Mapped[bool] = field(_("The carrier's notice is shown too"), default=False)
    code: Mapped[bool] = field(_("The carrier's code will do instead of a document"), default=False)
    other_document: Mapped[bool] = field(
        _("Someone else shows the addressee's document too"), default=True
    )
    other_proxy: Mapped[bool] = field(_("Someone else may show a signed proxy"), default=False)
    valid_from: Mapped[date] = field(_("From"), index=True)
    valid_to: Mapped[date | None] = field(
        _("Until"), default=None, help=_("The first day on which it holds no more.")
    )
    source: Mapped[str] = field(_("Known from"), max=120)


class Place(SiteRecord, title="code", unique=("code",), copied=True):
    """A place on the shelf, with its own code to scan."""

    code: Mapped[str] = field(_("Place"), max=10, index=True)
    size: Mapped[Size] = field(_("Size"), default=Size.MEDIUM)
    room: Mapped[int] = field(_("Room for"), default=10, min=1, max=200)
    locked: Mapped[bool] = field(_("Locked, for registered items"), default=False)


class Drop(SiteRecord, title=("carrier", "opened_at")):
    """What one driver brings: announced as a number or a list, then scanned in one run."""

    carrier: Mapped[Carrier] = belongs_to(Carrier, _("Carrier"))
    opened_at: Mapped[datetime] = field(_("Opened"), index=True)
    opened_by: Mapped[str] = field(_("Opened by"), max=80)
    announced: Mapped[int | None] = field(_("Announced"), default=None, min=0, max=2000)
    received: Mapped[int] = field(_("Received"), default=0, min=0)
    missing: Mapped[int] = field(_("Missing"), default=0, min=0)
    extra: Mapped[int] = field(_("More than announced"), default=0, min=0)
    closed_at: Mapped[datetime | None] = field(_("Closed"), default=None, index=True)
    closed_by: Mapped[str | None] = field(_("Closed by"), default=None, max=80)


class State(Choice):
    EXPECTED = "expected", _("Expected")
    RECEIVED = "received", _("Received")
    SHELVED = "shelved", _("Waits on the shelf")
    NOTIFIED = "notified", _("On the shelf, told")
    COLLECTED = "collected", _("Collected")
    REFUSED = "refused", _("Refused, goes back")
    RETURNED = "returned", _("Sent back")
    LOST = "lost", _("Lost")


class Taker(Choice):
    """Who stands at the desk."""

    ADDRESSEE = "addressee", _("The person themselves")
    OTHER = "other", _("Someone else for them")


WHO = Keep(_("Hand parcels over"), months=3, after="ended_at")


class Parcel(SiteRecord, title="number", unique=("carrier", "number", "arrived_on")):
    """One item, from the announcement to its end. A carrier may use a number again a year later."""

    carrier: Mapped[Carrier] = belongs_to(Carrier, _("Carrier"))
    drop: Mapped[Drop] = belongs_to(Drop, _("Drop"))
    number: Mapped[str | None] = field(
        _("Number"), default=None, max=40, index=True, keep=WHO, search=True
    )
    own_number: Mapped[bool] = field(_("The label could not be read"), default=False)
    proven: Mapped[bool] = field(_("Check digit is right"), default=True)
    listed: Mapped[bool] = field(_("On the driver's list"), default=False)
    registered: Mapped[bool] = field(_("Registered"), default=False)
    resident: Mapped[Resident | None] = belongs_to(Resident, _("For"), default=None, keep=WHO)
    addressee: Mapped[str | None] = field(_("Name on the label"), default=None, max=80, keep=WHO)
    size: Mapped[Size] = field(_("Size"), default=Size.MEDIUM)
    place: Mapped[Place | None] = belongs_to(Place, _("Place"), default=None)
    state: Mapped[State] = field(_("State"), default=State.EXPECTED, index=True)
    arrived_on: Mapped[date | None] = field(_("Arrived"), default=None, index=True)
    received_at: Mapped[datetime | None] = field(_("Scanned"), default=None)
    last_day: Mapped[date | None] = field(_("Carrier's last day"), default=None)
    until: Mapped[date | None] = field(_("Waits until"), default=None, index=True)
    papers_at: Mapped[datetime | None] = field(_("Papers seen"), default=None)
    taken_by: Mapped[Taker | None] = field(_("Collected by"), default=None)
    seen: Mapped[Ticks | None] = field(_("Seen"), items=SEEN, default=None, keep=WHO)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)
    ended_by: Mapped[str | None] = field(_("Ended by"), default=None, max=80, keep=WHO)


class Stage(SiteRecord, title="state"):
    """One step of a parcel: which, when, by whom."""

    parcel: Mapped[Parcel] = belongs_to(Parcel, _("Parcel"))
    state: Mapped[State] = field(_("State"))
    at: Mapped[datetime] = field(_("At"), index=True)
    by: Mapped[str] = field(_("By"), max=80)
