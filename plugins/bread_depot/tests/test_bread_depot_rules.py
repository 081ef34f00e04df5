"""The rules of bread: no database, no server."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from palier_bread_depot import rules
from palier_bread_depot.keys import NotAKey, read_typed
from palier_bread_depot.models import Batch, Bread, Delivery, Order

PARIS = ZoneInfo("Europe/Paris")
TUESDAY, WEDNESDAY = date(2026, 10, 6), date(2026, 10, 7)
SETTINGS = rules.Settings()


def make_batch(delivered: int = 10, reserved: int = 4, **more: int) -> Batch:
    bread = Bread(name="Baguette", key="b")
    came = Delivery(number="2026-0001", came_on=WEDNESDAY)
    values = {"delivered": delivered, "reserved": reserved, **more}
    return Batch(bread=bread, baked_on=WEDNESDAY, delivery=came, **values)


def make_order(loaves: int = 1) -> Order:
    return Order(bread=Bread(name="Baguette", key="b"), fetch_on=WEDNESDAY, loaves=loaves)


def test_reserved_bread_is_not_free_to_sell() -> None:
    batch = make_batch(delivered=10, reserved=4)

    with pytest.raises(rules.NotEnough) as refusal:
        rules.check_free(batch, 7)

    assert str(refusal.value) == "Only 6 left. Choose fewer, or another bread."


def test_what_is_reserved_goes_first_and_the_rest_is_of_what_is_free() -> None:
    batch = make_batch(delivered=10, reserved=8)
    order = make_order(loaves=2)

    rules.check_handed(batch, order, 4)

    with pytest.raises(rules.NotEnough) as refusal:
        rules.check_handed(batch, order, 5)
    assert str(refusal.value) == "Only 4 left. Choose fewer, or another bread."


def test_where_fewer_came_than_were_reserved_the_first_gets_theirs() -> None:
    batch = make_batch(delivered=1, reserved=4)

    rules.check_handed(batch, make_order(loaves=2), 1)

    with pytest.raises(rules.NotEnough):
        rules.check_handed(batch, make_order(loaves=2), 2)


def test_bread_that_was_not_counted_is_not_sold() -> None:
    batch = Batch(bread=Bread(name="Baguette", key="b"), baked_on=WEDNESDAY)

    with pytest.raises(rules.NotCome) as refusal:
        rules.check_free(batch, 1)

    assert str(refusal.value).startswith("Baguette has not come yet.")


def test_an_empty_shelf_says_so() -> None:
    with pytest.raises(rules.NoneLeft):
        rules.check_free(make_batch(delivered=4, reserved=4), 1)


@pytest.mark.parametrize(
    ("day", "hour", "refusal"),
    [
        (WEDNESDAY, 17, None),
        (WEDNESDAY, 18, rules.TooLate),
        (TUESDAY, 9, rules.TooLate),
        (date(2026, 10, 5), 9, rules.TooLate),
        (date(2026, 10, 20), 9, None),
        (date(2026, 10, 21), 9, rules.TooFar),
    ],
)
def test_reservations_are_for_coming_days_and_close_the_evening_before(
    day: date, hour: int, refusal: type[Exception] | None
) -> None:
    now = datetime(2026, 10, 6, hour, 0, tzinfo=PARIS)

    if refusal is None:
        rules.check_day(day, now, SETTINGS)
    else:
        with pytest.raises(refusal):
            rules.check_day(day, now, SETTINGS)


def test_a_reservation_has_a_limit() -> None:
    rules.check_number(6, SETTINGS)

    with pytest.raises(rules.TooMany):
        rules.check_number(7, SETTINGS)


def test_a_neighbour_gets_no_more_than_is_sold() -> None:
    rules.check_for_neighbour(2, 2)

    with pytest.raises(rules.MoreThanSold):
        rules.check_for_neighbour(2, 3)


def test_what_goes_back_is_neither_reserved_nor_sold() -> None:
    batch = make_batch(delivered=10, reserved=2, sold=5)

    rules.check_unsold(batch, 1, 2)

    with pytest.raises(rules.MoreThanUnsold):
        rules.check_unsold(batch, 2, 2)
    with pytest.raises(rules.SayHowMany):
        rules.check_unsold(batch, 0, 0)


def test_a_count_is_never_below_what_has_gone() -> None:
    batch = make_batch(delivered=10, reserved=0, sold=5, returned=1, given=2)

    rules.check_count(batch, 8)

    with pytest.raises(rules.MoreIsGone):
        rules.check_count(batch, 7)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("b", ("b", None)),
        ("B2", ("b", 2)),
        ("b 40", ("b", 40)),
        ("2b", None),
        ("be", None),
        ("é", None),
        ("b2000", None),
    ],
)
def test_a_key_is_typed_with_a_number_or_without(
    typed: str, read: tuple[str, int | None] | None
) -> None:
    assert read_typed(typed) == read


@pytest.mark.parametrize("key", ["", "bb", "1", "é"])
def test_a_key_is_one_letter(key: str) -> None:
    with pytest.raises(NotAKey):
        Bread(name="Baguette", key=key)
