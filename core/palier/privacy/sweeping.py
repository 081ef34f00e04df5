"""Clearing what was kept for long enough: a person begins it, the job does it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from palier.context import Context
from palier.db.links import tables
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.privacy.keeping import counted_over, how_many_due
from palier.privacy.models import Result, Sweep, Swept
from palier.residents.merging import title_of
from palier.text import Text, _


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
    run = Sweep(started_at=desk.now, person_code=desk.actor.person_code, due=due)
    try:
        with desk.session.begin_nested():
            return desk.add(run)
    except IntegrityError as error:  # another desk began it at this instant
        raise SweepGoesOn from error


def goes_on(desk: Context) -> Sweep | None:
    """Return the run that has not ended; one statement."""
    return desk.session.scalars(select(Sweep).where(Sweep.ended_at.is_(None)).limit(1)).first()


def counts(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return what came of these runs, for a list: one statement."""
    lines: Any = vars(Swept)
    run, person = lines["sweep_id"], lines["resident_id"]
    query = select(run, person.is_not(None), Swept.result, func.sum(Swept.rows)).where(run.in_(ids))
    erased, stayed, emptied = (defaultdict[int, int](int) for _each in range(3))
    grouped = query.group_by(run, person.is_not(None), Swept.result)
    for id, of_person, result, number in desk.session.execute(grouped):
        done = erased if result is Result.ERASED else stayed
        (done if of_person else emptied)[id] += number
    return {
        _("People erased"): {id: erased[id] for id in ids},
        _("People left as they are"): {id: stayed[id] for id in ids},
        _("Other records that name nobody now"): {id: emptied[id] for id in ids},
    }


def what_of(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return what these lines are about, in words, for a list: one statement."""
    kinds = {table.name: k for k, table in tables() if issubclass(k, SiteRecord)}
    query = select(Swept.id, Swept.table_name).where(Swept.id.in_(ids))
    return {
        _("What"): {
            id: title_of(desk, kinds[name]) if name in kinds else name
            for id, name in desk.session.execute(query)
        }
    }
