"""Bookings: things that can be had for a time, never by two at once."""

from collections.abc import Iterable

from sqlalchemy import select

from palier import hookspecs as hooks
from palier.bookings import actions, screens
from palier.bookings.models import Bookable, BookingLine, LineState, ThingState
from palier.bookings.room import WITH_WHO, who_has
from palier.context import Context
from palier.hookspecs import Card
from palier.plugins import Manifest
from palier.text import _

manifest = Manifest(
    name="bookings",
    label=_("Bookings"),
    summary=_("Things that are booked for a time, and who has them."),
    icon="calendar",
    screens=(screens.lines, screens.bookings, screens.things, screens.kinds),
    pages=(screens.timeline, screens.slip),
    panels=screens.panels,
    extends=screens.extends,
)
MOST = 20


@hooks.today
def booked_but_blocked(desk: Context) -> Iterable[Card]:
    """Offer another one where a booked thing is blocked."""
    query = (
        select(BookingLine)
        .join(BookingLine.resource)
        .where(
            BookingLine.state == LineState.BOOKED,
            BookingLine.ends_at > desk.now,
            Bookable.state != ThingState.READY,
        )
        .order_by(BookingLine.starts_at)
        .limit(MOST)
        .options(*WITH_WHO)
    )
    words = _("%(thing)s is blocked, but booked by %(who)s from %(start)s.")
    for line in desk.session.scalars(query):
        told = words.fill(thing=line.resource.code, who=who_has(line), start=line.starts_at)
        yield Card(told, actions.swap.on(line), kind="soon", order=20)
