"""Visits that were counted by strokes on paper, keyed afterwards with the time of the sheet."""

from collections import Counter, defaultdict
from datetime import date, datetime, time

from sqlalchemy import and_, select

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


class LineKeyed(Refused):
    text = _(
        "%(who)s keyed this line on %(when)s: nothing was keyed twice. If the sheet has a second "
        "line like this one, tick it."
    )
    field = "second"


def key_visits(
    desk: Context, day: date, at: time, keys: str, *, second: bool = False
) -> list[Visit]:
    """Count a visit for each key, at the sheet's time; each leaves the trace of a counted visit.

    `second` says that the sheet has one more line like one that is keyed. Raises `NoSuchReason`,
    `StillToCome` and `LineKeyed`.
    """
    moment = datetime.combine(day, at, desk.site.zone)
    if moment > desk.now:
        raise StillToCome
    # Locked: of two who key one line at one moment, the second finds what the first has keyed. A
    # live visit, which only points at its reason, waits for nobody.
    query = select(VisitReason).where(VisitReason.active.is_(True)).order_by(VisitReason.id)
    known = {str(each.key): each for each in desk.all(query.with_for_update(key_share=True))}
    typed = [each for each in keys if not each.isspace()]
    for each in typed:
        if each not in known:
            raise NoSuchReason(key=each)
    reasons = [known[each] for each in typed]
    if not second:
        _check_not_keyed(desk, moment, reasons)
    return [_count(desk, each, day, moment) for each in reasons]


def _check_not_keyed(desk: Context, moment: datetime, reasons: list[VisitReason]) -> None:
    """Raise LineKeyed when a line of this time has the same keys; one that was undone has none."""
    mine = ActRow.subject_type == Visit.__tablename__, ActRow.subject_id == Visit.id
    query = (
        select(ActRow.recorded_at, ActRow.who, Visit.reason_id)
        .join(Visit, and_(*mine))
        .where(Visit.at == moment, Visit.state != VisitState.VOID)
        .where(ActRow.name == COUNTED, ActRow.at == moment, ActRow.recorded_at > moment)
        .order_by(ActRow.id)
    )
    lines: dict[tuple[datetime, str], Counter[int | None]] = defaultdict(Counter)
    for keyed_at, who, reason_id in desk.session.execute(query):
        lines[keyed_at, who][reason_id] += 1
    wanted = Counter(each.id for each in reasons)
    for (keyed_at, who), keys in lines.items():
        if keys == wanted:
            raise LineKeyed(who=who, when=keyed_at)


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
