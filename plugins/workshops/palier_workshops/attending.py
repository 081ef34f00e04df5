"""What a caretaker does with a workshop: seats, who came, how many came without a name."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time
from typing import Annotated

from palier.api import (
    Count,
    Desk,
    Minutes,
    NoPrice,
    Provider,
    Resident,
    Shown,
    Step,
    _,
    act,
    ask,
    cancel_charge,
    price,
    withdraw,
)

from . import queries, rules
from .models import (
    Band,
    Enrolment,
    HeadCount,
    Mark,
    Sex,
    State,
    Vote,
    Wish,
    WishState,
    Workshop,
)
from .telling import tell_host, tell_voters

ATTENDANCE = Count("attendance", _("People at workshops"))
WORKSHOP = Count("workshop", _("Workshops that took place"))
TWO_HOURS = Minutes(120)
OnSheet = Annotated[time | None, ask(_("Hour on the sheet"), help=_("Leave it empty for now."))]
HowLong = Annotated[Minutes, ask(_("How long"), min=5, max=1440)]


def members_only(desk: Desk) -> bool:
    return desk.settings(rules.Settings).members_only


def usual_start(desk: Desk) -> datetime:
    start = rules.usual_start(desk.today, desk.settings(rules.Settings))
    return start.replace(tzinfo=desk.site.zone)


def usual_seats(desk: Desk) -> int:
    return desk.settings(rules.Settings).seats


def add(desk: Desk, workshop: Workshop) -> Workshop:
    """Save a workshop that is to come. Raises `BeginsBefore`."""
    if workshop.starts_at <= desk.now:
        raise rules.BeginsBefore
    return desk.add(workshop)


@act(_("Add a workshop"))
def add_workshop(
    desk: Desk,
    *,
    title: str,
    starts_at: Annotated[datetime, ask(start=usual_start)],
    lasts: HowLong = TWO_HOURS,
    seats: Annotated[int, ask(start=usual_seats)],
    place: str = "",
    provider: Provider | None = None,
    host: Resident | None = None,
) -> Workshop:
    """Note a workshop or an outing that nobody had to wish for."""
    ends_at = rules.end_of(starts_at, lasts)
    made = add(
        desk,
        Workshop(
            title=title, starts_at=starts_at, ends_at=ends_at, seats=seats, place=place,
            provider=provider, host=host,
        ),
    )  # fmt: skip
    if host is not None:
        tell_host(desk, made, host)
    return made


# seats


def price_of_seat(desk: Desk, workshop: Workshop, *, resident: Resident) -> Iterator[Shown]:
    """Yield what a seat costs; nothing where it is free."""
    with suppress(NoPrice):
        shown = price(desk, workshop.price_item, 1, resident.household, label=workshop.title)
        yield shown.named(_("Seat: %(what)s").fill(what=workshop.title))


def slip_without_phone(_desk: Desk, _record: object, made: Enrolment) -> Step | None:
    """Return the slip for who has neither telephone nor e-mail."""
    resident = made.resident
    return None if resident.phone or resident.email else print_slip.on(made)


@act(
    _("Enrol"),
    when=rules.is_to_come,
    meets=True,
    for_members=True,
    shows=price_of_seat,
    then=slip_without_phone,
)
def enrol(desk: Desk, workshop: Workshop, *, resident: Resident) -> Enrolment:
    """Give a resident a seat. Who has no telephone gets a slip."""
    return take_seat(desk, workshop, resident)


@act(_("Take the kept seat"), meets=True, for_members=True, then=slip_without_phone)
def enrol_voter(
    desk: Desk, vote: Vote, *, workshop: Annotated[Workshop, ask(_("Workshop"))]
) -> Enrolment:
    """Give who wished for it a seat in the workshop that came of it."""
    return take_seat(desk, workshop, vote.resident)


def take_seat(desk: Desk, workshop: Workshop, resident: Resident) -> Enrolment:
    """Enrol someone. Raises `EnrolledAlready`, `Full`, `WorkshopEnded`, `VotersFirst`."""
    mine = queries.held(desk, workshop)
    found = queries.enrolment_of(desk, mine, resident)
    if found is not None and found.mark in rules.SEATED:
        raise rules.EnrolledAlready(who=resident)
    rules.check_seat(mine)
    wished = mine.wish is not None and queries.has_wished(desk, mine.wish, resident)
    rules.check_first(mine, desk.today, wished=wished)
    mine.taken += 1
    if found is None:
        day = desk.local(mine.starts_at).date()
        found = Enrolment(workshop=mine, resident=resident, held_on=day, enrolled_at=desk.now)
        desk.add(found)
    found.mark, found.came_at, found.marked_at = Mark.ENROLLED, None, None
    _charge(desk, found)
    words = _("You are enrolled: “%(what)s”, %(start)s. %(place)s")
    told = words.fill(what=mine.title, start=mine.starts_at, place=mine.place)
    desk.tell(resident, told, kind="enrolled", about=found, here=True)
    return found


def _charge(desk: Desk, enrolment: Enrolment) -> None:
    """Charge the seat where it has a price; who comes back after having paid owes nothing more."""
    if queries.unpaid(desk, enrolment) or queries.paid_for(desk, enrolment):
        return
    # A workshop without a row in the price list is free.
    with suppress(NoPrice):
        desk.charge(
            enrolment.workshop, 1, source=enrolment, resident=enrolment.resident,
            what=desk.now.isoformat(timespec="seconds"),
        )  # fmt: skip


def free_unpaid(desk: Desk, enrolment: Enrolment) -> None:
    """Free the seat whose price was taken out of the basket."""
    if enrolment.mark is Mark.ENROLLED:
        _set(desk, enrolment, Mark.EXCUSED)


@act(_("Print the slip"), then="slip", quiet=True)
def print_slip(_desk: Desk, enrolment: Enrolment) -> Enrolment:
    """Print what, when and where, with the code that checks the person in."""
    return enrolment


@act(_("Change the seats"), when=rules.is_to_come, rare=True)
def change_seats(desk: Desk, workshop: Workshop, *, seats: int) -> None:
    """Offer more seats or fewer, never fewer than are taken."""
    mine = queries.held(desk, workshop)
    if seats < mine.taken:
        raise rules.SeatsTaken(taken=mine.taken)
    mine.seats = seats


# who came


@act(_("Present"), counts=ATTENDANCE, meets=True)
def came(desk: Desk, enrolment: Enrolment, *, hour: OnSheet = None) -> None:
    """Note that this person came. Noted twice it changes nothing."""
    check_in_one(desk, enrolment, hour)


def check_in_one(desk: Desk, enrolment: Enrolment, hour: time | None) -> None:
    """Note who came, now or at an hour of that day. Raises `TooEarly`, `NotThatHour`."""
    at = desk.now
    if hour is not None:
        at = datetime.combine(enrolment.held_on, hour, desk.site.zone)
    if at > desk.now:
        raise rules.NotThatHour
    _check_day(desk, enrolment)
    if not _set(desk, enrolment, Mark.PRESENT):
        desk.counts(0)
        return
    enrolment.came_at = at


@act(_("Did not come"))
def missed(desk: Desk, enrolment: Enrolment) -> None:
    """Note that this person did not come and said nothing. The seat is not given away."""
    _check_day(desk, enrolment)
    _set(desk, enrolment, Mark.NO_SHOW)


@act(_("Excused"))
def excuse(desk: Desk, enrolment: Enrolment) -> None:
    """Note that this person said they don't come: the seat is free, its price leaves the basket."""
    _give_up(desk, enrolment, Mark.EXCUSED)


@act(_("Cancelled by us"))
def call_off(desk: Desk, enrolment: Enrolment) -> None:
    """Note that we told this person not to come: the seat is free, its price leaves the basket."""
    _give_up(desk, enrolment, Mark.CALLED_OFF)


def _give_up(desk: Desk, enrolment: Enrolment, mark: Mark) -> None:
    """Free a seat. What was paid for it is given back on its receipt, by who may."""
    _set(desk, enrolment, mark)
    for each in queries.unpaid(desk, enrolment):
        cancel_charge(desk, each)


@act(_("Take the mark back"), when=rules.is_marked, rare=True)
def unmark(desk: Desk, enrolment: Enrolment) -> None:
    """Put the person back on the list, as before anything was noted."""
    _set(desk, enrolment, Mark.ENROLLED)


def _check_day(desk: Desk, enrolment: Enrolment) -> None:
    if enrolment.held_on > desk.today:
        raise rules.TooEarly(day=enrolment.held_on)


def _set(desk: Desk, enrolment: Enrolment, mark: Mark) -> bool:
    """Set a mark and keep the seats right; whether anything changed. Raises `Full`."""
    workshop = queries.held(desk, enrolment.workshop)
    desk.session.refresh(enrolment)
    if enrolment.mark is mark:
        return False
    if workshop.state is State.CANCELLED:
        raise rules.WorkshopEnded
    had, has = enrolment.mark in rules.SEATED, mark in rules.SEATED
    if has and not had and workshop.taken >= workshop.seats:
        raise rules.Full(seats=workshop.seats)
    workshop.taken += has - had
    if enrolment.mark is Mark.PRESENT and enrolment.marked_at is not None:
        _uncount(desk, enrolment, enrolment.marked_at)
    if mark not in rules.SEATED:
        withdraw(desk, enrolment)
    enrolment.mark, enrolment.came_at = mark, None
    enrolment.marked_at = desk.now if mark is not Mark.ENROLLED else None
    return True


def _uncount(desk: Desk, enrolment: Enrolment, at: datetime) -> None:
    """Let what noted this person as present count for nothing: on the name, or a scan on the list."""
    desk.takes_back(enrolment, at)
    if desk.cancels_id is None:
        desk.takes_back(enrolment.workshop, at)


@act(_("Check in"), counts=ATTENDANCE)
def check_in(
    desk: Desk,
    workshop: Workshop,
    *,
    code: Annotated[str, ask(_("Card or slip"), max=60)],
    hour: OnSheet = None,
) -> None:
    """Scan a card or a slip: the person is noted as present."""
    found = desk.from_slip(Enrolment, code) or queries.enrolment_coded(desk, workshop, code)
    if found is None or found.workshop is not workshop:
        raise rules.NotOnTheList
    check_in_one(desk, found, hour)


@act(_("Count people without names"), counts=ATTENDANCE)
def count_heads(
    desk: Desk,
    workshop: Workshop,
    *,
    sex: Annotated[Sex, ask(_("Sex"))] = Sex.NOT_SAID,
    band: Annotated[Band, ask(_("Age"))] = Band.NOT_SAID,
    people: Annotated[int, ask(_("People"), min=1, max=500)] = 1,
) -> None:
    """Count who came without giving a name, by sex and age."""
    _check_began(desk, workshop)
    desk.one(HeadCount(workshop=workshop, sex=sex, band=band)).people += people
    desk.counts(people)


@act(_("Key people without names"), counts=ATTENDANCE, rare=True)
def key_heads(
    desk: Desk,
    workshop: Workshop,
    *,
    heads: Annotated[
        str,
        ask(
            _("Without a name"),
            max=200,
            help=_("F40 H60: a woman of 40 to 59, a man of 60 to 69. X: not said."),
        ),
    ],
) -> None:
    """Key several people at once: a letter and the age for each."""
    _check_began(desk, workshop)
    found = Counter(rules.read_heads(heads))
    for (sex, band), people in sorted(found.items()):
        desk.one(HeadCount(workshop=workshop, sex=sex, band=band)).people += people
    desk.counts(found.total())


@act(_("Correct the number"), counts=ATTENDANCE, rare=True)
def recount(desk: Desk, head: HeadCount, *, people: int) -> None:
    """Say how many there were, after a mistake."""
    mine = desk.one(HeadCount(workshop=head.workshop, sex=head.sex, band=head.band))
    desk.counts(people - mine.people)
    mine.people = people


def _check_began(desk: Desk, workshop: Workshop) -> None:
    day = desk.local(workshop.starts_at).date()
    if day > desk.today:
        raise rules.TooEarly(day=day)
    if workshop.state is State.CANCELLED:
        raise rules.WorkshopEnded


# its end


@act(_("Print the list"), then="tick_list", quiet=True)
def print_list(_desk: Desk, workshop: Workshop) -> Workshop:
    """Print the names with a box for each, to be ticked and keyed later."""
    return workshop


@act(_("It took place"), when=rules.is_to_come, counts=WORKSHOP)
def close(desk: Desk, workshop: Workshop) -> None:
    """Close the list once every name has a mark; who wished for it is told that it is fulfilled."""
    _check_began(desk, workshop)
    mine = queries.held(desk, workshop)
    rows = queries.enrolments(desk, mine)
    unmarked = sum(rules.waits(each) for each in rows)
    if unmarked:
        raise rules.NotMarked(n=unmarked)
    mine.state = State.DONE
    if mine.wish is not None:
        _end_wish(desk, mine.wish)


def _end_wish(desk: Desk, wish: Wish) -> None:
    held = queries.held_wish(desk, wish)
    if held.state is WishState.PLANNED:
        held.state = WishState.DONE
        tell_voters(desk, held, _("Your wish “%(wish)s” was fulfilled."))
