"""Visits of the paper sheet, keyed later: at its times, each line once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from palier.errors import Refused
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.testing.till import tried
from palier.trail import ActRow, perform
from palier.visits.actions import count_visit, key_visits, take_back
from palier.visits.counting import count_hours
from palier.visits.models import Visit, VisitReason
from palier.visits.on_paper import LineKeyed, NoSuchReason, StillToCome

TODAY, YESTERDAY = date(2026, 10, 6), date(2026, 10, 5)
NOON = datetime(2026, 10, 6, 10, 0, tzinfo=UTC)  # 12:00 in Strasbourg


@pytest.fixture
def sheet(at: At) -> None:
    """A paper sheet with one line: at 10:40 two who chat and one other, keyed at noon."""
    with at() as desk:
        for key, label in ((1, "Other"), (3, "Chat")):
            desk.add(VisitReason(key=key, label=label))
    keys_the_line(at)


def keys_the_line(at: At, typed: str = "331", hour: time = time(10, 40), **more: bool) -> None:
    with at(now=NOON) as desk:
        key_visits(desk, day=TODAY, at=hour, keys=typed, **more)


def counted(at: At, day: date = TODAY) -> int:
    with at(write=False) as desk:
        return count_hours(desk, [day]).count()


@pytest.mark.usefixtures("sheet")
def test_visits_of_the_sheet_are_counted_at_its_time(at: At) -> None:
    with at(write=False) as desk:
        hours = count_hours(desk, [TODAY])
        acts = desk.all(select(ActRow).where(ActRow.counted == "visit"))

    assert hours.count(day=TODAY, hour=10) == 3
    assert {(each.at, each.recorded_at) for each in acts} == {
        (datetime(2026, 10, 6, 8, 40, tzinfo=UTC), NOON)
    }


@pytest.mark.parametrize(
    ("typed", "hour", "refusal"),
    [("9", time(10, 45), NoSuchReason), ("", time(12, 1), StillToCome)],
)
def test_visits_that_can_not_be_are_refused(
    at: At, typed: str, hour: time, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        keys_the_line(at, typed, hour)


@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize("typed", ["331", "1 33"])
def test_a_line_keyed_again_is_refused_with_who_and_when(at: At, typed: str) -> None:
    with pytest.raises(LineKeyed, match=r"MK keyed this line on Tuesday 6 October"):
        keys_the_line(at, typed)

    assert counted(at) == 3


@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize(("typed", "hour"), [("33", time(10, 40)), ("331", time(10, 41))])
def test_another_line_of_the_sheet_is_no_repeat(at: At, typed: str, hour: time) -> None:
    keys_the_line(at, typed, hour)

    assert counted(at) == 3 + len(typed)


@pytest.mark.usefixtures("sheet")
def test_a_second_line_like_the_first_is_counted_when_it_is_ticked(at: At) -> None:
    keys_the_line(at, second=True)

    assert counted(at) == 6


@pytest.mark.usefixtures("sheet")
def test_a_line_that_was_taken_back_can_be_keyed_again(at: At) -> None:
    with at(now=NOON) as desk:
        for each in desk.all(select(Visit)):
            perform(desk, take_back, each, {})

    keys_the_line(at)

    assert counted(at) == 3


@pytest.mark.usefixtures("sheet")
def test_a_visit_counted_on_the_keypad_is_no_line_of_the_sheet(at: At) -> None:
    with at(now=NOON - timedelta(hours=1)) as desk:
        reason = desk.all(select(VisitReason).where(VisitReason.key == 3))[0]
        perform(desk, count_visit, None, {"reason": reason})

    keys_the_line(at, "3", time(11))

    assert counted(at) == 5


@pytest.mark.usefixtures("sheet")
def test_desks_that_key_one_line_at_once_key_it_once(at: At) -> None:
    def keyed(_desk: int) -> type[Refused] | None:
        return tried(lambda: keys_the_line(at, hour=time(11)))

    with ThreadPoolExecutor(4) as desks:
        refusals = list(desks.map(keyed, range(4)))

    assert refusals.count(None) == 1
    assert refusals.count(LineKeyed) == 3
    assert counted(at) == 6


@pytest.mark.usefixtures("sheet")
def test_the_form_of_a_line_keyed_again_keeps_it_and_offers_the_tick(
    at: At, browser: Browser
) -> None:
    def sends(status: int = 200, second: str = "") -> str:
        path, at, keys = "/ampere/desk/visits/do/key_visits", "10:40", "331"
        day = f"{YESTERDAY:%Y-%m-%d}"
        return browser.sends(path, status=status, day=day, at=at, keys=keys, second=second)

    sends()

    again = sends(422)
    sends(second="yes")

    assert "nothing was keyed twice" in words_of(again)
    assert "The sheet has a second line like this one" in words_of(again)
    assert 'value="331"' in again
    assert counted(at, YESTERDAY) == 6
