"""What a caretaker does when something can't be lent: block it, repair it, put it back."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Annotated

from palier.api import (
    BookingLine,
    Cents,
    Count,
    Desk,
    Provider,
    Refused,
    Role,
    Step,
    Text,
    Ticks,
    _,
    act,
    ask,
    away_until,
    block_thing,
    in_site_words,
    put_thing_back,
    select,
    swap_any,
)

from . import queries, rules
from .models import BRAKE_TEST, Bike, Cause, Kind, Repair, RepairPart, RepairState, Rhythm

REPAIR = Count("repair", _("Repairs"))
Checked = Annotated[Ticks, ask(items=rules.checks_before)]
Labour = Annotated[
    Cents | None, ask(_("Labour"), min=0, help=_("Leave it empty for what is noted already."))
]


@act(_("Block"), when=rules.is_ready, rare=True)
def block(
    desk: Desk, bike: Bike, *, reason: Annotated[str, ask(_("What is wrong"), max=120)]
) -> None:
    """Take it out of service; its next booking moves to another free one."""
    stop(desk, bike, reason)


def stop(desk: Desk, bike: Bike, why: Text | str) -> None:
    """Block a thing. A booking that no other can take stays, and today's page says so."""
    if not rules.is_ready(bike):
        return
    block_thing(desk, bike, in_site_words(desk, why))
    for line in queries.bookings_behind(desk, bike)[:1]:
        with suppress(Refused), desk.session.begin_nested():
            swap_any(desk, line)
        _tell_moved(desk, bike, line)


def _tell_moved(desk: Desk, bike: Bike, line: BookingLine) -> None:
    """Tell whoever had booked what stopped: which one instead, or that someone calls."""
    resident = line.booking.resident
    if resident is None:
        return
    if line.resource is bike:
        words = _("%(bike)s can't leave on %(start)s, and no other is free. Keep the booking?")
        told = words.fill(bike=bike.code, start=line.starts_at)
        desk.tell(resident, told, kind="no_bike", about=line, once=bike.code, asks=True)
        return
    words = _("For your booking from %(start)s you get %(bike)s.")
    told = words.fill(start=line.starts_at, bike=line.resource.code)
    desk.tell(resident, told, kind="moved", about=line, once=line.resource.code)


@act(_("Put back"), when=rules.is_blocked)
def put_back(desk: Desk, bike: Bike, *, checked: Checked) -> None:
    """Put it back into service, checked: its loans and days are counted from here."""
    running = queries.upkeep_of(desk, bike).repair
    if running is not None:
        raise in_repair(bike, running)
    _back_in_service(desk, bike, checked)


def _back_in_service(desk: Desk, bike: Bike, checked: Ticks) -> None:
    if rules.is_blocked(bike):
        put_thing_back(desk, bike)
    bike.checked, bike.serviced_on = checked, desk.today
    bike.loans_since = bike.days_since = 0


# Maintenance and repair.


def in_repair(bike: Bike, repair: Repair) -> Refused:
    refusal = rules.InRepair(bike=bike, what=repair.what)
    refusal.step = next_step(repair)
    return refusal


def next_step(repair: Repair) -> Step:
    """Return what comes next for a repair that runs."""
    return (came_back if rules.is_sent(repair) else finish).on(repair)


def refusals(desk: Desk, bike: Bike, line: BookingLine) -> Iterator[Refused]:
    """Yield what is against a booking; asked when it is made and when the thing leaves."""
    found = queries.upkeep_of(desk, bike)
    if found.repair is not None:
        yield in_repair(bike, found.repair)
    elif rules.is_due(bike, found.rhythm, desk.today):
        due = rules.ServiceDue(bike=bike)
        due.step = open_repair.on(bike)
        yield due
    if bike.kind.has_brakes:
        yield from _nobody_signs(desk, bike, line)


def _nobody_signs(desk: Desk, bike: Bike, line: BookingLine) -> Iterator[Refused]:
    """Yield the refusal of a moment at which all who sign brakes are away."""
    leaves_at = max(line.starts_at, desk.now)
    if leaves_at == desk.now and BRAKE_TEST.name in desk.actor.skills:
        return
    until = away_until(desk, BRAKE_TEST, leaves_at)
    if until is not None:
        yield rules.NobodySignsBrakes(bike=bike, until=until)


@act(_("Open a repair"), when=rules.is_here)
def open_repair(
    desk: Desk, bike: Bike, *, what: Annotated[str, ask(_("What is to be done"), max=120)]
) -> Repair:
    """Stop it and write down what is to be done; its next booking moves to another free one."""
    out = queries.last_loan(desk, bike)
    if out is not None and rules.is_out(out):
        raise rules.StillOut(bike=bike, due=out.due_at)
    due = rules.is_due(bike, queries.upkeep_of(desk, bike).rhythm, desk.today)
    return begin_repair(desk, bike, Cause.DUE if due else Cause.HAND, what)


def begin_repair(desk: Desk, bike: Bike, cause: Cause, what: Text | str) -> Repair:
    """Stop a thing and open its repair. Raises `InRepair`: one thing has one repair at a time."""
    # Who holds the thing is alone: two desks never open two repairs of it.
    desk.lock(select(Bike).where(Bike.id == bike.id))
    running = queries.upkeep_of(desk, bike).repair
    if running is not None:
        raise in_repair(bike, running)
    words = in_site_words(desk, what)
    stop(desk, bike, words)
    return desk.add(Repair(bike=bike, cause=cause, what=words[:120], opened_at=desk.now))


@act(_("Send to a workshop"), when=rules.is_to_do)
def send(
    desk: Desk,
    repair: Repair,
    *,
    provider: Annotated[Provider, ask(among=queries.listed_workshops)],
    due_back: date | None = None,
) -> None:
    """Hand it to an outside workshop, one of the listed providers."""
    rules.check_workshop(provider)
    rules.check_due_back(due_back, desk.today)
    repair.provider, repair.due_back, repair.sent_at = provider, due_back, desk.now
    repair.state = RepairState.SENT


@act(_("Back from the workshop"), when=rules.is_sent)
def came_back(
    desk: Desk, repair: Repair, *, labour: Annotated[Cents, ask(_("What the workshop asks for"))]
) -> None:
    """Note that the workshop brought it back, and what it asks for; it is checked before it leaves."""
    repair.back_at, repair.labour, repair.state = desk.now, labour, RepairState.BACK


@act(_("Add a part"), when=rules.is_running)
def add_part(
    desk: Desk,
    repair: Repair,
    *,
    name: Annotated[str, ask(_("Part used"), max=80)],
    quantity: Annotated[int, ask(_("Quantity"), min=1, max=999)] = 1,
    cents: Annotated[Cents, ask(_("Price of one"), min=0)],
) -> None:
    """Note a part that this repair used, and what one of it cost."""
    mine = _locked(desk, repair)
    total = Cents(quantity * cents)
    desk.add(RepairPart(repair=mine, name=name, quantity=quantity, cents=cents, total=total))
    mine.parts = Cents(mine.parts + total)


@act(_("Take the part out"), when=rules.is_of_running)
def remove_part(desk: Desk, part: RepairPart) -> None:
    """Take out a part that was noted by mistake."""
    mine = _locked(desk, part.repair)
    mine.parts = Cents(mine.parts - part.total)
    desk.session.delete(part)


def _locked(desk: Desk, repair: Repair) -> Repair:
    return desk.lock(select(Repair).where(Repair.id == repair.id)) or repair


@act(_("Finish the repair"), when=rules.may_finish, counts=REPAIR)
def finish(desk: Desk, repair: Repair, *, checked: Checked, labour: Labour = None) -> None:
    """Put it back into service, repaired and checked: its loans and days are counted from here."""
    if labour is not None:
        repair.labour = labour
    repair.checked, repair.ended_at, repair.state = checked, desk.now, RepairState.DONE
    _back_in_service(desk, repair.bike, checked)


@act(_("Cancel the repair"), when=rules.is_running, rare=True)
def cancel_repair(desk: Desk, repair: Repair) -> None:
    """End a repair that is not done. The thing stays blocked until it is put back."""
    repair.ended_at, repair.state = desk.now, RepairState.CANCELLED


@act(_("Print the work order"), when=rules.is_running, then="work_order", quiet=True, rare=True)
def print_order(_desk: Desk, repair: Repair) -> Repair:
    """Print what is to be done, with its code, to go with the thing."""
    return repair


@act(_("Set when it is due"), least=Role.MANAGER)
def set_rhythm(
    desk: Desk,
    kind: Kind,
    *,
    loans: int | None = None,
    days_out: int | None = None,
    days: int | None = None,
    valid_from: Annotated[date, ask(start=queries.today)],
) -> Rhythm:
    """Say after how many loans or days things of this kind are maintained; empty: never."""
    rules.check_begins(valid_from, desk.today)
    rhythm = desk.one(Rhythm(kind=kind, valid_from=valid_from))
    rhythm.loans, rhythm.days_out, rhythm.days = loans, days_out, days
    return rhythm
