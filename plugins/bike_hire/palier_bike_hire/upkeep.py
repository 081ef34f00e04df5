"""What a caretaker sees of repairs and maintenance."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from palier.api import (
    BookingLine,
    ColumnElement,
    Desk,
    Money,
    Page,
    Screen,
    Text,
    _,
    ask,
    page,
    plural,
    slip_code,
    squares,
)

from . import queries
from .models import Bike, Cause, Repair, RepairPart, Rhythm
from .repairing import (
    add_part,
    came_back,
    cancel_repair,
    finish,
    print_order,
    remove_part,
    send,
)

Beside = Mapping[Text, Mapping[int, object]]


def costs_of(desk: Desk, ids: Sequence[int]) -> Beside:
    """Say what a thing's repairs cost so far."""
    return {_("Cost of its repairs"): {id: Money(c) for id, c in queries.costs(desk, ids).items()}}


def behind(desk: Desk, ids: Sequence[int]) -> Beside:
    """Say what each thing waits for, and what is behind it: who booked it, and how many more."""
    found = queries.behind(desk, ids)
    things = queries.upkeep(desk, Bike.id.in_(ids))
    return {
        _("What is to be done"): {each.bike.id: _to_do(desk, each) for each in things},
        _("Booked next"): {id: _booked(lines) for id, lines in found.items()},
    }


def _to_do(desk: Desk, thing: queries.Upkeep) -> Text | str:
    if thing.repair is not None:
        words = _("%(state)s: %(what)s")
        return words.fill(state=thing.repair.state.label, what=thing.repair.what)
    if thing.is_due(desk.today):
        return Cause.DUE.label
    return thing.bike.blocked_reason or ""


def behind_repair(desk: Desk, ids: Sequence[int]) -> Beside:
    """Say what is behind the thing of a repair, and what the repair costs."""
    repairs = queries.repairs(desk, ids)
    found = queries.behind(desk, [each.bike.id for each in repairs])
    booked = {each.id: found.get(each.bike.id) for each in repairs}
    return {
        _("Cost"): {each.id: Money(each.parts + each.labour) for each in repairs},
        _("Booked next"): {id: _booked(lines) for id, lines in booked.items() if lines},
    }


def _booked(lines: Sequence[BookingLine]) -> Text:
    first, more = lines[0], len(lines) - 1
    words = _("%(who)s, from %(start)s").fill(who=first.booking.resident, start=first.starts_at)
    if not more:
        return words
    others = plural("%(n)s more booking", "%(n)s more bookings", more)
    return _("%(first)s; %(others)s").fill(first=words, others=others)


def _waiting(desk: Desk) -> ColumnElement[bool]:
    return Bike.id.in_([each.bike.id for each in queries.to_maintain(desk)])


to_maintain = Screen(
    Bike,
    _("To maintain"),
    columns=(Bike.code, Bike.kind, Bike.state, Bike.serviced_on),
    filters=(Bike.kind, Bike.state),
    sort=Bike.code,
    only=_waiting,
    beside=behind,
    name="maintenance",
    help=_("What is due, blocked or in repair, and who has booked it next."),
)

repairs = Screen(
    Repair,
    _("Repairs"),
    columns=(
        Repair.bike,
        Repair.what,
        Repair.state,
        Repair.provider,
        Repair.opened_at,
        Repair.parts,
        Repair.labour,
    ),
    sections={
        _("Repair"): (Repair.bike, Repair.what, Repair.cause, Repair.state),
        _("Workshop"): (Repair.provider, Repair.sent_at, Repair.due_back, Repair.back_at),
        _("Costs"): (Repair.parts, Repair.labour),
        _("End of it"): (Repair.checked, Repair.ended_at),
    },
    filters=(Repair.state, Repair.bike, Repair.provider, Repair.opened_at),
    totals=(Repair.parts, Repair.labour),
    newest_first=Repair.opened_at,
    acts=(finish, came_back, send, add_part, print_order, cancel_repair),
    facts=behind_repair,
)

parts = Screen(
    RepairPart,
    _("Parts of repairs"),
    columns=(RepairPart.name, RepairPart.quantity, RepairPart.cents, RepairPart.total),
    sections={
        _("Part used"): (
            RepairPart.repair,
            RepairPart.name,
            RepairPart.quantity,
            RepairPart.cents,
            RepairPart.total,
        )
    },
    totals=(RepairPart.total,),
    acts=(remove_part,),
    menu=False,
)

rhythms = Screen(
    Rhythm,
    _("When it is due"),
    columns=(Rhythm.kind, Rhythm.valid_from, Rhythm.loans, Rhythm.days_out, Rhythm.days),
    filters=(Rhythm.kind,),
    menu=False,
)


@page(_("Work order"), rare=True)
def work_order(desk: Desk, *, made: Annotated[Repair, ask(_("Repair"))]) -> Page:
    """Print what is to be done to a thing, with its code, to go with it."""
    code = slip_code(made)
    back = f"/{desk.site.slug}/desk/bike_hire/repair/{made.id}"
    return Page("bike_hire/work_order.html", repair=made, code=code, drawn=squares(code), back=back)
