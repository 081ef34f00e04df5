"""What a demonstration site orders: ten products, a jar, and round 10, five kilograms of lentils short."""

from datetime import date, timedelta
from typing import NamedTuple

from palier.api import (
    ONE,
    Cents,
    Desk,
    Grams,
    Price,
    Priced,
    Provider,
    Resident,
    Text,
    Ticks,
    Unit,
    VatClass,
    _,
    in_site_words,
    select,
)

from . import actions
from .models import Container, Delivery, Move, Order, OrderLine, Portion, Product, Round, Sold

ROUND = 10
HOUSEHOLDS = 23
FIRST = "Nguyen"
PRODUCER = "Paniers du Matin"
JAR, DEPOSIT, AT_HOME = Grams(312), Cents(100), 2
BEFORE, TOOK = 5000, 3  # grams of pasta of the round before, and who took some
SHORT = 5000  # grams of lentils


class Sort(NamedTuple):
    """A product by its code: name, cents of a kilogram or a piece, allergens."""

    name: Text
    cents: Cents
    sold: Sold = Sold.KG
    allergens: tuple[str, ...] = ()
    named: Text | None = None
    sheet: bool = True


SORTS = {
    "len": Sort(_("Green lentils"), Cents(490)),
    "riz": Sort(_("Long rice"), Cents(295)),
    "hui": Sort(_("Sunflower oil, 1 L"), Cents(599), Sold.PIECE),
    "pat": Sort(_("Pasta"), Cents(260), allergens=("gluten",), named=_("wheat")),
    "poi": Sort(_("Chickpeas"), Cents(380)),
    "avo": Sort(_("Oat flakes"), Cents(220), allergens=("gluten",), named=_("oats")),
    "far": Sort(_("Flour T80"), Cents(175), allergens=("gluten",), named=_("wheat")),
    "suc": Sort(_("Golden sugar"), Cents(240)),
    "caf": Sort(_("Ground coffee"), Cents(1450)),
    "noi": Sort(_("Hazelnuts"), Cents(1690), allergens=("nuts",), sheet=False),
}


def make_pantry(desk: Desk) -> None:
    """Make products and the jar where there are none; the round once there are residents.

    A demonstration has three months of history: asked again after them, the round is tomorrow's.
    """
    products = _products(desk)
    jar = _jar(desk)
    people = _people(desk)
    rounds = desk.all(select(Round).where(Round.number == ROUND))
    if rounds and rounds[0].pickup_on < desk.today:
        _bring_up(desk, rounds[0])
    elif people and not desk.all(select(Round).limit(1)):
        _round(desk, products, people)
        if people[0].household is not None:
            desk.add(
                Move(
                    container=jar, household=people[0].household, resident=people[0],
                    count=AT_HOME, at=desk.now,
                )
            )  # fmt: skip


def _products(desk: Desk) -> dict[str, Product]:
    known = {each.code: each for each in desk.all(select(Product))}
    if known:
        return known
    producer = next(iter(desk.all(select(Provider).where(Provider.name == PRODUCER))), None)
    return {code: _product(desk, code, each, producer) for code, each in SORTS.items()}


def _product(desk: Desk, code: str, sort: Sort, producer: Provider | None) -> Product:
    made = desk.add(
        Product(
            code=code,
            name=in_site_words(desk, sort.name),
            sold=sort.sold,
            provider=producer,
            allergens_known=sort.sheet,
            allergens=Ticks.made(sort.allergens, desk.actor.name, desk.now),
            named=in_site_words(desk, sort.named) if sort.named else None,
            item=f"{10000 + list(SORTS).index(code)}",
        )
    )
    _price(desk, made, sort.cents, sort.sold.value, VatClass.REDUCED)
    return made


def _price(desk: Desk, thing: Priced, cents: Cents, tariff: str, vat: VatClass) -> None:
    desk.add(
        Price(
            label=str(thing),
            item=thing.item_of(tariff),
            cents=cents,
            unit=Unit.KG if tariff == Sold.KG.value else Unit.PIECE,
            vat_class=vat,
            is_service=False,
            valid_from=desk.today.replace(month=1, day=1),
        )
    )


def _jar(desk: Desk) -> Container:
    if known := desk.all(select(Container).order_by(Container.id)):
        return known[0]
    jar = desk.add(Container(name=in_site_words(desk, _("Jar")), tare=JAR))
    _price(desk, jar, DEPOSIT, ONE, VatClass.STANDARD)
    return jar


def _people(desk: Desk) -> list[Resident]:
    """Return one resident of each of some households, those of the story first."""
    rows = desk.all(select(Resident).order_by(Resident.id), Resident.household)
    homes: dict[int, Resident] = {}
    for each in sorted(rows, key=lambda one: one.family_name != FIRST):
        if each.household is not None:
            homes.setdefault(each.household.id, each)
    return list(homes.values())[:HOUSEHOLDS]


def _round(desk: Desk, products: dict[str, Product], people: list[Resident]) -> None:
    """Let round 10 be ordered, closed and received; its shortage is shared at the desk."""
    pickup = desk.today + timedelta(days=1)
    round_ = desk.add(Round(number=ROUND, closes_on=desk.today, pickup_on=pickup))
    asked = {"len": 0, "riz": 0, "hui": 0}
    for at, person in enumerate(people):
        order = actions.order_of(desk, round_, person)
        for code, amount in _wishes(at):
            asked[code] += amount
            desk.add(OrderLine(order=order, product=products[code], asked=amount))
    actions.close(desk, round_)
    came = {
        "len": max(0, asked["len"] - SHORT),
        "riz": asked["riz"] + 4000,
        "hui": asked["hui"] + 3,
    }
    until = date(desk.today.year + 1, 12, 31)
    _taken_before(desk, products["pat"], people, until)
    for code, amount in came.items():
        product = products[code]
        typed = str(amount) if product.sold is Sold.PIECE else f"{amount / 1000:.3f}"
        actions.receive(
            desk, round_, product=product, amount=typed, code=f"{code}-2610", until=until
        )
    actions.received(desk, round_)


def _bring_up(desk: Desk, round_: Round) -> None:
    """Move the round, its orders and what came to today, as if they had just been."""
    passed = desk.today - round_.closes_on
    round_.closes_on, round_.pickup_on = round_.closes_on + passed, round_.pickup_on + passed
    for order in desk.all(select(Order).where(Order.round == round_)):
        order.ordered_on += passed
    for each in desk.all(select(Delivery).where(Delivery.round == round_), Delivery.lot):
        each.lot.came_on += passed


def _taken_before(desk: Desk, pasta: Product, people: list[Resident], until: date) -> None:
    """Let a lot of the round before have gone to some: its recall list names them."""
    lot = actions.take_in(desk, pasta, code="pat-2609", until=until)
    lot.received, lot.rest = BEFORE, BEFORE - 1000 * len(people[:TOOK])
    for each in people[:TOOK]:
        desk.add(
            Portion(lot=lot, resident=each, household=each.household, amount=1000, at=desk.now)
        )


def _wishes(at: int) -> list[tuple[str, int]]:
    """Return what the household at this place of the list asked for: 25 kg of lentils by all."""
    if at == 0:
        return [("len", 600), ("riz", 1000), ("hui", 1)]
    lentils = ("len", 2200 if at in {1, 2} else 1000)
    return [lentils, ("riz", 1000)] if at % 2 else [lentils, ("hui", 1)]
