"""Why people come: the keys of the keypad."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.db.listed import listed
from palier.errors import Refused
from palier.text import Reader, Text, _, read_by
from palier.visits.models import ReasonIcon, Visit, VisitReason, VisitState

MOST = 9  # keys of the keypad
USUAL: tuple[tuple[Text, ReasonIcon, bool], ...] = (
    (_("A coffee"), ReasonIcon.CHAT, False),
    (_("Question"), ReasonIcon.QUESTION, False),
    (_("Mail"), ReasonIcon.MAIL, False),
    (_("Purchase"), ReasonIcon.PURCHASE, False),
    (_("Workshop"), ReasonIcon.WORKSHOP, False),
    (_("Other"), ReasonIcon.OTHER, False),
    (_("Volunteer, partner"), ReasonIcon.HANDS, True),
)


class KeyIsTaken(Refused):
    text = _("Key %(key)s is %(reason)s's now. Change one of the two keys first.")
    field = "key"


@dataclass(frozen=True)
class Key:
    """A key of the keypad, with how often it was pressed today."""

    id: int
    key: int
    label: str
    icon: str
    apart: bool
    count: int


def usual_reasons(locale: str) -> Iterator[VisitReason]:
    """Yield what a new site's keypad begins with, in the site's language."""
    with read_by(Reader(locale)):
        words = [str(label) for label, _icon, _apart in USUAL]
    for key, (label, (_label, icon, apart)) in enumerate(zip(words, USUAL, strict=True), 1):
        yield VisitReason(key=key, label=label, icon=icon, apart=apart)


def check_key_is_free(desk: Context, reason: VisitReason) -> None:
    """Raise `KeyIsTaken` while another reason on the keypad has the same key."""
    same = select(VisitReason).where(VisitReason.key == reason.key, VisitReason.active)
    other = desk.session.scalars(same).first()
    if other is not None and other.id != reason.id:
        raise KeyIsTaken(key=str(reason.key), reason=other.label)


def keypad(desk: Context) -> ScalarSelect[list[list[Any]]]:
    """Return the keys with today's counts, for the figures of a page; `keys_of` reads them."""
    counted = (
        select(Visit.reason_id, func.count().label("of"))
        .where(Visit.on == desk.today, Visit.state != VisitState.VOID)
        .group_by(Visit.reason_id)
        .subquery()
    )
    r = VisitReason
    query = (
        select(r.id, r.key, r.label, r.icon, r.apart, func.coalesce(counted.c.of, 0).label("of"))
        .outerjoin(counted, counted.c.reason_id == r.id)
        .where(r.active)
        .order_by(r.key)
    )
    return listed(query.limit(MOST))


def keys_of(rows: list[list[Any]]) -> tuple[Key, ...]:
    """Return the keys that were listed."""
    return tuple(
        Key(id, key, label, icon, bool(apart), count) for id, key, label, icon, apart, count in rows
    )
