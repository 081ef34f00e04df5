"""Who is on duty: read for the week, the desk and the next act."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from palier.accounts.models import Staff, StaffSkill
from palier.context import Context
from palier.db.overlap import is_overlap
from palier.db.types import Skill
from palier.rosters.models import AWAY, ON_SHIFT, Absence, Post, Shift, ShiftState
from palier.rosters.rules import (
    AlreadyOnDuty,
    IsAway,
    NoLongerHere,
    day_span,
    gaps,
    week_days,
)
from palier.sites.hours import Hours, Span, read_hours
from palier.sites.models import Opening


@dataclass(frozen=True)
class Week:
    """What a span of days holds, as stored."""

    days: tuple[date, ...]
    hours: Hours
    staff: list[Staff]
    shifts: list[Shift]
    absences: list[Absence]
    gaps: list[Span]


def read_week(desk: Context, day: date) -> Week:
    """Return the week of a day. Four statements."""
    return read_days(desk, week_days(day))


def read_days(desk: Context, days: tuple[date, ...]) -> Week:
    """Return the roster of these days, one after the other. Four statements."""
    span = day_span(days[0], desk.site.zone, len(days))
    hours = read_hours(desk, days[0])
    shifts, absences = _shifts(desk, span), _absences(desk, span)
    open_on = [each for each in days if not hours.shut(each)]
    found = gaps(hours.openings, shifts, absences, open_on, desk.site.zone)
    return Week(days, hours, staff_on(desk, days[0], days[-1]), shifts, absences, found)


def staff_on(desk: Context, first: date, last: date) -> list[Staff]:
    """Return who works here on one of these days, by name."""
    query = select(Staff).where(
        Staff.valid_from <= last, or_(Staff.valid_to.is_(None), Staff.valid_to > first)
    )
    return list(desk.session.scalars(query.order_by(Staff.name, Staff.id)))


def on_duty(desk: Context, moment: datetime) -> list[Staff]:
    """Return who is at the desk at a moment, as published, those away left out. One statement."""
    away = select(Absence.id).where(
        AWAY == ON_SHIFT,
        Absence.from_at <= moment,
        Absence.to_at > moment,
    )
    query = (
        select(Staff)
        .join(Shift, Staff.id == ON_SHIFT)
        .where(
            Shift.starts_at <= moment,
            Shift.ends_at > moment,
            Shift.state == ShiftState.PUBLISHED,
            Shift.post == Post.DESK,
            ~away.exists(),
        )
    )
    return list(desk.session.scalars(query.order_by(Staff.name)))


def away_until(desk: Context, skill: Skill, moment: datetime) -> datetime | None:
    """Return until when everybody who has learnt a skill is away at that moment. One statement.

    None while one of them is not noted as away, and where nobody has learnt it.
    """
    covers = and_(Staff.id == AWAY, Absence.from_at <= moment, Absence.to_at > moment)
    day = desk.local(moment).date()
    query = (
        select(Staff.id, func.max(Absence.to_at))
        .join(StaffSkill, StaffSkill.staff_id == Staff.id)
        .outerjoin(Absence, covers)
        .where(
            StaffSkill.skill == skill.name,
            Staff.valid_from <= day,
            or_(Staff.valid_to.is_(None), Staff.valid_to > day),
        )
        .group_by(Staff.id)
    )
    ends = [row[1] for row in desk.session.execute(query)]
    return min(ends) if ends and all(ends) else None


def gaps_today(desk: Context) -> list[Span]:
    """Return the opening hours still to come today with nobody at the desk. Two statements."""
    return [gap for _opening, gap in uncovered_today(desk)]


def uncovered_today(desk: Context) -> list[tuple[Opening, Span]]:
    """Return the same with the opening each belongs to, in order. Two statements."""
    days = (desk.today,)
    span = day_span(desk.today, desk.site.zone)
    shifts, absences = _planned(desk, span)
    found = [
        (opening, Span(max(gap.starts_at, desk.now), gap.ends_at))
        for opening in read_hours(desk).on(desk.today)
        for gap in gaps([opening], shifts, absences, days, desk.site.zone)
        if gap.ends_at > desk.now
    ]
    return sorted(found, key=lambda each: each[1])


def put_on(desk: Context, shift: Shift, staff: Staff) -> None:
    """Give a shift to someone. Raises `AlreadyOnDuty`, `IsAway` or `NoLongerHere`, by name."""
    span = Span(shift.starts_at, shift.ends_at)
    _check_here(desk, staff, span)
    _check_not_away(desk, staff, span)
    itself = shift.id or 0
    try:
        with desk.session.begin_nested():
            shift.staff = staff
            desk.session.add(shift)
            desk.session.flush()
    except IntegrityError as error:
        if not is_overlap(error, Shift.__tablename__):
            raise
        other = _shifts(desk, span, Shift.staff == staff, Shift.id != itself)[0]
        raise AlreadyOnDuty(
            who=staff.name, post=other.post.label, start=other.starts_at, end=other.ends_at
        ) from error


def _check_here(desk: Context, staff: Staff, span: Span) -> None:
    day = desk.local(span.starts_at).date()
    if day < staff.valid_from or (staff.valid_to is not None and day >= staff.valid_to):
        raise NoLongerHere(who=staff.name)


def _check_not_away(desk: Context, staff: Staff, span: Span) -> None:
    for away in _absences(desk, span, Absence.staff == staff)[:1]:
        raise IsAway(who=staff.name, start=away.from_at, end=away.to_at)


def _planned(desk: Context, span: Span) -> tuple[list[Shift], list[Absence]]:
    """Return the shifts of a span that have someone, and when those people are away."""
    away = and_(AWAY == ON_SHIFT, Absence.from_at < span.ends_at, Absence.to_at > span.starts_at)
    query = (
        select(Shift, Absence)
        .join(Shift.staff)
        .outerjoin(Absence, away)
        .where(Shift.starts_at < span.ends_at, Shift.ends_at > span.starts_at)
        .options(contains_eager(Shift.staff))
    )
    shifts: dict[Shift, None] = {}
    absences: dict[Absence, None] = {}
    for row in desk.session.execute(query):
        shifts[row[0]] = None
        missing: Absence | None = row[1]
        if missing is not None:
            absences[missing] = None
    return list(shifts), list(absences)


def _shifts(desk: Context, span: Span, *where: ColumnElement[bool]) -> list[Shift]:
    query = select(Shift).where(
        Shift.starts_at < span.ends_at, Shift.ends_at > span.starts_at, *where
    )
    query = query.order_by(Shift.starts_at, Shift.id).options(joinedload(Shift.staff))
    return list(desk.session.scalars(query))


def _absences(desk: Context, span: Span, *where: ColumnElement[bool]) -> list[Absence]:
    query = select(Absence).where(
        Absence.from_at < span.ends_at, Absence.to_at > span.starts_at, *where
    )
    query = query.order_by(Absence.from_at, Absence.id).options(joinedload(Absence.staff))
    return list(desk.session.scalars(query))
