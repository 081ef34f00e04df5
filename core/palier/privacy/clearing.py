"""The job that clears what was kept for long enough: one person, or one batch of rows, at a time."""

from typing import Any

from sqlalchemy import delete, func, select

from palier.context import Context
from palier.privacy import erasure
from palier.privacy.actions import forget
from palier.privacy.keeping import Over, due_people, over
from palier.privacy.models import Result, Sweep, Swept
from palier.privacy.sweeping import goes_on
from palier.residents.models import Resident, ResidentState
from palier.rhythm import Turn
from palier.trail import perform

AT_ONCE = 500  # rows in one transaction
NOBODY = "X-NOBODY"
WHO: Any = vars(Swept)["resident_id"]


def sweep(turn: Turn) -> None:
    """Go on with the run that someone began, from where it stopped: each step is one transaction."""
    if turn.looks(goes_on) is None:
        return
    while turn.does(_next_person):
        pass
    while turn.does(_next_rows):
        pass
    turn.does(_end)


def _running(desk: Context) -> Sweep | None:
    return desk.lock(select(Sweep).where(Sweep.ended_at.is_(None)))


def _next_person(desk: Context) -> bool:
    """Erase the next who is due and was not looked at in this run; return whether there was one."""
    run = _running(desk)
    if run is None:
        return False
    looked_at = desk.session.scalar(select(func.max(WHO)).where(Swept.sweep == run))
    found = due_people(desk, 1, after=looked_at or 0)
    if not found:
        return False
    result = _erased(desk, found[0])
    desk.add(
        Swept(
            sweep=run,
            table_name=found[0].path,
            resident=found[0],
            result=result,
            at=desk.now,
        )
    )
    return True


def _erased(desk: Context, person: Resident) -> Result:
    try:
        with desk.session.begin_nested():
            perform(desk, forget, person, {})
    except erasure.StillOpen:
        return Result.OPEN
    except erasure.ServiceSetAside:
        return Result.ASIDE
    return Result.ERASED


def _next_rows(desk: Context) -> bool:
    """Empty one batch of rows of other records; return whether there was one."""
    run = _running(desk)
    if run is None:
        return False
    for each in over(desk):
        if ids := list(desk.session.scalars(select(each.id).where(each.where).limit(AT_ONCE))):
            _emptied(desk, run, each, ids)
            return True
    return False


def _emptied(desk: Context, run: Sweep, each: Over, ids: list[int]) -> None:
    if each.goes:
        gone = delete(each.kind).where(each.id.in_(ids))
        desk.session.execute(gone.execution_options(synchronize_session=False))
    else:
        erasure.empty_columns(desk, each.kind, each.columns, ids, nobody(desk))
    table = each.kind.__tablename__
    known = select(Swept).where(Swept.sweep == run, Swept.table_name == table, WHO.is_(None))
    line = desk.lock(known)
    if line is None:
        made = Swept(sweep=run, table_name=table, rows=0, result=Result.ERASED, at=desk.now)
        line = desk.add(made)
    line.rows += len(ids)


def nobody(desk: Context) -> Resident:
    """Return whom a record leads to that names nobody any more and can't be without a person."""
    return desk.one(
        Resident(given_name="", family_name="", card_code=NOBODY, state=ResidentState.ERASED)
    )


def _end(desk: Context) -> None:
    run = _running(desk)
    if run is not None:
        run.ended_at = desk.now
