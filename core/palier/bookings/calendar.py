"""The timeline of a site's things, read in three statements; services draw their own with it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier.bookings.models import Bookable, BookingLine, LineState, ThingState
from palier.bookings.room import occupied, who_has
from palier.bookings.rules import day_span, is_late
from palier.bookings.timeline import (
    DAYS,
    Row,
    Stay,
    Timeline,
    Window,
    day_words,
    draw_days,
    draw_rows,
    gap_after,
)
from palier.context import Context
from palier.sites.hours import read_hours
from palier.text import Text

MOST = 60


def things_here(desk: Context, model: type[Bookable] = Bookable) -> list[Bookable]:
    """Return the things of the services that are on, by tag; those that are gone left out."""
    on = desk.site.plugins | {Bookable.package}
    known = Bookable.__mapper__.polymorphic_map
    words = [word for word, mapper in known.items() if mapper.class_.package in on]
    kind = joinedload(model.resource_kind)
    query = select(model).where(model.state != ThingState.GONE, model.what.in_(words))
    return list(desk.session.scalars(query.order_by(model.code).limit(MOST).options(kind)))


def read_timeline(
    desk: Context,
    title: Text,
    things: Sequence[Bookable],
    address: str,
    *,
    day: date | None = None,
    free: bool = False,
) -> Timeline:
    """Return two weeks of these things from `day` on, today if none; `free` leaves free ones only.

    `address` is the page's own. Two statements.
    """
    window = Window(
        day or desk.today, desk.today, desk.site.zone, shut_days(desk, day or desk.today)
    )
    starts_at, ends_at = day_span(window.first, window.zone, DAYS)
    lines = occupied(desk, things, starts_at, max(ends_at, desk.now))
    rows = [
        _row(desk, thing, [e for e in lines if e.resource is thing], ends_at) for thing in things
    ]
    shown = [row for row in rows if row.free or not free]
    step = timedelta(days=DAYS)
    return Timeline(
        title.fill(first=day_words(window.first), last=day_words(window.last)),
        draw_days(window),
        draw_rows(shown, window),
        sum(row.free for row in rows),
        len(rows),
        f"{address}?day={window.first - step}",
        address,
        f"{address}?day={window.first + step}",
        f"{address}?day={window.first}",
        f"{address}?day={window.first}&free=1",
        free,
    )


def shut_days(desk: Context, first: date) -> frozenset[date]:
    """Return the days of the window on which the site does not open at all. One statement."""
    window = [first + timedelta(days=each) for each in range(DAYS)]
    return frozenset(window) - set(open_days(desk, window[0], window[-1]))


def open_days(desk: Context, first: date, last: date) -> list[date]:
    """Return the days from first to last on which the site opens at all. One statement."""
    return read_hours(desk, first).open_days(first, last)


def thing_href(desk: Context, thing: Bookable) -> str:
    """Return the address of a thing's own page: its service's, or the core's."""
    kind = type(thing)
    word = kind.__tablename__.removeprefix(f"{kind.package}_") if kind is not Bookable else "things"
    return f"/{desk.site.slug}/desk/{kind.package}/{word}/{thing.id}"


def line_href(desk: Context, line: BookingLine) -> str:
    """Return the address of a booking's page."""
    return f"/{desk.site.slug}/desk/bookings/lines/{line.id}"


def _row(desk: Context, thing: Bookable, lines: list[BookingLine], ends_at: datetime) -> Row:
    stays = [_stay(desk, line) for line in lines]
    ready = thing.state is ThingState.READY
    if not ready:
        until = max(gap_after(stays, desk.now, ends_at), desk.now + timedelta(minutes=1))
        reason = thing.blocked_reason or str(thing.state)
        stays.append(Stay(desk.now, until, reason, thing_href(desk, thing), "fix"))
    taken = any(each.busy_from <= desk.now < each.busy_to for each in lines)
    out = any(each.state is LineState.OUT for each in lines)
    detail = thing.name or str(thing.resource_kind or "")
    free = ready and not (taken or out)
    return Row(thing.code, detail, thing_href(desk, thing), _icon(desk, thing), stays, free)


def _stay(desk: Context, line: BookingLine) -> Stay:
    who, href = who_has(line), line_href(desk, line)
    if is_late(line, desk.now):
        until = desk.now + timedelta(minutes=1)
        return Stay(line.starts_at, until, who, href, "late", line.ends_at)
    kind = "out" if line.state is LineState.OUT else "booked"
    return Stay(line.starts_at, line.ends_at, who, href, kind)


def _icon(desk: Context, thing: Bookable) -> str:
    plugin = desk.hooks.registry.plugins.get(type(thing).package) if desk.hooks else None
    return plugin.manifest.icon if plugin and plugin.works and not plugin.is_core else "tool"
