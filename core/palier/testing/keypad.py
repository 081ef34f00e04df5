"""What tests of visits begin with: the keys of a keypad."""

from collections.abc import Iterable

from sqlalchemy import select

from palier.context import Context
from palier.visits.models import VisitReason
from palier.visits.reasons import usual_reasons


def make_keypad(desk: Context) -> list[VisitReason]:
    """Give the site the usual keys, in English, and return them in their order."""
    return [desk.add(each) for each in usual_reasons("en")]


def reason_of(desk: Context, key: int) -> VisitReason:
    """Return the reason of a key on the keypad."""
    query = select(VisitReason).where(VisitReason.key == key, VisitReason.active)
    return desk.session.scalars(query).one()


def labels(reasons: Iterable[VisitReason | None]) -> list[str]:
    """Return the words of reasons; "" for none."""
    return [each.label if each is not None else "" for each in reasons]
