"""Questions that the acts and the hooks of mobility share: one statement each."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from palier.api import (
    BookingLine,
    Desk,
    Provider,
    ProviderState,
    Refused,
    Resident,
    and_,
    func,
    or_,
    select,
)

from . import rules
from .models import WAITS, Companion, Heard, Stop, Trip, TripState, Turn, Voucher, VoucherState

_BY: Any = vars(Turn)["companion_id"]
_WITH: Any = vars(Trip)["companion_id"]
_FOR: Any = vars(Turn)["trip_id"]
_SELF: Any = vars(Companion)["resident_id"]
_WHOSE: Any = vars(Trip)["resident_id"]
_LINE: Any = vars(Trip)["line_id"]
LINKS = (Trip.origin, Trip.target, Trip.companion, Trip.resident, Trip.line)


_GOING = (
    or_(Resident.in_use(), Provider.state == ProviderState.LISTED),
    Companion.ended_on.is_(None),
)


class Proposed(NamedTuple):
    """Someone who is free for a trip, and their place in the queue."""

    companion: Companion
    standing: rules.Standing


def queue_for(desk: Desk, trip: Trip) -> list[Proposed]:
    """Return who is free for a trip, in the order of their turns; `trip` may be still unsaved.

    A resident who moved away is not asked, nor a provider who is paused.
    """
    asked = func.max(Turn.at).filter(Turn.heard != Heard.PASSED)
    passed = func.max(Turn.at).filter(Turn.heard == Heard.PASSED)
    query = (
        select(Companion, asked, passed)
        .outerjoin(Turn, Companion.id == _BY)
        .outerjoin(Companion.resident)
        .outerjoin(Companion.provider)
        .where(*_GOING, _SELF.is_distinct_from(trip.resident.id))
        .where(~_is_busy(trip), ~_said_no(trip))
        .group_by(Companion.id)
    )
    if trip.vehicle is not None:
        query = query.where(Companion.drives.is_(True))
    day = desk.local(trip.starts_at).date()
    found = {
        row[0].id: Proposed(row[0], rules.Standing(row[1], row[2], row[0].id))
        for row in desk.session.execute(query)
        if rules.goes_then(row[0], day)
    }
    return [found[each.id] for each in rules.in_turn(p.standing for p in found.values())]


def may_drive(desk: Desk, line: BookingLine) -> bool:
    """Whether someone who may drive is free for a booking of a vehicle: but for its own trip."""
    others = and_(Companion.id == _WITH, _LINE.is_distinct_from(line.id))
    meanwhile = Trip.starts_at < line.ends_at, Trip.ends_at > line.starts_at
    away = select(Trip.id).where(others, Trip.state == TripState.AGREED, *meanwhile)
    query = (
        select(Companion)
        .outerjoin(Companion.resident)
        .outerjoin(Companion.provider)
        .where(*_GOING, Companion.drives.is_(True), ~away.correlate(Companion).exists())
    )
    day = desk.local(line.starts_at).date()
    return any(rules.goes_then(each, day) for each in desk.all(query))


def _is_busy(trip: Trip) -> Any:
    """Whether someone goes along with another trip at that time, or has one of their own."""
    along = and_(Companion.id == _WITH, Trip.state == TripState.AGREED)
    own = and_(_SELF == _WHOSE, Trip.state.in_(WAITS))
    return select(Trip.id).where(or_(along, own), *_overlaps(trip)).correlate(Companion).exists()


def _said_no(trip: Trip) -> Any:
    heard = and_(trip.id == _FOR, Turn.heard == Heard.NO)
    return select(Turn.id).where(Companion.id == _BY, heard).correlate(Companion).exists()


def _overlaps(trip: Trip) -> tuple[Any, ...]:
    return Trip.starts_at < trip.ends_at, Trip.ends_at > trip.starts_at


def trip_meanwhile(desk: Desk, trip: Trip) -> Trip | None:
    """Return a trip that its resident has, or goes along with, at that time already."""
    theirs = select(Trip).outerjoin(Trip.companion).where(*_with(trip.resident))
    return next(iter(desk.all(theirs.where(*_overlaps(trip)).limit(1))), None)


def trips_of(desk: Desk, resident: Resident) -> list[Trip]:
    """Return the trips to come of someone, and those that they go along with."""
    theirs = select(Trip).outerjoin(Trip.companion).where(*_with(resident))
    return desk.all(theirs.order_by(Trip.starts_at, Trip.id), *LINKS)


def _with(resident: Resident) -> tuple[Any, ...]:
    mine = or_(Trip.resident == resident, Companion.resident == resident)
    return mine, Trip.state.in_(WAITS)


def trips_until(desk: Desk, until: datetime) -> list[Trip]:
    """Return the agreed trips that begin before a moment, and all that look for someone."""
    soon = and_(Trip.state == TripState.AGREED, Trip.starts_at < until)
    query = select(Trip).where(or_(soon, Trip.state == TripState.LOOKING))
    return desk.all(query.order_by(Trip.starts_at, Trip.id), *LINKS)


def agreed_on(desk: Desk, day: date) -> list[Trip]:
    """Return the agreed trips of one day."""
    begins, ends = midnight(desk, day), midnight(desk, day + timedelta(days=1))
    query = select(Trip).where(
        Trip.state == TripState.AGREED, Trip.starts_at >= begins, Trip.starts_at < ends
    )
    return desk.all(query.order_by(Trip.starts_at, Trip.id), *LINKS)


def next_trip_with(desk: Desk, companion: Companion) -> Trip | None:
    """Return the next trip that someone goes along with."""
    query = select(Trip).where(Trip.companion == companion, Trip.state == TripState.AGREED)
    return next(iter(desk.all(query.order_by(Trip.starts_at).limit(1))), None)


def midnight(desk: Desk, day: date) -> datetime:
    """Return the moment at which a day of the site begins."""
    return datetime.combine(day, time(), desk.site.zone)


def home(desk: Desk) -> Stop | None:
    """Return the place that stands for the resident's home, whichever that is."""
    query = select(Stop).where(Stop.home, Stop.active).order_by(Stop.id).limit(1)
    return next(iter(desk.all(query)), None)


def companions_of(desk: Desk, column: Any, who: object) -> list[Companion]:
    """Return whether someone goes along now: the record, or nothing."""
    return desk.all(select(Companion).where(column == who, Companion.ended_on.is_(None)))


def vouchers_this_month(desk: Desk, resident: Resident) -> int:
    """Return how many vouchers someone was given since the first of the month."""
    since = midnight(desk, desk.today.replace(day=1))
    query = select(func.count(Voucher.id)).where(
        Voucher.resident == resident,
        Voucher.state == VoucherState.GIVEN,
        Voucher.given_at >= since,
    )
    return desk.session.scalar(query) or 0


def voucher_numbered(desk: Desk, given: str) -> Voucher | None:
    """Return the voucher with this number, however it is written."""
    try:
        number = rules.read_number(given)
    except Refused:
        return None
    query = select(Voucher).where(Voucher.number == number)
    return next(iter(desk.all(query, Voucher.resident, Voucher.kind)), None)
