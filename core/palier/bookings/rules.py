"""What is always true of bookings: states, spans, refusals. No session, no clock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palier.bookings.models import Bookable, BookingLine, LineState, ThingState
from palier.errors import NotNow, Refused
from palier.text import _

S = LineState
# What is not named here is final.
NEXT: Mapping[LineState, frozenset[LineState]] = {
    S.REQUESTED: frozenset({S.BOOKED, S.REFUSED, S.EXPIRED}),
    S.HELD: frozenset({S.BOOKED, S.CANCELLED, S.EXPIRED}),
    S.BOOKED: frozenset({S.OUT, S.ATTENDED, S.EXCUSED, S.NO_SHOW, S.CANCELLED}),
    S.OUT: frozenset({S.BACK, S.LOST}),
}


class EndsBeforeStart(Refused):
    text = _("The end must come after the start.")
    field = "ends_at"


class EndsInThePast(Refused):
    text = _("This end is already past.")
    field = "ends_at"


class ThingBlocked(Refused):
    text = _("%(thing)s is blocked: %(reason)s. Choose another one, or put it back first.")


class ThingGone(Refused):
    text = _("%(thing)s is no longer here.")


class AlreadyOut(Refused):
    text = _(
        "%(thing)s is already out with %(who)s since %(since)s, due back %(until)s. Choose another"
        " one."
    )
    overtaken = True


class AlreadyBooked(Refused):
    text = _(
        "%(thing)s is booked by %(who)s from %(start)s until %(until)s. Choose another one, or other"
        " times."
    )
    field = "ends_at"


class NothingFree(Refused):
    text = _("Nothing of this kind is free then. Try other days.")
    field = "ends_at"


class NotAlike(Refused):
    text = _("%(other)s is of another kind than %(thing)s.")
    field = "other"


def check_span(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise `EndsBeforeStart` or `EndsInThePast` for a span nobody can have."""
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if ends_at <= now:
        raise EndsInThePast


def check_ready(thing: Bookable) -> None:
    """Raise `ThingBlocked` or `ThingGone` for a thing that can't be given to anyone."""
    if thing.state is ThingState.BLOCKED:
        raise ThingBlocked(thing=str(thing), reason=thing.blocked_reason or "–")
    if thing.state is ThingState.GONE:
        raise ThingGone(thing=str(thing))


def check_move(line: BookingLine, to: LineState) -> None:
    """Raise `NotNow` when a line in its state can't become `to`."""
    if not may_become(line.state, to):
        raise NotNow


def may_become(state: LineState, to: LineState) -> bool:
    """Whether the table of states allows it."""
    return to in NEXT.get(state, frozenset())


def may_be_cancelled(line: BookingLine) -> bool:
    return may_become(line.state, S.CANCELLED)


def has_slip(line: BookingLine) -> bool:
    """Whether someone can take a paper home that says when to come: it is to come, and theirs."""
    return line.state is S.BOOKED and line.booking.resident is not None


def may_be_swapped(line: BookingLine) -> bool:
    """Whether another thing can stand in: nothing left the house yet."""
    return line.state in {S.REQUESTED, S.HELD, S.BOOKED}


def overlap(a_from: datetime, a_to: datetime, b_from: datetime, b_to: datetime) -> bool:
    """Whether two half-open spans share an instant: what ends at ten frees ten o'clock."""
    return a_from < b_to and b_from < a_to


def buffers(thing: Bookable) -> tuple[timedelta, timedelta]:
    """Return the times that stay free before and after each booking of a thing."""
    kind = thing.resource_kind
    if kind is None:
        return timedelta(0), timedelta(0)
    return timedelta(minutes=kind.buffer_before), timedelta(minutes=kind.buffer_after)


def end_line(line: BookingLine, now: datetime) -> None:
    """Note the return at its true time: early frees the calendar, late leaves it as it was.

    Raises `NotNow` for a line that is not out.
    """
    check_move(line, S.BACK)
    line.state, line.done_at = S.BACK, now
    if now < line.ends_at:
        after = line.busy_to - line.ends_at
        line.ends_at = max(now, line.starts_at)
        line.busy_to = line.ends_at + after


def is_late(line: BookingLine, now: datetime) -> bool:
    return line.state is S.OUT and line.ends_at <= now


def day_span(day: date, zone: ZoneInfo, days: int = 1) -> tuple[datetime, datetime]:
    """Return the instants between which the site's days lie: 23 or 25 hours where clocks change."""
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    return first, datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)
