"""A household's year: sold at the desk, cancelled with its charge."""

from datetime import date
from typing import Annotated

from sqlalchemy import select

from palier.acts import Count, act, ask
from palier.context import Context
from palier.desk.counter import Desk
from palier.receipts.charging import charge_item
from palier.residents.memberships import memberships_of, next_start
from palier.residents.models import Household, Membership
from palier.residents.rules import check_no_overlap, year_from
from palier.text import _

MEMBERSHIP = Count("membership", _("Memberships"))
PRICE = "membership.year"
WHAT = "membership"


@act(_("Sell the membership"), counts=MEMBERSHIP)
def sell_membership(
    desk: Desk,
    household: Household,
    *,
    starts_on: Annotated[
        date | None, ask(help=_("Left empty: today, or when the running year ends."))
    ] = None,
) -> Membership:
    """Make the whole household a member for a year; the price goes into the basket."""
    # One desk at a time: the second sees the year that the first has just sold.
    desk.lock(select(Household).where(Household.id == household.id))
    begins = starts_on or next_start(desk, household)
    ends = year_from(begins)
    check_no_overlap(begins, ends, memberships_of(desk, household))
    membership = desk.add(Membership(household=household, starts_on=begins, ends_on=ends))
    label = _("Membership of the household for a year")
    charge = charge_item(
        desk,
        item=PRICE,
        label=label,
        quantity=1,
        source=membership,
        household=household,
        resident=None,
        what=WHAT,
    )
    charge.service = "desk"  # its end is told to this area, which ends the year with it
    desk.session.flush()
    return membership


def cancel_membership(desk: Context, membership: Membership) -> None:
    """End a membership whose charge was cancelled; called again, it changes nothing."""
    if membership.cancelled_on is None:
        membership.cancelled_on = desk.today
