"""What the messages tell of the day, for the desk page."""

from typing import Any

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import aliased

from palier.context import Context
from palier.db.listed import listed
from palier.messages.calls import to_call, whom
from palier.messages.models import Message
from palier.residents.models import Resident, ResidentState

SHOWN = 3


def figures(desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return how many people wait to be called, and the names of those who wait longest."""
    query = select(func.count(func.distinct(whom()))).select_from(Message)
    return {
        "messages.calls": query.join(Message.resident).where(to_call(desk)).scalar_subquery(),
        "messages.to_call": listed(_names(desk)),
    }


def _names(desk: Context) -> Any:
    via: Any = aliased(Resident)
    goes_via: Any = vars(Resident)["contact_via_id"]
    rung_up = and_(via.id == goes_via, via.state == ResidentState.ACTIVE)
    given = func.coalesce(via.given_name, Resident.given_name)
    family = func.coalesce(via.family_name, Resident.family_name)
    first = func.min(Message.next_at)
    query = select(given, family).select_from(Message).join(Message.resident)
    query = query.outerjoin(via, rung_up).where(to_call(desk)).group_by(whom(), given, family)
    return query.order_by(first, func.min(Message.id)).limit(SHOWN)
