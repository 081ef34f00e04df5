"""Two desks and the last grams of a lot: never more leaves than came."""

from datetime import date

from sqlalchemy import select

from palier.api import Cents, Price, Resident, Unit
from palier.db.engine import Database
from palier.residents.models import Household
from palier.testing.plugin import At
from palier.testing.races import threads
from palier_bulk_food import handing
from palier_bulk_food.models import (
    Lot,
    Order,
    OrderLine,
    Portion,
    Product,
    Round,
    RoundState,
)

TODAY = date(2026, 10, 6)
CROWD = 8


def a_lot_of(at: At, grams: int) -> None:
    with at() as desk:
        product = desk.add(Product(code="len", name="Lentils", allergens_known=True))
        desk.add(
            Price(
                label="Lentils",
                item=product.price_row,
                cents=Cents(490),
                unit=Unit.KG,
                valid_from=TODAY,
            )
        )
        desk.add(
            Lot(product=product, code="A", until=TODAY, came_on=TODAY, received=grams, rest=grams)
        )
        round_ = desk.add(
            Round(number=1, state=RoundState.RECEIVED, closes_on=TODAY, pickup_on=TODAY)
        )
        for number in range(CROWD):
            home = desk.add(Household(code=f"R{number}"))
            who = desk.add(
                Resident(household=home, given_name="R", family_name="B", card_code=f"R-{number}")
            )
            order = desk.add(Order(round=round_, household=home, resident=who, ordered_on=TODAY))
            desk.add(OrderLine(order=order, product=product, asked=400))


def test_the_last_grams_of_a_lot_leave_once(at: At, database: Database) -> None:
    a_lot_of(at, 1000)

    def weighs(number: int) -> None:
        with at() as desk:
            order = desk.all(select(Order).order_by(Order.id))[number]
            product = desk.session.scalars(select(Product)).one()
            handing.weigh(desk, order, product=product, reading="0.4")

    said = threads(database, weighs, CROWD)

    assert said == {"done": 2, "NotEnoughLeft": CROWD - 2}
    with at(write=False) as desk:
        lot = desk.session.scalars(select(Lot)).one()
        assert (lot.rest, desk.total(Portion.amount), desk.total(OrderLine.given)) == (
            200,
            800,
            800,
        )
