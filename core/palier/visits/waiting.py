"""How many people wait: a number that two desks change at once, and that the night ends."""

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.visits.models import Waiting
from palier.visits.rules import NobodyWaits


def add(desk: Context) -> int:
    """Count one more, and return how many wait now."""
    row = desk.one(Waiting(on=desk.today))
    row.people += 1
    return row.people


def take_off(desk: Context) -> int:
    """Count one less, and return how many wait now. Raises `NobodyWaits` at none."""
    row = desk.one(Waiting(on=desk.today))
    if row.people == 0:
        raise NobodyWaits
    row.people -= 1
    return row.people


def how_many(desk: Context) -> ScalarSelect[int]:
    """Return today's number, for the figures of a page."""
    today = select(Waiting.people).where(Waiting.on == desk.today)
    return select(func.coalesce(today.scalar_subquery(), 0)).scalar_subquery()
