"""Every extension point: one object is the specification, the decorator and the typed call."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

import pluggy

from palier.acts import Step
from palier.text import Text

if TYPE_CHECKING:
    from palier.bookings.models import BookingLine
    from palier.db.records import SiteRecord
    from palier.desk.counter import Desk
    from palier.errors import Refused
    from palier.receipts.models import Charge
    from palier.residents.models import Resident

P = ParamSpec("P")
T = TypeVar("T")

PROJECT = "palier"
_spec = pluggy.HookspecMarker(PROJECT)
_impl = pluggy.HookimplMarker(PROJECT)

SHOWS, DECIDES, RUNS = "shows", "decides", "runs"

# What is promised: within 1.x hooks may be added; none goes, and none asks in another way.
VERSION = "1.0"
FIRST = "0.1"  # the Palier that promised them first


@dataclass(frozen=True)
class Card:
    """One line in words, with its next act. Sorted by `order`, then late, soon, others, then words."""

    text: Text
    step: Step | None = None
    detail: Text | None = None
    kind: str = ""  # "" · soon · late
    order: int = 50


@dataclass(frozen=True)
class PublicLine:
    """One line that anyone may read: never a person's name, nor what leads to one.

    A plain `str` was typed at the site, in its language. `day` is drawn as a leaf of a calendar,
    `dots` are so many of so many, which the words say too. `event` is the record of one of your
    `public_events`: whoever reads the line can take it into their own calendar.
    """

    text: Text | str
    detail: Text | None = None
    day: date | None = None
    dots: tuple[int, int] | None = None
    event: "SiteRecord | None" = None


@dataclass(frozen=True)
class PublicBlock:
    """Lines for the public page: a part of their own under `title`; without it, under your name.

    Parts are sorted by `order`, then by title. The first eight lines are shown.
    """

    lines: Sequence[PublicLine]
    title: Text | None = None
    order: int = 50


@dataclass(frozen=True)
class PublicEvent:
    """Something that takes place, for the calendar that anyone may read: never a person's name.

    `record` is what it is, and its version tells calendars that it changed. `starts` and `ends` are
    instants; a `date` is a whole day. What is called off stays, and is said to be so.
    """

    record: "SiteRecord"
    title: Text | str
    starts: datetime | date
    ends: datetime | date | None = None
    place: Text | str = ""
    detail: Text | None = None
    called_off: bool = False


class Hook(Generic[P, T]):
    """Decorate a function of plugin.py with it; the type checker compares the signatures.

    `changed` is the Palier whose upgrade last asked something else of those who answer. `warns`
    says one release before what will change: it is logged for each answer, with its line.
    """

    def __init__(self, kind: str, function: Callable[..., T], changed: str, warns: str) -> None:
        self.kind = kind
        self.changed, self.warns = changed, warns
        self.name = function.__name__
        self.function = function
        self.__doc__ = inspect.getdoc(function)
        self.specification = _spec(function)
        self.arguments = tuple(inspect.signature(function).parameters)

    def __call__(
        self, function: "Callable[Concatenate[Desk, P], T]"
    ) -> "Callable[Concatenate[Desk, P], T]":
        """Mark a plugin's function as an answer to this hook."""
        return _impl(specname=self.name)(function)


def _hook(
    kind: str, *, changed: str = FIRST, warns: str = ""
) -> Callable[["Callable[Concatenate[Desk, P], T]"], Hook[P, T]]:
    def wrap(function: "Callable[Concatenate[Desk, P], T]") -> Hook[P, T]:
        return Hook(kind, function, changed, warns)

    return wrap


@_hook(SHOWS)
def desk_cards(desk: "Desk", resident: "Resident") -> Iterable[Card]:
    """Return what this service has to say about `resident` now, in words.

    Asked once when a resident's card is opened, of the plugins that are on at the desk's site.
    Cards are sorted by `order`, then what is late, soon, the others, then text: the order in which
    plugins answer means nothing. At most two statements.

    Example: `yield Card(_("A bike to bring back on Friday."), take_back.on(loan))`
    """
    return ()


@_hook(SHOWS)
def today(desk: "Desk") -> Iterable[Card]:
    """Return what today needs: due back, arriving, waiting, to call.

    Asked when the desk page is opened. At most two statements.

    Example: `yield Card(_("V03 comes back from Théo Ritter."), take_back.on(loan))`
    """
    return ()


@_hook(SHOWS)
def resolve_scan(desk: "Desk", code: str) -> Step | None:
    """Return the next act for a scanned or typed code; None if the code is not yours.

    `code` is one reading of what was scanned, without outer spaces; a group separator in it is
    `\\x1d`. Where a scan has several readings (a scanner set to QWERTY on an AZERTY computer) you
    are asked for one after the other, the most likely first, until a service knows one. At most
    two statements each time.

    Example: `return take_back.on(loan)`
    """
    return None


@_hook(SHOWS)
def public_blocks(desk: "Desk") -> Iterable[PublicBlock]:
    """Return what anyone may read of this service now: what is there today, what comes next.

    Asked when the site's public page is opened, by nobody in particular: `desk.actor` may do
    nothing. No name of a person, and nothing that leads to one. What fails is left out. At most
    two statements.

    Example: `yield PublicBlock([PublicLine(_("%(n)s loaves left.").fill(n=12))])`
    """
    return ()


@_hook(SHOWS)
def public_events(desk: "Desk") -> Iterable[PublicEvent]:
    """Return what takes place, for calendars: lately, so that nothing vanishes there, and to come.

    Asked when someone's calendar fetches the site's, and by nobody in particular. No name of a
    person. What fails is left out. At most two statements.

    Example: `yield PublicEvent(workshop, workshop.title, workshop.starts_at, workshop.ends_at)`
    """
    return ()


@_hook(DECIDES)
def check_booking(desk: "Desk", line: "BookingLine") -> "Iterable[Refused]":
    """Return why this booking of one of *your* things can't be; nothing when it can.

    Asked before a booking is written, and again before a thing is handed over. `line` is not
    stored yet. At most two statements.

    Example: `yield ServiceDue(bike=bike.code)`
    """
    return ()


@_hook(DECIDES)
def charge_ended(desk: "Desk", charge: "Charge") -> None:
    """Do what follows when one of *your* charges was paid, cancelled or waived.

    Called in the transaction that ends the charge; `charge.state` says how it ended. A refusal
    raised here refuses the payment.

    Example: `put_back(desk, order)`
    """


@_hook(RUNS)
def daily(desk: "Desk") -> None:
    """Do what each day asks for: reminders above all. Called once a day, when the desk has closed.

    It may run again on the same day, and late where the computer was off: then it changes nothing
    that is done already. `desk.tell(…, once=…)` tells the same once.

    Example: `desk.tell(loan.resident, words, kind="due", about=loan, once="before")`
    """


@_hook(RUNS)
def on_enabled(desk: "Desk") -> None:
    """Prepare a site when the service is switched on there; run again, it changes nothing.

    Example: `desk.one(Kind(name="City bike", deposit=Cents(15000)))`
    """


@_hook(RUNS)
def demo(desk: "Desk") -> None:
    """Make demonstration data through your own acts. Run on training and demonstration sites only.

    It is asked on the first day, when residents live there, and again on the evening before the day
    that the demonstration shows: what is made already it leaves. Make at least one record for each
    of your screens.

    Example: `receive(desk, bread=baguette, delivered=40)`
    """


ALL: tuple[Hook[..., Any], ...] = (
    desk_cards,
    today,
    resolve_scan,
    public_blocks,
    public_events,
    check_booking,
    charge_ended,
    daily,
    on_enabled,
    demo,
)
