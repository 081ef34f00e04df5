"""Who is on duty this week and next, with an hour that nobody covers yet."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from palier.accounts.models import Staff
from palier.demo.scene import Scene
from palier.demo.times import ONE_DAY, Times, days_between
from palier.rosters.actions import add_absence, cover
from palier.rosters.models import AbsenceKind, Post
from palier.rosters.rules import WEEK, monday_of

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, _SUNDAY = range(7)
LEARNING = {TUESDAY, THURSDAY, FRIDAY}  # the days on which Ilyes is beside Magda
WEEKS = 2


class Duty(NamedTuple):
    """A shift to be: who, where, from when until when."""

    login: str
    post: Post
    starts_at: datetime
    ends_at: datetime


def serving(at: datetime) -> str:
    """Return who serves on a day: Magda, and Sonia on Magda's day off."""
    return "sonia" if at.weekday() == WEDNESDAY else "magda"


def duties(times: Times, today: date) -> list[Duty]:
    """Return two weeks of shifts, the last hour of some days left open."""
    first = monday_of(today)
    left_open = open_hours(times, today)
    found: list[Duty] = []
    for day in days_between(first, first + timedelta(days=WEEKS * WEEK - 1)):
        found += _of_day(times, day, away=day == _course(today), left_open=day in left_open)
    return found


def _of_day(times: Times, day: date, *, away: bool, left_open: bool) -> Iterator[Duty]:
    spans = times.spans(day)
    for starts_at, closes in spans:
        cut = left_open and closes == spans[-1][1]
        ends_at = closes - timedelta(hours=1) if cut else closes
        yield Duty(serving(starts_at), Post.DESK, starts_at, ends_at)
        if day.weekday() in LEARNING and not away:
            yield Duty("ilyes", Post.DESK, starts_at, ends_at)
    if day.weekday() == TUESDAY:
        office = times.at(day, time(9)), times.at(day, time(12))
        yield Duty("sonia", Post.OFFICE, *office)
    if day.weekday() == THURSDAY:
        workshop = times.at(day, time(14)), times.at(day, time(16))
        yield Duty("sonia", Post.WORKSHOP, *workshop)


def open_hours(times: Times, today: date) -> set[date]:
    """Return the days whose last hour nobody covers: the next open one, and one of this week."""
    coming = times.open_from(today + ONE_DAY)
    this_week = times.open_days(monday_of(today), monday_of(today) + timedelta(days=WEEK - 1))
    return {coming} if coming in this_week else {coming, this_week[-1]}


def _course(today: date) -> date:
    """Return the Friday of next week, on which Ilyes is on a course."""
    return monday_of(today) + timedelta(days=WEEK + FRIDAY)


def plan_roster(scene: Scene, at: datetime, *, times: Times, today: date) -> None:
    """Write two weeks down, as Sonia does."""
    staff = {
        login: scene.desk.session.get_one(Staff, actor.staff_id)
        for login, actor in scene.staff.items()
    }
    for each in duties(times, today):
        values = {"starts_at": each.starts_at, "ends_at": each.ends_at, "post": each.post}
        scene.does("sonia", cover, None, at, staff=staff[each.login], **values)
    day = _course(today)
    away = {"from_at": times.at(day, time()), "to_at": times.at(day + ONE_DAY, time())}
    kind = AbsenceKind.TRAINING
    scene.does("sonia", add_absence, None, at, staff=staff["ilyes"], kind=kind, **away)


def planned_on(times: Times, today: date) -> datetime:
    """Return when the roster was written: on the last open day of the week before, at noon."""
    day = monday_of(today) - ONE_DAY
    while not times.is_open(day):
        day -= ONE_DAY
    return times.at(day, time(12))
