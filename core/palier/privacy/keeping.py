"""Who was not seen for as long as a record of a person may be kept."""

from collections.abc import Sequence

from sqlalchemy import select

from palier.context import Context
from palier.privacy.rules import months_before
from palier.residents.models import KNOW, Resident, ResidentState


def due_people(desk: Context, most: int | None = None) -> Sequence[Resident]:
    """Return who is due today, the longest unseen first. Each erasure is confirmed by a person."""
    latest = months_before(desk.today, KNOW.months)
    known = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))
    query = select(Resident).where(known, Resident.last_contact_on <= latest)
    return desk.all(query.order_by(Resident.last_contact_on, Resident.id).limit(most))
