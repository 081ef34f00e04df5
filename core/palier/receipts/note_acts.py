"""The note of a service, written at the desk before it is paid."""

from typing import Annotated

from palier.acts import act
from palier.context import Context
from palier.receipts.charging import basket_of, lock_owed
from palier.receipts.models import Charge, ServiceNote
from palier.receipts.notes import Customer, write_notes
from palier.receipts.selling import regime_on
from palier.residents.models import Resident
from palier.signature import ask
from palier.text import _
from palier.visits.models import Visit
from palier.visits.rules import is_open
from palier.visits.visiting import enter


@act(_("Write the note"), then="note")
def write_note(
    desk: Context,
    resident: Resident,
    *,
    unnamed: Annotated[bool, ask(_("Without the name: the person refuses it"))] = False,
) -> ServiceNote:
    """Write down what the services in the basket cost, before they are paid."""
    charges = [each.charge for each in lock_owed(desk, basket_of(desk, resident))]
    customer = Customer(resident, None if unnamed else str(resident))
    return write_notes(desk, customer, charges, regime_on(desk))[0]


@act(_("Write the note"), when=is_open, then="note")
def write_visit_note(
    desk: Context,
    visit: Visit,
    *,
    name: Annotated[
        str | None,
        ask(_("Name"), max=120, help=_("If the person gives it; erased after two years")),
    ] = None,
) -> ServiceNote:
    """Write down what the services of a visit without a name cost, before they are paid."""
    mine = enter(desk, visit.id)
    charges = [each.charge for each in lock_owed(desk, Charge.visit_id == mine.id)]
    return write_notes(desk, Customer(None, name), charges, regime_on(desk))[0]
