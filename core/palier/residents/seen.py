"""When someone was last here: noted by every act that meets them, in the act's own transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Table, event, or_, update

from palier.context import Context
from palier.residents.models import Resident, Unseen
from palier.trail import ActRow

# What follows when someone who asked to be called is here again, or asks no longer: the site, the
# resident, and when.
Follows = Callable[[Connection, int, int, datetime], None]
_follows: list[Follows] = []


def follow_those_seen(work: Follows) -> None:
    """Let this follow when someone who asked to be called is here again, or asks no longer."""
    _follows.append(work)


def ask_no_longer(desk: Context, resident: Resident) -> None:
    """Nobody calls this person when they were not seen; who waits for such a call waits no more."""
    resident.unseen = Unseen.NEVER
    desk.session.flush()
    _all_is_well(desk.session.connection(), desk.site.id, resident.id, desk.now)


def _all_is_well(connection: Connection, site_id: int, resident_id: int, at: datetime) -> None:
    for work in _follows:
        work(connection, site_id, resident_id, at)


def note_contacts() -> None:
    """From now on, note the last contact wherever an act that meets someone leaves its trace."""
    event.listen(ActRow, "after_insert", _was_here)


def _was_here(_mapper: object, connection: Connection, row: ActRow) -> None:
    """Write the day of an act that meets a resident; one statement, changing nothing the second time.

    Only for who asked to be called when not seen more follows, once on that day.

    A form that is open meanwhile is not disturbed: the record's version stays as it was.
    """
    if row.met_on is None or row.resident_id is None:
        return
    people = Resident.__table__
    assert isinstance(people, Table)  # noqa: S101 - a record has a table of its own
    known, day = people.c.last_contact_on, row.met_on
    here = (people.c.site_id == row.site_id, people.c.id == row.resident_id)
    earlier = or_(known.is_(None), known < day)
    met = update(people).where(*here, earlier).values(last_contact_on=day)
    asked = connection.execute(met.returning(people.c.unseen)).scalar()
    if asked not in {None, Unseen.NEVER}:
        _all_is_well(connection, row.site_id, row.resident_id, row.at)
