"""Whether a site is open, in words: now, until when, and when it opens next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton

from palier.public.speaking import Spoken, speak
from palier.sites.hours import Hours, Shut, holidays_of
from palier.sites.models import SiteState
from palier.text import Text, _, babel_locale, reader, say_date, show_day, show_time, typography

SOON = 60  # days whose closings are told
WEEK = 7
HOLIDAYS_IN = {"fr": "fr", "en": "en_US"}


@dataclass(frozen=True)
class Status:
    """What stands first on the page. `changes_at` is when it will no longer be so."""

    title: Text
    is_open: bool = False
    detail: Spoken | None = None
    changes_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """A day of the week and its hours."""

    day: str
    hours: tuple[str, ...]
    is_today: bool


@dataclass(frozen=True)
class Closed:
    """Days on which the site stays shut, and why, as far as it is said."""

    days: Text
    reason: Spoken | None


def status_of(hours: Hours, state: SiteState, now: datetime, site_locale: str) -> Status:
    """Return whether the site is open at this moment, and what comes next."""
    if state is SiteState.CLOSED:
        return Status(_("This service has closed"))
    if state is SiteState.DRAFT or is_to_come(hours, now):
        return _not_yet(hours, now)
    span = hours.now(now)
    if span is not None:
        return _open(hours, span.ends_at, now)
    return _shut(hours, now, site_locale)


def is_to_come(hours: Hours, now: datetime) -> bool:
    """Whether the site has never been open: its first hours begin on a day to come."""
    today = now.astimezone(hours.zone).date()
    return bool(hours.openings) and all(each.valid_from > today for each in hours.openings)


def _not_yet(hours: Hours, now: datetime) -> Status:
    first = hours.next(now)
    if first is None:
        return Status(_("Not open yet"))
    at = first.starts_at.astimezone(hours.zone)
    words = _("Not open yet. Opens on %(day)s at %(hour)s")
    return Status(words.fill(day=at.date(), hour=at.time()), changes_at=first.starts_at)


def _open(hours: Hours, until: datetime, now: datetime) -> Status:
    here = until.astimezone(hours.zone)
    title = _("Open now, until %(hour)s").fill(hour=here.time())
    later = [e for e in hours.spans(now.astimezone(hours.zone).date()) if e.starts_at > now]
    if not later:
        return Status(title, is_open=True, changes_at=until)
    start, end = (each.astimezone(hours.zone).time() for each in later[0])
    again = _("Then from %(start)s to %(end)s.").fill(start=start, end=end)
    return Status(title, is_open=True, detail=Spoken(str(again)), changes_at=until)


def _shut(hours: Hours, now: datetime, site_locale: str) -> Status:
    today, coming = now.astimezone(hours.zone).date(), hours.next(now)
    shut = hours.shut(today)
    why = _reason(hours, today, shut, site_locale) if shut is not None else None
    if coming is None:
        return Status(_("Closed until further notice"), detail=why)
    at = coming.starts_at.astimezone(hours.zone)
    if at.date() == today:
        title = _("Closed. Opens at %(hour)s").fill(hour=at.time())
    elif at.date() == today + timedelta(days=1):
        title = _("Closed. Opens tomorrow at %(hour)s").fill(hour=at.time())
    else:
        title = _("Closed. Opens on %(day)s at %(hour)s").fill(day=at.date(), hour=at.time())
    return Status(title, detail=why, changes_at=coming.starts_at)


def week_of(hours: Hours, today: date) -> tuple[Row, ...]:
    """Return the seven days of a week with their usual hours, Monday first."""
    monday = today - timedelta(days=today.weekday())
    days = (monday + timedelta(days=each) for each in range(WEEK))
    usual = Hours(hours.openings, (), hours.zone, keeps_holidays=lambda: False)
    return tuple(Row(_weekday(day), tuple(_said(usual, day)), day == today) for day in days)


def _weekday(day: date) -> str:
    names = babel_locale(reader().locale).days["stand-alone"]["wide"]
    name: str = names[day.weekday()]
    return name[:1].upper() + name[1:]


def _said(hours: Hours, day: date) -> Iterator[str]:
    for start, end in hours.spans(day):
        yield f"{_hour(start, hours)} – {_hour(end, hours)}"


def _hour(moment: datetime, hours: Hours) -> str:
    return show_time(moment.astimezone(hours.zone).time())


def closed_soon(hours: Hours, today: date, site_locale: str) -> tuple[Closed, ...]:
    """Return the days to come on which the site stays shut though it is usually open."""
    usual = Hours(hours.openings, (), hours.zone, keeps_holidays=lambda: False)
    last = today + timedelta(days=SOON)
    found: list[tuple[date, date, Shut]] = []
    for day in usual.open_days(today, last):
        shut = hours.shut(day)
        if shut is None:
            continue
        row = next((e for e in hours.closings if e.from_on <= day <= e.to_on), None)
        if row is None:
            found.append((day, day, shut))
        elif (row.from_on, row.to_on, shut) not in found:
            found.append((row.from_on, row.to_on, shut))
    return tuple(
        Closed(_days(first, end), _reason(hours, first, shut, site_locale))
        for first, end, shut in found
    )


def _days(first: date, last: date) -> Text:
    if first == last:
        return Text(show_day(first))
    return _("From %(first)s to %(last)s").fill(first=_short(first), last=_short(last))


def _short(day: date) -> str:
    at = babel_locale(reader().locale)
    if at.language == "fr":
        return say_date(day, "d MMMM")
    return format_skeleton("MMMMd", datetime.combine(day, datetime.min.time()), locale=at)


def _reason(hours: Hours, day: date, shut: Shut, site_locale: str) -> Spoken | None:
    if not shut.reason:
        return None
    language = HOLIDAYS_IN.get(reader().locale)
    if shut.is_holiday and language is not None:
        name = holidays_of(hours.region, day.year, language)[day]
        return Spoken(typography(name) if language == "fr" else name)
    return speak(shut.reason, site_locale)
