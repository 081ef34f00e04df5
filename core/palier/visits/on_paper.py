"""Visits that were counted by strokes on paper, keyed afterwards with the time of the sheet."""

from datetime import date, datetime, time

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.text import _
from palier.trail import ActRow
from palier.visits.models import Visit, VisitReason, VisitState
from palier.visits.visiting import VISIT

COUNTED = "visits.count_visit"


class NoSuchReason(Refused):
    text = _("Nothing on the keypad has the key %(key)s. Type its keys, for instance 331.")
    field = "keys"


class StillToCome(Refused):
    text = _("This time is still to come. Key the time that stands on the sheet.")
    field = "at"


def key_visits(desk: Context, day: date, at: time, keys: str) -> list[Visit]:
    """Count a visit for each key, at the sheet's time; each leaves the trace of a counted visit.

    Raises `NoSuchReason` and `StillToCome`.
    """
    moment = datetime.combine(day, at, desk.site.zone)
    if moment > desk.now:
        raise StillToCome
    query = select(VisitReason).where(VisitReason.active.is_(True))
    known = {str(each.key): each for each in desk.all(query)}
    typed = [each for each in keys if not each.isspace()]
    for each in typed:
        if each not in known:
            raise NoSuchReason(key=each)
    return [_count(desk, known[each], day, moment) for each in typed]


def _count(desk: Context, reason: VisitReason, day: date, moment: datetime) -> Visit:
    visit = desk.add(Visit(at=moment, on=day, reason=reason, state=VisitState.CLOSED))
    desk.add(
        ActRow(
            name=COUNTED,
            account_id=desk.actor.account_id,
            who=desk.actor.person_code or desk.actor.name,
            origin=desk.origin,
            at=moment,
            recorded_at=desk.now,
            subject_type=visit.path,
            subject_id=visit.id,
            counted=VISIT,
        )
    )
    return visit
