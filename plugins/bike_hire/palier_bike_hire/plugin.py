"""Bike hire: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable, Iterator

from palier.api import (
    BookingLine,
    Card,
    Desk,
    Extend,
    Manifest,
    Panel,
    PublicBlock,
    PublicLine,
    Refused,
    Resident,
    Step,
    Text,
    _,
    hooks,
)

from . import actions, fleet, models, queries, repairing, rules, screens, upkeep
from .models import Bike, Loan, Paper, Repair, RepairPart, Rhythm
from .queries import Moving, Upkeep

LAST = 60  # what can wait stands behind who waits

manifest = Manifest(
    name="bike_hire",
    label=_("Bike hire"),
    summary=_("Bikes and things lent for days or weeks, with checks, deposits and repairs."),
    icon="bike",
    requires_core=">=0.1",
    settings=rules.Settings,
    membership_required=actions.members_only,
    counts=(actions.LOAN, repairing.REPAIR),
    skills=(models.BRAKE_TEST,),
    screens=(
        screens.bikes,
        screens.loans,
        upkeep.to_maintain,
        upkeep.repairs,
        screens.kinds,
        upkeep.parts,
        upkeep.rhythms,
    ),
    pages=(screens.timeline, screens.contract, screens.return_slip, upkeep.work_order),
    panels=(
        Panel(screens.loans, Loan.resident),
        Panel(screens.loans, Loan.bike),
        Panel(upkeep.repairs, Repair.bike, rare=True),
        Panel(upkeep.parts, RepairPart.repair),
        Panel(upkeep.rhythms, Rhythm.kind),
    ),
    extends=(Extend("bookings/lines", acts=(actions.hand_over,)),),
)


@hooks.desk_cards
def bikes_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    for loan in queries.loans_of(desk, resident):
        late = rules.is_late(loan, desk.now)
        words = _("%(bike)s is out, due back %(due)s.")
        if late:
            words = _("%(bike)s is late: it was due back %(due)s.")
        text = words.fill(bike=loan.bike, due=loan.due_at)
        yield Card(text, actions.take_back.on(loan), kind="late" if late else "")
        if loan.contract is Paper.TO_PRINT:
            words = _("%(bike)s leaves with a contract: print it, then scan it signed.")
            yield Card(words.fill(bike=loan.bike), actions.print_contract.on(loan), kind="soon")
        if loan.contract is Paper.PRINTED:
            words = _("The contract of %(bike)s is printed. Scan it once it is signed.")
            yield Card(words.fill(bike=loan.bike), actions.file_contract.on(loan), kind="soon")
    for each in queries.to_hand_over(desk, resident):
        words = _("%(bike)s is booked until %(until)s.")
        text = words.fill(bike=each.bike, until=each.line.ends_at)
        yield Card(text, actions.hand_over.on(each.line), kind="soon")


@hooks.today
def bikes_today(desk: Desk) -> Iterable[Card]:
    for each in queries.moving_today(desk):
        yield _comes_back(desk, each.loan) if each.loan else _leaves(each)
    for thing in queries.to_maintain(desk):
        yield from _to_maintain(desk, thing)


def _comes_back(desk: Desk, loan: Loan) -> Card:
    late = rules.is_late(loan, desk.now)
    words = _("%(bike)s comes back from %(resident)s, %(due)s.")
    if late:
        words = _("%(bike)s is late: %(resident)s, due back %(due)s.")
    text = words.fill(bike=loan.bike, resident=loan.resident, due=loan.due_at)
    return Card(text, actions.take_back.on(loan), kind="late" if late else "soon")


def _leaves(moving: Moving) -> Card:
    words = _("%(bike)s is for %(resident)s, from %(start)s.")
    start = moving.line.starts_at
    text = words.fill(bike=moving.bike, resident=moving.resident, start=start)
    return Card(text, actions.hand_over.on(moving.line))


def _to_maintain(desk: Desk, thing: Upkeep) -> Iterator[Card]:
    """Yield what is to be done to a thing, and what is behind it; what is only blocked says nothing."""
    behind = None
    if thing.booked_at is not None:
        behind = _("Booked from %(start)s.").fill(start=thing.booked_at)
    if thing.repair is not None:
        late = rules.is_overdue(thing.repair, desk.today)
        step = repairing.next_step(thing.repair)
        kind = "late" if late else ""
        yield Card(_in_repair(thing, late=late), step, behind, kind, order=LAST)
    elif rules.is_ready(thing.bike) and thing.is_due(desk.today):
        words = _("%(bike)s is due for maintenance.").fill(bike=thing.bike)
        step = repairing.open_repair.on(thing.bike, what=str(rules.SERVICE))
        yield Card(words, step, behind, "soon", order=LAST)


def _in_repair(thing: Upkeep, *, late: bool) -> Text:
    repair = thing.repair
    assert repair is not None  # noqa: S101 - asked for repairs alone
    words = _("%(bike)s is to be repaired: %(what)s.")
    if rules.is_sent(repair):
        words = _("%(bike)s is at %(workshop)s: %(what)s.")
    if late:
        words = _("%(bike)s should be back from %(workshop)s since %(day)s: %(what)s.")
    return words.fill(
        bike=thing.bike, workshop=thing.workshop, day=repair.due_back, what=repair.what
    )


@hooks.public_blocks
def in_the_house(desk: Desk) -> Iterable[PublicBlock]:
    words = _("%(kind)s: %(n)s here now.")
    lines = [PublicLine(words.fill(kind=kind, n=n)) for kind, n in queries.here_now(desk)]
    yield PublicBlock(lines)


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    loan = desk.from_slip(Loan, code)
    if loan is not None and (paper := _to_file(loan)):
        return paper
    if loan is not None and rules.is_out(loan):
        return actions.take_back.on(loan)
    repair = desk.from_slip(Repair, code)
    if repair is not None:
        return _on_order(repair)
    found = queries.lent_with(desk, loan) if loan else queries.tagged(desk, code)
    return _on_thing(desk, found, loan) if found is not None else _on_slip(desk, code)


def _on_order(repair: Repair) -> Step:
    """Return what comes next for the thing whose work order was scanned."""
    if rules.is_running(repair):
        return repairing.next_step(repair)
    words = _("This repair has ended: %(state)s.").fill(state=repair.state.label)
    return Step(actions.lend, repair.bike, words)


def _on_thing(desk: Desk, found: Upkeep, loan: Loan | None) -> Step:
    """Return what comes next for a thing; `loan` is the one whose slip was scanned."""
    bike = found.bike
    if found.repair is not None:
        return repairing.next_step(found.repair)
    if rules.is_blocked(bike):
        return repairing.put_back.on(bike)
    last = loan or queries.last_loan(desk, bike)
    if last is not None and rules.is_out(last):
        return actions.take_back.on(last)
    if found.is_due(desk.today):
        return _on_due(bike)
    if last is not None and (loan is not None or rules.is_just_back(last, desk.now)):
        words = _("%(bike)s is already back since %(day)s.")
        return Step(actions.lend, bike, words.fill(bike=bike, day=last.back_at))
    return actions.lend.on(bike)


def _on_due(bike: Bike) -> Step:
    """Return the repair of what is due: it is not lent before."""
    words = _("%(bike)s is due for maintenance.").fill(bike=bike)
    return Step(repairing.open_repair, bike, words, {"what": str(rules.SERVICE)})


def _to_file(loan: Loan) -> Step | None:
    if rules.contract_waits(loan):
        return actions.file_contract.on(loan)
    return actions.file_return.on(loan) if rules.return_waits(loan) else None


def _on_slip(desk: Desk, code: str) -> Step | None:
    slip = queries.on_slip(desk, code)
    if slip is None:
        return None
    if rules.may_leave(slip.line):
        return actions.hand_over.on(slip.line)
    if slip.loan is not None and rules.is_out(slip.loan):
        return actions.take_back.on(slip.loan)
    return None


@hooks.check_booking
def against(desk: Desk, line: BookingLine) -> Iterable[Refused]:
    if isinstance(line.resource, Bike):
        yield from repairing.refusals(desk, line.resource, line)


@hooks.daily
def reminders(desk: Desk) -> None:
    for loan in queries.due_until_tomorrow(desk):
        actions.remind(desk, loan)


@hooks.on_enabled
def first_kinds(desk: Desk) -> None:
    fleet.make_kinds(desk)


@hooks.demo
def sample_bikes(desk: Desk) -> None:
    fleet.make_fleet(desk)
    fleet.lend_one(desk)
    fleet.maintain_some(desk)
