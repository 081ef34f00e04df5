"""What is owed: charged when it is handed out, ended when it is paid, cancelled or waived."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from palier import hookspecs
from palier.context import Context
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.providers.models import Provider
from palier.receipts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    Fund,
    Ledger,
    Price,
    Priced,
    WaiveReason,
)
from palier.receipts.pricing import Full, NoPrice, Purse, Reduced, price, row_on
from palier.receipts.quoting import Quote, Reduction, Terms, quote_all
from palier.residents.models import Household, Resident
from palier.text import Cents, Reader, Text, _, read_by
from palier.trail import ActRow
from palier.visits.models import Visit


class AlreadyCharged(Refused):
    text = _("This is already in the basket or paid: %(what)s.")


class ChargeEnded(Refused):
    text = _("This is no longer to pay: %(what)s.")


class Owed(NamedTuple):
    """A charge and how its price came about; no quote for what no price list prices."""

    charge: Charge
    quote: Quote | None


def charge_thing(
    desk: Context,
    thing: Priced,
    quantity: int,
    *,
    source: SiteRecord,
    resident: Resident | None = None,
    what: str = "",
) -> Charge:
    """Put a thing with a price list into the basket; `quantity` counts the price's own unit.

    Where it has a `seller` it is sold in their name. Raises `NoPrice`, `TooFew`, and
    `AlreadyCharged` for the same source and `what` again.
    """
    return charge_item(
        desk,
        item=thing.price_item,
        label=str(thing),
        quantity=quantity,
        source=source,
        resident=resident,
        what=what,
        provider=thing.seller,
    )


def charge_item(
    desk: Context,
    *,
    item: str,
    label: Text | str,
    quantity: int = 1,
    source: SiteRecord,
    resident: Resident | None = None,
    household: Household | None = None,
    what: str = "",
    kind: ChargeKind = ChargeKind.SALE,
    service: str = "",
    provider: Provider | None = None,
) -> Charge:
    """Put an item of the price list into the basket: `membership.year`, for a household.

    With a `provider` it is sold in the provider's name, at its price: collected, never turnover;
    so is an item that only a provider has a price for. The label is written in the site's language, as the receipt will say it. `service` is the
    package that hears of its end, the source's own unless said. Only a container that comes back has a quantity below zero. Raises
    `NoPrice`, `TooFew`, and `AlreadyCharged` for the same source and `what` again.
    """
    words = in_site_words(desk, label)
    lives = household or (resident.household if resident else None)
    back = kind is ChargeKind.CONTAINER
    charge = _of_seller(desk, item, words, quantity, lives, provider, comes_back=back)
    if charge.provider_id is not None:
        kind = ChargeKind.AGENT
    charge.resident, charge.household, charge.visit_id = resident, lives, desk.visit_id
    charge.source_type, charge.source_id = source.path, source.id
    charge.service, charge.what, charge.kind = service or source.package, what, kind
    try:
        return desk.add(charge)
    except IntegrityError as error:
        if _is_double(error):
            raise AlreadyCharged(what=words) from error
        raise


def _of_seller(
    desk: Context,
    item: str,
    words: str,
    quantity: int,
    household: Household | None,
    provider: Provider | None,
    *,
    comes_back: bool,
) -> Charge:
    """Price an item, in its provider's name where one is given or alone has a price for it."""
    try:
        charge = _priced(desk, item, words, quantity, household, provider, comes_back=comes_back)
    except NoPrice:
        provider = provider or _only_seller(desk, item)
        if provider is None:
            raise
        charge = _priced(desk, item, words, quantity, household, provider, comes_back=comes_back)
    charge.provider_id = provider.id if provider is not None else None
    return charge


def _only_seller(desk: Context, item: str) -> Provider | None:
    """Return the provider whose price an item has today, where we have none of our own."""
    lasts = or_(Price.valid_to.is_(None), Price.valid_to > desk.today)
    query = (
        select(Price)
        .where(
            Price.item == item, Price.bracket_id.is_(None), Price.valid_from <= desk.today, lasts
        )
        .order_by(Price.valid_from.desc())
        .options(joinedload(Price.provider))
        .limit(1)
    )
    row = desk.session.scalars(query).first()
    return row.provider if row is not None else None


def _priced(
    desk: Context,
    item: str,
    words: str,
    quantity: int,
    household: Household | None,
    seller: Provider | None,
    *,
    comes_back: bool,
) -> Charge:
    quote = price(
        desk, item, quantity, household, label=words, provider=seller, comes_back=comes_back
    )
    return Charge(
        item=item,
        label=words[:120],
        quantity=quantity,
        unit=quote.unit,
        unit_cents=quote.unit_cents,
        total_cents=quote.payable_cents,
        full_cents=quote.full_cents,
        vat_class=quote.vat_class,
        is_service=quote.is_service,
        charged_on=desk.today,
        charged_at=desk.now,
        fund_ledger_id=quote.fund_ledger_id,
        bracket_id=quote.bracket_id,
    )


def in_site_words(desk: Context, words: Text | str) -> str:
    """Write words that will be kept, in the site's language, whoever reads the screen now."""
    with read_by(Reader(desk.site.locale, desk.site.zone)):
        return str(words)


def _is_double(error: IntegrityError) -> bool:
    # PostgreSQL names the index, SQLite its columns.
    words = str(error.orig)
    return "uq_charge_once" in words or "UNIQUE constraint failed: charge.site_id" in words


def basket_of(desk: Context, resident: Resident) -> ColumnElement[bool]:
    """What a person's basket is: their own open charges, the household's, and this visit's."""
    theirs = [Charge.resident_id == resident.id]
    if resident.household is not None:
        shared = Charge.household_id == resident.household.id
        theirs.append(and_(Charge.resident_id.is_(None), shared))
    if desk.visit_id is not None:
        theirs.append(Charge.visit_id == desk.visit_id)
    return or_(*theirs)


def open_charges(desk: Context, resident: Resident) -> list[Charge]:
    """Return the basket, oldest first, as the price list has it: one statement, nothing written."""
    return [each.charge for each in owed_by(desk, resident)]


def owed_by(desk: Context, resident: Resident) -> list[Owed]:
    """Return the basket with the reason of each price: one statement, nothing written."""
    rows = desk.session.execute(owed_query(basket_of(desk, resident)))
    return priced_again(rows)


def lock_owed(desk: Context, which: ColumnElement[bool]) -> list[Owed]:
    """Return what is open among these, fresh, priced again, ours until the act ends.

    Charges are locked first, then the funds that would pay, then priced with what these hold now.
    """
    locked = owed_query(which).with_for_update(of=Charge)
    rows = desk.session.execute(locked.execution_options(populate_existing=True)).all()
    funds = sorted({row.fund_id for row in rows if row.fund_id is not None})
    left = {each.id: each.balance_cents for each in lock_funds(desk, funds)}
    return priced_again(rows, left)


def lock_funds(desk: Context, ids: Sequence[int]) -> Sequence[Fund]:
    """Return these funds, fresh, ours until the act ends; no statement for none."""
    if not ids:
        return ()
    query = select(Fund).where(Fund.id.in_(ids)).order_by(Fund.id)
    locked = query.with_for_update(of=Ledger).execution_options(populate_existing=True)
    return desk.session.scalars(locked).all()


def owed_query(which: ColumnElement[bool]) -> Select[Any]:
    """Select the open charges among these, each beside what the price list said on its day.

    The bracket is the household's where its paper was seen by then, else the one it was charged at.
    """
    item, day, provider_id = Charge.item, Charge.charged_on, Charge.provider_id
    seen_later = Household.bracket_seen_on > day
    bracket_id = case((seen_later, Charge.bracket_id), else_=Household.bracket_id)
    over_on = case((Household.bracket_until < day, Household.bracket_until))
    reduced = row_on(item, day, provider_id=provider_id, bracket_id=bracket_id)
    return (
        select(
            Charge,
            Full.cents.label("full_cents"),
            Reduced.cents.label("reduced_cents"),
            Reduced.bracket_id.label("bracket_id"),
            Reduced.fund_ledger_id.label("fund_id"),
            Purse.balance_cents.label("left"),
            case((seen_later, None), else_=over_on).label("over_on"),
        )
        .select_from(Charge)
        .outerjoin(Household, Household.id == Charge.household_id)
        .outerjoin(Full, Full.id == row_on(item, day, provider_id=provider_id))
        .outerjoin(Reduced, and_(Reduced.id == reduced, Reduced.bracket_id.is_not(None)))
        .outerjoin(Purse, Purse.id == Reduced.fund_ledger_id)
        .where(Charge.state == ChargeState.OPEN, which)
        .order_by(Charge.id)
    )


def priced_again(rows: Iterable[Row[Any]], left: Mapping[int, Cents] | None = None) -> list[Owed]:
    """Return charges with the figures that the price list has for the day they were made.

    A price mended for that day reaches what is not paid yet; a later price does not. In a read
    transaction the figures are shown and never saved. `left` is what locked funds hold.
    """
    listed = [(row.Charge, _terms(row, left or {})) for row in rows]
    priced = ((charge, terms, charge.quantity) for charge, terms in listed if terms)
    quotes = dict(quote_all(priced))
    for charge, made in quotes.items():
        _write(charge, made)
    return [Owed(charge, quotes.get(charge)) for charge in dict(listed)]


def _terms(row: Row[Any], left: Mapping[int, Cents]) -> Terms | None:
    """Return what the price list says; nothing for what has no row in it, as a settled tab."""
    if row.full_cents is None:
        return None
    unit = row.Charge.unit
    if row.bracket_id is None or row.fund_id is None:
        return Terms(row.full_cents, unit=unit)
    purse = left.get(row.fund_id, row.left or Cents(0))
    cut = Reduction(row.reduced_cents, row.bracket_id, row.fund_id, purse, row.over_on)
    return Terms(row.full_cents, cut, unit)


def _write(charge: Charge, made: Quote) -> None:
    charge.unit_cents, charge.full_cents = made.unit_cents, made.full_cents
    charge.total_cents, charge.fund_ledger_id = made.payable_cents, made.fund_ledger_id
    charge.bracket_id = made.bracket_id


def has_open_charges(desk: Context, visit: Visit) -> bool:
    """Whether something of a visit is still to pay: it can't be closed then. One statement."""
    query = select(Charge.id).where(Charge.visit_id == visit.id, Charge.state == ChargeState.OPEN)
    return desk.session.scalar(query.limit(1)) is not None


def total_of(charges: Sequence[Charge]) -> Cents:
    """Return what these come to, in cents."""
    return Cents(sum(each.total_cents for each in charges))


def cancel(desk: Context, charge: Charge) -> None:
    """Take a charge out of the basket: what was done is undone, and counts for nothing.

    Raises `ChargeEnded` when it is no longer open.
    """
    mine = _take(desk, charge)
    mine.state = ChargeState.CANCELLED
    _cancel_act_behind(desk, mine)
    tell_end(desk, mine)


def waive(desk: Context, charge: Charge, reason: WaiveReason) -> None:
    """Let a charge go unpaid, for a reason. Raises `ChargeEnded` when it is no longer open."""
    mine = _take(desk, charge)
    mine.state = ChargeState.WAIVED
    mine.reason = reason
    tell_end(desk, mine)


def tell_end(desk: Context, charge: Charge) -> None:
    """Let the service that charged it do what follows; what it refuses is refused."""
    desk.session.flush()
    if desk.hooks is not None:
        desk.hooks.answer(hookspecs.charge_ended, desk, charge, only=charge.service)


def _take(desk: Context, charge: Charge) -> Charge:
    mine = desk.lock(select(Charge).where(Charge.id == charge.id))
    if mine is None or mine.state != ChargeState.OPEN:
        raise ChargeEnded(what=charge.label)
    return mine


def _cancel_act_behind(desk: Context, charge: Charge) -> None:
    row = _act_behind(desk, charge)
    if row is None or _is_cancelled(desk, row):
        return
    desk.add(
        ActRow(
            name=row.name,
            account_id=desk.actor.account_id,
            who=desk.actor.person_code or desk.actor.name,
            origin=desk.origin,
            at=desk.now,
            recorded_at=desk.now,
            resident_id=row.resident_id,
            household_id=row.household_id,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            cancels_id=row.id,
        )
    )


def _act_behind(desk: Context, charge: Charge) -> ActRow | None:
    """Return the counted act in whose transaction the charge was made."""
    same = ActRow.recorded_at == charge.charged_at, ActRow.counted.is_not(None)
    rows = desk.all(select(ActRow).where(*same).order_by(ActRow.id))
    return next((each for each in rows if _made(each, charge)), None)


def _made(row: ActRow, charge: Charge) -> bool:
    return any(
        each.get("in") == charge.path
        and each.get("new") is True
        and each.get("id", charge.id) == charge.id
        for each in row.changes
    )


def _is_cancelled(desk: Context, row: ActRow) -> bool:
    # By the subject, which has an index: one act may have made several charges.
    same = ActRow.subject_type == row.subject_type, ActRow.subject_id == row.subject_id
    query = select(ActRow.id).where(*same, ActRow.cancels_id == row.id)
    return desk.session.scalar(query.limit(1)) is not None
