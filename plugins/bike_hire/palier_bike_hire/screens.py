"""What a caretaker sees of the bikes and other things."""

from datetime import date
from typing import Annotated

from palier.api import Desk, Page, Resident, Screen, _, ask, page, page_to_sign, read_timeline

from .actions import (
    book,
    file_contract,
    file_return,
    hire,
    lend,
    print_contract,
    print_return,
    take_back,
)
from .models import Bike, Kind, Loan
from .papers import contract_of, return_of
from .queries import fleet_of
from .repairing import block, open_repair, put_back, set_rhythm
from .upkeep import costs_of

kinds = Screen(
    Kind,
    _("Kinds"),
    columns=(Kind.name, Kind.deposit, Kind.piece, Kind.pieces),
    sections={
        _("Lent as"): (Kind.name, Kind.deposit, Kind.marked, Kind.before, Kind.after),
        _("What is counted"): (Kind.piece, Kind.pieces),
    },
    acts=(set_rhythm,),
    form=(
        Kind.name,
        Kind.deposit,
        Kind.marked,
        Kind.before,
        Kind.after,
        Kind.piece,
        Kind.pieces,
    ),
)

bikes = Screen(
    Bike,
    _("Bikes and things"),
    columns=(Bike.code, Bike.kind, Bike.name, Bike.state, Bike.blocked_reason),
    sections={
        _("What it is"): (Bike.kind, Bike.name, Bike.identifier, Bike.state, Bike.blocked_reason),
        _("Maintenance"): (Bike.serviced_on, Bike.checked, Bike.loans_since, Bike.days_since),
    },
    filters=(Bike.kind, Bike.state),
    sort=Bike.code,
    form=(Bike.code, Bike.kind, Bike.name, Bike.identifier),
    acts=(lend, book, put_back, open_repair, block),
    facts=costs_of,
)

loans = Screen(
    Loan,
    _("Loans"),
    columns=(Loan.bike, Loan.resident, Loan.lent_at, Loan.due_at, Loan.back_at),
    sections={
        _("Loan"): (Loan.bike, Loan.resident, Loan.lent_at, Loan.due_at, Loan.back_at),
        _("State"): (
            Loan.before,
            Loan.pieces_out,
            Loan.after,
            Loan.pieces_in,
            Loan.problem,
        ),
        _("Papers"): (Loan.contract, Loan.return_slip),
        _("Deposit"): (Loan.held, Loan.deposit, Loan.damage, Loan.still_owed),
    },
    filters=(Loan.bike, Loan.due_at, Loan.contract),
    newest_first=Loan.due_at,
    acts=(hire, take_back, print_contract, file_contract, print_return, file_return),
)


@page(_("Timeline of the bikes and things"))
def timeline(
    desk: Desk,
    *,
    resident: Annotated[Resident | None, ask(_("Resident"))] = None,
    day: Annotated[date | None, ask(_("First day"))] = None,
    free: Annotated[bool, ask(_("Free ones only"))] = False,
) -> Page:
    """See who has what, what is free, and lend it."""
    address = f"/{desk.site.slug}/desk/bike_hire/timeline"
    title = _("Bikes and things, %(first)s to %(last)s")
    drawn = read_timeline(desk, title, fleet_of(desk), address, day=day, free=free)
    return Page(
        "bike_hire/timeline.html", timeline=drawn, resident=resident, may_lend=desk.may(lend)
    )


@page(_("Contract of a loan"))
def contract(desk: Desk, *, made: Annotated[Loan, ask(_("Loan"))]) -> Page:
    """Print what is agreed for a loan, to be signed."""
    return page_to_sign(desk, contract_of(desk, made), made.resident)


@page(_("Slip of a return"))
def return_slip(desk: Desk, *, made: Annotated[Loan, ask(_("Loan"))]) -> Page:
    """Print what was found when it came back, to be signed."""
    return page_to_sign(desk, return_of(made), made.resident)
