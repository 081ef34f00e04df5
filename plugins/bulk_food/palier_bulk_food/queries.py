"""What acts and screens ask the database, each by a name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from palier.api import (
    Cents,
    Charge,
    ChargeState,
    Desk,
    Household,
    Price,
    Resident,
    and_,
    func,
    or_,
    select,
)

from . import rules
from .models import (
    Container,
    Delivery,
    Lot,
    Move,
    Order,
    OrderLine,
    Portion,
    Product,
    Round,
    RoundState,
)
from .sharing import Way, shares

ROUNDS = 4  # told to everyone
IN_CALENDAR, LATELY = 200, timedelta(days=90)
SHOWN = 30  # lines of the round in the log beside the order form


def product_coded(desk: Desk, code: str) -> Product | None:
    query = select(Product).where(Product.code == code, Product.active.is_(True))
    return next(iter(desk.all(query)), None)


def product_of_item(desk: Desk, item: str) -> Product | None:
    """Return the product whose number a scale's label carries, with or without leading zeros."""
    query = select(Product).where(Product.item.in_({item, item.lstrip("0")}))
    return next(iter(desk.all(query)), None)


def product_barcoded(desk: Desk, code: str) -> Product | None:
    return next(iter(desk.all(select(Product).where(Product.barcode == code))), None)


def products(desk: Desk) -> list[Product]:
    """Return what can be ordered, by code."""
    query = select(Product).where(Product.active.is_(True)).order_by(Product.code)
    return desk.all(query, Product.provider)


def order_of(desk: Desk, round_: Round, household: Household) -> Order | None:
    query = select(Order).where(Order.round == round_, Order.household == household)
    return next(iter(desk.all(query, Order.resident)), None)


def to_come(desk: Desk) -> list[Round]:
    """Return the rounds that are still to be handed out, the soonest first."""
    query = select(Round).where(Round.state != RoundState.SETTLED, Round.pickup_on >= desk.today)
    return desk.all(query.order_by(Round.pickup_on, Round.id).limit(ROUNDS))


def lately_and_to_come(desk: Desk) -> list[Round]:
    """Return the rounds of the last months and those to come."""
    query = select(Round).where(Round.pickup_on > desk.today - LATELY)
    return desk.all(query.order_by(Round.pickup_on, Round.id).limit(IN_CALENDAR))


def lines_of(desk: Desk, order: Order) -> list[OrderLine]:
    """Return an order's lines, in the order in which they were asked for."""
    query = select(OrderLine).where(OrderLine.order == order).order_by(OrderLine.id)
    return desk.all(query, OrderLine.product)


def lines_of_round(desk: Desk, round_: Round) -> list[OrderLine]:
    """Return every line of a round with product, order and resident: the first asked first."""
    query = (
        select(OrderLine).join(OrderLine.order).where(Order.round == round_).order_by(OrderLine.id)
    )
    lines = desk.all(query, OrderLine.product, OrderLine.order)
    orders = select(Order).where(Order.round == round_)
    desk.all(orders, Order.resident, Order.household)  # once, for the names of all
    return lines


def came(desk: Desk, round_: Round) -> dict[int, int]:
    """Return what came for a round, by product."""
    query = (
        select(Product.id, func.sum(Delivery.amount))
        .select_from(Delivery)
        .join(Delivery.lot)
        .join(Lot.product)
        .where(Delivery.round == round_)
        .group_by(Product.id)
    )
    return {int(product): int(amount) for product, amount in desk.session.execute(query)}


class Shared(NamedTuple):
    """One line of a round and what each way would give it."""

    line: OrderLine
    ways: dict[Way, int]


@dataclass(frozen=True)
class Short:
    """A product of a round: what was asked for and what came."""

    product: Product
    asked: int
    came: int | None
    lines: tuple[Shared, ...]

    @property
    def missing(self) -> int:
        return max(0, self.asked - (self.came or 0))


def sharing(desk: Desk, round_: Round) -> list[Short]:
    """Return a round product by product with what each way would give: the preview, and the act."""
    of: dict[Product, list[OrderLine]] = defaultdict(list)
    for line in lines_of_round(desk, round_):
        of[line.product].append(line)
    amounts = came(desk, round_)
    return [_short(product, lines, amounts.get(product.id)) for product, lines in of.items()]


def _short(product: Product, lines: list[OrderLine], amount: int | None) -> Short:
    asked = [each.asked for each in lines]
    made = {way: shares(way, asked, amount or 0) for way in Way}
    shared = (Shared(line, {way: made[way][at] for way in Way}) for at, line in enumerate(lines))
    return Short(product, sum(asked), amount, tuple(shared))


def lots_left(desk: Desk, product: Product) -> list[Lot]:
    """Return a product's lots that hold something, the shortest date first."""
    query = select(Lot).where(Lot.product == product, Lot.rest > 0)
    return desk.all(query.order_by(Lot.until, Lot.id), Lot.product)


def recall(desk: Desk, lot: Lot) -> list[Portion]:
    """Return what left of a lot, with the names of who has it, the latest first."""
    query = select(Portion).where(Portion.lot == lot, Portion.undone.is_(False))
    query = query.order_by(Portion.at.desc(), Portion.id.desc())
    return desk.all(query, Portion.resident, Portion.household)


@dataclass(frozen=True)
class Held:
    container: Container
    count: int


def _home_of(resident: Resident) -> Any:
    return (
        select(Household.id)
        .select_from(Resident)
        .join(Resident.household)
        .where(Resident.id == resident.id)
    )


def held_by(desk: Desk, resident: Resident) -> list[Held]:
    """Return how many containers a resident's household has, order or not. One statement."""
    query = (
        select(Container, func.sum(Move.count))
        .select_from(Move)
        .join(Move.container)
        .join(Move.household)
        .where(Household.id.in_(_home_of(resident)), Move.undone.is_(False))
        .group_by(Container.id)
        .order_by(Container.name)
    )
    return [Held(kind, int(n)) for kind, n in desk.session.execute(query) if n]


def containers(desk: Desk) -> list[Container]:
    return desk.all(select(Container).order_by(Container.name))


def waiting_for(desk: Desk, resident: Resident) -> list[Order]:
    """Return a household's orders of rounds that are handed out now. One statement."""
    query = (
        select(Order)
        .join(Order.round)
        .join(Order.household)
        .where(Household.id.in_(_home_of(resident)), Round.state == RoundState.RECEIVED)
        .order_by(Order.id)
    )
    return desk.all(query, Order.round)


class Running(NamedTuple):
    round: Round
    orders: int


def running(desk: Desk) -> list[Running]:
    """Return the rounds that are not settled, with their orders counted. Two statements."""
    rounds = select(Round).where(Round.state != RoundState.SETTLED).order_by(Round.number)
    counts = select(Round.id, func.count(Order.id)).select_from(Order).join(Order.round)
    counts = counts.where(Round.state != RoundState.SETTLED).group_by(Round.id)
    found = {int(id): int(n) for id, n in desk.session.execute(counts)}
    return [Running(each, found.get(each.id, 0)) for each in desk.all(rounds)]


def open_charges(desk: Desk, resident: Resident) -> list[Charge]:
    """Return what of this service a household still has to pay."""
    home = resident.household
    theirs = Charge.resident == resident
    if home is not None:
        theirs = or_(theirs, Charge.household == home)
    query = select(Charge).where(
        and_(theirs, Charge.state == ChargeState.OPEN, Charge.service == "bulk_food")
    )
    return desk.all(query.order_by(Charge.id))


def given_anything(desk: Desk, round_: Round) -> bool:
    query = select(OrderLine.id).join(OrderLine.order)
    query = query.where(Order.round == round_, OrderLine.given > 0)
    return desk.session.scalar(query.limit(1)) is not None


def in_words(lines: Iterable[OrderLine]) -> str:
    """Say an order in a line: "lentils 0.500 kg, oil 1"."""
    return ", ".join(
        f"{each.product} {rules.amount_words(each.product, each.asked)}" for each in lines
    )


def held_by_all(desk: Desk) -> dict[int, list[Held]]:
    """Return what every household has at home, by household. One statement."""
    query = (
        select(Household.id, Container, func.sum(Move.count))
        .select_from(Move)
        .join(Move.household)
        .join(Move.container)
        .where(Move.undone.is_(False))
        .group_by(Household.id, Container.id)
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for home, kind, n in desk.session.execute(query):
        if n:
            found[int(home)].append(Held(kind, int(n)))
    return found


def prices(desk: Desk, products: Iterable[Product]) -> dict[int, Cents]:
    """Return what one kilogram or piece of each costs today, by product. One statement."""
    known = {each.price_row: each for each in products}
    query = (
        select(Price)
        .where(
            Price.item.in_(known),
            Price.bracket_id.is_(None),
            Price.valid_from <= desk.today,
            or_(Price.valid_to.is_(None), Price.valid_to > desk.today),
        )
        .order_by(Price.valid_from)
    )
    made: dict[int, Cents] = {}
    for row in desk.all(query, Price.provider):
        product = known[row.item]
        if row.provider is product.seller:
            made[product.id] = row.cents
    return made


def amounts(
    desk: Desk, model: Any, ids: Sequence[int], columns: Sequence[str]
) -> dict[str, dict[int, str]]:
    """Return these columns of some rows in kilograms or pieces. One statement."""
    query = select(model, Product).where(model.id.in_(ids))
    if model in {Delivery, Portion}:
        query = query.select_from(model).join(model.lot).join(Lot.product)
    else:
        query = query.select_from(model).join(model.product)
    made: dict[str, dict[int, str]] = {each: {} for each in columns}
    for row, product in desk.session.execute(query):
        for name in columns:
            amount = getattr(row, name)
            made[name][row.id] = "" if amount is None else rules.amount_words(product, amount)
    return made
