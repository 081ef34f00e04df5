"""Visits: one person at the desk, from the first thing owed to the last one ended."""

from sqlalchemy import exists, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.models import Charge, ChargeState
from palier.residents.models import Resident
from palier.text import _
from palier.visits.models import Visit, VisitState


class StillToPay(Refused):
    text = _("Something of this visit is still to pay. Take the payment, or cancel it, first.")


def open_visit(desk: Context, resident: Resident | None = None) -> Visit:
    """Begin a visit; what is charged from now on is in its basket."""
    visit = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
    desk.visit_id = visit.id
    return visit


def close_visit(desk: Context, visit: Visit) -> None:
    """End a visit. Raises `StillToPay` while a charge of it is open."""
    owed = exists().where(Charge.visit_id == visit.id, Charge.state == ChargeState.OPEN)
    if desk.session.scalar(select(Visit.id).where(Visit.id == visit.id, owed)) is not None:
        raise StillToPay
    visit.state = VisitState.CLOSED
