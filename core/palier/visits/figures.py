"""What visits tell of the day, for the desk page and the card."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.db.listed import listed
from palier.residents.models import Resident
from palier.visits.models import Visit, VisitState
from palier.visits.reasons import keypad
from palier.visits.waiting import how_many

SHOWN = 5


def figures(desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return the keypad's keys, who waits, and the visits that go on, the oldest first."""
    goes_on = Visit.state == VisitState.OPEN
    who = select(Visit.id, Visit.at, Resident.id, Resident.given_name, Resident.family_name)
    oldest = who.outerjoin(Visit.resident).where(goes_on).order_by(Visit.at, Visit.id)
    return {
        "visits.keys": keypad(desk),
        "visits.waiting": how_many(desk),
        "visits.open": select(func.count(Visit.id)).where(goes_on).scalar_subquery(),
        "visits.oldest": listed(oldest.limit(SHOWN)),
    }
