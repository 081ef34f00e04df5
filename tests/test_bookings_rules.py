"""Rules of bookings: spans, states, returns, days on which the clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.bookings.models import OCCUPYING, Bookable, Booking, BookingLine, LineState, ThingState
from palier.bookings.rules import (
    NEXT,
    EndsBeforeStart,
    EndsInThePast,
    ThingBlocked,
    ThingGone,
    check_ready,
    check_span,
    day_span,
    end_line,
    is_late,
    may_become,
    overlap,
)
from palier.errors import NotNow

TEN = datetime(2026, 10, 6, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")
moments = st.integers(0, 50).map(lambda n: TEN + n * HOUR)


def line(state: LineState = LineState.OUT) -> BookingLine:
    buffer = timedelta(minutes=30)
    return BookingLine(
        booking=Booking(code="B"),
        resource=Bookable(code="V01"),
        starts_at=TEN,
        ends_at=TEN + HOUR,
        busy_from=TEN,
        busy_to=TEN + HOUR + buffer,
        state=state,
    )


def test_what_ends_at_ten_frees_ten_o_clock() -> None:
    assert not overlap(TEN - HOUR, TEN, TEN, TEN + HOUR)
    assert overlap(TEN - HOUR, TEN + timedelta(seconds=1), TEN, TEN + HOUR)


@given(moments, moments, moments, moments)
def test_overlap_is_the_same_from_both_sides(
    a: datetime, b: datetime, c: datetime, d: datetime
) -> None:
    assert overlap(a, b, c, d) == overlap(c, d, a, b)


def test_an_end_before_its_start_is_refused_beside_the_end() -> None:
    with pytest.raises(EndsBeforeStart) as refusal:
        check_span(TEN, TEN, TEN)

    assert refusal.value.field == "ends_at"


def test_an_end_in_the_past_is_refused() -> None:
    with pytest.raises(EndsInThePast):
        check_span(TEN - 2 * HOUR, TEN - HOUR, TEN)


def test_a_blocked_thing_says_why() -> None:
    thing = Bookable(code="V01", state=ThingState.BLOCKED, blocked_reason="brakes")

    with pytest.raises(ThingBlocked) as refusal:
        check_ready(thing)

    assert "brakes" in str(refusal.value)


def test_a_thing_that_is_gone_is_not_given() -> None:
    with pytest.raises(ThingGone):
        check_ready(Bookable(code="V01", state=ThingState.GONE))


def test_final_states_lead_nowhere() -> None:
    final = set(LineState) - NEXT.keys()

    assert final.isdisjoint(OCCUPYING)
    assert not any(may_become(a, b) for a in final for b in LineState)


def test_every_occupying_state_has_an_end() -> None:
    assert NEXT.keys() == set(OCCUPYING)


def test_an_early_return_frees_the_calendar_and_keeps_the_buffer() -> None:
    taken = line()

    end_line(taken, TEN + HOUR / 2)

    assert taken.state is LineState.BACK
    assert taken.ends_at == TEN + HOUR / 2
    assert taken.busy_to == TEN + HOUR


def test_a_late_return_keeps_what_was_agreed() -> None:
    taken = line()

    end_line(taken, TEN + 5 * HOUR)

    assert taken.ends_at == TEN + HOUR
    assert taken.done_at == TEN + 5 * HOUR


def test_what_is_not_out_does_not_come_back() -> None:
    with pytest.raises(NotNow):
        end_line(line(LineState.BOOKED), TEN)


def test_late_begins_at_the_agreed_end() -> None:
    assert is_late(line(), TEN + HOUR)
    assert not is_late(line(), TEN + HOUR - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 6), 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    starts_at, ends_at = day_span(day, PARIS)

    assert ends_at - starts_at == hours * HOUR
