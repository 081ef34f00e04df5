"""Visits, from the first thing done to the last one ended."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from palier.context import Context
from palier.errors import NotThere
from palier.receipts.models import Charge, ChargeState
from palier.residents.models import Resident
from palier.trail import ActRow, note
from palier.visits.models import Visit, VisitReason, VisitState
from palier.visits.rules import HasMoreToPay, ReasonIsOff, StillToPay, VisitIsOver, is_open

VISIT = "visit"  # the word that figures add up
BEGIN = "visits.begin"


def count(desk: Context, reason: VisitReason) -> Visit:
    """Count someone who came, without a name: the visit is over as soon as it is counted.

    Raises `ReasonIsOff` for a reason that another desk has just taken off the keypad.
    """
    if not reason.active:
        raise ReasonIsOff(reason=reason.label)
    visit = Visit(at=desk.now, on=desk.today, reason=reason, state=VisitState.CLOSED)
    visit.terminal_id = desk.seat.terminal_id
    return desk.add(visit)


def begin(desk: Context, reason: VisitReason | None = None) -> Visit:
    """Begin a visit without a name; what is charged from now on is in its basket."""
    visit = Visit(at=desk.now, on=desk.today, reason=reason)
    visit.terminal_id = desk.seat.terminal_id
    desk.add(visit)
    desk.visit_id = visit.id
    return visit


def take_up(desk: Context, resident_id: int) -> Visit:
    """Begin a resident's visit of today or take it up again; ours until the act ends, counted once.

    Two desks that begin it at one moment have one and the same. Raises `NotThere`.
    """
    if desk.find(Resident, resident_id) is None:
        raise NotThere
    while True:
        made = _insert(desk, resident_id)
        visit = desk.lock(_open_of(desk, resident_id))
        if visit is not None:
            break
    desk.visit_id = visit.id
    if made:
        changes = [{"in": visit.path, "new": True, "id": visit.id}]
        known = {"resident_id": resident_id, "counted": VISIT, "changes": changes}
        note(desk, BEGIN, visit, met=True, **known)
    return visit


def _insert(desk: Context, resident_id: int) -> bool:
    """Write an open visit unless there is one; whether it was written."""
    dialect = desk.session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"at": desk.now, "on": desk.today, "resident_id": resident_id}
    values["terminal_id"] = desk.seat.terminal_id
    query = make(Visit).values(**values, state=VisitState.OPEN, version=1)
    return (
        desk.session.execute(query.on_conflict_do_nothing().returning(Visit.id)).first() is not None
    )


def _open_of(desk: Context, resident_id: int) -> Select[Visit]:
    return select(Visit).where(
        Visit.resident_id == resident_id, Visit.on == desk.today, Visit.state == VisitState.OPEN
    )


def enter(desk: Context, visit_id: int) -> Visit:
    """Take up a visit by its id; ours until the act ends. Raises `NotThere`, `VisitIsOver`."""
    visit = desk.lock(select(Visit).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    if not is_open(visit):
        raise VisitIsOver
    desk.visit_id = visit.id
    return visit


def open_visit_of(desk: Context, resident: Resident) -> Visit | None:
    """Return a resident's visit that goes on today, if there is one."""
    return desk.session.scalars(_open_of(desk, resident.id)).first()


def open_visits(desk: Context) -> list[Visit]:
    """Return every visit that goes on at the site, the oldest first; of days before too."""
    query = select(Visit).where(Visit.state == VisitState.OPEN).order_by(Visit.at, Visit.id)
    return desk.all(query, Visit.resident)


def close(desk: Context, visit: Visit) -> Visit:
    """End a visit; called again, it changes nothing. Raises `StillToPay` while it owes something."""
    mine = _take(desk, visit)
    if is_open(mine):
        if (what := _owed(desk, mine)) is not None:
            raise StillToPay(what=what)
        mine.reason = mine.reason or reason_by_acts(desk, mine)
        mine.state = VisitState.CLOSED
    return mine


def close_all(desk: Context) -> list[Visit]:
    """End every visit that owes nothing, and return those that stay open: for the day's end."""
    left = []
    for visit in open_visits(desk):
        try:
            close(desk, visit)
        except StillToPay:
            left.append(visit)
    return left


def owing(desk: Context) -> int:
    """Return how many visits go on because something of them is still to pay."""
    query = select(func.count(Visit.id)).where(Visit.state == VisitState.OPEN, owes())
    return desk.session.scalar(query) or 0


def owes() -> ColumnElement[bool]:
    """Return the condition that something of a visit is still to pay."""
    mine = Charge.visit_id == Visit.id, Charge.state == ChargeState.OPEN
    return select(Charge.id).where(*mine).exists()


def take_back(desk: Context, visit: Visit) -> Visit:
    """Let a visit count for nothing; what was done in it stays. Raises `HasMoreToPay`.

    Called again, it changes nothing.
    """
    mine = _take(desk, visit)
    if mine.state is VisitState.VOID:
        return mine
    if _owed(desk, mine) is not None:
        raise HasMoreToPay
    mine.state = VisitState.VOID
    same = ActRow.subject_type == mine.path, ActRow.subject_id == mine.id
    counted = select(ActRow.id).where(*same, ActRow.counted == VISIT).order_by(ActRow.id)
    desk.cancels_id = desk.session.scalar(counted.limit(1))
    return mine


def reason_by_acts(desk: Context, visit: Visit) -> VisitReason | None:
    """Return the reason whose drawing is that of a service used in this visit, if there is one."""
    if desk.hooks is None:
        return None
    # By the time, which has an index: nothing of a visit is recorded before it began.
    same = ActRow.recorded_at >= visit.at, ActRow.visit_id == visit.id
    names = desk.session.scalars(select(ActRow.name).where(*same).order_by(ActRow.id))
    used = [name.partition(".")[0] for name in names]
    registry = desk.hooks.registry
    drawings = [p.manifest.icon for p in registry.on(desk.site.plugins) if p.name in used]
    query = select(VisitReason).where(VisitReason.active).order_by(VisitReason.key)
    return next((each for each in desk.all(query) if each.icon.value in drawings), None)


def _take(desk: Context, visit: Visit) -> Visit:
    mine = desk.lock(select(Visit).where(Visit.id == visit.id))
    if mine is None:
        raise NotThere
    return mine


def _owed(desk: Context, visit: Visit) -> str | None:
    """Return the first thing of a visit that is still to pay, in words."""
    query = select(Charge.label).where(
        Charge.visit_id == visit.id, Charge.state == ChargeState.OPEN
    )
    return desk.session.scalar(query.order_by(Charge.id).limit(1))
