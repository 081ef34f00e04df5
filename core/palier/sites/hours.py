"""When a site is open: its usual hours, the days on which it stays shut, and the next opening."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from palier.context import Context
from palier.sites.models import ClosingDay, Opening, Site
from palier.sites.rules import ALSACE_MOSELLE, Settings

A_DAY = timedelta(days=1)
FAR = 400  # days within which the next opening is looked for
OVERSEAS = frozenset({"971", "972", "973", "974", "976"})


class Span(NamedTuple):
    """Instants `[starts_at, ends_at)`."""

    starts_at: datetime
    ends_at: datetime


class Shut(NamedTuple):
    """Why the site does not open on a day that is usually open: a reason in the site's words, if any."""

    reason: str
    is_holiday: bool = False


@dataclass(frozen=True)
class Hours:
    """A site's hours as stored. `region` names whose public holidays hold there.

    `keeps_holidays` says whether it stays shut on them; asked only where one comes up.
    """

    openings: Sequence[Opening]
    closings: Sequence[ClosingDay]
    zone: ZoneInfo
    region: str = ""
    keeps_holidays: Callable[[], bool] = lambda: True

    def on(self, day: date) -> list[Opening]:
        """Return the spans of a day; none where it stays shut."""
        return [] if self.shut(day) else [each for each in self.openings if is_valid(each, day)]

    def spans(self, day: date) -> list[Span]:
        """Return when the site is open on a day, in order; what touches is one span."""
        found: list[Span] = []
        for each in open_spans(self.on(day), day, self.zone):
            if found and each.starts_at <= found[-1].ends_at:
                found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, each.ends_at))
            else:
                found.append(each)
        return found

    def shut(self, day: date) -> Shut | None:
        """Return why the site stays shut on a day, whatever its usual hours; None where it doesn't."""
        for each in self.closings:
            if each.from_on <= day <= each.to_on:
                return Shut(each.reason)
        name = holidays_of(self.region, day.year, "fr").get(day)
        return Shut(name, is_holiday=True) if name and self.keeps_holidays() else None

    def now(self, now: datetime) -> Span | None:
        """Return the span in which the site is open at this moment; None while it is closed."""
        today = now.astimezone(self.zone).date()
        # One that ends at midnight may have begun on the day before.
        spans = (*self.spans(today - A_DAY), *self.spans(today))
        return next((each for each in spans if each.starts_at <= now < each.ends_at), None)

    def next(self, now: datetime) -> Span | None:
        """Return the first span that begins after this moment; None where there is none in a year."""
        today = now.astimezone(self.zone).date()
        for ahead in range(FAR):
            for each in self.spans(today + ahead * A_DAY):
                if each.starts_at > now:
                    return each
        return None

    def open_days(self, first: date, last: date) -> list[date]:
        """Return the days from first to last on which the site opens at all."""
        days = (first + each * A_DAY for each in range((last - first).days + 1))
        return [day for day in days if self.on(day)]


def read_hours(desk: Context, since: date | None = None) -> Hours:
    """Return the site's hours, with what is shut from a day on, yesterday if none is given.

    One statement; the settings' one where a public holiday comes up.
    """
    first = since or desk.today - A_DAY
    still = and_(ClosingDay.site_id == Opening.site_id, ClosingDay.to_on >= first)
    query = (
        select(Opening, ClosingDay, Site.department, Site.local_law)
        .join(Site, Site.id == Opening.site_id)
        .outerjoin(ClosingDay, still)
        .order_by(Opening.weekday, Opening.opens, Opening.id, ClosingDay.from_on, ClosingDay.id)
    )
    openings: dict[Opening, None] = {}
    closings: dict[ClosingDay, None] = {}
    region = ""
    for opening, closing, department, local_law in desk.session.execute(query):
        openings[opening] = None
        if closing is not None:
            closings[closing] = None
        region = region_of(department, local_law=local_law)

    def keeps_holidays() -> bool:
        return desk.settings(Settings).closed_on_holidays

    return Hours(tuple(openings), tuple(closings), desk.site.zone, region, keeps_holidays)


def region_of(department: str, *, local_law: bool) -> str:
    """Return whose public holidays hold in a department: "" for those of the whole country.

    Code du travail, L3133-1; L3134-13 in Alsace and Moselle; L3422-2 overseas.
    """
    if local_law or department in ALSACE_MOSELLE:
        return "57"
    return department if department in OVERSEAS else ""


@cache
def holidays_of(region: str, year: int, language: str) -> dict[date, str]:
    """Return the public holidays of a year, with their names."""
    from holidays import country_holidays

    found = country_holidays("FR", subdiv=region or None, years=year, language=language)
    return {day: str(name) for day, name in found.items()}


def open_spans(openings: Iterable[Opening], day: date, zone: ZoneInfo) -> list[Span]:
    """Return when the service is open on a day, in order; `closes` at midnight is the day's end."""
    spans = [
        Span(instant(day, each.opens, zone), _closing(each, day, zone))
        for each in openings
        if is_valid(each, day)
    ]
    return sorted(each for each in spans if each.starts_at < each.ends_at)


def is_valid(opening: Opening, day: date) -> bool:
    """Whether this span of the week holds on that day; the day in `valid_to` is out."""
    if int(opening.weekday.value) != day.isoweekday() or day < opening.valid_from:
        return False
    return opening.valid_to is None or day < opening.valid_to


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return an hour of a day in UTC: of one that comes twice the first; spans keep their length."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def _closing(opening: Opening, day: date, zone: ZoneInfo) -> datetime:
    midnight = opening.closes == time()
    return instant(day + A_DAY if midnight else day, opening.closes, zone)
