"""The page of counts by hour: one day or one week, a chart and its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from urllib.parse import urlencode

from babel.dates import format_date

from palier.context import Context
from palier.rosters.rules import WEEK, week_days
from palier.screens.catalogue import Paths
from palier.screens.views import Link, Words
from palier.text import Text, _, babel_locale, plural, reader, show_day, show_time
from palier.visits.counting import ANY, Hours, count_hours
from palier.visits.models import VisitReason
from palier.visits.plot import Plot, draw, round_up


@dataclass(frozen=True)
class Chart:
    """One day's chart: what it is of, how many, the list behind it."""

    name: str
    words: Text
    href: str
    plot: Plot


@dataclass(frozen=True)
class HoursView:
    """The page, read and ready to be drawn."""

    title: Words
    before: Link
    after: Link
    now: Link
    views: tuple[Link, ...]
    charts: tuple[Chart, ...]
    headings: tuple[Words, ...]
    apart: int  # how many of the last columns count apart
    rows: tuple[tuple[Words, tuple[int, ...]], ...]
    sums: tuple[int, ...]
    files: tuple[Link, ...]
    people: int
    day: date
    week: bool


def read_hours(desk: Context, day: date, *, week: bool) -> HoursView:
    """Count a day, or its whole week."""
    days = week_days(day) if week else (day,)
    found = count_hours(desk, days)
    root = f"{Paths(desk.site.slug).root}/visits"
    step = timedelta(days=WEEK if week else 1)
    columns = _columns(found)
    return HoursView(
        title=_week_title(days) if week else _title(day),
        before=_to(root, _("The week before") if week else _("The day before"), day - step, week),
        after=_to(root, _("The week after") if week else _("The day after"), day + step, week),
        now=_to(root, _("This week") if week else _("Today"), desk.today, week),
        views=(
            Link(_("Day"), _address(root, day, week=False), current=not week),
            Link(_("Week"), _address(root, day, week=True), current=week),
        ),
        charts=tuple(_charts(root, found)),
        headings=(_("Hour"), *(name for name, _ids in columns)),
        apart=sum(1 for each in found.reasons if each is not None and each.apart),
        rows=tuple((hour_words(hour), _line(found, hour)) for hour in found.hours),
        sums=_line(found, ANY),
        files=_files(root, days),
        people=found.people(),
        day=day,
        week=week,
    )


def hour_words(hour: int) -> str:
    """Say an hour of the day as the hour that begins then."""
    return show_time(time(hour))


def _columns(found: Hours) -> list[tuple[Words, int | None]]:
    named: list[tuple[Words, int | None]] = [
        (each.label if each else _("Without a reason"), each.id if each else None)
        for each in found.reasons
    ]
    visitors = [each for each in found.reasons if each is None or not each.apart]
    named.insert(len(visitors), (_("Visitors"), 0))
    return named


def _line(found: Hours, hour: int) -> tuple[int, ...]:
    visitors = [each for each in found.reasons if each is None or not each.apart]
    apart = found.reasons[len(visitors) :]
    counts = [found.count(hour=hour, reason=_id(each)) for each in visitors]
    others = [found.count(hour=hour, reason=_id(each)) for each in apart]
    return (*counts, found.people(hour=hour), *others)


def _id(reason: VisitReason | None) -> int | None:
    return reason.id if reason is not None else None


def _charts(root: str, found: Hours) -> Sequence[Chart]:
    counts = [[found.people(day=day, hour=hour) for hour in found.hours] for day in found.days]
    top = round_up(max(max(each) for each in counts))
    labels = [str(hour) for hour in found.hours]
    shown = [
        (day, each)
        for day, each in zip(found.days, counts, strict=True)
        if any(each) or len(found.days) == 1
    ]
    return [
        Chart(
            show_day(day),
            plural("%(n)s visitor", "%(n)s visitors", sum(each)),
            f"{root}/visit?{_of_days((day,))}",
            draw(each, labels, top),
        )
        for day, each in shown
    ]


def _title(day: date) -> str:
    said = format_date(day, "EEEE d MMMM y", babel_locale(reader().locale))
    return said[:1].upper() + said[1:]


def _week_title(days: Sequence[date]) -> Text:
    return _("Week from %(first)s to %(last)s").fill(first=days[0], last=days[-1])


def _address(root: str, day: date, *, week: bool) -> str:
    query = {"day": day.isoformat(), **({"week": "1"} if week else {})}
    return f"{root}/hours?{urlencode(query)}"


def _to(root: str, words: Text, day: date, week: bool) -> Link:
    return Link(words, _address(root, day, week=week))


def _of_days(days: Sequence[date]) -> str:
    return urlencode({"on": days[0].isoformat(), "on__until": days[-1].isoformat()})


def _files(root: str, days: Sequence[date]) -> tuple[Link, ...]:
    query = _of_days(days)
    return (
        Link(_("The list"), f"{root}/visit?{query}"),
        Link(_("For any spreadsheet (CSV)"), f"{root}/visit/export.csv?{query}"),
        Link(_("Workbook (XLSX)"), f"{root}/visit/export.xlsx?{query}"),
    )
