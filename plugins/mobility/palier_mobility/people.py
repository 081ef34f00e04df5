"""Who goes along, and the vehicles: written down, stopped, blocked."""

from typing import Annotated

from palier.api import (
    Desk,
    Provider,
    Resident,
    SiteRecord,
    Ticks,
    _,
    act,
    ask,
    block_thing,
    put_thing_back,
    select,
)

from . import queries, rules
from .models import Companion, Vehicle

WEEKDAYS = frozenset("12345")


def weekdays(_desk: Desk) -> Ticks:
    return Ticks(WEEKDAYS)


HisDays = Annotated[Ticks, ask(start=weekdays)]


@act(_("Add a volunteer"))
def add_volunteer(
    desk: Desk,
    *,
    volunteer: Annotated[Resident, ask(_("Volunteer"))],
    days: HisDays,
    drives: bool = False,
) -> Companion:
    """Note a resident who goes along with others, and on which days."""
    return _add(desk, Companion(name=str(volunteer), resident=volunteer, days=days, drives=drives))


@act(_("Add a provider"))
def add_provider(
    desk: Desk,
    *,
    provider: Annotated[Provider, ask(_("Provider"))],
    days: HisDays,
    drives: bool = False,
) -> Companion:
    """Note an association or a firm that goes along with residents, and on which days."""
    return _add(desk, Companion(name=str(provider), provider=provider, days=days, drives=drives))


def _add(desk: Desk, companion: Companion) -> Companion:
    who: SiteRecord | None = companion.resident or companion.provider
    column = Companion.resident if companion.resident is not None else Companion.provider
    if not companion.days:
        raise rules.NoDays
    if queries.companions_of(desk, column, who):
        raise rules.OnListAlready(who=companion.name)
    return desk.add(companion)


@act(_("Goes along no more"), when=rules.goes_along, rare=True)
def stop(desk: Desk, companion: Companion) -> None:
    """Ask someone no more. What they did stays; their name goes after some months."""
    held = desk.lock(select(Companion).where(Companion.id == companion.id)) or companion
    if (trip := queries.next_trip_with(desk, held)) is not None:
        raise rules.StillGoes(who=held.name, trip=trip)
    held.ended_on = desk.today


@act(_("Goes along again"), when=rules.has_stopped)
def come_back(_desk: Desk, companion: Companion) -> None:
    """Ask someone in turn again."""
    companion.ended_on = None


@act(_("Block"), when=rules.is_ready, rare=True)
def block(
    desk: Desk, vehicle: Vehicle, *, reason: Annotated[str, ask(_("What is wrong"), max=120)]
) -> None:
    """Take a vehicle out of service; the trips that have it stay, and say so."""
    block_thing(desk, vehicle, reason)


@act(_("Put back"), when=rules.is_blocked)
def put_back(desk: Desk, vehicle: Vehicle) -> None:
    """Put a vehicle back into service."""
    put_thing_back(desk, vehicle)


def names_follow(desk: Desk) -> None:
    """Let each companion be called as the resident or the provider is called now."""
    for each in desk.all(select(Companion), Companion.resident, Companion.provider):
        who = each.resident or each.provider
        if who is not None and each.name != str(who):
            each.name = str(who)
