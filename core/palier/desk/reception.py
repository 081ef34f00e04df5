"""One resident at the counter: what the desk knows in words, and the basket."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from palier import hookspecs
from palier.bookings.booking import WITH_WHO
from palier.bookings.models import Booking, BookingLine, LineState, occupies
from palier.bookings.rules import is_late
from palier.context import Context
from palier.desk.basket import Basket, last_receipt, read_basket
from palier.desk.membership import PRICE, Services, sell_membership, services_for
from palier.desk.offering import Offers, Said, with_keys, with_line_keys
from palier.desk.private import Private, read_private
from palier.desk.saying import due_words, thing_of, whole
from palier.desk.visited import VisitView, read_visit
from palier.errors import NotThere
from palier.receipts.models import Tab
from palier.receipts.pricing import NoPrice, price
from palier.residents.memberships import member_until
from palier.residents.models import Household, Resident, ResidentState
from palier.screens.views import ActView, Block, Cell, Line
from palier.text import Cents, Money, Text, _, show_time

SOON = timedelta(days=30)
SHOWN = 5


@dataclass(frozen=True)
class CardView:
    """A resident's card, read and ready to be drawn."""

    name: str
    about: str
    record_href: str | None
    tag: Cell | None
    now: Block
    failed: tuple[Block, ...]
    keys: tuple[ActView, ...]
    basket: Basket
    private: Private
    visit: VisitView


def at_the_desk(desk: Context, id: int) -> tuple[Resident, Tab | None]:
    """Return the resident with household, address and bracket, and the household's tab.

    One statement; one who was merged into another record is that one. Raises `NotThere`.
    """
    home = joinedload(Resident.household)
    query = (
        select(Resident, Tab)
        .outerjoin(Tab, Tab.household_id == Resident.household_id)
        .where(Resident.id == id)
        .options(home.joinedload(Household.address), home.joinedload(Household.bracket))
    )
    found = desk.session.execute(query).first()
    if found is None:
        raise NotThere
    resident, tab = found
    if resident.merged_into_id is not None:
        return at_the_desk(desk, resident.merged_into_id)
    desk.noted.append((resident.path, resident.id))
    return resident, tab


def resident_here(desk: Context, id: int) -> Resident:
    """Return the resident with household and address, in one statement. Raises `NotThere`."""
    return at_the_desk(desk, id)[0]


def read_card(
    desk: Context, offers: Offers, resident: Resident, tab: Tab | None, given: Cents | None
) -> CardView:
    """Return the card. Services are asked first: what fails there leaves the rest untouched."""
    said, failed = offers.said(hookspecs.desk_cards, resident)
    visit = read_visit(desk, offers, resident)  # the basket is this visit's too
    lines = [
        *_bookings(desk, offers, resident, said),
        *(each.line for each in said),
        *_paid_today(desk, offers, resident),
        *_membership(desk, offers, resident),
    ]
    keys = tuple(_keys(offers, resident))
    words = _("Today for %(name)s").fill(name=resident.given_name)
    now = Block(words, "user", with_line_keys(lines, keys))
    return CardView(
        name=str(resident),
        about=_about(resident),
        record_href=offers.record(resident),
        tag=_tag(resident),
        now=now,
        failed=tuple(failed),
        keys=keys,
        basket=read_basket(desk, offers, resident, given),
        private=read_private(desk, offers, resident, tab),
        visit=visit,
    )


def _about(resident: Resident) -> str:
    """Say where someone lives and how to reach them; no number, no year: others can see this."""
    home = resident.household
    reached = _("Reached by: %(channel)s.").fill(channel=resident.channel.label)
    if home is None:
        return whole(_("Without a household."), reached)
    if home.address is None:
        return whole(_("Household %(code)s.").fill(code=home.code), reached)
    door = home.address
    lives = _("%(number)s %(street)s.").fill(number=door.number, street=door.street)
    if door.stairwell:
        lives = _("%(number)s %(street)s, stairwell %(stairwell)s.").fill(
            number=door.number, street=door.street, stairwell=door.stairwell
        )
    return whole(lives, reached)


def _tag(resident: Resident) -> Cell | None:
    if resident.state is ResidentState.ACTIVE:
        return None
    return Cell(resident.state.label, kind="state", state="wait")


def _membership(desk: Context, offers: Offers, resident: Resident) -> Iterator[Line]:
    """Yield the household's membership, and which services are for this person today."""
    household = resident.household
    until = member_until(desk, household) if household is not None else None
    services = services_for(desk, is_member=until is not None)
    if household is None:
        words = _("Choose the household on the record: a membership is a household's.")
        href = offers.record(resident)
        yield Line(
            _("Without a household"), whole(words, _needed(services)), icon="house", href=href
        )
    elif until is None:
        told = whole(_year_price(desk, household) or "", _needed(services))
        act = offers.button(sell_membership, household)
        yield Line(_("No membership today"), told, "house", act=act)
    else:
        soon = until - desk.today < SOON
        act = offers.button(sell_membership, household) if soon else None
        words, kind = _("Until %(day)s").fill(day=until), "soon" if soon else ""
        yield Line(_("Membership of the household: valid"), words, "house", kind, act=act)
    if services.open:
        words = _("May use today: %(services)s").fill(services=_names(services.open))
        yield Line(words, icon="check")


def _needed(services: Services) -> Text | str:
    """Name the services that wait for a membership: the rest goes on without."""
    names = _names(services.for_members)
    return _("Needed for: %(services)s.").fill(services=names) if names else ""


def _names(services: Iterable[Text]) -> str:
    return ", ".join(map(str, services))


def _year_price(desk: Context, household: Household) -> Text | None:
    try:
        quote = price(desk, PRICE, 1, household)
    except NoPrice:
        return None
    return _("%(price)s for a year, for the whole household.").fill(
        price=Money(quote.payable_cents)
    )


def _bookings(
    desk: Context, offers: Offers, resident: Resident, said: list[Said]
) -> Iterator[Line]:
    """Yield what the person has out or booked, unless a service says it itself."""
    told = {each.about for each in said}
    query = (
        select(BookingLine)
        .join(BookingLine.booking)
        .where(
            Booking.resident == resident,
            occupies(desk.now),
            or_(BookingLine.ends_at > desk.now, BookingLine.state == LineState.OUT),
        )
        .order_by(BookingLine.starts_at, BookingLine.id)
        .limit(SHOWN)
        .options(*WITH_WHO)
    )
    for line in desk.session.scalars(query):
        if line.id not in told:
            yield _booking(desk, offers, line)


def _booking(desk: Context, offers: Offers, line: BookingLine) -> Line:
    icon, href = offers.icon_of(line.booking.service), offers.record(line)
    if line.state is LineState.OUT:
        kind = "late" if is_late(line, desk.now) else ""
        return Line(thing_of(line), due_words(desk, line), icon, kind, href=href)
    words = _("Booked from %(start)s until %(end)s").fill(start=line.starts_at, end=line.ends_at)
    return Line(thing_of(line), words, icon, href=href)


def _paid_today(desk: Context, offers: Offers, resident: Resident) -> Iterator[Line]:
    """Yield the last receipt of the day: whoever comes back for it finds it here."""
    last = last_receipt(desk, resident)
    if last is not None and last.sold_on == desk.today:
        words = _("%(sum)s, at %(hour)s")
        yield Line(
            _("Receipt %(number)s").fill(number=last.number),
            words.fill(sum=Money(last.due_cents), hour=show_time(last.at)),
            icon="paper",
            href=f"{offers.paths.root}/desk/receipt?receipt={last.id}",
        )


def _keys(offers: Offers, resident: Resident) -> Iterator[ActView]:
    keys = offers.adding(resident)
    if resident.household is not None:
        sell = offers.button(sell_membership, resident.household)
        if sell is not None:
            keys.append(ActView(sell.name, _("Membership"), sell.href, icon="house"))
    yield from with_keys(keys)
