"""A round of bulk food at the desk, from the paper form to the recall list."""

from datetime import date

import pytest
from sqlalchemy import select

from palier.api import Charge, ChargeState, Grams, Resident, Ticks
from palier.receipts.models import ReceiptLine
from palier.testing.speaking import Caretaker
from palier_bulk_food import actions, handing, pantry
from palier_bulk_food.models import (
    Container,
    DateKind,
    Delivery,
    Lot,
    Move,
    Order,
    OrderLine,
    Portion,
    Product,
    Round,
    RoundState,
    Sold,
    Why,
)
from palier_bulk_food.sharing import Way

UNTIL = date(2027, 12, 31)


@pytest.fixture
def lentils(caretaker: Caretaker) -> Product:
    made = caretaker.makes(
        Product(
            code="len", name="Lentils", allergens_known=True, item="12345", barcode="3017620422003"
        )
    )
    caretaker.prices(made, 490, tariff="kg")
    return made


@pytest.fixture
def oil(caretaker: Caretaker) -> Product:
    made = caretaker.makes(
        Product(code="hui", name="Oil", allergens_known=True, sold=Sold.PIECE, allergens=Ticks())
    )
    caretaker.prices(made, 599, tariff="piece")
    return made


@pytest.fixture
def jar(caretaker: Caretaker) -> Container:
    made = caretaker.makes(Container(name="Jar", tare=Grams(312)))
    caretaker.prices(made, 100)
    return made


@pytest.fixture
def round_(caretaker: Caretaker) -> Round:
    today = date(2026, 10, 6)
    return caretaker.finds(
        Round, caretaker.does(actions.open_round, closes_on=today, pickup_on=today)
    )


def ordered(caretaker: Caretaker, round_: Round, who: Resident, *lines: str) -> Order:
    made = [caretaker.does(actions.key_order, round_, resident=who, line=e) for e in lines]
    return caretaker.finds(Order, made[-1])


def came(caretaker: Caretaker, round_: Round, amount: str, product: Product) -> Lot:
    caretaker.does(actions.receive, round_, product=product, amount=amount, code="l-1", until=UNTIL)
    with caretaker.desk(write=False) as desk:
        return desk.session.scalars(select(Lot).where(Lot.product == product)).one()


def handed(caretaker: Caretaker, round_: Round, amount: str, product: Product) -> Lot:
    """Close, receive, and begin the hand-out."""
    caretaker.does(actions.close, round_)
    lot = came(caretaker, round_, amount, product)
    caretaker.does(actions.received, round_)
    return lot


def put_in(caretaker: Caretaker, product: Product, until: date) -> Lot:
    """Note two kilograms that nobody ordered."""
    id = caretaker.does(actions.put_in, product=product, amount="2", code="A7", until=until)
    return caretaker.finds(Lot, id)


def line_of(caretaker: Caretaker, order: Order, product: Product) -> OrderLine:
    with caretaker.desk(write=False) as desk:
        mine = OrderLine.order == order, OrderLine.product == product
        return desk.session.scalars(select(OrderLine).where(*mine)).one()


def test_a_second_order_of_a_household_joins_its_first(
    caretaker: Caretaker, round_: Round, lentils: Product, oil: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")

    first = ordered(caretaker, round_, odile, "len 2.5", "hui 1")
    second = ordered(caretaker, round_, odile, "LEN 1,5")

    assert first.id == second.id
    assert line_of(caretaker, first, lentils).asked == 1500
    assert line_of(caretaker, first, oil).asked == 1
    assert caretaker.counted()["bulk_order"] == 3


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("xyz 1", "No product has the code xyz"),
        ("len -1", "is no amount"),
        ("len 0", "is no amount"),
        ("len 999", "is too much"),
        ("len", "Type a code and an amount"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_beside_it(
    caretaker: Caretaker, round_: Round, lentils: Product, line: str, says: str
) -> None:
    odile = caretaker.knows("Odile", "Kern")

    refused = caretaker.is_refused(actions.key_order, round_, resident=odile, line=line)

    assert lentils.code == "len"
    assert list(refused) == ["line"]
    assert says in refused["line"]


def test_what_was_typed_stays_on_the_page_with_the_refusal(
    caretaker: Caretaker, round_: Round, lentils: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    path = f"/ampere/desk/bulk_food/round/{round_.id}/key_order?resident={odile.id}"

    page = caretaker.browser.sends(path, status=422, resident=str(odile.id), line="lin 2")

    assert lentils.code not in {"lin"}
    assert 'value="lin 2"' in page
    assert "No product has the code lin" in page
    assert "Odile Kern" in page


def test_a_round_goes_its_way_and_back_with_a_reason_alone(
    caretaker: Caretaker, round_: Round, lentils: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    assert lentils.active
    assert "Nobody ordered" in caretaker.is_refused(actions.close, round_)[""]
    ordered(caretaker, round_, odile, "len 1")

    caretaker.does(actions.close, round_)
    assert "product" not in caretaker.is_refused(actions.received, round_)
    assert caretaker.is_refused(actions.key_order, round_, resident=odile, line="len 2")
    assert "reason" in caretaker.is_refused(actions.reopen, round_)
    caretaker.does(actions.reopen, round_, reason=Why.LATE)

    again = caretaker.finds(Round, round_.id)
    assert (again.state, again.reopened) == (RoundState.OPEN, Why.LATE)


def test_a_shortage_is_shared_as_the_preview_said(
    caretaker: Caretaker, round_: Round, lentils: Product
) -> None:
    people = [caretaker.knows("Odile", "Kern"), caretaker.knows("Rose", "Bul")]
    orders = [ordered(caretaker, round_, each, "len 1.5") for each in people]
    handed(caretaker, round_, "2.001", lentils)

    page = caretaker.reads(f"bulk_food/round/{round_.id}/share")
    caretaker.does(actions.share, round_, way=Way.PROPORTIONAL)

    got = [line_of(caretaker, each, lentils).share for each in orders]
    assert got == [1001, 1000]
    assert "1.001" in page
    assert "1.500" in page
    assert "0.501" in page


def test_a_household_weighs_pays_and_is_on_the_recall_list(
    caretaker: Caretaker, round_: Round, lentils: Product, jar: Container
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    order = ordered(caretaker, round_, odile, "len 0.5")
    lot = handed(caretaker, round_, "3", lentils)
    assert caretaker.card(odile) == ["Round 1 of bulk food waits to be weighed."]
    assert caretaker.scans(f"BULK_FOOD_ORDER-{order.id}").startswith(
        f"/ampere/desk/bulk_food/order/{order.id}/weigh"
    )

    caretaker.does(handing.weigh, order, product=lentils, reading="0,792", container=jar)
    assert "Odile Kern" in caretaker.reads(f"bulk_food/order/{order.id}/weigh")
    assert caretaker.is_paid(odile) == 235

    assert caretaker.finds(Lot, lot.id).rest == 2520
    assert line_of(caretaker, order, lentils).given == 480
    assert caretaker.counted()["grams_sold"] == 480
    recall = caretaker.reads("bulk_food/recall", made=lot)
    assert "Odile Kern" in recall
    assert "0.480" in recall


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        ("0", "Nothing is left without the container"),
        ("999", "is a slip"),
        ("0.05", "must not weigh less"),
        ("abc", "neither a weight nor a count"),
        ("2112345003475", "misread"),
        ("2199999003470", "No product has the number"),
        ("9", "Only 3.000"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_beside_its_field(
    caretaker: Caretaker, round_: Round, lentils: Product, reading: str, says: str
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    order = ordered(caretaker, round_, odile, "len 0.5")
    handed(caretaker, round_, "3", lentils)

    refused = caretaker.is_refused(handing.weigh, order, product=lentils, reading=reading)

    assert says in refused["reading"]
    assert caretaker.counted().get("grams_sold", 0) == 0


def test_a_label_of_the_scale_is_taken_by_weight_and_by_price(
    caretaker: Caretaker, round_: Round, lentils: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    order = ordered(caretaker, round_, odile, "len 1")
    handed(caretaker, round_, "3", lentils)

    for label in ("2112345003474", "2212345004485"):
        caretaker.does(handing.weigh, order, product=lentils, reading=label)

    assert caretaker.is_paid(odile) == 170 + 448


def test_what_is_taken_out_of_the_basket_is_back_in_the_lot(
    caretaker: Caretaker, round_: Round, lentils: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    order = ordered(caretaker, round_, odile, "len 0.5")
    lot = handed(caretaker, round_, "3", lentils)
    caretaker.does(handing.weigh, order, product=lentils, reading="0.48")
    weighed = caretaker.counted()

    caretaker.empties_basket(odile)

    assert (weighed[handing.GRAMS.name], caretaker.counted().get(handing.GRAMS.name)) == (480, None)
    assert caretaker.finds(Lot, lot.id).rest == 3000
    assert line_of(caretaker, order, lentils).given == 0
    assert "Odile" not in caretaker.reads("bulk_food/recall", made=lot)


def test_containers_are_counted_by_household_and_in_the_amount(
    caretaker: Caretaker, jar: Container
) -> None:
    odile = caretaker.knows("Odile", "Kern")

    assert (
        "has 0 of these"
        in caretaker.is_refused(handing.bring_back, jar, resident=odile, count=1)["count"]
    )
    caretaker.does(handing.lend, jar, resident=odile, count=3)
    assert caretaker.is_paid(odile) == 300
    caretaker.does(handing.bring_back, jar, resident=odile, count=2)

    assert caretaker.card(odile) == ["Has 1 of these at home: Jar."]
    with caretaker.desk(write=False) as desk:
        owed = desk.all(select(Charge).where(Charge.state == ChargeState.OPEN))
        assert [each.total_cents for each in owed] == [-200]
        assert desk.total(Move.count) == 1


def test_leftovers_are_sold_by_scan_and_paid_at_once(
    caretaker: Caretaker, lentils: Product
) -> None:
    lot = put_in(caretaker, lentils, UNTIL)

    assert f"lot/{lot.id}/sell" in caretaker.scans(f"BULK_FOOD_LOT-{lot.id}")
    assert "reading=2112345003474" in caretaker.scans("2112345003474")
    assert f"lot/{lot.id}/sell" in caretaker.scans("3017620422003")
    caretaker.does(handing.sell, lot, reading="0.5")

    with caretaker.desk(write=False) as desk:
        sold = desk.session.scalars(select(ReceiptLine)).all()[-1]
        assert (sold.total_cents, sold.quantity) == (245, 500)
        assert desk.session.scalars(select(Portion)).one().resident is None


def test_food_past_its_last_day_is_refused(caretaker: Caretaker, lentils: Product) -> None:
    with caretaker.desk() as desk:
        mine = desk.session.get_one(Product, lentils.id)
        mine.date_kind = DateKind.USE_BY
    lot = put_in(caretaker, lentils, date(2026, 10, 5))

    refused = caretaker.is_refused(handing.sell, lot, reading="0.5")

    assert "It is not sold any more" in refused[""]


def test_the_papers_say_who_gets_what_and_what_is_in_it(
    caretaker: Caretaker, round_: Round, lentils: Product, oil: Product
) -> None:
    odile = caretaker.knows("Odile", "Kern")
    ordered(caretaker, round_, odile, "len 0.5", "hui 2")
    caretaker.does(actions.close, round_)
    lot = came(caretaker, round_, "3", lentils)

    form = caretaker.reads("bulk_food/order_form", made=round_)
    slips = caretaker.reads("bulk_food/slips", made=round_)
    lists = [
        caretaker.reads("bulk_food/lists", made=round_, by=e)
        for e in ("household", "product", "supplier")
    ]
    card = caretaker.reads("bulk_food/card", made=lot)

    assert oil.code in form
    assert "14.43" in slips  # 0.5 × 4.90 + 2 × 5.99
    assert all("0.500" in each for each in lists)
    assert "L-1" in card
    assert "None declared" in card


def test_the_sample_round_is_made_once_and_is_five_kilograms_short(caretaker: Caretaker) -> None:
    for number in range(23):
        caretaker.knows("Thi", "Nguyen" if number == 5 else f"N{number}")

    with caretaker.desk() as desk:
        pantry.make_pantry(desk)
        pantry.make_pantry(desk)

    with caretaker.desk(write=False) as desk:
        assert desk.session.scalars(select(Round.number)).all() == [10]
        lentils = desk.session.scalars(select(Product).where(Product.code == "len")).one()
        asked = desk.total(OrderLine.asked, OrderLine.product == lentils)
        left = desk.total(Lot.rest, Lot.product == lentils)
        assert (asked, left) == (25_000, 20_000)


def test_after_months_of_history_the_sample_round_is_handed_out_tomorrow(
    caretaker: Caretaker,
) -> None:
    caretaker.is_at(2026, 7, 6)
    caretaker.knows("Thi", "Nguyen")
    with caretaker.desk() as desk:
        pantry.make_pantry(desk)

    caretaker.is_at(2026, 10, 5)
    with caretaker.desk() as desk:
        pantry.make_pantry(desk)

    today = date(2026, 10, 5)
    with caretaker.desk(write=False) as desk:
        round_ = desk.session.scalars(select(Round)).one()
        assert (round_.closes_on, round_.pickup_on) == (today, date(2026, 10, 6))
        assert set(desk.session.scalars(select(Order.ordered_on))) == {today}
        came = desk.all(select(Delivery), Delivery.lot)
        assert {each.lot.came_on for each in came} == {today}
