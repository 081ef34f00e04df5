"""Whether a household is a member: always a query, never a flag."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from palier.context import Context
from palier.residents.models import Household, Membership
from palier.residents.rules import last_day


def is_member(desk: Context, household: Household, day: date) -> bool:
    """Whether the household is a member on that day; one statement."""
    query = select(Membership.id).where(Membership.household == household, holding_on(day))
    return desk.session.scalar(query.limit(1)) is not None


def member_until(desk: Context, household: Household) -> date | None:
    """Return the last day paid for, however many years in advance; None for who is no member today.

    A gap between two memberships ends it.
    """
    until: date | None = None
    for each in memberships_of(desk, household):
        follows = each.starts_on <= (until or desk.today) or _is_next_day(until, each.starts_on)
        if follows and each.ends_on > desk.today:
            until = last_day(each)
    return until


def _is_next_day(day: date | None, other: date) -> bool:
    return day is not None and (other - day).days == 1


def next_start(desk: Context, household: Household) -> date:
    """Return the day on which another year would begin: today, or the day after the running one."""
    query = select(func.max(Membership.ends_on)).where(
        Membership.household == household, Membership.cancelled_on.is_(None)
    )
    latest = desk.session.scalar(query)
    return max(latest, desk.today) if latest else desk.today


def memberships_of(desk: Context, household: Household) -> list[Membership]:
    """Return the household's memberships that were not cancelled, the earliest first."""
    query = select(Membership).where(
        Membership.household == household, Membership.cancelled_on.is_(None)
    )
    return desk.all(query.order_by(Membership.starts_on))


def holding_on(day: date) -> ColumnElement[bool]:
    """Return the condition "holds on that day", for any query on memberships."""
    within = and_(Membership.starts_on <= day, Membership.ends_on > day)
    return and_(within, Membership.cancelled_on.is_(None))
