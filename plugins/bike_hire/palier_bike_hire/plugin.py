"""Bike hire: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable

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
    _,
    hooks,
)

from . import actions, fleet, models, queries, rules, screens
from .models import Bike, Loan, Paper

manifest = Manifest(
    name="bike_hire",
    label=_("Bike hire"),
    summary=_("Bikes and things lent for days or weeks, with checks, deposits and repairs."),
    icon="bike",
    requires_core=">=0.1",
    settings=rules.Settings,
    membership_required=actions.members_only,
    counts=(actions.LOAN,),
    skills=(models.BRAKE_TEST,),
    screens=(screens.bikes, screens.loans, screens.kinds),
    pages=(screens.timeline, screens.contract, screens.return_slip),
    panels=(Panel(screens.loans, Loan.resident), Panel(screens.loans, Loan.bike)),
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
    for line, bike, _who in queries.to_hand_over(desk, resident):
        words = _("%(bike)s is booked until %(until)s.")
        text = words.fill(bike=bike, until=line.ends_at)
        yield Card(text, actions.hand_over.on(line), kind="soon")


@hooks.today
def bikes_today(desk: Desk) -> Iterable[Card]:
    for loan in queries.due_today(desk):
        late = rules.is_late(loan, desk.now)
        words = _("%(bike)s comes back from %(resident)s, %(due)s.")
        if late:
            words = _("%(bike)s is late: %(resident)s, due back %(due)s.")
        text = words.fill(bike=loan.bike, resident=loan.resident, due=loan.due_at)
        yield Card(text, actions.take_back.on(loan), kind="late" if late else "soon")
    for line, bike, resident in queries.to_hand_over(desk):
        words = _("%(bike)s is for %(resident)s, from %(start)s.")
        text = words.fill(bike=bike, resident=resident, start=line.starts_at)
        yield Card(text, actions.hand_over.on(line))


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
    bike = loan.bike if loan is not None else queries.bike_tagged(desk, code)
    return _on_bike(desk, bike, loan) if bike is not None else _on_slip(desk, code)


def _on_bike(desk: Desk, bike: Bike, loan: Loan | None) -> Step:
    """Return what comes next for a bike; `loan` is the one whose slip was scanned."""
    if rules.is_blocked(bike):
        return actions.put_back.on(bike)
    last = loan or queries.last_loan(desk, bike)
    if last is not None and rules.is_out(last):
        return actions.take_back.on(last)
    if last is not None and (loan is not None or rules.is_just_back(last, desk.now)):
        words = _("%(bike)s is already back since %(day)s.")
        return Step(actions.lend, bike, words.fill(bike=bike, day=last.back_at))
    return actions.lend.on(bike)


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
        yield from actions.refusals(desk, line.resource, line)


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
