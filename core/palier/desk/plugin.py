"""The desk: where residents, services and money meet."""

from palier import hookspecs as hooks
from palier.context import Context
from palier.desk import actions, newcomer, passing, paying, scanning, screens, trying
from palier.desk.membership import (
    MEMBERSHIP,
    WHAT,
    cancel_membership,
    price_membership,
    sell_membership,
)
from palier.plugins import Manifest
from palier.receipts.actions import pay, pay_visit
from palier.receipts.models import Charge, ChargeState
from palier.residents.models import Membership
from palier.screens.declared import Extend
from palier.text import _

manifest = Manifest(
    name="desk",
    label=_("Desk"),
    summary=_("Who is here, what today needs, and one basket for everything."),
    icon="home",
    screens=(screens.notes,),
    acts=(actions.add_line, actions.close_desk, actions.read_note),
    pages=(
        screens.home,
        screens.handover,
        scanning.find,
        scanning.after,
        newcomer.newcomer,
        trying.scanner,
        trying.scanner_sheet,
        screens.card,
        screens.paid,
        passing.visit,
        screens.receipt,
    ),
    extends=(
        Extend("residents/household", acts=(sell_membership,)),
        Extend("receipts/price", acts=(price_membership,)),
    ),
    counts=(MEMBERSHIP,),
    forms={pay: paying.at_the_card, pay_visit: paying.at_the_visit},
)


@hooks.charge_ended
def membership_not_paid(desk: Context, charge: Charge) -> None:
    """End a membership with its charge: what is cancelled in the basket was never sold."""
    if charge.state is ChargeState.CANCELLED and charge.what == WHAT:
        membership = charge.source(desk, Membership)
        if membership is not None:
            cancel_membership(desk, membership)
