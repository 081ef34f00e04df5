"""Which code may be one, what keyboards send, and until when a day lasts."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.accounts.rules import (
    MOST_WRONG,
    TRIES,
    NotFourDigits,
    TooEasy,
    check_code,
    code_digest,
    digits_of,
    end_of_day,
    is_easy,
    needs_password,
)
from palier.web.wrapper import TOUCH, is_idle, touched_every

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 6, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "code",
    [
        "0000",
        "7777",
        "1234",
        "0123",
        "6789",
        "4321",
        "9876",
        "1212",
        "4747",
        "1958",
        "2003",
        "2580",
    ],
)
def test_what_anyone_would_try_first_is_no_code(code: str) -> None:
    with pytest.raises(TooEasy):
        check_code(code)


@pytest.mark.parametrize("code", ["4711", "9052", "1357", "8001", "3690"])
def test_any_other_four_digits_are(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize("typed", ["", "471", "47111", "abcd", "四七一一", "4 7 1"])
def test_a_code_has_four_digits(typed: str) -> None:
    with pytest.raises(NotFourDigits):
        check_code(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("'è&&", "4711"), ("47&&", "4711"), ("àç(é", "0952"), ("'è!§", "4786"), (" 47 11 ", "4711")],
)
def test_the_row_of_a_french_keyboard_needs_no_shift(typed: str, meant: str) -> None:
    assert digits_of(typed) == meant


def test_few_codes_are_taken_from_people() -> None:
    easy = [number for number in range(10_000) if is_easy(f"{number:04}")]

    assert 250 < len(easy) < 400


def test_the_same_code_is_another_word_at_another_site_and_with_another_key() -> None:
    made = {code_digest(key, site, "4711") for key in (b"a", b"b") for site in (1, 2)}

    assert len(made) == 4
    assert all(len(each) == 64 for each in made)


@pytest.mark.parametrize(
    ("day", "zone", "until"),
    [
        (date(2026, 10, 6), "Europe/Paris", "2026-10-06T22:00+00:00"),
        (date(2026, 10, 25), "Europe/Paris", "2026-10-25T23:00+00:00"),  # 25 hours
        (date(2026, 3, 29), "Europe/Paris", "2026-03-29T22:00+00:00"),  # 23 hours
        (date(2026, 10, 6), "Indian/Reunion", "2026-10-06T20:00+00:00"),
        (
            date(2026, 4, 23),
            "Africa/Cairo",
            "2026-04-23T22:00+00:00",
        ),  # its next midnight is left out
    ],
)
def test_a_day_ends_at_the_sites_own_midnight(day: date, zone: str, until: str) -> None:
    assert end_of_day(day, ZoneInfo(zone)) == datetime.fromisoformat(until)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_day_is_the_next_day_and_the_moment_before_is_not(day: date) -> None:
    end = end_of_day(day, PARIS)

    assert (end.astimezone(PARIS).date() - day).days == 1
    assert datetime.fromtimestamp(end.timestamp() - 1, PARIS).date() == day


@pytest.mark.parametrize(
    ("tries", "wrong", "asks"),
    [(0, 0, False), (TRIES - 1, 4, False), (TRIES, 5, True), (0, MOST_WRONG, True)],
)
def test_too_many_wrong_codes_ask_for_the_password(tries: int, wrong: int, *, asks: bool) -> None:
    assert needs_password(tries, wrong) is asks


@pytest.mark.parametrize(
    ("minutes", "locks_after", "idle"),
    [(5, 5, False), (6, 5, False), (7, 5, True), (600, 0, False), (59, 60, False), (66, 60, True)],
)
def test_a_device_locks_after_its_minutes(minutes: int, locks_after: int, *, idle: bool) -> None:
    now = NOW.replace(hour=20)
    seen = datetime.fromtimestamp(now.timestamp() - minutes * 60, UTC)

    assert is_idle(seen, locks_after, now) is idle


def test_a_device_that_locks_soon_is_touched_more_often() -> None:
    assert touched_every(0) == TOUCH
    assert touched_every(5).total_seconds() == 60
    assert touched_every(240) == TOUCH
