"""A morning with bread, through the real application."""

from typing import Any

import pytest

from palier.api import Resident
from palier.testing import Caretaker
from palier_bread_depot.actions import (
    cancel,
    hand_over,
    hand_over_paid,
    not_come,
    receive,
    recount,
    release,
    reserve,
    reserve_for,
    sell,
    sell_to,
    unsold,
)
from palier_bread_depot.models import Batch, Bread, Delivery, Order

WEDNESDAY = "2026-10-07"


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern", bracket="green")


@pytest.fixture
def baguette(caretaker: Caretaker) -> Bread:
    bread = caretaker.finds(Bread, 1)
    caretaker.prices(bread, 120, {"green": 60})
    return bread


@pytest.fixture
def order(caretaker: Caretaker, odile: Resident, baguette: Bread) -> Order:
    """Two baguettes reserved on Tuesday; on Wednesday forty have come."""
    number = caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY, loaves=2)
    caretaker.is_at(2026, 10, 7, 8)
    caretaker.does(receive, baguette, delivered=40)
    return caretaker.finds(Order, number)


def batch(caretaker: Caretaker) -> dict[str, int]:
    seen = caretaker.sees(Batch, 1)
    return {each: seen[each] for each in ("delivered", "reserved", "sold", "free")}


@pytest.mark.usefixtures("order")
def test_reserved_bread_is_on_the_residents_card(caretaker: Caretaker, odile: Resident) -> None:
    assert caretaker.card(odile) == ["2 loaves of Baguette"]


def test_scanning_the_label_opens_hand_over(caretaker: Caretaker, order: Order) -> None:
    opened = caretaker.scans(f"BREAD_DEPOT_ORDER-{order.id}")

    assert opened.partition("?")[0].endswith("/hand_over")


def test_the_fund_pays_what_the_bracket_does_not(
    caretaker: Caretaker, odile: Resident, order: Order
) -> None:
    caretaker.does(hand_over, order)

    assert caretaker.is_paid(odile) == 120
    assert caretaker.counted() == {"loaf": 2}


def test_bread_that_leaves_the_basket_is_reserved_again(
    caretaker: Caretaker, odile: Resident, order: Order
) -> None:
    caretaker.does(hand_over, order)

    caretaker.empties_basket(odile)

    assert caretaker.sees(Order)["state"] == "waiting"
    assert caretaker.sees(Batch)["free"] == 38
    assert caretaker.card(odile) == ["2 loaves of Baguette"]


@pytest.mark.usefixtures("order")
def test_a_refusal_names_the_field(caretaker: Caretaker, baguette: Bread) -> None:
    refused = caretaker.is_refused(sell, baguette, loaves=39)

    assert refused == {"loaves": "Only 38 left. Choose fewer, or another bread."}


def test_more_than_reserved_takes_the_rest_of_what_is_free(
    caretaker: Caretaker, odile: Resident, order: Order
) -> None:
    caretaker.does(hand_over, order, loaves=3)

    assert batch(caretaker) == {"delivered": 40, "reserved": 0, "sold": 3, "free": 37}
    assert caretaker.is_paid(odile) == 180


def test_fewer_than_reserved_frees_the_others(caretaker: Caretaker, order: Order) -> None:
    caretaker.does(hand_over, order, loaves=1)

    assert batch(caretaker) == {"delivered": 40, "reserved": 0, "sold": 1, "free": 39}


def test_bread_asked_for_on_the_card_hands_over_what_was_reserved(
    caretaker: Caretaker, odile: Resident, baguette: Bread, order: Order
) -> None:
    number = caretaker.does(sell_to, resident=odile, bread=baguette, loaves=3)

    assert number == order.id
    assert batch(caretaker) == {"delivered": 40, "reserved": 0, "sold": 3, "free": 37}


def test_who_has_reserved_nothing_buys_from_the_shelf(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(receive, baguette, delivered=5)

    caretaker.does(sell_to, resident=odile, bread=baguette, loaves=2)
    caretaker.empties_basket(odile)

    assert batch(caretaker) == {"delivered": 5, "reserved": 0, "sold": 0, "free": 5}
    assert caretaker.sees(Order)["state"] == "cancelled"


def test_bread_is_reserved_without_a_name_and_handed_over_by_its_code(
    caretaker: Caretaker, baguette: Bread
) -> None:
    number = caretaker.does(reserve, baguette, fetch_on=WEDNESDAY, loaves=1)
    caretaker.is_at(2026, 10, 7, 8)
    caretaker.does(receive, baguette, delivered=40)

    opened = caretaker.scans(f"bread_depot_order-{number}")
    caretaker.does(hand_over_paid, caretaker.finds(Order, number))

    assert opened.partition("?")[0].endswith(f"/{number}/hand_over_paid")
    assert batch(caretaker) == {"delivered": 40, "reserved": 0, "sold": 1, "free": 39}


def test_the_same_bread_is_reserved_once_for_a_day(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    wanted: dict[str, Any] = {"resident": odile, "bread": baguette, "fetch_on": WEDNESDAY}
    caretaker.does(reserve_for, loaves=2, **wanted)

    refused = caretaker.is_refused(reserve_for, loaves=1, **wanted)

    assert refused["bread"].startswith("Odile Kern has 2 × Baguette reserved for that day.")
    assert caretaker.sees(Batch)["reserved"] == 2


@pytest.mark.parametrize("loaves", [0, -1])
def test_less_than_one_loaf_is_no_bread(
    caretaker: Caretaker, odile: Resident, baguette: Bread, loaves: int
) -> None:
    caretaker.does(receive, baguette, delivered=5)

    said = [
        caretaker.is_refused(sell, baguette, loaves=loaves),
        caretaker.is_refused(sell_to, resident=odile, bread=baguette, loaves=loaves),
        caretaker.is_refused(reserve, baguette, fetch_on=WEDNESDAY, loaves=loaves),
    ]

    assert said == [{"loaves": "At least 1."}] * 3


def test_a_delivery_or_a_return_below_zero_is_refused(
    caretaker: Caretaker, baguette: Bread
) -> None:
    number = caretaker.does(receive, baguette, delivered=5)
    mine = caretaker.finds(Batch, number)

    assert caretaker.is_refused(receive, baguette, delivered=-1) == {"delivered": "At least 0."}
    assert caretaker.is_refused(unsold, mine, returned=-1) == {"returned": "At least 0."}
    assert list(caretaker.is_refused(unsold, mine)) == ["returned"]
    assert list(caretaker.is_refused(unsold, mine, returned=3, given=3)) == ["returned"]


def test_nothing_is_sold_before_the_baker_has_come(caretaker: Caretaker, baguette: Bread) -> None:
    refused = caretaker.is_refused(sell, baguette, loaves=1)

    assert refused["loaves"].startswith("Baguette has not come yet.")


def test_bread_of_another_day_is_not_handed_over(
    caretaker: Caretaker, odile: Resident, order: Order, baguette: Bread
) -> None:
    caretaker.is_at(2026, 10, 8, 9)
    caretaker.does(receive, baguette, delivered=40)

    refused = caretaker.is_refused(hand_over, order)

    assert refused[""].startswith("This bread is for Wednesday 7 October")
    assert caretaker.card(odile) == []


@pytest.mark.parametrize("day", ["2026-10-06", "2026-10-05", "2027-10-06"])
def test_a_day_that_can_not_be_reserved_is_refused_beside_it(
    caretaker: Caretaker, baguette: Bread, day: str
) -> None:
    assert list(caretaker.is_refused(reserve, baguette, fetch_on=day)) == ["fetch_on"]


def test_what_can_not_come_is_cancelled_and_told(
    caretaker: Caretaker, odile: Resident, order: Order
) -> None:
    caretaker.does(not_come, order)

    assert batch(caretaker) == {"delivered": 40, "reserved": 0, "sold": 0, "free": 40}
    assert caretaker.card(odile) == []
    assert caretaker.is_refused(cancel, order)


def test_what_nobody_fetched_is_free_again(caretaker: Caretaker, order: Order) -> None:
    caretaker.does(release, caretaker.finds(Batch, 1))

    assert caretaker.sees(Order, order.id)["state"] == "missed"
    assert batch(caretaker)["free"] == 40


def test_each_baker_and_day_has_one_numbered_note(caretaker: Caretaker, baguette: Bread) -> None:
    loaf = caretaker.finds(Bread, 2)

    caretaker.does(receive, baguette, delivered=30)
    caretaker.does(receive, baguette, delivered=10)
    caretaker.does(receive, loaf, delivered=12)
    caretaker.is_at(2026, 10, 7, 8)
    caretaker.does(receive, baguette, delivered=20)

    assert caretaker.sees(Batch, 1)["delivered"] == 40
    assert [caretaker.sees(Delivery, each)["number"] for each in (1, 2)] == [
        "2026-0001",
        "2026-0002",
    ]
    note = caretaker.reads("bread_depot/delivery_note", made=1)
    assert "Delivery note 2026-0001" in note
    assert "<dt>Baguette</dt><dd>40</dd>" in note


def test_a_wrong_count_is_corrected_but_not_below_what_has_gone(
    caretaker: Caretaker, baguette: Bread
) -> None:
    mine = caretaker.finds(Batch, caretaker.does(receive, baguette, delivered=4))
    caretaker.does(sell, baguette, loaves=2)

    refused = caretaker.is_refused(recount, mine, delivered=1)
    caretaker.does(recount, mine, delivered=40)

    assert refused["delivered"].startswith("2 are sold, back or given already")
    assert batch(caretaker)["free"] == 38


@pytest.mark.usefixtures("order")
def test_the_bakers_sheet_says_what_goes_back(caretaker: Caretaker) -> None:
    caretaker.does(unsold, caretaker.finds(Batch, 1), returned=1, given=2)

    page = caretaker.reads("bread_depot/sheet")

    assert '<td class="num" data-label="Back to the baker">1</td>' in page
    assert '<td class="num" data-label="Suspended bread">2</td>' in page
    assert "Delivery note 2026-0001" in page


def test_only_members_reserve_where_the_site_says_so(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.decides(members_only=True)
    member = caretaker.knows("Rose", "Ritter", member=True)

    refused = caretaker.is_refused(reserve, baguette, resident=odile, fetch_on=WEDNESDAY)
    caretaker.does(reserve, baguette, resident=member, fetch_on=WEDNESDAY)

    assert refused[""].startswith("Odile Kern is no member")
    assert caretaker.sees(Batch)["reserved"] == 1
