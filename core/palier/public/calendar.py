"""The calendar of a site that anyone may subscribe to: what services say takes place there."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from palier.asking import Failure
from palier.context import Context
from palier.errors import NotThere
from palier.hookspecs import PublicEvent, public_events
from palier.public.speaking import speak
from palier.sites.models import Site, SiteState
from palier.text import Text, _

if TYPE_CHECKING:
    from icalendar import Calendar, Event

MAKER = "-//Palier//Palier//EN"
A_YEAR = timedelta(days=366)
AGAIN = timedelta(hours=6)  # after which a calendar may ask for what is new
_STAMP = re.compile(rb"^DTSTAMP[:;].*\r\n", re.MULTILINE)


def name_of_event(event: PublicEvent) -> str:
    """Return what an event is called in an address: "workshops_workshop-12"."""
    return f"{event.record.path}-{event.record.id}"


def read_calendar(desk: Context, only: str = "") -> bytes:
    """Return the calendar, or one event of it, as iCalendar (RFC 5545) writes it.

    Raises `NotThere` for an event that is none.
    """
    events = [each for each in _events(desk) if only in {"", name_of_event(each)}]
    if only and not events:
        raise NotThere
    return as_ical(desk, events)


def without_stamps(body: bytes) -> bytes:
    """Return a calendar without the moment of its making: two that are the same then are equal."""
    return _STAMP.sub(b"", body)


def _events(desk: Context) -> Iterator[PublicEvent]:
    """Yield what takes place, of the services that answer; a site that is not open has nothing."""
    state = desk.session.scalar(select(Site.state).where(Site.id == desk.site.id))
    answers = desk.hooks.answers(public_events, desk) if desk.hooks else []
    for _plugin, said in answers if state is SiteState.OPEN else ():
        if not isinstance(said, Failure):
            yield from said


def as_ical(desk: Context, events: list[PublicEvent]) -> bytes:
    """Return events as one file."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", desk.site.name)
    made.add("refresh-interval", AGAIN, {"value": "duration"})
    for each in sorted(events, key=lambda event: (_start(desk, event), name_of_event(event))):
        made.add_component(_entry(desk, each))
    _add_zone(desk, made, events)
    written: bytes = made.to_ical()
    return written


def _entry(desk: Context, event: PublicEvent) -> "Event":
    from icalendar import Event

    made = Event()
    # The same for as long as the record is: a calendar knows it again, here and nowhere else.
    made.add("uid", f"{name_of_event(event)}@{desk.site.slug}.{desk.seal('calendar')}")
    made.add("dtstamp", desk.now.astimezone(UTC).replace(microsecond=0))
    made.add("sequence", event.record.version - 1)
    made.add("status", "CANCELLED" if event.called_off else "CONFIRMED")
    title = _said(desk, event.title)
    # Many calendars do not show that something is called off: the title says it.
    off = _("Called off: %(what)s").fill(what=title)
    made.add("summary", str(off) if event.called_off else title)
    made.add("dtstart", _on_wall(desk, event.starts))
    if event.ends is not None:
        made.add("dtend", _on_wall(desk, event.ends))
    if place := _said(desk, event.place):
        made.add("location", place)
    if event.detail is not None:
        made.add("description", _said(desk, event.detail))
    return made


def _said(desk: Context, words: Text | str) -> str:
    return speak(words, desk.site.locale).words


def _on_wall(desk: Context, moment: datetime | date) -> datetime | date:
    return desk.local(moment) if isinstance(moment, datetime) else moment


def _start(desk: Context, event: PublicEvent) -> datetime:
    if isinstance(event.starts, datetime):
        return event.starts
    return datetime.combine(event.starts, time(), desk.site.zone)


def _add_zone(desk: Context, made: "Calendar", events: list[PublicEvent]) -> None:
    """Write when clocks change, for the years of the events alone."""
    days = [_start(desk, each).date() for each in events]
    if days:
        made.add_missing_timezones(min(days) - A_YEAR, max(days) + A_YEAR)
