"""What the bread depot says at the desk: in words, in at most two statements."""

from collections.abc import Callable

import pytest

from palier.api import Desk, Provider, Resident, Step, select
from palier.db.engine import Database
from palier.testing import Caretaker
from palier.testing.plugin import counted_statements
from palier_bread_depot import plugin
from palier_bread_depot.actions import receive, reserve, sell
from palier_bread_depot.bakery import make_day
from palier_bread_depot.models import Batch, Bread, Order, State

WEDNESDAY, THURSDAY = "2026-10-07", "2026-10-08"


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern")


@pytest.fixture
def baguette(caretaker: Caretaker) -> Bread:
    bread = caretaker.finds(Bread, 1)
    caretaker.prices(bread, 120)
    return bread


@pytest.fixture
def morning(caretaker: Caretaker, odile: Resident, baguette: Bread) -> Order:
    """Wednesday: a baguette is reserved for Odile today, and one tomorrow; none has come yet."""
    number = caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY)
    caretaker.does(reserve, baguette, resident=odile, fetch_on=THURSDAY)
    caretaker.is_at(2026, 10, 7, 8, 52)
    return caretaker.finds(Order, number)


@pytest.mark.usefixtures("morning")
def test_the_day_says_what_has_not_come_then_what_is_there(
    caretaker: Caretaker, baguette: Bread
) -> None:
    awaited = caretaker.day()
    caretaker.does(receive, baguette, delivered=40)
    come = caretaker.day()

    assert awaited == ["The bread has not come yet: Baguette, Pain complet."]
    assert come == ["The bread has not come yet: Pain complet.", "Baguette: 39 to sell"]


@pytest.mark.usefixtures("morning")
def test_in_the_evening_the_day_says_what_is_unsold(caretaker: Caretaker, baguette: Bread) -> None:
    caretaker.does(receive, baguette, delivered=40)
    caretaker.does(receive, caretaker.finds(Bread, 2), delivered=0)

    caretaker.is_at(2026, 10, 7, 18, 5)

    assert caretaker.day() == ["Baguette: 39 unsold"]


@pytest.mark.usefixtures("morning")
def test_reserved_bread_that_did_not_come_is_late(caretaker: Caretaker, baguette: Bread) -> None:
    caretaker.does(receive, baguette, delivered=0)

    assert caretaker.day()[1] == "Baguette: 1 reserved loaf has not come."


@pytest.mark.usefixtures("morning")
def test_the_card_says_what_is_for_today_and_for_later(
    caretaker: Caretaker, odile: Resident
) -> None:
    assert caretaker.card(odile) == ["1 loaf of Baguette", "1 loaf of Baguette"]


@pytest.mark.usefixtures("morning")
def test_a_key_counts_the_bread_until_it_has_come_then_sells_it(
    caretaker: Caretaker, baguette: Bread
) -> None:
    before = caretaker.scans("b 40")
    caretaker.does(receive, baguette, delivered=40)
    after = caretaker.scans("B2")

    assert "/bread/1/receive?delivered=40" in before
    assert "/bread/1/sell?loaves=2" in after
    assert "/bread/2/receive?" in caretaker.scans("l")


@pytest.mark.parametrize("code", ["x", "b2000", "bread", "BREAD_DEPOT_ORDER-99"])
def test_what_is_no_key_and_no_label_is_not_ours(caretaker: Caretaker, code: str) -> None:
    with caretaker.desk(write=False) as desk:
        assert plugin.scanned(desk, code) is None


def test_a_bread_that_is_no_longer_sold_has_no_key(caretaker: Caretaker, baguette: Bread) -> None:
    with caretaker.desk() as desk:
        desk.session.get_one(Bread, baguette.id).active = False

    assert caretaker.scans("b") == ""


def test_a_label_says_why_its_bread_is_not_handed_over(
    caretaker: Caretaker, morning: Order
) -> None:
    code = f"BREAD_DEPOT_ORDER-{morning.id}"
    tomorrows = f"BREAD_DEPOT_ORDER-{morning.id + 1}"

    early = caretaker.scans(tomorrows)
    with caretaker.desk() as desk:
        desk.session.get_one(Order, morning.id).state = State.CANCELLED
    gone = caretaker.scans(code)

    assert (early, gone) == ("", "")  # it is shown, not opened
    page = caretaker.browser.opens(f"/ampere/desk/find?q={tomorrows}")
    assert "Reserved for Thursday 8 October" in page


def test_what_nobody_fetched_is_noted_when_the_desk_has_closed(
    caretaker: Caretaker, morning: Order, baguette: Bread
) -> None:
    caretaker.does(receive, baguette, delivered=40)

    for _time in range(2):
        with caretaker.desk() as desk:
            plugin.nobody_came(desk)

    assert caretaker.sees(Order, morning.id)["state"] == "missed"
    assert caretaker.sees(Order, morning.id + 1)["state"] == "waiting"
    assert caretaker.sees(Batch, 1)["free"] == 40


def test_a_site_begins_with_two_breads_made_once(caretaker: Caretaker) -> None:
    with caretaker.desk() as desk:
        plugin.first_breads(desk)

        assert [each.key for each in desk.all(select(Bread).order_by(Bread.id))] == ["b", "l"]


def test_the_sample_day_is_made_once(caretaker: Caretaker, odile: Resident) -> None:
    for _time in range(2):
        with caretaker.desk() as desk:
            make_day(desk)

    assert caretaker.sees(Batch, 1)["on_shelf"] == 0
    with caretaker.desk(write=False) as desk:
        assert [each.name for each in desk.all(select(Provider))] == ["Boulangerie Rhin"]
        (order,) = desk.all(select(Order), Order.resident)
        assert order.resident is not None
        assert order.resident.id == odile.id


@pytest.fixture
def shelf(caretaker: Caretaker, morning: Order, baguette: Bread) -> Order:
    caretaker.does(receive, baguette, delivered=40)
    caretaker.does(sell, baguette, loaves=2)
    return morning


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk, resident: list(plugin.bread_waiting(desk, resident)),
        lambda desk, _resident: list(plugin.bread_today(desk)),
        lambda desk, _resident: plugin.scanned(desk, "b2"),
        lambda desk, _resident: plugin.scanned(desk, "l"),
        lambda desk, _resident: plugin.scanned(desk, "BREAD_DEPOT_ORDER-1"),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_a_hook_asks_twice_at_most(
    database: Database,
    caretaker: Caretaker,
    odile: Resident,
    ask: Callable[[Desk, Resident], list[object] | Step | None],
) -> None:
    with caretaker.desk(write=False) as desk:
        resident = desk.session.get_one(Resident, odile.id)

        with counted_statements(database) as sent:
            ask(desk, resident)

        assert 1 <= len(sent) <= 2, [each[:300] for each in sent]
