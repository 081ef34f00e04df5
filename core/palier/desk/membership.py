"""A household's year: sold at the desk, cancelled with its charge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from sqlalchemy import select

from palier.acts import Act, Count, act
from palier.asking import Failure, Hooks
from palier.context import Context, Role
from palier.desk.counter import Desk
from palier.errors import PluginFailed, Refused
from palier.messages.telling import withdraw
from palier.plugins import Plugin
from palier.receipts.charging import charge_item, in_site_words
from palier.receipts.models import Price, Unit, VatClass
from palier.receipts.price_list import set_price
from palier.receipts.pricing import price
from palier.receipts.quoting import Shown
from palier.residents.memberships import is_member, memberships_of, next_start
from palier.residents.models import Household, Membership, Resident
from palier.residents.rules import check_no_overlap, year_from
from palier.signature import ask
from palier.text import Cents, Text, _

MEMBERSHIP = Count("membership", _("Memberships"))
PRICE = "membership.year"
WHAT = "membership"


LABEL = _("Membership of the household for a year")
KEPT = _("Leave it open to keep what it was")


def price_of_membership(desk: Context, household: Household) -> list[Shown]:
    """Return what a year costs this household."""
    return [price(desk, PRICE, 1, household, label=str(LABEL)).named(LABEL)]


@act(_("Sell the membership"), counts=MEMBERSHIP, shows=price_of_membership)
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
    known = memberships_of(desk, household)
    check_no_overlap(begins, ends, known)
    for each in known[-1:]:
        withdraw(desk, each)  # nobody is reminded of what is renewed
    membership = desk.add(Membership(household=household, starts_on=begins, ends_on=ends))
    charge = charge_item(
        desk,
        item=PRICE,
        label=LABEL,
        quantity=1,
        source=membership,
        household=household,
        resident=None,
        what=WHAT,
    )
    charge.service = "desk"  # its end is told to this area, which ends the year with it
    desk.session.flush()
    return membership


@act(_("Set the price of the membership"), least=Role.MANAGER)
def price_membership(
    desk: Context,
    *,
    cents: Annotated[Cents, ask(_("Price of a year"), min=0)],
    vat_class: Annotated[VatClass | None, ask(_("VAT"), help=KEPT)] = None,
    valid_from: Annotated[date, ask(_("From"), start=lambda desk: desk.today)],
) -> Price:
    """Say what a year of a household costs from a day on; what was sold before keeps its price."""
    label = in_site_words(desk, LABEL)
    return set_price(
        desk,
        PRICE,
        cents,
        valid_from=valid_from,
        unit=Unit.YEAR,
        vat_class=vat_class,
        label=label,
    )


def cancel_membership(desk: Context, membership: Membership) -> None:
    """End a membership whose charge was cancelled; called again, it changes nothing."""
    if membership.cancelled_on is None:
        membership.cancelled_on = desk.today


class MembershipNeeded(Refused):
    text = _("%(who)s is no member on %(day)s. Sell the household its membership first.")


def check_member(
    desk: Context, act: Act[Any, Any], record: object, values: Mapping[str, Any]
) -> None:
    """Raise `MembershipNeeded` where an act hands something out that is for members only.

    The one place that asks: what a service needs is in its manifest, which acts hand out is on the
    act. Whoever gets it is the form's resident, else the record's; the day is the one it begins on.
    """
    if not act.for_members or not is_required(desk, act.package):
        return
    who = values.get("resident") or _resident_of(record)
    if who is None:
        return
    day = _begins(desk, record, values)
    if who.household is not None and is_member(desk, who.household, day):
        return
    refusal = MembershipNeeded(who=who, day=day)
    if who.household is not None:
        refusal.step = sell_membership.on(who.household)
    raise refusal


def is_required(desk: Context, package: str) -> bool:
    """Whether a service is for members at this site. Raises `PluginFailed` where it can't say."""
    plugin = desk.hooks.registry.plugins.get(package) if desk.hooks else None
    if desk.hooks is None or plugin is None or not plugin.works:
        return False
    said = _said(desk.hooks, plugin, desk)
    if isinstance(said, Failure):
        raise PluginFailed(plugin=plugin.label)
    return said


@dataclass(frozen=True)
class Services:
    """The site's services by name: those for someone today, and those that want a membership."""

    open: tuple[Text, ...] = ()
    for_members: tuple[Text, ...] = ()


def services_for(desk: Context, *, is_member: bool) -> Services:
    """Return which services of the site are for someone today; what can't say so is left out.

    A member may use them all, so that nobody is asked.
    """
    if desk.hooks is None:
        return Services()
    on = [each for each in desk.hooks.registry.on(desk.site.plugins) if not each.is_core]
    said = [(each, False if is_member else _said(desk.hooks, each, desk)) for each in on]
    return Services(
        tuple(sorted((each.label for each, needed in said if needed is False), key=str)),
        tuple(sorted((each.label for each, needed in said if needed is True), key=str)),
    )


def _said(hooks: Hooks, plugin: Plugin, desk: Context) -> bool | Failure:
    said = plugin.manifest.membership_required
    return hooks.declared(plugin, said, desk) if callable(said) else said


def _resident_of(record: object) -> Resident | None:
    found = getattr(record, "resident", None) or getattr(
        getattr(record, "booking", None), "resident", None
    )
    return found if isinstance(found, Resident) else None


def _begins(desk: Context, record: object, values: Mapping[str, Any]) -> date:
    moment = values.get("starts_at") or getattr(record, "starts_at", None)
    return max(desk.today, desk.local(moment).date()) if moment is not None else desk.today
