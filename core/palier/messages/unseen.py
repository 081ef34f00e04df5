"""Who asked to be called when they were not seen for some days."""

from datetime import datetime

from sqlalchemy import Connection, select

from palier.context import Context
from palier.messages.models import Message
from palier.messages.telling import ended, tell
from palier.residents.models import Resident, ResidentState, Unseen
from palier.rhythm import Turn
from palier.text import _

UNSEEN = "unseen"
KIND = f"residents.{UNSEEN}"


def look_after(turn: Turn) -> None:
    """Put whoever was not seen for as long as they said on the call list, once for each such span."""
    turn.does(_look)


def take_off_the_list(connection: Connection, site_id: int, resident_id: int, at: datetime) -> None:
    """Nobody is called any more to be asked whether all is well: they were here, or ask no longer."""
    about = (Message.about_type == Resident.__tablename__, Message.about_id == resident_id)
    connection.execute(ended(Message.site_id == site_id, *about, Message.kind == KIND, now=at))


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
