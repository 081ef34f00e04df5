"""A resident's visit on the card: since when, what was done, why they came, who else waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from palier.context import Context
from palier.db.listed import instant_in, listed
from palier.desk.offering import Offers
from palier.receipts.models import Receipt
from palier.residents.models import Resident
from palier.screens.views import ActView, Block, Line, Link
from palier.text import Text, _, plural, show_time
from palier.trail import ActRow
from palier.visits import visiting
from palier.visits.actions import close, come_for
from palier.visits.keypad import Press, press
from palier.visits.models import Visit, VisitState
from palier.visits.reasons import Key, keypad, keys_of
from palier.visits.waiting import how_many

MOST = 30
OWN = "visits."


@dataclass(frozen=True)
class VisitView:
    """The visit that is on, if one is; `since` is empty where none is."""

    id: int | None
    since: Text | None
    acts: tuple[str, ...]
    reason_id: int | None
    close: Press
    come_for: Press
    keys: tuple[Key, ...]
    waiting: int


def read_visit(desk: Context, offers: Offers, resident: Resident) -> VisitView:
    """Return a resident's visit of today, and let the desk be in it. One statement."""
    asked = select(listed(_doing(desk, resident)), keypad(desk), how_many(desk))
    rows, keys, waiting = desk.session.execute(asked).one()
    card = f"{offers.paths.root}/desk/card?resident={resident.id}"
    id = rows[0][0] if rows else None
    desk.visit_id = id
    since = _("Visit since %(hour)s").fill(hour=show_time(instant_in(rows[0][1]))) if rows else None
    return VisitView(
        id,
        since,
        tuple(_done(desk, offers, rows)),
        rows[0][2] if rows else None,
        press(desk, close, offers.paths.root, id) if rows else Press("", {}),
        press(desk, come_for, card, resident.id),
        keys_of(keys),
        waiting,
    )


def _doing(desk: Context, resident: Resident) -> Any:
    """Return the query of a resident's open visit with its acts, in their order."""
    # By the time, which has an index: nothing of a visit is recorded before it began.
    of_visit = and_(ActRow.recorded_at >= Visit.at, ActRow.visit_id == Visit.id)
    return (
        select(Visit.id, Visit.at, Visit.reason_id, ActRow.name, ActRow.at.label("done_at"))
        .outerjoin(ActRow, of_visit)
        .where(
            Visit.resident_id == resident.id,
            Visit.on == desk.today,
            Visit.state == VisitState.OPEN,
        )
        .order_by(ActRow.id)
        .limit(MOST)
    )


def _done(desk: Context, offers: Offers, rows: Sequence[Sequence[Any]]) -> list[str]:
    labels = {each.act.permission: each.act.label for each in offers.catalogue.offered(desk)}
    done = [(name, at) for _id, _at, _reason, name, at in rows if name]
    return [
        str(_("%(hour)s %(act)s").fill(hour=show_time(instant_in(at)), act=labels.get(name, name)))
        for name, at in done
        if not name.startswith(OWN)
    ]


def paid_visit(desk: Context, receipt: Receipt, back: str) -> Press:
    """Return the end of the visit that a receipt paid, in one press; empty while it owes something."""
    mine = Visit.id == receipt.visit_id, Visit.state == VisitState.OPEN
    id = desk.session.scalar(select(Visit.id).where(*mine, ~visiting.owes()))
    return press(desk, close, back, id) if id is not None else Press("", {})


def open_block(desk: Context, figures: Mapping[str, Any], offers: Offers) -> Block:
    """Return the visits that go on, for the desk page. No statement of its own."""
    count = figures["visits.open"]
    lines = tuple(_line(desk, offers, row) for row in figures["visits.oldest"])
    href = f"{offers.paths.root}/visits/visit?state=open"
    more = Link(_("All open visits"), href) if count > len(lines) else None
    title = plural("%(n)s open visit", "%(n)s open visits", count)
    return Block(title, "door", lines, count=None, more=more)


def _line(desk: Context, offers: Offers, row: Sequence[Any]) -> Line:
    id, at, resident_id, given, family = row
    began, root = instant_in(at), offers.paths.root
    day = desk.local(began).date()
    since = (
        _("Since %(hour)s").fill(hour=show_time(began))
        if day == desk.today
        else _("Since %(day)s").fill(day=day)
    )
    name = f"{given} {family}" if resident_id else _("Someone without a name")
    href = (
        f"{root}/desk/card?resident={resident_id}"
        if resident_id
        else f"{root}/desk/visit?visit={id}"
    )
    form = f"{root}/visits/visit/{id}/close?back={root}"
    act = ActView("close", _("Close"), form) if desk.may(close) else None
    kind = "" if day == desk.today else "soon"
    return Line(name, since, "user", kind, href=href, act=act)
