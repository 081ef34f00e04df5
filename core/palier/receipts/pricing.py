"""What a thing costs today, and why: the price list is the only source of a price."""

from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, ScalarSelect, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from palier.context import Context
from palier.errors import Refused
from palier.providers.models import Provider
from palier.receipts.models import Ledger, Price
from palier.receipts.quoting import Quote, Reduction, Terms, quote
from palier.residents.models import Household
from palier.text import Cents, _

# A price of the whole, the one of a bracket, and what the fund behind it holds.
Full, Reduced, Purse = aliased(Price), aliased(Price), aliased(Ledger)
Day = date | InstrumentedAttribute[date]
Id = int | None | ColumnElement[Any] | InstrumentedAttribute[Any]


class NoPrice(Refused):
    text = _(
        "There is no price for %(what)s on that day. A manager sets it on its own page, or under"
        " Till, Prices."
    )


class TooFew(Refused):
    text = _("The quantity must be at least 1. What comes back is given back on its receipt.")
    field = "quantity"


def price(
    desk: Context,
    item: str,
    quantity: int,
    household: Household | None,
    *,
    label: str = "",
    provider: Provider | None = None,
    comes_back: bool = False,
) -> Quote:
    """Return what this many units of an item cost this household today, rounded half up.

    With a bracket that holds today its price, where the item has one, and the fund pays the rest;
    else, and where the fund has not enough, the full price. One statement. Raises `NoPrice` when
    the price list has no row for that day, `TooFew` for less than one; what `comes_back`, a
    container, counts below.
    """
    if quantity < 1 and not (comes_back and quantity < 0):
        raise TooFew
    bracket = household.bracket_id if household is not None else None
    provider_id = provider.id if provider is not None else None
    of_all = row_on(item, desk.today, provider_id=provider_id)
    of_bracket = row_on(item, desk.today, provider_id=provider_id, bracket_id=bracket)
    query = (
        select(Full, Reduced, Purse.balance_cents)
        .select_from(Full)
        .outerjoin(Reduced, and_(Reduced.id == of_bracket, Reduced.bracket_id.is_not(None)))
        .outerjoin(Purse, Purse.id == Reduced.fund_ledger_id)
        .where(Full.id == of_all)
    )
    found = desk.session.execute(query).first()
    if found is None:
        raise NoPrice(what=label or item, item=item)
    whole, reduced, left = found
    until = household.bracket_until if household is not None else None
    over_on = until if until is not None and until < desk.today else None
    cut = _reduction(reduced, left, over_on)
    terms = Terms(whole.cents, cut, whole.unit, whole.vat_class, whole.is_service)
    return quote(terms, quantity)


def _reduction(row: Price | None, left: Cents | None, over_on: date | None) -> Reduction | None:
    if row is None or row.bracket_id is None or row.fund_ledger_id is None:
        return None
    return Reduction(row.cents, row.bracket_id, row.fund_ledger_id, left or Cents(0), over_on)


def row_on(
    item: str | InstrumentedAttribute[str],
    day: Day,
    *,
    provider_id: Id = None,
    bracket_id: Id = None,
) -> ScalarSelect[int]:
    """Select the id of the price that holds on a day: the newest of those that have begun.

    Beside a row that names item and day it is one more column, not one more statement.
    """
    lasts = or_(Price.valid_to.is_(None), Price.valid_to > day)
    rows = (
        select(Price.id)
        .where(Price.item == item, Price.valid_from <= day, lasts)
        .where(_same(Price.provider_id, provider_id), _same(Price.bracket_id, bracket_id))
        .order_by(Price.valid_from.desc())
        .limit(1)
    )
    return cast("ScalarSelect[int]", rows.scalar_subquery())


def _same(column: InstrumentedAttribute[Any], other: Id) -> ColumnElement[bool]:
    if other is None:
        return column.is_(None)
    return column == other if isinstance(other, int) else column.is_not_distinct_from(other)
