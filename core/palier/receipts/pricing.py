"""What a thing costs today, and why: the price list is the only source of a price."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from palier.context import Context
from palier.errors import Refused
from palier.receipts.models import Price, Unit, VatClass
from palier.receipts.vat import line_total
from palier.residents.models import Household
from palier.text import Cents, Money, Text, _


class NoPrice(Refused):
    text = _(
        "There is no price for %(what)s on that day. A manager adds it under Till, Prices, as"
        " %(item)s."
    )


class PricedThatDay(Refused):
    text = _("%(item)s has a price from that day already. Choose another day.")
    field = "valid_from"


@dataclass(frozen=True)
class Quote:
    """A price for a quantity, in cents; `reason` says in one sentence how it came about."""

    unit: Unit
    unit_cents: Cents
    full_cents: Cents
    payable_cents: Cents
    fund_cents: Cents
    vat_class: VatClass
    fund_ledger_id: int | None
    reason: Text


def price(
    desk: Context,
    item: str,
    quantity: int,
    household: Household | None,  # noqa: ARG001 - the bracket is the household's
    *,
    label: str = "",
) -> Quote:
    """Return what this many units of an item cost today, rounded half up.

    Raises `NoPrice` when the price list has no row for that day.
    """
    row = desk.session.scalars(price_rows(item, desk.today)).first()
    if row is None:
        raise NoPrice(what=label or item, item=item)
    full = Cents(line_total(Decimal(quantity), row.cents))
    words = _("Full price: %(quantity)s × %(price)s.")
    return Quote(
        unit=row.unit,
        unit_cents=row.cents,
        full_cents=full,
        payable_cents=full,
        fund_cents=Cents(0),
        vat_class=row.vat_class,
        fund_ledger_id=row.fund_ledger_id,
        reason=words.fill(quantity=quantity, price=Money(row.cents)),
    )


def set_price(
    desk: Context,
    item: str,
    cents: Cents,
    *,
    valid_from: date,
    unit: Unit = Unit.PIECE,
    vat_class: VatClass = VatClass.STANDARD,
    label: str = "",
) -> Price:
    """Write what one unit costs from a day on, in cents; the rows before it stay as they are.

    Without a `label` it keeps the words of the row before it.

    Raises `PricedThatDay` when the item has a price from that day already.
    """
    same = price_rows(item, valid_from).where(Price.valid_from == valid_from)
    if desk.session.scalars(same).first() is not None:
        raise PricedThatDay(item=item)
    before = desk.session.scalars(price_rows(item, valid_from)).first()
    return desk.add(
        Price(
            label=label or (before.label if before is not None else item),
            item=item,
            cents=cents,
            unit=unit,
            vat_class=vat_class,
            valid_from=valid_from,
        )
    )


def price_rows(item: str, day: date) -> Select[Price]:
    """Select the full price's row that holds on a day, the newest first."""
    return select(Price).where(*_holds(item, day)).order_by(Price.valid_from.desc()).limit(1)


def full_cents_of(
    item: InstrumentedAttribute[str], day: InstrumentedAttribute[date]
) -> ScalarSelect[Cents | None]:
    """Select what one unit costs at full price, beside a row that names item and day."""
    rows = select(Price.cents).where(*_holds(item, day)).order_by(Price.valid_from.desc())
    return cast("ScalarSelect[Cents | None]", rows.limit(1).scalar_subquery())


def _holds(
    item: str | InstrumentedAttribute[str], day: date | InstrumentedAttribute[date]
) -> tuple[ColumnElement[bool], ...]:
    full = and_(Price.bracket_id.is_(None), Price.provider_id.is_(None))
    lasts = or_(Price.valid_to.is_(None), Price.valid_to > day)
    return Price.item == item, full, Price.valid_from <= day, lasts
