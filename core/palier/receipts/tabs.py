"""Tabs: what a household pays later, up to a cap. A debt is never turnover twice."""

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.charging import in_site_words
from palier.receipts.decided import Settings
from palier.receipts.ledgers import enter
from palier.receipts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    EntryReason,
    Ledger,
    LedgerKind,
    Receipt,
    Tab,
    VatClass,
)
from palier.residents.models import Household, Resident
from palier.text import Cents, Money, _


class NoHousehold(Refused):
    text = _("A tab is a household's: choose the household on the record first.")


class TabFull(Refused):
    text = _("The tab takes %(left)s more, not %(wanted)s. Take the rest another way.")


class TabSmaller(Refused):
    text = _("Only %(left)s is on the tab. Give the rest back another way.")
    field = "mode"


class TabOnTab(Refused):
    text = _("What settles a tab can't be put on it again: take %(cents)s another way.")


class TabEmpty(Refused):
    text = _("Nothing is on this household's tab.")


class SettledTooMuch(Refused):
    text = _("Only %(left)s is on the tab.")
    field = "cents"


class BeingSettled(Refused):
    text = _("The tab is in the basket already. Take it out to change the amount.")


class CapBelowBalance(Refused):
    text = _("%(balance)s is on this tab now: the cap can't be less.")
    field = "agreed_cents"


def lock_tab(desk: Context, household: Household | None) -> Tab:
    """Return a household's tab, fresh, ours until the act ends; made at its first use.

    Whoever has charges to lock as well locks the household before them. Raises `NoHousehold`.
    """
    if household is None:
        raise NoHousehold
    query = select(Tab).where(Tab.household == household)
    locked = query.with_for_update(of=Ledger).execution_options(populate_existing=True)
    found = desk.session.scalars(locked).first()
    if found is not None:
        return found
    desk.lock(select(Household).where(Household.id == household.id))
    made = Tab(
        kind=LedgerKind.TAB,
        household=household,
        label=household.code,
        owner_type=household.path,
        owner_id=household.id,
        floor_cents=Cents(0),
        cap_cents=desk.settings(Settings).tab_cap,
    )
    return desk.session.scalars(locked).first() or desk.add(made)


def cap_of(desk: Context, tab: Tab | None) -> Cents:
    """Return how far a tab may go: what was agreed on, else the site's cap."""
    if tab is not None and tab.agreed_cents is not None:
        return tab.agreed_cents
    return desk.settings(Settings).tab_cap


def ready_tab(
    desk: Context, household: Household | None, due: Cents, later: Cents, settled: Cents
) -> Tab | None:
    """Return the tab that a sale moves, locked and with room for it; none where it moves none.

    `later` is what is put on it, `settled` what is paid of it, of the `due` cents. Raises
    `NoHousehold`, `TabOnTab`, and `TabFull`, which says what is left.
    """
    if not later and not settled:
        return None
    tab = lock_tab(desk, household)
    if later > due - settled:
        raise TabOnTab(cents=Money(settled))
    left = max(0, cap_of(desk, tab) - tab.balance_cents + settled)
    if later > left:
        raise TabFull(left=Money(left), wanted=Money(later))
    return tab


def move_tab(desk: Context, tab: Tab, receipt: Receipt, *amounts: Cents) -> None:
    """Write what a receipt puts on a tab (above 0) and takes off it (below); it is locked.

    The database holds the cap and the floor. Raises `TabSmaller` for more than is on it.
    """
    for cents in amounts:
        if cents < 0 and -cents > tab.balance_cents:
            raise TabSmaller(left=Money(tab.balance_cents))
        if cents:
            reason = EntryReason.ON_TAB if cents > 0 else EntryReason.SETTLED
            tab.cap_cents = Cents(max(cap_of(desk, tab), tab.balance_cents + cents))
            enter(desk, tab, cents, reason, receipt=receipt)


def settle(desk: Context, resident: Resident, cents: Cents | None) -> Charge:
    """Put what is on the household's tab, or a part of it, into the basket: never turnover.

    Raises `NoHousehold`, `TabEmpty`, `SettledTooMuch`, `BeingSettled`.
    """
    tab = lock_tab(desk, resident.household)
    if not tab.balance_cents:
        raise TabEmpty
    amount = tab.balance_cents if cents is None else cents
    if amount > tab.balance_cents:
        raise SettledTooMuch(left=Money(tab.balance_cents))
    same = Charge.source_type == tab.path, Charge.source_id == tab.id
    before = desk.all(select(Charge).where(*same))
    if any(each.state is ChargeState.OPEN for each in before):
        raise BeingSettled
    return desk.add(
        Charge(
            resident=resident,
            household=resident.household,
            visit_id=desk.visit_id,
            service="receipts",
            source_type=tab.path,
            source_id=tab.id,
            what=f"settled-{len(before) + 1}",
            item="",
            label=in_site_words(desk, _("Tab settled")),
            quantity=1,
            unit_cents=amount,
            total_cents=amount,
            full_cents=amount,
            vat_class=VatClass.EXEMPT,
            kind=ChargeKind.TAB_SETTLED,
            charged_on=desk.today,
            charged_at=desk.now,
        )
    )


def agree_cap(desk: Context, tab: Tab, cents: Cents | None) -> None:
    """Give a household's tab a cap of its own, in cents; none gives it the site's again.

    Raises `CapBelowBalance`.
    """
    mine = lock_tab(desk, tab.household)
    cap = desk.settings(Settings).tab_cap if cents is None else cents
    if cap < mine.balance_cents:
        raise CapBelowBalance(balance=Money(mine.balance_cents))
    mine.agreed_cents, mine.cap_cents = cents, cap
