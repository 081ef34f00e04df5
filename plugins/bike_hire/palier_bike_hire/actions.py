"""What a caretaker does with bikes and other things: one function, one transaction."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from palier.api import (
    BookingLine,
    Cents,
    Count,
    DepositForm,
    Desk,
    KeptAs,
    KeptTo,
    NoPrice,
    Resident,
    Shown,
    Ticks,
    WaivedBecause,
    _,
    act,
    ask,
    cancel,
    charge_item,
    free_things,
    hand_out,
    plural,
    price,
    withdraw,
)
from palier.api import take_back as take_thing_back

from . import queries, rules
from .models import Bike, Cause, Loan, Missing, Paper, Problem, Tier
from .repairing import begin_repair

LOAN = Count("loan", _("Loans"))
NOTHING = Cents(0)
Before = Annotated[Ticks, ask(items=rules.checks_before)]
Pieces = Annotated[
    int | None, ask(_("Pieces counted"), fits=rules.is_counted, help=rules.what_belongs)
]


def members_only(desk: Desk) -> bool:
    return desk.settings(rules.Settings).members_only


def price_of_lending(
    desk: Desk, bike: Bike, *, resident: Resident, due_at: datetime
) -> Iterator[Shown]:
    return _prices(desk, bike, resident, due_at)


def price_of_hiring(
    desk: Desk, *, bike: Bike, resident: Resident, due_at: datetime
) -> Iterator[Shown]:
    return _prices(desk, bike, resident, due_at)


def price_of_booked(desk: Desk, line: BookingLine) -> Iterator[Shown]:
    if not isinstance(line.resource, Bike):
        raise rules.NotABikeOfSomeone
    return _prices(desk, line.resource, line.booking.resident, line.ends_at)


def in_a_week(desk: Desk) -> datetime:
    return desk.local(desk.now) + timedelta(days=7)


def tomorrow(desk: Desk) -> datetime:
    return desk.local(desk.now) + timedelta(days=1)


def first_free(desk: Desk) -> Bike | None:
    """Return what is free for a week and may leave: of the first kind, which is lent most."""
    things = (each for each in queries.upkeep(desk) if each.repair is None)
    kinds = {each.bike.id: each.kind.id for each in things if not each.is_due(desk.today)}
    free = free_things(desk, Bike, desk.now, in_a_week(desk))
    fit = (each for each in free if each.id in kinds)
    return min(fit, key=lambda each: (kinds[each.id], each.code), default=None)


@act(
    _("Lend"),
    when=rules.is_ready,
    counts=LOAN,
    meets=True,
    for_members=True,
    shows=price_of_lending,
)
def lend(
    desk: Desk,
    bike: Bike,
    *,
    resident: Resident,
    due_at: Annotated[datetime, ask(start=in_a_week)],
    before: Before,
    pieces_out: Pieces = None,
    deposit: DepositForm,
    reference: Annotated[str | None, ask(_("Cheque number"))] = None,
    waived: Annotated[WaivedBecause | None, ask(_("Why no deposit"))] = None,
) -> Loan:
    """Hand it over, checked, against a deposit; the price goes into the basket."""
    rules.check_due(due_at, desk.now)
    for line in queries.bookings_behind(desk, bike):
        if line.booking.resident is resident and line.starts_at < due_at:
            cancel(desk, line)  # their own booking gives way to the loan
    line = desk.book(bike, desk.now, due_at, resident)
    return _give(desk, bike, resident, line, Handed(before, deposit, reference, waived, pieces_out))


@act(_("Lend a bike or a thing"), counts=LOAN, meets=True, for_members=True, shows=price_of_hiring)
def hire(
    desk: Desk,
    *,
    resident: Resident,
    bike: Annotated[Bike, ask(start=first_free, decides=True)],
    due_at: Annotated[datetime, ask(start=in_a_week)],
    before: Before,
    pieces_out: Pieces = None,
    deposit: DepositForm,
    reference: Annotated[str | None, ask(_("Cheque number"))] = None,
    waived: Annotated[WaivedBecause | None, ask(_("Why no deposit"))] = None,
) -> Loan:
    """Choose something for a resident, hand it over, checked, against a deposit."""
    return lend(
        desk,
        bike,
        resident=resident,
        due_at=due_at,
        before=before,
        pieces_out=pieces_out,
        deposit=deposit,
        reference=reference,
        waived=waived,
    )


@act(
    _("Lend what is booked"),
    when=rules.may_leave,
    counts=LOAN,
    meets=True,
    for_members=True,
    shows=price_of_booked,
)
def hand_over(
    desk: Desk,
    line: BookingLine,
    *,
    before: Before,
    pieces_out: Pieces = None,
    deposit: DepositForm,
    reference: Annotated[str | None, ask(_("Cheque number"))] = None,
    waived: Annotated[WaivedBecause | None, ask(_("Why no deposit"))] = None,
) -> Loan:
    """Hand over what is booked, checked, against a deposit; the price goes into the basket."""
    bike, resident = line.resource, line.booking.resident
    if not isinstance(bike, Bike) or resident is None:
        raise rules.NotABikeOfSomeone
    return _give(desk, bike, resident, line, Handed(before, deposit, reference, waived, pieces_out))


class Handed(NamedTuple):
    """What was checked and left as the bike went out of the door."""

    before: Ticks
    deposit: DepositForm
    reference: str | None
    waived: WaivedBecause | None
    pieces_out: int | None = None


def _give(desk: Desk, bike: Bike, resident: Resident, line: BookingLine, handed: Handed) -> Loan:
    if bike.kind.marked and not bike.identifier:
        raise rules.NotMarked(bike=bike)
    rules.check_counted_out(bike.kind, handed.pieces_out)
    hand_out(desk, line)
    loan = desk.add(
        Loan(
            bike=bike,
            resident=resident,
            line=line,
            lent_at=desk.now,
            due_at=line.ends_at,
            before=handed.before,
            pieces_out=handed.pieces_out,
            deposit=handed.deposit,
            held=NOTHING if handed.deposit is DepositForm.WAIVED else bike.kind.deposit,
            contract=_wanted(desk.settings(rules.Settings).contract),
        )
    )
    desk.hold(loan, loan.held, handed.deposit, handed.reference, waived=handed.waived)
    for tier, quantity in _units(desk, loan.due_at):
        _charge(desk, loan, tier, quantity)
    return loan


def _wanted(paper: bool) -> Paper:
    return Paper.TO_PRINT if paper else Paper.NONE


def _units(desk: Desk, due_at: datetime) -> list[tuple[Tier, int]]:
    """Return the weeks and days of a loan that begins now."""
    settings = desk.settings(rules.Settings)
    days = rules.days_between(desk.local(desk.now), desk.local(due_at), settings.grace)
    return list(rules.units(max(1, days), settings.week_from))


def _prices(desk: Desk, bike: Bike, resident: Resident | None, due_at: datetime) -> Iterator[Shown]:
    home = resident.household if resident is not None else None
    for tier, quantity in _units(desk, due_at):
        words = tier.label.fill(bike=bike, kind=bike.kind)
        yield price(desk, bike.kind.price_of(tier), quantity, home, label=str(words)).named(words)


def _charge(desk: Desk, loan: Loan, tier: Tier, quantity: int) -> None:
    kind = loan.bike.kind
    charge_item(
        desk,
        item=kind.price_of(tier),
        label=tier.label.fill(bike=loan.bike, kind=kind),
        quantity=quantity,
        source=loan,
        resident=loan.resident,
        what=tier.value,
    )


@act(_("Book"), when=rules.is_ready, meets=True, for_members=True)
def book(
    desk: Desk,
    bike: Bike,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    starts_at: Annotated[datetime, ask(start=tomorrow)],
    ends_at: Annotated[datetime, ask(start=in_a_week)],
) -> BookingLine:
    """Keep it for a resident from one moment to another."""
    line = desk.book(bike, starts_at, ends_at, resident)
    words = _("%(bike)s is kept for you from %(start)s until %(end)s.")
    told = words.fill(bike=bike.code, start=starts_at, end=ends_at)
    desk.tell(resident, told, kind="booked", about=line, here=True)
    return line


def remind(desk: Desk, loan: Loan) -> None:
    """Remind of a bike that is due tomorrow or late; the same reminder is told once."""
    every = desk.settings(rules.Settings).remind_days
    kind, once = rules.reminder_of(desk.local(loan.due_at).date(), desk.today, every)
    words = _("%(bike)s is due back at the desk %(due)s.")
    if kind == "late":
        words = _("%(bike)s was due back %(due)s. Please bring it to the desk.")
    told = words.fill(bike=loan.bike.code, due=loan.due_at)
    desk.tell(loan.resident, told, kind=kind, about=loan, once=once)


@act(_("Take back"), when=rules.is_out, meets=True)
def take_back(
    desk: Desk,
    loan: Loan,
    *,
    after: Annotated[Ticks | None, ask(items=rules.checks_after)] = None,
    pieces_in: Pieces = None,
    missing: Annotated[Missing, ask(_("If some are missing"), fits=rules.is_counted)] = (
        Missing.CHARGED
    ),
    problem: Problem = Problem.NONE,
    damage: Cents = NOTHING,
    kept_as: Annotated[KeptAs, ask(_("Kept of the deposit"))] = KeptAs.DAMAGES,
    kept_to: Annotated[KeptTo | None, ask(_("Where kept cash goes"))] = None,
) -> None:
    """Check it and give the deposit back; what has a problem is blocked at once."""
    lacks = rules.missing_pieces(loan, pieces_in)
    take_thing_back(desk, loan.line, desk.now)
    withdraw(desk, loan)
    loan.back_at, loan.after, loan.problem, loan.damage = desk.now, after, problem, damage
    loan.pieces_in = pieces_in
    loan.return_slip = _wanted(desk.settings(rules.Settings).return_slip)
    _charge_late_days(desk, loan)
    if missing is Missing.CHARGED:
        _charge_if_priced(desk, loan, Tier.PIECE, lacks)
    _settle_deposit(desk, loan, kept_as, kept_to)
    bike = loan.bike
    bike.loans_since += 1
    bike.days_since += rules.days_between(desk.local(loan.lent_at), desk.local(desk.now))
    _repair_if_needed(desk, bike, problem, lacks)


def _repair_if_needed(desk: Desk, bike: Bike, problem: Problem, lacks: int) -> None:
    """Open a repair of what came back with a problem, incomplete, or due for maintenance."""
    found = queries.upkeep_of(desk, bike)
    if found.repair is not None:
        return
    if problem is not Problem.NONE:
        begin_repair(desk, bike, Cause.PROBLEM, problem.label)
    elif lacks:
        words = plural("%(piece)s: %(n)s is missing", "%(piece)s: %(n)s are missing", lacks)
        begin_repair(desk, bike, Cause.MISSING, words.fill(piece=bike.kind.counted))
    elif rules.is_due(bike, found.rhythm, desk.today):
        begin_repair(desk, bike, Cause.DUE, rules.SERVICE)


@act(_("Print the contract"), when=rules.contract_prints, then="contract", quiet=True)
def print_contract(_desk: Desk, loan: Loan) -> Loan:
    """Print what is agreed for the loan, with its code, to be signed."""
    loan.contract = Paper.PRINTED
    return loan


@act(_("File the contract"), when=rules.contract_waits)
def file_contract(_desk: Desk, loan: Loan) -> None:
    """Note that the contract is signed and filed."""
    loan.contract = Paper.SIGNED


@act(
    _("Print the return slip"), when=rules.return_prints, then="return_slip", quiet=True, rare=True
)
def print_return(_desk: Desk, loan: Loan) -> Loan:
    """Print what was found on return, with its code, to be signed."""
    loan.return_slip = Paper.PRINTED
    return loan


@act(_("File the return slip"), when=rules.return_waits)
def file_return(_desk: Desk, loan: Loan) -> None:
    """Note that the return slip is signed and filed."""
    loan.return_slip = Paper.SIGNED


def _charge_late_days(desk: Desk, loan: Loan) -> None:
    grace = desk.settings(rules.Settings).grace
    days = rules.days_between(desk.local(loan.due_at), desk.local(desk.now), grace)
    _charge_if_priced(desk, loan, Tier.LATE, days)


def _charge_if_priced(desk: Desk, loan: Loan, tier: Tier, quantity: int) -> None:
    # A site that has no price for it asks for nothing; a return is never refused.
    if quantity:
        with suppress(NoPrice):
            _charge(desk, loan, tier, quantity)


def _settle_deposit(desk: Desk, loan: Loan, kept_as: KeptAs, kept_to: KeptTo | None) -> None:
    settled = rules.settle(loan.held, loan.damage)
    loan.still_owed = settled.still_owed
    reason = _("Damage") if settled.kept else None
    desk.give_back(loan, keep=settled.kept, reason=reason, kept_as=kept_as, kept_to=kept_to)
