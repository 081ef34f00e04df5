"""Clearing what was kept for long enough: a person begins it, the job does it."""

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.privacy.keeping import counted_over, how_many_due
from palier.privacy.models import Sweep
from palier.text import _


class SweepGoesOn(Refused):
    text = _("This is being done already. Look again in a moment.")


class NothingDue(Refused):
    text = _("Nothing was kept for too long.")


def begin(desk: Context) -> Sweep:
    """Let the job clear what is due today. Raises `SweepGoesOn` and `NothingDue`."""
    if goes_on(desk) is not None:
        raise SweepGoesOn
    due = how_many_due(desk)
    if not due and not counted_over(desk):
        raise NothingDue
    return desk.add(Sweep(started_at=desk.now, person_code=desk.actor.person_code, due=due))


def goes_on(desk: Context) -> Sweep | None:
    """Return the run that has not ended; one statement."""
    return desk.session.scalars(select(Sweep).where(Sweep.ended_at.is_(None)).limit(1)).first()
