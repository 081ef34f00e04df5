"""Who has what, day by day: bars placed in columns here, so that the page only writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date

from palier.text import Text, _, babel_locale, reader, show_time

DAYS = 14
LANES = 6  # the stylesheet has as many
_ICONS = {"late": "warn", "fix": "wrench", "booked": "calendar"}


@dataclass(frozen=True)
class Stay:
    """Something that takes a thing for `[starts_at, ends_at)`.

    `kind`: booked · out · late · fix; a late one is drawn until `ends_at`, and `due_at` is said.
    """

    starts_at: datetime
    ends_at: datetime
    text: str
    href: str
    kind: str = "booked"
    due_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One thing with its stays."""

    name: str
    detail: str
    href: str
    icon: str
    stays: Sequence[Stay]
    free: bool


class Bar(NamedTuple):
    """A stay in its columns: `place` is made of the stylesheet's words."""

    place: str
    kind: str
    href: str
    icon: str
    text: str
    words: str


class DrawnRow(NamedTuple):
    """A thing with its bars; those of one day that do not fit side by side lie in `lanes`."""

    row: Row
    bars: list[Bar]
    lanes: int


class Day(NamedTuple):
    """One column."""

    column: int
    weekday: str
    number: int
    words: str
    today: bool
    shut: bool


@dataclass(frozen=True)
class Timeline:
    """Two weeks of things, ready to be written."""

    title: Text
    days: tuple[Day, ...]
    rows: tuple[DrawnRow, ...]
    free: int
    total: int
    previous_href: str
    today_href: str
    next_href: str
    all_href: str
    free_href: str
    only_free: bool = False


@dataclass(frozen=True)
class Window:
    """The days drawn, from `first` on; `shut` are those on which the site is closed."""

    first: date
    today: date
    zone: ZoneInfo
    shut: frozenset[date] = frozenset()

    @property
    def last(self) -> date:
        """The last day drawn."""
        return self.first + timedelta(days=DAYS - 1)


def draw_days(window: Window) -> tuple[Day, ...]:
    """Return the head of the columns."""
    locale = reader().locale
    days = (window.first + timedelta(days=each) for each in range(DAYS))
    return tuple(
        Day(
            column,
            format_date(day, "EEE", babel_locale(locale)),
            day.day,
            _day_words(day, locale),
            day == window.today,
            day in window.shut,
        )
        for column, day in enumerate(days, 1)
    )


def draw_rows(rows: Iterable[Row], window: Window) -> tuple[DrawnRow, ...]:
    """Place every stay in its columns; what lies outside the window is left out."""
    words = {kind: str(text) for kind, text in _SAID.items()}
    return tuple(_drawn(row, window, words) for row in rows)


_SAID = {
    "booked": _("booked from %(start)s until %(end)s"),
    "out": _("out since %(start)s, due back %(end)s"),
    "late": _("was due back %(end)s"),
    "fix": _("blocked since %(start)s"),
}


def _drawn(row: Row, window: Window, words: dict[str, str]) -> DrawnRow:
    ends: list[int] = []
    bars: list[Bar] = []
    for stay in sorted(row.stays, key=lambda each: each.starts_at):
        first, last = _columns(stay, window)
        if last < 1 or first > DAYS:
            continue
        first, last = max(first, 1), min(last, DAYS)
        lane = _lane(ends, first, last)
        place = f"c{first} s{last - first + 1}" + (f" r{lane}" if lane > 1 else "")
        icon = _ICONS.get(stay.kind, row.icon)
        said = words[stay.kind] % _spoken(stay, window.zone)
        bars.append(Bar(place, stay.kind, stay.href, icon, stay.text, said))
    return DrawnRow(row, bars, len(ends))


def _columns(stay: Stay, window: Window) -> tuple[int, int]:
    """Return the first and last column; what ends at midnight does not touch the next day."""
    start = stay.starts_at.astimezone(window.zone).date()
    end = (stay.ends_at - timedelta(microseconds=1)).astimezone(window.zone).date()
    first = (start - window.first).days + 1
    return first, max(first, (end - window.first).days + 1)


def _lane(ends: list[int], first: int, last: int) -> int:
    """Return the first lane with room, and take it; the last lane takes what is too much."""
    for number, end in enumerate(ends):
        if end < first:
            ends[number] = last
            return number + 1
    if len(ends) < LANES:
        ends.append(last)
    return len(ends)


def _spoken(stay: Stay, zone: ZoneInfo) -> dict[str, str]:
    end = stay.due_at or stay.ends_at
    return {"start": _moment_words(stay.starts_at, zone), "end": _moment_words(end, zone)}


def _moment_words(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    locale = reader().locale
    return f"{_day_words(local.date(), locale)}, {_hour_words(local.hour, local.minute, locale)}"


def day_words(day: date) -> str:
    """Say a day near enough to need no year: "jeudi 8 octobre"."""
    return _day_words(day, reader().locale)


@lru_cache(maxsize=400)
def _day_words(day: date, locale: str) -> str:
    return format_date(day, "EEEE d MMMM", babel_locale(locale))


@lru_cache(maxsize=2000)
def _hour_words(hour: int, minute: int, locale: str) -> str:  # noqa: ARG001 - part of the key
    return show_time(datetime.min.time().replace(hour, minute))


def gap_after(stays: Sequence[Stay], start: datetime, end: datetime) -> datetime:
    """Return until when a thing is free from `start` on, at most `end`."""
    return min([each.starts_at for each in stays if each.starts_at > start], default=end)


__all__ = [
    "Bar",
    "Day",
    "DrawnRow",
    "Row",
    "Stay",
    "Timeline",
    "Window",
    "day_words",
    "draw_days",
    "draw_rows",
    "gap_after",
]
