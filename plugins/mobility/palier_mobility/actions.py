"""What a caretaker does with trips: one function, one transaction."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Annotated

from palier.api import (
    BookingLine,
    Count,
    Desk,
    LineState,
    Minutes,
    Refused,
    Resident,
    Shown,
    Step,
    Text,
    _,
    act,
    ask,
    cancel,
    charge_item,
    note_used,
    open_days,
    price,
    select,
    withdraw,
)

from . import queries, rules
from .models import Answer, Companion, Heard, Stop, Trip, TripState, Turn, Vehicle, What, Why

TRIP = Count("trip", _("Accompanied trips"))
NOBODY = "0"


def tomorrow_at_ten(desk: Desk) -> datetime:
    day = desk.local(desk.now).date() + timedelta(days=1)
    return datetime.combine(day, time(10), desk.site.zone)


def usual_minutes(desk: Desk) -> Minutes:
    return Minutes(desk.settings(rules.Settings).usual_minutes)


def price_of_trip(
    desk: Desk, *, resident: Resident, origin: Stop, target: Stop, vehicle: Vehicle | None
) -> Iterator[Shown]:
    """Yield what a trip costs this household, and what the fund pays of it."""
    fare = rules.fare_of(origin, target)
    words, item = _("Trip, %(fare)s").fill(fare=fare), rules.item_of(fare, vehicle)
    yield price(desk, item, 1, resident.household, label=str(words)).named(words)


def whose_turn(desk: Desk, trip: Trip | None) -> Mapping[str, Text]:
    """Return who is free for a trip, in turn, and why it is their turn."""
    queue = queries.queue_for(desk, trip) if trip is not None else []
    if not queue:
        return {NOBODY: _("Nobody else is free. Call the trip off, or ask again later.")}
    return {str(each.companion.id): _with_reason(each) for each in queue}


def _with_reason(proposed: queries.Proposed) -> Text:
    words = _("%(who)s, never asked yet")
    if proposed.standing.asked_at is not None:
        words = _("%(who)s, last asked on %(when)s")
    if proposed.standing.was_passed:
        words = _("%(who)s, passed over last time: ask them now")
    return words.fill(who=proposed.companion, when=proposed.standing.asked_at)


def then_ask(_desk: Desk, _record: object, trip: Trip) -> Step | None:
    """After a trip was noted or somebody said no, whoever is next is asked at once."""
    return ask_companion.on(trip) if rules.is_looking(trip) else None


@act(_("Accompanied trip"), meets=True, shows=price_of_trip, then=then_ask)
def ask_trip(
    desk: Desk,
    *,
    resident: Resident,
    starts_at: Annotated[datetime, ask(start=tomorrow_at_ten)],
    origin: Annotated[Stop, ask(start=queries.home)],
    target: Stop,
    what: What,
    people: int = 1,
    vehicle: Annotated[Vehicle | None, ask(help=_("None: on foot or by tram."))] = None,
    lasts: Annotated[Minutes, ask(_("How long"), min=15, max=480, start=usual_minutes)],
) -> Trip:
    """Note where someone wants to go and when; a vehicle is booked, and whose turn it is is shown."""
    trip = Trip(
        resident=resident, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=lasts),
        origin=origin, target=target, what=what, people=people, vehicle=vehicle,
    )  # fmt: skip
    _check(desk, trip)
    if vehicle is not None:
        trip.line = _book(desk, trip, vehicle)
    desk.lock(select(Resident).where(Resident.id == resident.id))
    if (other := queries.trip_meanwhile(desk, trip)) is not None:
        raise rules.GoesAlready(resident=resident, trip=other)
    if not queries.queue_for(desk, trip):
        raise rules.NobodyFree if vehicle is None else rules.NoDriverFree
    return desk.add(trip)


def _check(desk: Desk, trip: Trip) -> None:
    """Raise what is against a trip before anybody is asked; a missing price too."""
    day = desk.local(trip.starts_at).date()
    rules.check_when(trip.starts_at, desk.now, desk.settings(rules.Settings).most_days)
    if not open_days(desk, day, day):
        raise rules.ClosedThen
    rules.check_way(trip.origin, trip.target)
    rules.check_room(trip.people, trip.vehicle)
    list(
        price_of_trip(
            desk,
            resident=trip.resident,
            origin=trip.origin,
            target=trip.target,
            vehicle=trip.vehicle,
        )
    )


def _book(desk: Desk, trip: Trip, vehicle: Vehicle) -> BookingLine:
    try:
        return desk.book(vehicle, trip.starts_at, trip.ends_at, trip.resident)
    except rules.NoDriverFree:
        raise
    except Refused as refusal:
        raise refusal.beside("vehicle") from None


@act(_("Ask who goes along"), when=rules.is_looking, then=then_ask)
def ask_companion(
    desk: Desk,
    trip: Trip,
    *,
    companion: Annotated[str, ask(_("In turn"), offers=whose_turn, first=True)],
    answer: Annotated[Answer, ask(_("Their answer"))] = Answer.YES,
) -> Trip:
    """Ask whose turn it is, and note the answer. After a yes, the trip is confirmed to both."""
    held = _hold(desk, trip, rules.is_looking)
    chosen = _take_turn(desk, held, companion)
    said = Heard.YES if answer is Answer.YES else Heard.NO
    desk.add(Turn(companion=chosen, trip=held, at=desk.now, heard=said))
    if answer is Answer.YES:
        held.companion, held.state = chosen, TripState.AGREED
        _confirm(desk, held)
    return held


def _hold(desk: Desk, trip: Trip, allowed: Callable[[Trip], bool]) -> Trip:
    """Hold a trip until the act ends. Raises `StepTaken` where another desk was faster."""
    held = desk.lock(select(Trip).where(Trip.id == trip.id)) or trip
    rules.check_step(held, allowed)
    return held


def _take_turn(desk: Desk, trip: Trip, companion: str) -> Companion:
    """Hold who was asked, and note who was passed over; nobody is, twice in a row."""
    chosen = desk.lock(select(Companion).where(Companion.id == int(companion)))
    queue = {each.companion.id: each for each in queries.queue_for(desk, trip)}
    if chosen is None or chosen.id not in queue:
        raise rules.NotFree(who=chosen or _("Nobody"))
    passed = rules.passed_by([each.standing for each in queue.values()], chosen.id)
    if (first := rules.not_again(passed)) is not None:
        raise rules.PassedBefore(who=queue[first.id].companion)
    for each in passed:
        desk.add(
            Turn(companion=queue[each.id].companion, trip=trip, at=desk.now, heard=Heard.PASSED)
        )
    return chosen


def _confirm(desk: Desk, trip: Trip) -> None:
    words = _("%(start)s, %(origin)s – %(target)s: %(who)s goes along with you.")
    _tell(desk, trip, words, who=trip.companion, kind="confirmed", here=True)
    words = _("%(start)s, %(origin)s – %(target)s: you go along with %(who)s. Thank you.")
    _tell_companion(desk, trip, words, kind="goes_along")


def _tell(
    desk: Desk,
    trip: Trip,
    words: Text,
    *,
    kind: str,
    who: object = None,
    once: str = "",
    here: bool = False,
) -> None:
    told = words.fill(start=trip.starts_at, origin=trip.origin, target=trip.target, who=who)
    desk.tell(trip.resident, told, kind=kind, about=trip, once=once, here=here)


def _tell_companion(desk: Desk, trip: Trip, words: Text, *, kind: str, once: str = "") -> None:
    """Tell a volunteer; a provider has a telephone, and was asked on it."""
    volunteer = trip.companion.resident if trip.companion is not None else None
    if volunteer is not None:
        told = words.fill(
            start=trip.starts_at, origin=trip.origin, target=trip.target, who=trip.resident
        )
        desk.tell(volunteer, told, kind=kind, about=trip, once=once)


def remind(desk: Desk, trip: Trip) -> None:
    """Remind both of a trip of tomorrow; the same reminder is told once."""
    words = _("Tomorrow, %(start)s, %(origin)s – %(target)s, with %(who)s.")
    _tell(desk, trip, words, who=trip.companion, kind="tomorrow", once="before")
    _tell_companion(desk, trip, words, kind="tomorrow_along", once="before")


@act(_("Ask someone else"), when=rules.is_agreed, then=then_ask)
def ask_another(desk: Desk, trip: Trip) -> Trip:
    """Note that who goes along can't after all; whose turn it is now is asked."""
    held = _hold(desk, trip, rules.is_agreed)
    withdraw(desk, held)
    if held.companion is not None:
        desk.add(Turn(companion=held.companion, trip=held, at=desk.now, heard=Heard.NO))
    held.companion, held.state = None, TripState.LOOKING
    return held


@act(_("Took place"), when=rules.is_agreed, counts=TRIP)
def done(desk: Desk, trip: Trip) -> None:
    """Say that the trip was made; its price goes into the resident's basket."""
    held = _end(desk, trip, TripState.DONE)
    if held.line is not None and held.line.state is LineState.BOOKED:
        note_used(desk, held.line)
    words = _("Trip to %(target)s, %(start)s")
    charge_item(
        desk,
        item=rules.item_of(rules.fare_of(held.origin, held.target), held.vehicle),
        label=words.fill(target=held.target, start=held.starts_at),
        source=held,
        resident=held.resident,
    )


@act(_("Did not take place"), when=rules.is_agreed)
def not_made(desk: Desk, trip: Trip, *, why: Annotated[Why, ask(_("Why"))]) -> None:
    """Say that the trip was not made. Nothing is to pay for it."""
    held = _end(desk, trip, TripState.NOT_MADE)
    held.why = why
    _free_vehicle(desk, held)


@act(_("Call the trip off"), when=rules.waits)
def call_off(desk: Desk, trip: Trip, *, why: Annotated[Why, ask(_("Why"))]) -> None:
    """Call the trip off: the vehicle is free again, and both are told."""
    held = _end(desk, trip, TripState.CALLED_OFF)
    held.why = why
    _free_vehicle(desk, held)
    words = _("%(start)s, %(origin)s – %(target)s: the trip is called off.")
    _tell(desk, held, words, kind="called_off", here=why is Why.RESIDENT)
    _tell_companion(desk, held, words, kind="called_off_along")


def _end(desk: Desk, trip: Trip, state: TripState) -> Trip:
    called_off = state is TripState.CALLED_OFF
    held = _hold(desk, trip, rules.waits if called_off else rules.is_agreed)
    if not called_off:
        rules.check_begun(held, desk.now)
    withdraw(desk, held)
    held.state, held.ended_at = state, desk.now
    return held


def _free_vehicle(desk: Desk, trip: Trip) -> None:
    if trip.line is not None and trip.line.state is LineState.BOOKED:
        cancel(desk, trip.line)


def take_back_done(trip: Trip) -> None:
    """Let a trip be as before it was done: its price was taken out of the basket."""
    trip.state, trip.ended_at = TripState.AGREED, None
