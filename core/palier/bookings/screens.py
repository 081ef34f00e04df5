"""What a caretaker sees of things and bookings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from sqlalchemy import select

from palier.acts import page
from palier.bookings import actions
from palier.bookings.calendar import read_timeline, things_here
from palier.bookings.models import Bookable, Booking, BookingLine, ResourceKind
from palier.bookings.room import WITH_WHO, who_has
from palier.context import Context
from palier.errors import NotThere
from palier.residents.signing import ToSign, page_to_sign
from palier.screens.catalogue import Paths
from palier.screens.declared import Extend, Page, Panel, Screen
from palier.screens.views import ActView
from palier.signature import ask
from palier.text import _

lines = Screen(
    BookingLine,
    _("Bookings"),
    columns=(
        BookingLine.resource,
        BookingLine.starts_at,
        BookingLine.ends_at,
        BookingLine.state,
        BookingLine.booking,
    ),
    filters=(BookingLine.resource, BookingLine.state, BookingLine.starts_at),
    newest_first=BookingLine.starts_at,
    acts=(actions.swap, actions.cancel, actions.print_slip),
    help=_("What is taken, by whom and until when."),
    icon="calendar",
    name="lines",
)

bookings = Screen(
    Booking,
    _("Bookings by resident"),
    columns=(Booking.code, Booking.resident, Booking.household, Booking.purpose),
    filters=(Booking.resident,),
    icon="calendar",
    menu=False,
    name="bookings",
)

things = Screen(
    Bookable,
    _("Things to book"),
    columns=(
        Bookable.code,
        Bookable.name,
        Bookable.resource_kind,
        Bookable.state,
        Bookable.blocked_reason,
    ),
    filters=(Bookable.resource_kind, Bookable.state),
    sort=Bookable.code,
    form=(Bookable.code, Bookable.name, Bookable.resource_kind),
    acts=(actions.book, actions.block, actions.put_back),
    icon="tool",
    name="things",
)

kinds = Screen(
    ResourceKind,
    _("Kinds of things"),
    columns=(
        ResourceKind.code,
        ResourceKind.name,
        ResourceKind.buffer_before,
        ResourceKind.buffer_after,
    ),
    sort=ResourceKind.code,
    form=(
        ResourceKind.code,
        ResourceKind.name,
        ResourceKind.buffer_before,
        ResourceKind.buffer_after,
    ),
    icon="tool",
    name="kinds",
)


def whose(desk: Context, ids: Sequence[int]) -> Mapping[int, object]:
    """Say who each line is for. One statement."""
    query = select(BookingLine).where(BookingLine.id.in_(ids)).options(*WITH_WHO)
    return {line.id: who_has(line) for line in desk.session.scalars(query)}


panels = (Panel(bookings, Booking.resident), Panel(lines, BookingLine.booking))
extends = (Extend("bookings/lines", columns={_("For"): whose}),)


@page(_("Booking slip"), rare=True)
def slip(desk: Context, *, made: Annotated[BookingLine, ask(_("Booking"))]) -> Page:
    """Print what is kept for someone and when, with the code of the booking."""
    who = made.booking.resident
    if who is None:
        raise NotThere
    facts = (
        (_("Resident"), str(who)),
        (_("Thing"), " ".join(filter(None, (made.resource.code, made.resource.name)))),
        (_("From"), made.starts_at),
        (_("Until"), made.ends_at),
    )
    terms = (_("Bring this paper with you: its code finds the booking at once."),)
    paper = ToSign(_("Your booking"), made, facts, terms, (), made.booking.code)
    return page_to_sign(desk, paper, who)


@page(_("Timeline"))
def timeline(
    desk: Context,
    *,
    day: Annotated[date | None, ask(_("First day"))] = None,
    free: Annotated[bool, ask(_("Free ones only"))] = False,
) -> Page:
    """Two weeks of everything that can be booked."""
    address = f"/{desk.site.slug}/desk/bookings/timeline"
    title = _("Bookings from %(first)s to %(last)s")
    drawn = read_timeline(desk, title, things_here(desk), address, day=day, free=free)
    may_add = desk.actor.may(things.form_permission, things.form_least)
    href = f"{Paths(desk.site.slug).screen(things)}/new"
    new = ActView("new", _("Add a thing"), href, primary=True) if may_add else None
    return Page("bookings/timeline.html", timeline=drawn, new=new)
