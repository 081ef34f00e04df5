"""Who has what and what is free: read before a booking is written, and when one is refused."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload

from palier.bookings.models import (
    THING_ID,
    Bookable,
    Booking,
    BookingLine,
    LineState,
    ThingState,
    occupies,
)
from palier.bookings.rules import AlreadyBooked, AlreadyOut, buffers, overlap
from palier.context import Context

B = TypeVar("B", bound=Bookable)
LONGEST_BUFFER = timedelta(days=1)

WITH_WHO = (
    joinedload(BookingLine.resource),
    joinedload(BookingLine.booking).options(
        joinedload(Booking.resident), joinedload(Booking.household)
    ),
)


def free_things(
    desk: Context,
    model: type[B],
    starts_at: datetime,
    ends_at: datetime,
    *where: ColumnElement[bool],
) -> list[B]:
    """Return the ready things that nobody has or will have in that span, by tag. One statement."""
    near = and_(
        model.id == THING_ID,
        occupies(desk.now),
        BookingLine.busy_from < ends_at + LONGEST_BUFFER,
        or_(BookingLine.busy_to > starts_at - LONGEST_BUFFER, BookingLine.state == LineState.OUT),
    )
    busy = (BookingLine.busy_from, BookingLine.busy_to, BookingLine.state)
    query = (
        select(model, *busy)
        .outerjoin(BookingLine, near)
        .where(model.state == ThingState.READY, *where)
        .order_by(model.code)
        .options(joinedload(model.resource_kind))
    )
    taken: dict[B, bool] = {}
    for row in desk.session.execute(query):
        thing: B = row[0]
        busy_from: datetime | None = row[1]
        before, after = buffers(thing)
        meets = busy_from is not None and overlap(
            starts_at - before, ends_at + after, busy_from, row[2]
        )
        still_out = row[3] is LineState.OUT and starts_at <= desk.now
        taken[thing] = taken.get(thing, False) or meets or still_out
    return [thing for thing, is_taken in taken.items() if not is_taken]


def occupied(
    desk: Context, resources: Iterable[Bookable], starts_at: datetime, ends_at: datetime
) -> list[BookingLine]:
    """Return what takes these things in a span, what is late included, with who has it.

    One statement; in order of their start.
    """
    query = (
        select(BookingLine)
        .where(
            THING_ID.in_([each.id for each in resources]),
            occupies(desk.now),
            BookingLine.starts_at < ends_at,
            or_(BookingLine.ends_at > starts_at, BookingLine.state == LineState.OUT),
        )
        .order_by(BookingLine.starts_at, BookingLine.id)
        .options(*WITH_WHO)
    )
    return list(desk.session.scalars(query))


def release_expired(desk: Context, resource_ids: Iterable[int]) -> None:
    """End the holds of these things that have run out: whoever looks for room does it."""
    gone = update(BookingLine).where(
        THING_ID.in_(list(resource_ids)),
        BookingLine.state == LineState.HELD,
        BookingLine.held_until <= desk.now,
    )
    ended = {"state": LineState.EXPIRED, "done_at": desk.now, "version": BookingLine.version + 1}
    desk.session.execute(gone.values(ended).execution_options(synchronize_session="fetch"))


def check_way(desk: Context, thing: Bookable, line: BookingLine) -> None:
    """Raise what is in the way of a new line, by name."""
    late = line.starts_at <= desk.now
    raise_way(line_in_way(desk, thing, None, line.busy_from, line.busy_to, late=late), desk)


def line_in_way(
    desk: Context,
    thing: Bookable,
    itself: int | None,
    busy_from: datetime,
    busy_to: datetime,
    *,
    late: bool = False,
) -> BookingLine | None:
    """Return the line that takes a thing in a span, or is late where the span begins now."""
    meets = and_(BookingLine.busy_from < busy_to, BookingLine.busy_to > busy_from)
    still_out = BookingLine.state == LineState.OUT
    query = (
        select(BookingLine)
        .where(
            BookingLine.resource == thing,
            BookingLine.id != (itself or 0),
            occupies(desk.now),
            or_(meets, still_out) if late else meets,
        )
        .order_by(BookingLine.busy_from)
        .limit(1)
        .options(*WITH_WHO)
    )
    return desk.session.scalars(query).first()


def line_out(desk: Context, thing: Bookable, line: BookingLine) -> BookingLine | None:
    """Return another line with which the thing is out, if there is one."""
    query = select(BookingLine).where(
        BookingLine.resource == thing,
        BookingLine.state == LineState.OUT,
        BookingLine.id != line.id,
    )
    return desk.session.scalars(query.options(*WITH_WHO)).first()


def raise_way(way: BookingLine | None, desk: Context) -> None:
    """Raise the refusal that names a line in the way, if there is one."""
    if way is None:
        return
    if way.state is LineState.OUT and way.starts_at <= desk.now:
        raise already_out(way)
    raise AlreadyBooked(
        thing=str(way.resource), who=who_has(way), start=way.starts_at, until=way.ends_at
    )


def already_out(line: BookingLine) -> AlreadyOut:
    """Return the refusal that names who has it."""
    since, until = line.starts_at, line.ends_at
    return AlreadyOut(thing=str(line.resource), who=who_has(line), since=since, until=until)


def who_has(line: BookingLine) -> str:
    """Return the name a booking is in: the resident, else the household, else its own code."""
    booking = line.booking
    return str(booking.resident or booking.household or booking)
