"""What has to stand in the journals beside sales: at one site, or at each live one of an operator.

The law wants opening, closing, change of rate, of rights, of clock and of version, archive,
restore, reprint and each failed check (domain 1.15). Those of the clock are written by `tills`.
"""

from collections.abc import Iterator
from copy import copy
from zoneinfo import ZoneInfo

from sqlalchemy import select

from palier.context import Context, Place
from palier.errors import Refused
from palier.receipts.checking import Checked
from palier.receipts.models import Journal, Register
from palier.receipts.tills import lock_till, note_event
from palier.sites.models import Site, SiteKind
from palier.text import _


def note_rights(desk: Context, person_code: str, change: str) -> None:
    """Write down that what someone may do has changed; call it in the act that changes it.

    `person_code` stands for the person, whose name is never in the journal, or the permission that
    a site decides of; `change` is a word of the act that did it: `begun`, `role`, `ended`, or who
    may. Locks the register: call it last.
    """
    note_event(desk, lock_till(desk), "rights_change", of=person_code, change=change)
    desk.session.flush()


def note_failed_check(desk: Context, found: Checked) -> None:
    """Write down that the proof of a register failed, and where first."""
    first = found.verdict.first
    at = first.seq if first is not None else found.beside[0][0]
    why = first.reason.value if first is not None else found.beside[0][1].value
    note_event(desk, lock_till(desk), "check_failed", of=found.register, at_seq=at, why=why)
    desk.session.flush()


def note_version(desk: Context, version: str, tables: str) -> bool:
    """Write down which version signs from now on, unless the journal says so; return whether it did.

    `tables` is the newest migration of the core. A site without a till has no journal yet.
    """
    if desk.session.scalar(select(Register.id).limit(1)) is None:
        return False
    said = '"code":"version"'
    query = select(Journal.body).where(Journal.kind == "event", Journal.body.contains(said))
    last = desk.session.scalar(query.order_by(Journal.at.desc(), Journal.seq.desc()).limit(1)) or ""
    if f'"tables":"{tables}"' in last and f'"version":"{version}"' in last:
        return False
    note_event(desk, lock_till(desk), "version", version=version, tables=tables)
    desk.session.flush()
    return True


class OnlyTraining(Refused):
    text = _(
        "This holds at every site of the operator, and here is only training. Do it at the real"
        " site."
    )


def check_real(desk: Context) -> None:
    """Raise `OnlyTraining` at a training site: nothing of a live one changes from there."""
    if desk.site.kind == SiteKind.TRAINING.value:
        raise OnlyTraining


def at_live_sites(desk: Context) -> Iterator[Context]:
    """Give a desk at each live site of this operator in turn, in the same transaction.

    At a demonstration those of the demonstration. Raises `OnlyTraining` at a training site.

    In the order of their ids, so that two who do it lock alike; afterwards the desk is at its own
    site again. What a desk writes is flushed before the next.
    """
    check_real(desk)
    kind = SiteKind.DEMO if desk.site.kind == "demo" else SiteKind.LIVE
    mine = Site.operator_id == desk.site.operator_id, Site.kind == kind
    try:
        for site in desk.session.scalars(select(Site).where(*mine).order_by(Site.id)).all():
            there = copy(desk)
            there.site = _place(site)
            desk.session.flush()
            desk.session.enter(site.id)
            yield there
            desk.session.flush()
    finally:
        desk.session.enter(desk.site.id)


def _place(site: Site) -> Place:
    return Place(
        site.id, site.slug, site.name, site.kind.value, ZoneInfo(site.timezone), site.locale,
        site.theme, site.revision, site.operator_id,
    )  # fmt: skip
