"""The price list: dated rows. A change is a new one, so that what was sold keeps its price."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import aliased, joinedload

from palier.context import Context
from palier.errors import DayIsOver, Refused
from palier.providers.models import Provider
from palier.receipts.models import Fund, Price, Priced, Unit, VatClass
from palier.receipts.pricing import row_on
from palier.receipts.rules import is_service_by_class
from palier.residents.models import Bracket
from palier.text import Cents, Money, Reader, Text, _, read_by


class PricedThatDay(Refused):
    text = _("%(item)s has a price from that day already. Choose another day.")
    field = "valid_from"


class NoSuchTariff(Refused):
    text = _("%(what)s has no price of this kind. Choose one of the list.")
    field = "tariff"


class NoFullPrice(Refused):
    text = _("There is no full price on that day yet. Add it first.")
    field = "valid_from"


class MoreThanFull(Refused):
    text = _("A bracket pays at most the full price, %(full)s.")
    field = "cents"


def set_price(
    desk: Context,
    item: str,
    cents: Cents,
    *,
    valid_from: date,
    unit: Unit = Unit.PIECE,
    vat_class: VatClass | None = None,
    usual_vat: VatClass = VatClass.STANDARD,
    label: str = "",
    provider: Provider | None = None,
    is_service: bool | None = None,
) -> Price:
    """Write what one unit costs from a day on, in cents; the rows before it stay as they are.

    Without a `label` or a `vat_class` it keeps those of the row before it, and so with `is_service`,
    which a first row has by its unit and class of VAT. A first price may begin in the past.

    Raises `PricedThatDay` when the item has a price from that day already, `DayIsOver` when it had
    one before a day that is over.
    """
    row = Price(
        label=label,
        item=item,
        cents=cents,
        unit=unit,
        vat_class=vat_class or usual_vat,
        valid_from=valid_from,
        provider=provider,
    )
    before = _check_begins(desk, row)
    if vat_class is None and before is not None:
        row.vat_class = before.vat_class
    row.label = label or (before.label if before is not None else item)
    usual = before.is_service if before is not None else is_service_by_class(unit, row.vat_class)
    row.is_service = usual if is_service is None else is_service
    return desk.add(row)


def tariffs_of(desk: Context, record: Priced | None) -> dict[str, Text]:  # noqa: ARG001 - of a form
    """Return the prices that a record has, with the words for each."""
    if record is None:
        return {}
    return {word: tariff.label for word, tariff in type(record).tariffs.items()}


def set_tariff(
    desk: Context,
    priced: Priced,
    tariff: str,
    cents: Cents,
    *,
    valid_from: date,
    vat_class: VatClass | None = None,
) -> Price:
    """Write what a record costs from a day on, by one of its tariffs, in its seller's name.

    A first price has the tariff's usual VAT unless said. Raises `NoSuchTariff`, and what `set_price` raises.
    """
    found = type(priced).tariffs.get(tariff)
    if found is None:
        raise NoSuchTariff(what=str(priced))
    several = len(type(priced).tariffs) > 1
    with read_by(Reader(desk.site.locale, desk.site.zone)):
        label = f"{priced}, {found.label}" if several else str(priced)
    return set_price(
        desk,
        priced.item_of(tariff),
        cents,
        valid_from=valid_from,
        unit=found.unit,
        vat_class=vat_class,
        usual_vat=found.vat,
        label=label,
        provider=priced.seller,
    )


def set_reduced_price(
    desk: Context, full: Price, cents: Cents, *, bracket: Bracket, fund: Fund, valid_from: date
) -> Price:
    """Write what one unit costs a bracket from a day on; the fund pays the rest of the full price.

    Raises `NoFullPrice`, `MoreThanFull`, and what `set_price` raises.
    """
    provider_id = full.provider_id
    query = select(Price).where(Price.id == row_on(full.item, valid_from, provider_id=provider_id))
    whole = desk.session.scalars(query).first()
    if whole is None:
        raise NoFullPrice
    if cents > whole.cents:
        raise MoreThanFull(full=Money(whole.cents))
    row = Price(
        label=whole.label,
        item=whole.item,
        cents=cents,
        unit=whole.unit,
        vat_class=whole.vat_class,
        is_service=whole.is_service,
        valid_from=valid_from,
        provider=whole.provider,
        bracket=bracket,
        fund_ledger=fund,
    )
    _check_begins(desk, row)
    return desk.add(row)


def _check_begins(desk: Context, row: Price) -> Price | None:
    """Hold the day on which a row begins, and return the newest row before it."""
    provider_id = row.provider.id if row.provider else None
    bracket_id = row.bracket.id if row.bracket else None
    same = row_on(row.item, row.valid_from, provider_id=provider_id, bracket_id=bracket_id)
    before = desk.session.scalars(select(Price).where(Price.id == same)).first()
    if before is None:
        return None
    if before.valid_from == row.valid_from:
        raise PricedThatDay(item=before.label or row.item)
    DayIsOver.check(row.valid_from, desk.today)
    return before


# The price list on the screen: an item each, what a bracket pays beside it, what comes next.


def listed_today(desk: Context) -> ColumnElement[bool]:
    """Return the condition for the full prices of today, or the first to come where none holds."""
    other = aliased(Price)
    begun = case((other.valid_from <= desk.today, other.valid_from))
    first = (
        select(other.id)
        .where(other.item == Price.item, other.bracket_id.is_(None), _lasts(other, desk.today))
        .where(other.provider_id.is_not_distinct_from(Price.provider_id))
        .order_by(begun.is_(None), begun.desc(), other.valid_from)
        .limit(1)
    )
    return Price.id == first.scalar_subquery()


def beside_full(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return what each bracket pays today for these prices' items, and what comes next."""
    told: dict[Text, dict[int, object]] = {}
    brackets = desk.all(select(Bracket).order_by(Bracket.position, Bracket.id))
    for each in brackets:
        told[each.colour.label] = {}
    coming: dict[int, object] = {}
    for id, row in _same_item(desk, ids):
        if row.valid_from > desk.today:
            coming.setdefault(id, _coming(row))
        elif row.bracket is not None:
            told[row.bracket.colour.label][id] = in_words(row.cents)
    return {**told, _("Next change"): coming}


def _same_item(desk: Context, ids: Sequence[int]) -> Iterable[tuple[int, Price]]:
    """Yield the rows of these prices' items that hold or come, the earliest first."""
    base = aliased(Price)
    same = and_(Price.item == base.item, Price.provider_id.is_not_distinct_from(base.provider_id))
    query = (
        select(base.id, Price)
        .join(base, same)
        .where(base.id.in_(ids), _lasts(Price, desk.today))
        .order_by(Price.valid_from, Price.id)
        .options(joinedload(Price.bracket))
    )
    return [(row[0], row[1]) for row in desk.session.execute(query)]


def _lasts(model: type[Price], day: date) -> ColumnElement[bool]:
    return or_(model.valid_to.is_(None), model.valid_to > day)


def _coming(row: Price) -> Text:
    if row.bracket is None:
        words = _("%(price)s from %(day)s")
        return words.fill(price=in_words(row.cents), day=row.valid_from)
    words = _("%(colour)s: %(price)s from %(day)s")
    return words.fill(colour=row.bracket.colour, price=in_words(row.cents), day=row.valid_from)


def in_words(cents: Cents) -> Money | Text:
    """Say a price: nothing to pay has a word of its own."""
    return Money(cents) if cents else _("Free")


def when_of(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return for each of these rows whether it holds today, is to come, or was before."""
    other = aliased(Price)
    newest = (
        select(other.id)
        .where(other.item == Price.item, other.valid_from <= desk.today)
        .where(other.provider_id.is_not_distinct_from(Price.provider_id))
        .where(other.bracket_id.is_not_distinct_from(Price.bracket_id))
        .order_by(other.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(Price.id, Price.valid_from > desk.today, Price.id == newest)
    rows = desk.session.execute(query.where(Price.id.in_(ids)))
    words = {id: _to_come if coming else _today if holds else _before for id, coming, holds in rows}
    return {_("When"): words}


_today, _to_come, _before = _("Today"), _("To come"), _("Before")
