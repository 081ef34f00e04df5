"""Who asked to be called when they were not seen for some days."""

from sqlalchemy import Connection, Table, select, update

from palier.context import Context
from palier.messages.models import WAITING, Message, MessageState
from palier.messages.telling import tell
from palier.residents.models import Resident, ResidentState, Unseen
from palier.rhythm import Turn
from palier.text import _

UNSEEN = "unseen"
KIND = f"residents.{UNSEEN}"


def look_after(turn: Turn) -> None:
    """Put whoever was not seen for as long as they said on the call list, once for each such span."""
    turn.does(_look)


def take_off_the_list(connection: Connection, site_id: int, resident_id: int) -> None:
    """Nobody is called any more to be asked whether all is well: they were here, or ask no longer."""
    table = Message.__table__
    assert isinstance(table, Table)  # noqa: S101 - a record has a table of its own
    about = (table.c.about_type == Resident.__tablename__, table.c.about_id == resident_id)
    waits = (table.c.kind == KIND, table.c.state.in_(WAITING))
    gone = update(table).where(table.c.site_id == site_id, *about, *waits)
    connection.execute(gone.values(state=MessageState.WITHDRAWN, version=table.c.version + 1))


def _look(desk: Context) -> None:
    query = select(Resident).where(
        Resident.unseen != Unseen.NEVER,
        Resident.state == ResidentState.ACTIVE,
        Resident.last_contact_on.is_not(None),
    )
    words = _("%(name)s was last here on %(day)s and asked to be called. Is all well?")
    for each in desk.session.scalars(query).all():
        last = each.last_contact_on
        spans = (desk.today - last).days // each.unseen.days if last else 0
        if spans:
            told = words.fill(name=str(each), day=last)
            tell(desk, each, told, kind=UNSEEN, about=each, once=f"{last}/{spans}", asks=True)
