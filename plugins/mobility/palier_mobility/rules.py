"""What is always true of trips, turns and vouchers: no session, no web, no clock."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from palier.api import LineState, Refused, ThingState, _, ask

from .models import (
    BY_VEHICLE,
    ON_FOOT,
    WAITS,
    Companion,
    Fare,
    Stop,
    Trip,
    TripState,
    Vehicle,
    Voucher,
    VoucherState,
)

_NUMBER = re.compile(r"([A-Z]{0,6})([0-9]{3,12})")
_BETWEEN = re.compile(r"[\s.\-/]+")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    vouchers_a_month: Annotated[
        int,
        ask(
            _("Vouchers for one person in a month"),
            min=1,
            max=100,
            help=_("Source: the site. No law gives a figure."),
        ),
    ] = 4
    usual_minutes: Annotated[int, ask(_("Minutes that a trip usually takes"), min=15, max=480)] = 60
    most_days: Annotated[int, ask(_("Days ahead that a trip can be asked for"), min=1)] = 60


class TripIsOver(Refused):
    text = _("That moment is over. Choose a later one.")
    field = "starts_at"


class TooFarAhead(Refused):
    text = _("Trips are asked for %(days)s days ahead at most. Choose an earlier day.")
    field = "starts_at"


class ClosedThen(Refused):
    text = _("The desk is closed on that day. Choose another day.")
    field = "starts_at"


class SamePlace(Refused):
    text = _("A trip leads from one place to another. Choose another place.")
    field = "target"


class NoRoom(Refused):
    text = _("%(vehicle)s has %(seats)s seats. Choose another one, or fewer people.")
    field = "people"


class NobodyFree(Refused):
    text = _("Nobody who goes along is free then. Choose another time.")
    field = "starts_at"


class NoDriverFree(Refused):
    text = _("Nobody who may drive is free then. Choose another time, or no vehicle.")
    field = "starts_at"


class GoesAlready(Refused):
    text = _("%(resident)s has a trip at that time already: %(trip)s.")
    field = "starts_at"


class NotFree(Refused):
    text = _("%(who)s is not free for this trip any more. Ask the next one.")
    field = "companion"


class PassedBefore(Refused):
    text = _("%(who)s was passed over last time. Ask them first.")
    field = "companion"


class StepTaken(Refused):
    text = _("This trip was changed at another desk: %(state)s. Open it again.")
    overtaken = True


class NotBegun(Refused):
    text = _("This trip begins %(start)s. Until then it can only be called off.")


class OnListAlready(Refused):
    text = _("%(who)s goes along already.")


class StillGoes(Refused):
    text = _("%(who)s has a trip to come: %(trip)s. Call it off first.")


class NoDays(Refused):
    text = _("Choose at least one day of the week.")
    field = "days"


class NotANumber(Refused):
    text = _(
        "“%(given)s” is not the number of a voucher: letters or none, then at least three digits."
    )
    field = "number"


class UnknownVoucher(Refused):
    text = _("No booklet has voucher %(number)s. Check it, or note the booklet first.")
    field = "number"


class VoucherGiven(Refused):
    text = _("Voucher %(number)s was given to %(who)s on %(when)s, by %(by)s. Take another one.")


class VoucherSpoilt(Refused):
    text = _("Voucher %(number)s was spoilt on %(when)s, noted by %(by)s. Take another one.")


class EnoughVouchers(Refused):
    text = _("%(who)s had %(given)s vouchers this month: more are not given before %(day)s.")
    field = "resident"


class NumbersKnown(Refused):
    text = _("Voucher %(number)s is in another booklet already.")
    field = "first"


class Standing(NamedTuple):
    """Where someone stands in the queue: when last asked, when last passed over."""

    asked_at: datetime | None
    passed_at: datetime | None
    id: int

    @property
    def was_passed(self) -> bool:
        """Whether they were passed over since they were last asked."""
        if self.passed_at is None:
            return False
        return self.asked_at is None or self.passed_at > self.asked_at

    @property
    def place(self) -> tuple[bool, datetime | None, int]:
        """What the queue is sorted by: who was never asked, then who was asked longest ago."""
        return self.asked_at is not None, self.asked_at, self.id


def in_turn(free: Iterable[Standing]) -> list[Standing]:
    """Return those who are free in the order of their turns: the least recently asked first."""
    return sorted(free, key=lambda each: each.place)


def passed_by(queue: Sequence[Standing], chosen: int) -> Sequence[Standing]:
    """Return who is passed over when the one with this id is asked; `queue` is in turn."""
    return queue[: next(at for at, each in enumerate(queue) if each.id == chosen)]


def not_again(passed: Iterable[Standing]) -> Standing | None:
    """Return who of these was passed over last time too, and so must be asked first."""
    return next((each for each in passed if each.was_passed), None)


def goes_then(companion: Companion, day: date) -> bool:
    """Whether someone goes along on that day at all."""
    away = companion.away_until is not None and day <= companion.away_until
    return companion.ended_on is None and not away and str(day.isoweekday()) in companion.days


def check_when(starts_at: datetime, now: datetime, most_days: int) -> None:
    """Raise `TripIsOver` or `TooFarAhead` for a moment that nobody can ask for."""
    if starts_at <= now:
        raise TripIsOver
    if starts_at > now + timedelta(days=most_days):
        raise TooFarAhead(days=most_days)


def check_way(origin: Stop, target: Stop) -> None:
    """Raise `SamePlace` for a trip that leads nowhere."""
    if origin is target:
        raise SamePlace


def fare_of(origin: Stop, target: Stop) -> Fare:
    """Return the fare of a trip: of the end that is not the resident's home."""
    return origin.fare if target.home else target.fare


def item_of(fare: Fare, vehicle: Vehicle | None) -> str:
    """Return the name of a trip's row in the price list."""
    return fare.item_of(ON_FOOT if vehicle is None else BY_VEHICLE)


def check_room(people: int, vehicle: Vehicle | None) -> None:
    """Raise `NoRoom` for more people than seats."""
    if vehicle is not None and people > vehicle.seats:
        raise NoRoom(vehicle=vehicle, seats=vehicle.seats)


def waits(trip: Trip) -> bool:
    """Whether it is to come, or not ended yet."""
    return trip.state in WAITS


def is_looking(trip: Trip) -> bool:
    return trip.state is TripState.LOOKING


def is_agreed(trip: Trip) -> bool:
    return trip.state is TripState.AGREED


def check_step(trip: Trip, allowed: Callable[[Trip], bool]) -> None:
    """Raise `StepTaken` for a trip that went another way meanwhile."""
    if not allowed(trip):
        raise StepTaken(state=trip.state.label)


def check_begun(trip: Trip, now: datetime) -> None:
    """Raise `NotBegun` for a trip that is still to come."""
    if now < trip.starts_at:
        raise NotBegun(start=trip.starts_at)


def lost_vehicle(trip: Trip) -> bool:
    """Whether the booking of its vehicle was given up behind its back."""
    return trip.line is not None and trip.line.state is LineState.CANCELLED


def goes_along(companion: Companion) -> bool:
    return companion.ended_on is None


def has_stopped(companion: Companion) -> bool:
    return companion.ended_on is not None


def is_ready(vehicle: Vehicle) -> bool:
    return vehicle.state is ThingState.READY


def is_blocked(vehicle: Vehicle) -> bool:
    return vehicle.state is ThingState.BLOCKED


def read_number(given: str) -> str:
    """Return a voucher's number in capitals, without what stands between its signs.

    Raises `NotANumber`.
    """
    plain = _BETWEEN.sub("", given).upper()
    if not _NUMBER.fullmatch(plain):
        raise NotANumber(given=given)
    return plain


def numbers_from(first: str, count: int) -> list[str]:
    """Return so many numbers from the first on, as wide as it is: TX0451, TX0452…"""
    found = _NUMBER.fullmatch(first)
    if found is None:
        raise NotANumber(given=first)
    letters, digits = found.groups()
    return [f"{letters}{int(digits) + each:0{len(digits)}}" for each in range(count)]


def is_left(voucher: Voucher) -> bool:
    return voucher.state is VoucherState.LEFT


def why_gone(voucher: Voucher) -> Refused | None:
    """Return the refusal of a voucher that can't be given, saying who and when; None for a good one."""
    told = {"number": voucher.number, "when": voucher.given_at, "by": voucher.person_code}
    if voucher.state is VoucherState.GIVEN:
        return VoucherGiven(who=voucher.resident or _("someone who left"), **told)
    return VoucherSpoilt(**told) if voucher.state is VoucherState.SPOILT else None


def next_month(day: date) -> date:
    """Return the first day of the month after this day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def check_vouchers(who: object, given: int, most: int, today: date) -> None:
    """Raise `EnoughVouchers` where one more would pass the site's limit for a month."""
    if given >= most:
        raise EnoughVouchers(who=who, given=given, day=next_month(today))
