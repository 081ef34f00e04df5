"""The week as people read it: a row for each person, the gaps first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from palier.accounts.models import Staff
from palier.context import Context
from palier.rosters.duty import Week
from palier.rosters.models import Absence, Shift
from palier.rosters.rules import day_span
from palier.sites.hours import Span
from palier.text import Text, _, say_date, show_time


@dataclass(frozen=True)
class Slip:
    """One block of the table: hours and words, with what opens when it is chosen.

    `kind`: "" · gap · off.
    """

    hours: str
    words: Text | str
    href: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class DayHead:
    """A day of the week; `hours` says when the service is open."""

    name: str
    hours: str
    today: bool
    shut: bool


@dataclass(frozen=True)
class Line:
    """A person's week, or what is still to be covered: slips for each day."""

    name: Text | str
    detail: Text | str
    days: tuple[tuple[Slip, ...], ...]


@dataclass(frozen=True)
class WeekView:
    """A week ready to be written. `by_day` holds the same slips for a narrow screen."""

    title: Text
    days: tuple[DayHead, ...]
    lines: tuple[Line, ...]
    by_day: tuple[tuple[DayHead, tuple[tuple[Text | str, Slip], ...]], ...]
    gaps: int
    empty: bool
    previous_href: str
    this_href: str
    next_href: str
    plan_href: str | None


def draw_week(desk: Context, week: Week, *, may_change: bool) -> WeekView:
    """Return the week for this reader; without the right to change it, nothing leads to a form."""
    address = f"/{desk.site.slug}/desk/rosters"
    links = _Links(address, week.days[0], may_change)
    heads = tuple(_head(desk, week, day) for day in week.days)
    lines = (
        _to_cover(desk, week, links),
        *(_person(desk, week, each, links) for each in week.staff),
    )
    step = timedelta(days=7)
    first, last = (say_date(each, "d MMMM") for each in (week.days[0], week.days[-1]))
    return WeekView(
        _("Roster, from %(first)s to %(last)s").fill(first=first, last=last),
        heads,
        lines,
        tuple(_one_day(heads, lines, each) for each in range(len(heads))),
        len(week.gaps),
        not week.shifts,
        f"{address}/week?day={week.days[0] - step}",
        f"{address}/week",
        f"{address}/week?day={week.days[0] + step}",
        links.to("shifts/plan") if may_change else None,
    )


@dataclass(frozen=True)
class _Links:
    address: str
    monday: date
    may_change: bool

    def to(self, path: str, **values: str) -> str:
        """Return the address of an act that comes back to this week."""
        back = f"{self.address}/week?day={self.monday}"
        return f"{self.address}/{path}?{urlencode({**values, 'back': back})}"


def _head(desk: Context, week: Week, day: date) -> DayHead:
    spans = week.hours.spans(day)
    hours = ""
    if spans:
        hours = f"{_hour(desk, spans[0].starts_at)} – {_hour(desk, spans[-1].ends_at)}"
    return DayHead(say_date(day, "EEEE d"), hours, day == desk.today, not spans)


def _to_cover(desk: Context, week: Week, links: _Links) -> Line:
    days = []
    for day in week.days:
        span = day_span(day, desk.site.zone)
        gaps = [_gap(desk, each, links) for each in week.gaps if _touches(each, span)]
        free = [each for each in week.shifts if each.staff is None]
        empty = [_free(desk, each, links) for each in free if _touches(_span(each), span)]
        days.append((*gaps, *empty))
    return Line(_("To cover"), _("open, with nobody at the desk"), tuple(days))


def _gap(desk: Context, gap: Span, links: _Links) -> Slip:
    ends = {"starts_at": gap.starts_at, "ends_at": gap.ends_at}
    local = {name: desk.local(at).strftime("%Y-%m-%dT%H:%M") for name, at in ends.items()}
    href = links.to("shifts/cover", **local) if links.may_change else None
    return Slip(_hours(desk, gap), _("Nobody yet"), href, "gap")


def _free(desk: Context, shift: Shift, links: _Links) -> Slip:
    href = links.to(f"shifts/{shift.id}/assign") if links.may_change else None
    words = _("%(post)s, nobody yet").fill(post=shift.post.label)
    return Slip(_hours(desk, _span(shift)), words, href, "gap")


def _person(desk: Context, week: Week, staff: Staff, links: _Links) -> Line:
    mine = [each for each in week.shifts if each.staff is staff]
    away = [each for each in week.absences if each.staff is staff]
    days = tuple(tuple(_slips(desk, day, mine, away, links)) for day in week.days)
    minutes = sum(int((e.ends_at - e.starts_at).total_seconds()) // 60 for e in mine)
    planned = _("%(hours)s h %(minutes)s planned").fill(
        hours=str(minutes // 60), minutes=f"{minutes % 60:02d}"
    )
    return Line(staff.name, planned if minutes else staff.role.label, days)


def _slips(
    desk: Context, day: date, shifts: Sequence[Shift], absences: Sequence[Absence], links: _Links
) -> Iterator[Slip]:
    span = day_span(day, desk.site.zone)
    for away in absences:
        if _touches(Span(away.from_at, away.to_at), span):
            part = Span(max(away.from_at, span.starts_at), min(away.to_at, span.ends_at))
            hours = _("All day") if part == span else _hours(desk, part)
            yield Slip(str(hours), away.kind.label, f"{links.address}/absences/{away.id}", "off")
    for shift in shifts:
        if _touches(_span(shift), span):
            href = f"{links.address}/shifts/{shift.id}"
            yield Slip(_hours(desk, _span(shift)), shift.post.label, href)


def _one_day(
    heads: Sequence[DayHead], lines: Iterable[Line], day: int
) -> tuple[DayHead, tuple[tuple[Text | str, Slip], ...]]:
    return heads[day], tuple((line.name, slip) for line in lines for slip in line.days[day])


def _span(shift: Shift) -> Span:
    return Span(shift.starts_at, shift.ends_at)


def _touches(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _hours(desk: Context, span: Span) -> str:
    return f"{_hour(desk, span.starts_at)} – {_hour(desk, span.ends_at)}"


def _hour(desk: Context, moment: datetime) -> str:
    return show_time(desk.local(moment).time())
