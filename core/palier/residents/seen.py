"""When someone was last here: noted by every act that meets them, in the act's own transaction."""

from sqlalchemy import Connection, Table, event, or_, update

from palier.residents.models import Resident
from palier.trail import ActRow


def note_contacts() -> None:
    """From now on, note the last contact wherever an act that meets someone leaves its trace."""
    event.listen(ActRow, "after_insert", _was_here)


def _was_here(_mapper: object, connection: Connection, row: ActRow) -> None:
    """Write the day of an act that meets a resident; one statement, changing nothing the second time.

    A form that is open meanwhile is not disturbed: the record's version stays as it was.
    """
    if row.met_on is None or row.resident_id is None:
        return
    people = Resident.__table__
    assert isinstance(people, Table)  # noqa: S101 - a record has a table of its own
    known, day = people.c.last_contact_on, row.met_on
    here = (people.c.site_id == row.site_id, people.c.id == row.resident_id)
    earlier = or_(known.is_(None), known < day)
    connection.execute(update(people).where(*here, earlier).values(last_contact_on=day))
