"""Booking things, handing them out and taking them back: the functions other areas call."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError

from palier import hookspecs
from palier.asking import Failure
from palier.bookings.models import (
    Bookable,
    Booking,
    BookingLine,
    LineState,
    ResourceKind,
    ThingState,
)
from palier.bookings.room import (
    WITH_WHO,
    already_out,
    check_way,
    free_things,
    line_in_way,
    line_out,
    occupied,
    raise_way,
    release_expired,
    who_has,
)
from palier.bookings.rules import (
    EndsInThePast,
    NotAlike,
    NothingFree,
    buffers,
    check_move,
    check_ready,
    check_span,
    end_line,
    may_be_swapped,
)
from palier.codes.own import new_booking_code
from palier.context import Context
from palier.db.overlap import is_overlap
from palier.errors import NotNow, Refused
from palier.messages.telling import withdraw
from palier.residents.models import Resident
from palier.text import Text

TRIES = 6


def book_thing(
    desk: Context,
    thing: Bookable,
    starts_at: datetime,
    ends_at: datetime,
    resident: Resident | None,
    *,
    held_until: datetime | None = None,
    wanted: ResourceKind | None = None,
) -> BookingLine:
    """Book a thing for `[starts_at, ends_at)`; with `held_until` it is held until then.

    Raises `EndsBeforeStart`, `EndsInThePast`, `ThingBlocked`, `ThingGone`, `AlreadyOut`,
    `AlreadyBooked`, or what the thing's service has against it.
    """
    check_span(starts_at, ends_at, desk.now)
    _take_turn(desk, thing)
    check_ready(thing)
    release_expired(desk, [thing.id])
    line = _new_line(thing, starts_at, ends_at, resident)
    line.wanted_kind = wanted
    if held_until is not None:
        line.state, line.held_until = LineState.HELD, held_until
    check_way(desk, thing, line)
    _ask_services(desk, line)
    _write(desk, thing, line)
    return line


def book_any(
    desk: Context,
    model: type[Bookable],
    starts_at: datetime,
    ends_at: datetime,
    resident: Resident | None,
    *where: ColumnElement[bool],
    wanted: ResourceKind | None = None,
) -> BookingLine:
    """Book the first free thing of those; the next one when somebody was faster, six at most.

    Raises `NothingFree`, and what `book_thing` raises but for the things in the way.
    """
    check_span(starts_at, ends_at, desk.now)
    for thing in free_things(desk, model, starts_at, ends_at, *where)[:TRIES]:
        # Somebody was faster, or the thing's service says no: nothing of the try is left behind.
        with suppress(Refused), desk.session.begin_nested():
            return book_thing(desk, thing, starts_at, ends_at, resident, wanted=wanted)
    raise NothingFree


def hand_out(desk: Context, line: BookingLine) -> None:
    """Give the booked thing away, now; earlier than booked, the booking begins now.

    Raises `NotNow`, `EndsInThePast`, `AlreadyOut`, `AlreadyBooked`, and what else is against it.
    """
    check_move(line, LineState.OUT)
    thing = line.resource
    if line.ends_at <= desk.now:
        raise EndsInThePast
    _take_turn(desk, thing)
    check_ready(thing)
    _ask_services(desk, line)
    if (out := line_out(desk, thing, line)) is not None:
        raise already_out(out)
    before = line.starts_at - line.busy_from
    starts_at = min(line.starts_at, desk.now)
    _change(desk, line, state=LineState.OUT, starts_at=starts_at, busy_from=starts_at - before)


def take_back(desk: Context, line: BookingLine, now: datetime) -> None:
    """Note that the thing is back: early frees the calendar from now on. Raises `NotNow`."""
    end_line(line, now)
    desk.session.flush()


def note_used(desk: Context, line: BookingLine) -> None:
    """Note that what was booked was used and nothing left the house: it is free from now on.

    For a vehicle that its driver takes, a room, a seat: nobody handed it out. Raises `NotNow`.
    """
    check_move(line, LineState.ATTENDED)
    line.state, line.done_at = LineState.ATTENDED, desk.now
    desk.session.flush()


def cancel(desk: Context, line: BookingLine) -> None:
    """Give the booking up; the thing is free again, and nobody is told of it any more.

    Raises `NotNow`.
    """
    check_move(line, LineState.CANCELLED)
    line.state, line.done_at = LineState.CANCELLED, desk.now
    desk.session.flush()
    withdraw(desk, line)


def swap(desk: Context, line: BookingLine, other: Bookable) -> None:
    """Let another ready thing of the same kind stand in for the booked one.

    Raises `NotNow`, `NotAlike`, and what `book_thing` raises.
    """
    if not may_be_swapped(line):
        raise NotNow
    thing = line.resource
    if not are_alike(thing, other):
        raise NotAlike(other=str(other), thing=str(thing))
    _take_turn(desk, other)
    check_ready(other)
    release_expired(desk, [other.id])
    before, after = buffers(other)
    busy = {"busy_from": line.starts_at - before, "busy_to": line.ends_at + after}
    _change(desk, line, resource=other, **busy)
    _ask_services(desk, line)


def swap_any(desk: Context, line: BookingLine) -> None:
    """Let the next free thing of the same kind stand in, six tried at most. Raises `NothingFree`."""
    for other in stand_ins(desk, line)[:TRIES]:
        with suppress(Refused), desk.session.begin_nested():
            swap(desk, line, other)
            return
    raise NothingFree


def stand_ins(desk: Context, line: BookingLine) -> list[Bookable]:
    """Return the free things of the same kind for a booking's span, by tag."""
    thing = line.resource
    model = type(thing)
    column = getattr(model, f"{model.alike}_id")
    same = column == getattr(thing, f"{model.alike}_id")
    starts_at = max(line.starts_at, desk.now)
    return list(free_things(desk, model, starts_at, line.ends_at, same, model.id != thing.id))


def are_alike(thing: Bookable, other: Bookable) -> bool:
    """Whether one can stand in for the other: the same class, and the same kind."""
    kind = f"{type(thing).alike}_id"
    same_class = type(thing) is type(other) and thing.id != other.id
    return same_class and getattr(thing, kind) == getattr(other, kind)


def block_thing(desk: Context, thing: Bookable, reason: Text | str) -> None:
    """Take a thing out of service; its bookings stay, to be moved to others. Raises `NotNow`."""
    if thing.state is not ThingState.READY:
        raise NotNow
    thing.state, thing.blocked_reason = ThingState.BLOCKED, str(reason)[:120]
    desk.session.flush()


def put_thing_back(desk: Context, thing: Bookable) -> None:
    """Put a blocked thing back into service. Raises `NotNow`."""
    if thing.state is not ThingState.BLOCKED:
        raise NotNow
    thing.state, thing.blocked_reason = ThingState.READY, None
    desk.session.flush()


def _take_turn(desk: Context, thing: Bookable) -> None:
    """Make others who want the same thing wait, and read whether it is still ready."""
    fresh = ["state", "blocked_reason", "version"]
    desk.session.refresh(thing, fresh, with_for_update=True)


def _new_line(
    thing: Bookable,
    starts_at: datetime,
    ends_at: datetime,
    resident: Resident | None,
) -> BookingLine:
    before, after = buffers(thing)
    booking = Booking(
        code=new_booking_code(),
        resident=resident,
        household=resident.household if resident else None,
        service=type(thing).package,
    )
    return BookingLine(
        booking=booking,
        resource=thing,
        starts_at=starts_at,
        ends_at=ends_at,
        busy_from=starts_at - before,
        busy_to=ends_at + after,
    )


def _ask_services(desk: Context, line: BookingLine) -> None:
    if desk.hooks is None:
        return
    for _plugin, refusals in desk.hooks.answers(hookspecs.check_booking, desk, line):
        if not isinstance(refusals, Failure):
            for refusal in refusals:
                raise refusal


def _write(desk: Context, thing: Bookable, line: BookingLine) -> None:
    try:
        with desk.session.begin_nested():
            desk.session.add(line)
            desk.session.flush()
    except IntegrityError as error:
        if not is_overlap(error, BookingLine.__tablename__):
            raise
        check_way(desk, thing, line)
        raise NothingFree from error


def _change(desk: Context, line: BookingLine, **values: Any) -> None:
    thing = values.get("resource", line.resource)
    try:
        with desk.session.begin_nested():
            for name, value in values.items():
                setattr(line, name, value)
            desk.session.flush()
    except IntegrityError as error:
        if not is_overlap(error, BookingLine.__tablename__):
            raise
        wanted = {name: values.get(name, getattr(line, name)) for name in ("busy_from", "busy_to")}
        raise_way(line_in_way(desk, thing, line.id, wanted["busy_from"], wanted["busy_to"]), desk)
        raise NothingFree from error


__all__ = [
    "WITH_WHO",
    "are_alike",
    "block_thing",
    "book_any",
    "book_thing",
    "cancel",
    "free_things",
    "hand_out",
    "note_used",
    "occupied",
    "put_thing_back",
    "release_expired",
    "stand_ins",
    "swap",
    "swap_any",
    "take_back",
    "who_has",
]
