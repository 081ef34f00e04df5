"""Bread and money: in the baker's name, at the price of the day, paid by one for another."""

from datetime import date

import pytest

from palier.api import (
    Charge,
    ChargeState,
    Provider,
    Receipt,
    Resident,
    select,
)
from palier.receipts.actions import cancel_charge, set_its_price
from palier.receipts.collecting import collected_for
from palier.receipts.models import ChargeKind, ReceiptLine
from palier.sites.switching import disable, plan_disable
from palier.testing import Caretaker
from palier.testing.caretaker import words_of
from palier_bread_depot.actions import hand_over, pass_on, receive, reserve, sell, sell_to, unsold
from palier_bread_depot.models import Batch, Bread, Order

TUESDAY, WEDNESDAY = date(2026, 10, 6), date(2026, 10, 7)


@pytest.fixture
def baker(caretaker: Caretaker) -> Provider:
    return caretaker.makes(Provider(name="Boulangerie Rhin"))


@pytest.fixture
def baguette(caretaker: Caretaker, baker: Provider) -> Bread:
    """Baguettes of Boulangerie Rhin at 1.20; ten have come."""
    with caretaker.desk() as desk:
        desk.session.get_one(Bread, 1).baker = desk.session.get_one(Provider, baker.id)
    bread = caretaker.finds(Bread, 1)
    caretaker.does(set_its_price, bread, tariff="one", cents=120, valid_from="2026-01-01")
    caretaker.does(receive, bread, delivered=10)
    return caretaker.finds(Bread, 1)


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern")


def lines(caretaker: Caretaker) -> list[tuple[ChargeKind, str | None, int, str | None]]:
    with caretaker.desk(write=False) as desk:
        rows = desk.all(select(ReceiptLine).order_by(ReceiptLine.id))
        return [(r.kind, r.provider_name, r.total_cents, r.vat_rate) for r in rows]


def test_bread_is_sold_in_the_bakers_name_and_is_no_turnover(
    caretaker: Caretaker, baker: Provider, baguette: Bread
) -> None:
    caretaker.does(sell, baguette, loaves=2)

    with caretaker.desk(write=False) as desk:
        receipt = desk.session.scalars(select(Receipt)).one()
        assert (receipt.total_cents, receipt.due_cents) == (0, 240)
        assert collected_for(desk, baker, TUESDAY, WEDNESDAY) == 240
    assert lines(caretaker) == [(ChargeKind.AGENT, "Boulangerie Rhin", 240, None)]
    assert "Vendu au nom et pour le compte de Boulangerie Rhin" in words_of(
        caretaker.browser.opens("/ampere/desk/desk/receipt?receipt=1")
    )


def test_without_a_baker_it_is_our_own_sale_at_the_rate_of_food(caretaker: Caretaker) -> None:
    loaf = caretaker.finds(Bread, 2)
    caretaker.does(set_its_price, loaf, tariff="one", cents=300, valid_from="2026-01-01")
    caretaker.does(receive, loaf, delivered=2)

    caretaker.does(sell, loaf, loaves=1)

    assert lines(caretaker) == [(ChargeKind.SALE, None, 300, "5.5")]


def test_a_bread_without_a_price_is_not_sold(caretaker: Caretaker) -> None:
    loaf = caretaker.finds(Bread, 2)
    caretaker.does(receive, loaf, delivered=2)

    refused = caretaker.is_refused(sell, loaf, loaves=1)

    assert refused[""].startswith("There is no price for Pain complet on that day.")
    assert caretaker.sees(Batch)["free"] == 2


def test_a_price_that_changes_is_paid_on_the_day_it_is_handed_over(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    order = caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY)
    caretaker.does(sell_to, resident=odile, bread=baguette)
    caretaker.does(set_its_price, baguette, tariff="one", cents=130, valid_from=WEDNESDAY)
    caretaker.is_at(2026, 10, 7)
    caretaker.does(receive, baguette, delivered=10)
    caretaker.does(hand_over, caretaker.finds(Order, order))

    paid = caretaker.is_paid(odile)

    assert paid == 120 + 130  # yesterday's loaf at yesterday's price


def test_a_loaf_paid_for_a_neighbour_is_handed_over_without_a_trace(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(sell_to, resident=odile, bread=baguette, loaves=3, for_neighbour=2)
    caretaker.is_paid(odile)

    caretaker.does(pass_on, baguette)

    assert caretaker.sees(Bread, baguette.id)["suspended"] == 1
    assert caretaker.sees(Batch)["sold"] == 3
    assert caretaker.counted() == {"loaf": 3, "loaf_passed_on": 1}
    with caretaker.desk(write=False) as desk:
        assert len(desk.all(select(Receipt))) == 1
        assert len(desk.all(select(Charge))) == 1


def test_no_loaf_is_passed_on_that_nobody_paid(caretaker: Caretaker, baguette: Bread) -> None:
    caretaker.does(sell, baguette, loaves=1, for_neighbour=1)
    caretaker.does(pass_on, baguette)

    caretaker.is_refused(pass_on, baguette)

    refused = caretaker.is_refused(sell, baguette, loaves=1, for_neighbour=2)
    assert refused["for_neighbour"].startswith("At most 1 can be for a neighbour")


def test_unsold_bread_waits_for_a_neighbour_too(caretaker: Caretaker, baguette: Bread) -> None:
    caretaker.does(unsold, caretaker.finds(Batch, 1), returned=1, given=2)

    caretaker.does(pass_on, baguette)

    assert caretaker.sees(Bread, baguette.id)["suspended"] == 1
    assert caretaker.counted() == {"loaf_given": 2, "loaf_passed_on": 1}


def test_a_loaf_that_a_neighbour_has_got_stays_to_be_paid(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(sell_to, resident=odile, bread=baguette, loaves=2, for_neighbour=1)
    caretaker.does(pass_on, baguette)
    with caretaker.desk(write=False) as desk:
        charge = desk.session.scalars(select(Charge)).one()

    refused = caretaker.is_refused(cancel_charge, charge)

    assert refused[""].startswith("A neighbour has got this bread already")
    assert caretaker.is_paid(odile) == 240


def test_yesterdays_bread_taken_out_of_the_basket_is_not_reserved_again(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    order = caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY)
    caretaker.is_at(2026, 10, 7)
    caretaker.does(receive, baguette, delivered=10)
    caretaker.does(hand_over, caretaker.finds(Order, order))
    caretaker.is_at(2026, 10, 8)

    caretaker.empties_basket(odile)

    assert caretaker.sees(Order, order)["state"] == "cancelled"
    assert caretaker.sees(Batch)["free"] == 10


def test_what_is_in_the_basket_is_paid_though_the_service_is_off(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(sell_to, resident=odile, bread=baguette, loaves=2)
    with caretaker.desk() as desk:
        plan = plan_disable(caretaker.house.registry, desk.site.plugins, "bread_depot")
        disable(desk, plan)

    paid = caretaker.is_paid(odile)

    assert paid == 240
    with caretaker.desk(write=False) as desk:
        assert desk.session.scalars(select(Charge.state)).one() is ChargeState.RECEIPTED
        assert desk.session.scalars(select(Batch.sold)).one() == 2


def test_the_bakers_sheet_adds_up_what_is_the_bakers(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(sell, baguette, loaves=3)
    caretaker.does(sell_to, resident=odile, bread=baguette, loaves=2)

    before = words_of(caretaker.reads("bread_depot/sheet"))
    caretaker.is_paid(odile)
    after = words_of(caretaker.reads("bread_depot/sheet"))

    assert "Total €3.60" in before
    assert "Total €6.00" in after
