"""Rules of rosters: what is left uncovered, also on days when the clock changes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.accounts.models import Staff
from palier.rosters.models import Absence, Post, Shift
from palier.rosters.rules import gaps, week_days, without
from palier.sites.hours import Span, open_spans
from palier.sites.models import Opening, Weekday

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 10, 6)
SINCE = date(2026, 1, 1)


def person(name: str = "Magda K.") -> Staff:
    return Staff(account_id=1, name=name, valid_from=SINCE, person_code="MK")


def opening(weekday: Weekday, opens: time, closes: time, **more: date) -> Opening:
    return Opening(weekday=weekday, opens=opens, closes=closes, **{"valid_from": SINCE, **more})


MORNING = opening(Weekday.TUESDAY, time(9), time(12))


def at(hour: int, day: date = TUESDAY) -> datetime:
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)


def shift(starts: int, ends: int, who: Staff | None, post: Post = Post.DESK) -> Shift:
    return Shift(starts_at=at(starts), ends_at=at(ends), staff=who, post=post)


def left(*shifts: Shift, away: Sequence[Absence] = ()) -> list[tuple[int, int]]:
    found = gaps([MORNING], shifts, away, [TUESDAY], PARIS)
    return [tuple(each.astimezone(PARIS).hour for each in gap) for gap in found]  # type: ignore[misc]  # two hours


def test_with_nobody_all_opening_hours_are_a_gap() -> None:
    assert left() == [(9, 12)]


def test_one_person_all_morning_leaves_no_gap() -> None:
    assert left(shift(8, 13, person())) == []


def test_the_hour_in_the_middle_is_named() -> None:
    assert left(shift(9, 10, person()), shift(11, 12, person("Ilyes"))) == [(10, 11)]


def test_a_shift_without_a_person_covers_nothing() -> None:
    assert left(shift(9, 12, None)) == [(9, 12)]


def test_someone_at_another_post_is_not_at_the_desk() -> None:
    assert left(shift(9, 12, person(), Post.WORKSHOP)) == [(9, 12)]


def test_who_is_away_covers_nothing_meanwhile() -> None:
    magda = person()
    away = Absence(staff=magda, from_at=at(10), to_at=at(11))

    assert left(shift(9, 12, magda), away=[away]) == [(10, 11)]


def test_anothers_absence_changes_nothing() -> None:
    away = Absence(staff=person("Ilyes"), from_at=at(10), to_at=at(11))

    assert left(shift(9, 12, person()), away=[away]) == []


def test_hours_that_are_not_valid_yet_or_no_more_are_not_open() -> None:
    later = opening(Weekday.TUESDAY, time(9), time(12), valid_from=date(2026, 11, 1))
    ended = opening(Weekday.TUESDAY, time(9), time(12), valid_to=TUESDAY)

    assert gaps([later, ended], [], [], [TUESDAY], PARIS) == []


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)])
def test_a_night_on_which_the_clock_changes_has_its_true_length(day: date, hours: int) -> None:
    night = opening(Weekday.SUNDAY, time(1), time(5))

    (span,) = open_spans([night], day, PARIS)

    assert span.ends_at - span.starts_at == timedelta(hours=hours)


def test_midnight_closes_the_day_it_ends() -> None:
    evening = opening(Weekday.TUESDAY, time(20), time(0))

    (span,) = open_spans([evening], TUESDAY, PARIS)

    assert span.ends_at - span.starts_at == timedelta(hours=4)


def test_a_week_begins_on_monday() -> None:
    assert week_days(date(2026, 10, 11)) == tuple(date(2026, 10, 5 + each) for each in range(7))


hours = st.integers(0, 23)
spans = st.tuples(hours, st.integers(1, 10)).map(lambda e: (e[0], e[0] + e[1]))


@given(spans, st.lists(spans, max_size=6))
def test_what_is_left_is_what_nobody_covers(
    wanted: tuple[int, int], others: list[tuple[int, int]]
) -> None:
    start = at(0)
    taken = [Span(start + timedelta(hours=a), start + timedelta(hours=b)) for a, b in others]
    whole = Span(start + timedelta(hours=wanted[0]), start + timedelta(hours=wanted[1]))

    found = without(whole, taken)

    covered = {hour for a, b in others for hour in range(a, b)}
    uncovered = {hour for hour in range(*wanted) if hour not in covered}
    assert uncovered == {
        int((each.starts_at - start).total_seconds()) // 3600 + more
        for each in found
        for more in range(int((each.ends_at - each.starts_at).total_seconds()) // 3600)
    }
