"""The rules of mobility: no database, no server."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier_mobility import rules
from palier_mobility.models import Fare, Stop, Vehicle
from palier_mobility.rules import Standing

NOW = datetime(2026, 10, 6, 9, 5, tzinfo=UTC)
PEOPLE = range(1, 6)
# Who is free for a trip, whom the caretaker would like to ask, and whether that one says yes.
TRIPS = st.lists(
    st.tuples(st.sets(st.sampled_from(PEOPLE), min_size=1), st.integers(0, 4), st.booleans()),
    max_size=40,
)


def earlier(hours: int) -> datetime:
    return NOW - timedelta(hours=hours)


def test_who_was_never_asked_comes_first_then_who_was_asked_longest_ago() -> None:
    lately, long_ago = Standing(earlier(1), None, 1), Standing(earlier(9), None, 2)
    never, later = Standing(None, None, 4), Standing(None, None, 3)

    queue = rules.in_turn([lately, never, long_ago, later])

    assert [each.id for each in queue] == [3, 4, 2, 1]


def test_being_passed_over_keeps_the_place_and_counts_until_asked() -> None:
    passed = Standing(earlier(9), earlier(2), 1)
    asked_since = Standing(earlier(1), earlier(2), 2)

    assert rules.in_turn([asked_since, passed]) == [passed, asked_since]
    assert passed.was_passed
    assert not asked_since.was_passed
    assert rules.not_again([asked_since]) is None
    assert rules.not_again([asked_since, passed]) is passed


@given(TRIPS)
def test_nobody_is_passed_over_twice_in_a_row_while_free(
    trips: list[tuple[set[int], int, bool]],
) -> None:
    log = {each: Standing(None, None, each) for each in PEOPLE}
    in_a_row = dict.fromkeys(PEOPLE, 0)
    for hour, (free, liked, _answer) in enumerate(trips):
        now = NOW + timedelta(hours=hour)
        queue = rules.in_turn(log[each] for each in free)
        chosen = queue[liked % len(queue)]
        passed = rules.passed_by(queue, chosen.id)
        first = rules.not_again(passed)
        if first is not None:  # the desk refuses, and whoever was passed over is asked
            chosen, passed = first, rules.passed_by(queue, first.id)

        for each in passed:
            log[each.id] = each._replace(passed_at=now)
            in_a_row[each.id] += 1
        log[chosen.id] = chosen._replace(asked_at=now)
        in_a_row[chosen.id] = 0

        assert max(in_a_row.values()) <= 1


@given(TRIPS)
def test_who_takes_each_turn_as_it_comes_asks_everybody_equally(
    trips: list[tuple[set[int], int, bool]],
) -> None:
    log = {each: Standing(None, None, each) for each in PEOPLE}
    asked = dict.fromkeys(PEOPLE, 0)
    for hour, _trip in enumerate(trips):
        first = rules.in_turn(log.values())[0]
        log[first.id] = first._replace(asked_at=NOW + timedelta(hours=hour))
        asked[first.id] += 1

    assert max(asked.values()) - min(asked.values()) <= 1


@pytest.mark.parametrize(
    ("hours", "refused"),
    [(-1, rules.TripIsOver), (0, rules.TripIsOver), (24 * 61, rules.TooFarAhead)],
)
def test_a_trip_lies_ahead_and_not_too_far(hours: int, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        rules.check_when(NOW + timedelta(hours=hours), NOW, 60)

    rules.check_when(NOW + timedelta(hours=1), NOW, 60)


def test_a_trip_costs_what_its_end_away_from_home_says() -> None:
    near, far = Fare(name="near"), Fare(name="far")
    home, station = Stop(name="home", fare=near, home=True), Stop(name="station", fare=far)

    assert rules.fare_of(home, station) is far
    assert rules.fare_of(station, home) is far
    with pytest.raises(rules.SamePlace):
        rules.check_way(home, home)


def test_more_people_than_seats_do_not_fit() -> None:
    car = Vehicle(code="MOB1", seats=3)
    rules.check_room(3, car)
    rules.check_room(8, None)

    with pytest.raises(rules.NoRoom) as refusal:
        rules.check_room(4, car)

    assert refusal.value.field == "people"


@pytest.mark.parametrize(
    ("given", "read"), [("tx-04501", "TX04501"), (" TX 04501 ", "TX04501"), ("0451", "0451")]
)
def test_a_number_is_read_however_it_is_written(given: str, read: str) -> None:
    assert rules.read_number(given) == read


@pytest.mark.parametrize("given", ["", "TX", "12", "Kern", "TX04501A", "ABCDEFG123"])
def test_what_is_no_number_is_refused_in_words(given: str) -> None:
    with pytest.raises(rules.NotANumber) as refusal:
        rules.read_number(given)

    assert refusal.value.field == "number"


@given(st.integers(0, 999), st.integers(1, 100))
def test_numbers_of_a_booklet_follow_each_other_and_none_comes_twice(
    first: int, count: int
) -> None:
    numbers = rules.numbers_from(f"TX{first:05}", count)

    assert [int(each[2:]) for each in numbers] == list(range(first, first + count))
    assert {len(each) for each in numbers} == {7}


def test_the_limit_of_a_month_ends_with_the_month() -> None:
    rules.check_vouchers("Odile Kern", 3, 4, date(2026, 12, 6))

    with pytest.raises(rules.EnoughVouchers) as refusal:
        rules.check_vouchers("Odile Kern", 4, 4, date(2026, 12, 31))

    assert refusal.value.day == date(2027, 1, 1)
