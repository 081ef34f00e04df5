"""Memberships that end within a month: the household is told once, unless it has the next one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from palier.context import Context
from palier.messages.telling import tell
from palier.residents.models import Membership, Resident, ResidentState
from palier.residents.rules import last_day
from palier.rhythm import Turn
from palier.text import _

AHEAD = timedelta(days=30)


def remind_of_memberships(turn: Turn) -> None:
    """Tell one person of each household whose membership ends within thirty days."""
    turn.does(_remind)


def _remind(desk: Context) -> None:
    later: Any = aliased(Membership)
    home, of_person = vars(Membership)["household_id"], vars(Resident)["household_id"]
    follows = exists().where(
        later.household_id == home,
        later.starts_on > Membership.starts_on,
        later.cancelled_on.is_(None),
    )
    query = (
        select(Membership, Resident)
        .join(Resident, of_person == home)
        .where(
            Membership.cancelled_on.is_(None),
            Membership.ends_on > desk.today,
            Membership.ends_on <= desk.today + AHEAD,
            Resident.state == ResidentState.ACTIVE,
            ~follows,
        )
        .order_by(Membership.id, Resident.id)
    )
    words = _("The membership of your household lasts until %(day)s. Renew it at the desk.")
    told: set[int] = set()
    for membership, resident in desk.session.execute(query).all():
        if membership.id not in told:
            told.add(membership.id)
            said = words.fill(day=last_day(membership))
            tell(desk, resident, said, kind="ending", about=membership, once="month")
