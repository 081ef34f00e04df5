"""When something runs next: by the site's clock, on the days when it changes too."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palier.rhythm import AfterClosing, At, Every, SiteClock

PARIS = ZoneInfo("Europe/Paris")
CLOCK = SiteClock(PARIS)
INSTANTS = some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


def here(words: str) -> datetime:
    """An instant as the site's clock shows it: "2026-10-06 09:05"."""
    return datetime.fromisoformat(words).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "hour", "after"),
    [
        ("2026-10-06 09:05", time(18), "2026-10-06 18:00"),
        ("2026-10-06 18:00", time(18), "2026-10-07 18:00"),
        ("2026-10-24 18:00", time(18), "2026-10-25 18:00"),  # 25 hours later
        ("2026-03-28 18:00", time(18), "2026-03-29 18:00"),  # 23 hours later
    ],
)
def test_an_hour_is_the_sites_own(now: str, hour: time, after: str) -> None:
    assert At(hour).after(here(now), CLOCK) == here(after)


def test_an_hour_that_the_clock_leaves_out_comes_an_hour_later() -> None:
    found = At(time(2, 30)).after(here("2026-03-29 00:00"), CLOCK)

    assert found == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert found.astimezone(PARIS).time() == time(3, 30)


def test_an_hour_that_the_clock_shows_twice_comes_once() -> None:
    first = At(time(2, 30)).after(here("2026-10-25 00:00"), CLOCK)

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert At(time(2, 30)).after(first, CLOCK).date() == date(2026, 10, 26)


def test_what_comes_after_closing_follows_the_opening_hours() -> None:
    hours = {
        date(2026, 10, 6): here("2026-10-06 18:30"),
        date(2026, 10, 7): here("2026-10-07 12:30"),
    }
    clock = SiteClock(PARIS, hours.get)

    assert AfterClosing().after(here("2026-10-06 09:00"), clock) == here("2026-10-06 18:30")
    assert AfterClosing().after(here("2026-10-06 18:30"), clock) == here("2026-10-07 12:30")
    assert AfterClosing().after(here("2026-10-07 12:30"), clock) == here("2026-10-08 18:00")


def test_a_desk_that_closes_at_midnight_closes_on_the_day_after() -> None:
    clock = SiteClock(PARIS, {date(2026, 10, 6): here("2026-10-07 00:00")}.get)

    assert AfterClosing().after(here("2026-10-06 23:00"), clock) == here("2026-10-07 00:00")


@given(INSTANTS, some.times(), some.integers(1, 10_000))
def test_the_next_time_is_always_to_come(now: datetime, hour: time, minutes: int) -> None:
    for rhythm in (At(hour), AfterClosing(), Every(minutes)):
        assert rhythm.after(now, CLOCK) > now


@given(INSTANTS, some.times())
def test_no_day_passes_without_it_and_none_has_it_twice(now: datetime, hour: time) -> None:
    first = At(hour).after(now, CLOCK)

    second = At(hour).after(first, CLOCK)

    assert (second.astimezone(PARIS).date() - first.astimezone(PARIS).date()).days == 1
