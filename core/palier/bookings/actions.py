"""What a caretaker does with bookings and with things that no service keeps."""

from datetime import datetime, timedelta
from typing import Annotated

from palier.acts import act
from palier.bookings import booking, rules
from palier.bookings.models import Bookable, BookingLine, ThingState
from palier.context import Context
from palier.residents.models import Resident
from palier.signature import ask
from palier.text import _


def in_an_hour(desk: Context) -> datetime:
    """Return what the form proposes as an end."""
    return desk.now + timedelta(hours=1)


def is_ready(thing: Bookable) -> bool:
    return thing.state is ThingState.READY


def is_blocked(thing: Bookable) -> bool:
    return thing.state is ThingState.BLOCKED


@act(_("Book"), when=is_ready, meets=True)
def book(
    desk: Context,
    thing: Bookable,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    starts_at: Annotated[datetime, ask(start=lambda desk: desk.now)],
    ends_at: Annotated[datetime, ask(start=in_an_hour)],
) -> BookingLine:
    """Keep it for a resident from one moment to another."""
    return booking.book_thing(desk, thing, starts_at, ends_at, resident)


@act(_("Cancel the booking"), when=rules.may_be_cancelled)
def cancel(desk: Context, line: BookingLine) -> None:
    """Give it up: the thing is free again for others."""
    booking.cancel(desk, line)


@act(_("Print the slip"), when=rules.has_slip, then="slip", quiet=True, rare=True)
def print_slip(_desk: Context, line: BookingLine) -> BookingLine:
    """Give who booked a paper with the day, the hour and a code: scan it when they come."""
    return line


@act(_("Give another one"), when=rules.may_be_swapped)
def swap(
    desk: Context,
    line: BookingLine,
    *,
    other: Annotated[
        Bookable | None, ask(_("This one"), help=_("Left empty, the first free one of its kind."))
    ] = None,
) -> None:
    """Let another ready thing of the same kind stand in."""
    if other is None:
        booking.swap_any(desk, line)
    else:
        booking.swap(desk, line, other)


@act(_("Block"), when=is_ready)
def block(
    desk: Context, thing: Bookable, *, reason: Annotated[str, ask(_("What is wrong"), max=120)]
) -> None:
    """Take it out of service until someone puts it back."""
    booking.block_thing(desk, thing, reason)


@act(_("Put back"), when=is_blocked)
def put_back(desk: Context, thing: Bookable) -> None:
    """Put it back into service: it can be booked again."""
    booking.put_thing_back(desk, thing)
