"""What is always true of rosters: opening hours with nobody on duty, days of a week, refusals."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palier.errors import Refused
from palier.rosters.models import Absence, Post, Shift
from palier.sites.hours import Span, instant, open_spans
from palier.sites.models import Opening
from palier.text import _

WEEK = 7


class AlreadyOnDuty(Refused):
    text = _("%(who)s is already on duty then: %(post)s, from %(start)s until %(end)s.")
    field = "staff"


class IsAway(Refused):
    text = _("%(who)s is away from %(start)s until %(end)s.")
    field = "staff"


class NoLongerHere(Refused):
    text = _("%(who)s does not work here that day.")
    field = "staff"


class ShiftEndsBeforeStart(Refused):
    text = _("The end must come after the start.")
    field = "ends_at"


class AbsenceEndsBeforeStart(Refused):
    text = _("The end must come after the start.")
    field = "to_at"


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def week_days(day: date) -> tuple[date, ...]:
    """Return the seven days of a day's week, Monday first."""
    return tuple(monday_of(day) + timedelta(days=each) for each in range(WEEK))


def day_span(day: date, zone: ZoneInfo, days: int = 1) -> Span:
    """Return the instants of whole days at the site: 23 or 25 hours where clocks change."""
    end = day + timedelta(days=days)
    return Span(instant(day, time(), zone), instant(end, time(), zone))


def gaps(
    openings: Sequence[Opening],
    shifts: Sequence[Shift],
    absences: Sequence[Absence],
    days: Iterable[date],
    zone: ZoneInfo,
) -> list[Span]:
    """Return the opening hours of these days in which nobody is at the desk, in order.

    Someone who is away does not count, though the shift still stands.
    """
    covered = list(_at_the_desk(shifts, absences))
    found: list[Span] = []
    for day in days:
        for span in open_spans(openings, day, zone):
            found += without(span, covered)
    return found


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return what is left of a span when the others are taken out of it, in order."""
    left: list[Span] = []
    begin = span.starts_at
    for other in sorted(others):
        if other.ends_at <= begin or other.starts_at >= span.ends_at:
            continue
        if other.starts_at > begin:
            left.append(Span(begin, other.starts_at))
        begin = max(begin, other.ends_at)
    if begin < span.ends_at:
        left.append(Span(begin, span.ends_at))
    return left


def _at_the_desk(shifts: Iterable[Shift], absences: Sequence[Absence]) -> Iterator[Span]:
    for shift in shifts:
        if shift.staff is None or shift.post is not Post.DESK:
            continue
        away = [Span(e.from_at, e.to_at) for e in absences if e.staff is shift.staff]
        yield from without(Span(shift.starts_at, shift.ends_at), away)


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raise `ShiftEndsBeforeStart`."""
    if ends_at <= starts_at:
        raise ShiftEndsBeforeStart
