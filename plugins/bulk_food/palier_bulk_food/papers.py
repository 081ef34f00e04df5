"""The papers of bulk food: order form, lists, slips, shelf cards, the recall list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from palier.api import (
    Cents,
    Choice,
    Desk,
    Drawn,
    Grams,
    Money,
    Page,
    Text,
    _,
    slip_code,
    squares,
)

from . import queries, rules
from .models import Lot, Order, OrderLine, Product, Round

ONE_KG = Grams(1000)


class By(Choice):
    HOUSEHOLD = "household", _("By household")
    PRODUCT = "product", _("By product")
    SUPPLIER = "supplier", _("By producer")


class Row(NamedTuple):
    """A line of a list: what, and how much, in words."""

    what: str
    how_much: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One heading with its lines."""

    title: str
    rows: tuple[Row, ...]
    total: str = ""
    code: str = ""
    drawn: Drawn | None = None


def price_words(product: Product, prices: Mapping[int, Cents]) -> Text:
    """Say a price for a kilogram or a piece."""
    cents = prices.get(product.id)
    if cents is None:
        return _("no price yet")
    words = _("%(price)s/kg") if product.is_weighed else _("%(price)s a piece")
    return words.fill(price=Money(cents))


def order_form(desk: Desk, round_: Round) -> Page:
    """Return the form that residents fill in on paper."""
    products = queries.products(desk)
    prices = queries.prices(desk, products)
    rows = [(each, price_words(each, prices), _facts(each)) for each in products]
    return _paper(desk, "bulk_food/order_form.html", round_, rows=rows)


def _facts(product: Product) -> str:
    return ", ".join(str(each) for each in rules.allergens_of(product))


def lists(desk: Desk, round_: Round, by: By) -> Page:
    """Return who gets what, one heading after the other."""
    lines = queries.lines_of_round(desk, round_)
    made = {By.HOUSEHOLD: _by_household, By.PRODUCT: _by_product, By.SUPPLIER: _by_supplier}[by]
    address = f"/{desk.site.slug}/desk/bulk_food/lists?made={round_.id}&by="
    return _paper(
        desk, "bulk_food/lists.html", round_, sheets=list(made(lines)), by=by, ways=list(By),
        address=address,
    )  # fmt: skip


def _by_household(lines: Iterable[OrderLine]) -> Iterator[Sheet]:
    of: dict[Order, list[OrderLine]] = defaultdict(list)
    for line in lines:
        of[line.order].append(line)
    for order, mine in sorted(of.items(), key=lambda each: str(each[0].resident)):
        rows = (Row(str(e.product), rules.amount_words(e.product, e.due)) for e in mine)
        yield Sheet(str(order.resident), tuple(rows))


def _by_product(lines: Iterable[OrderLine]) -> Iterator[Sheet]:
    for product, mine in _of_products(lines):
        rows = (Row(str(e.order.resident), rules.amount_words(product, e.due)) for e in mine)
        whole = rules.amount_words(product, sum(each.due for each in mine))
        yield Sheet(str(product), tuple(rows), whole)


def _by_supplier(lines: Iterable[OrderLine]) -> Iterator[Sheet]:
    of: dict[str, list[Row]] = defaultdict(list)
    for product, mine in _of_products(lines):
        whole = rules.amount_words(product, sum(each.asked for each in mine))
        of[str(product.provider or _("Without a producer"))].append(Row(str(product), whole))
    for name, rows in sorted(of.items()):
        yield Sheet(name, tuple(rows))


def _of_products(lines: Iterable[OrderLine]) -> list[tuple[Product, list[OrderLine]]]:
    of: dict[Product, list[OrderLine]] = defaultdict(list)
    for line in lines:
        of[line.product].append(line)
    return sorted(of.items(), key=lambda each: str(each[0]))


def slips(desk: Desk, round_: Round) -> Page:
    """Return a slip for each household: what it gets, what it owes each producer, its containers."""
    lines = queries.lines_of_round(desk, round_)
    prices = queries.prices(desk, {line.product for line in lines})
    held = queries.held_by_all(desk)
    of: dict[Order, list[OrderLine]] = defaultdict(list)
    for line in lines:
        of[line.order].append(line)
    sheets = [
        _slip(order, mine, prices, held.get(order.household.id, ()))
        for order, mine in sorted(of.items(), key=lambda each: str(each[0].resident))
    ]
    return _paper(desk, "bulk_food/slips.html", round_, sheets=sheets)


@dataclass(frozen=True)
class Slip:
    """What a household takes home: lines, sums by producer, containers at home."""

    sheet: Sheet
    owed: tuple[tuple[str, Money], ...]
    total: Money
    held: tuple[queries.Held, ...]


def _slip(
    order: Order,
    lines: list[OrderLine],
    prices: Mapping[int, Cents],
    held: Iterable[queries.Held],
) -> Slip:
    code = slip_code(order)
    owed: dict[str, int] = defaultdict(int)
    rows = []
    for line in lines:
        cents = cost(line.product, line.due, prices.get(line.product.id))
        owed[str(line.product.provider or _("The desk"))] += cents
        rows.append(
            Row(str(line.product), rules.amount_words(line.product, line.due), str(Money(cents)))
        )
    sheet = Sheet(str(order.resident), tuple(rows), "", code, squares(code))
    sums = tuple((name, Money(cents)) for name, cents in sorted(owed.items()))
    return Slip(sheet, sums, Money(sum(owed.values())), tuple(held))


def cost(product: Product, amount: int, cents: Cents | None) -> int:
    """Return what an amount comes to, half up to the cent; 0 without a price."""
    if cents is None:
        return 0
    units = Decimal(amount) / ONE_KG if product.is_weighed else Decimal(amount)
    return int((units * cents + Decimal("0.5")) // 1)


def card(desk: Desk, lot: Lot) -> Page:
    """Return the shelf card and the label of a lot (decree 2015-447; Consumer code R412-3)."""
    product, code = lot.product, slip_code(lot)
    return _paper(
        desk,
        "bulk_food/card.html",
        None,
        lot=lot,
        product=product,
        price=price_words(product, queries.prices(desk, [product])),
        allergens=rules.allergens_of(product),
        assisted=rules.needs_service(product),
        code=code,
        picture=squares(code),
        back=f"/{desk.site.slug}/desk/bulk_food/lot/{lot.id}",
    )


def recall(desk: Desk, lot: Lot) -> Page:
    """Return who took food of a lot, once each, with what they took."""
    rows: dict[tuple[int, str], list[str]] = defaultdict(list)
    nameless = 0
    for each in queries.recall(desk, lot):
        if each.resident is None:
            nameless += each.amount
            continue
        took = f"{rules.amount_words(lot.product, each.amount)}, {desk.local(each.at):%d/%m/%Y}"
        rows[each.resident.id, str(each.resident)].append(took)
    root = f"/{desk.site.slug}/desk"
    people = [(name, f"{root}/residents/resident/{id}", took) for (id, name), took in rows.items()]
    return _paper(
        desk, "bulk_food/recall.html", None, lot=lot, product=lot.product, people=people,
        nameless=rules.amount_words(lot.product, nameless) if nameless else "",
        left=rules.amount_words(lot.product, lot.rest), back=f"{root}/bulk_food/lot/{lot.id}",
    )  # fmt: skip


def _paper(desk: Desk, template: str, round_: Round | None, **values: object) -> Page:
    back = f"/{desk.site.slug}/desk/bulk_food/round"
    if round_ is not None:
        back = f"{back}/{round_.id}"
    return Page(template, **{"round": round_, "back": back, "today": desk.today, **values})
