"""The note that earlier days left, as the desk page shows it in the morning."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.db.listed import instant_in, listed
from palier.desk.models import HandoverItem
from palier.text import Text, _, show_moment

SHOWN = 8


def figures(desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return the unread lines of earlier days, how many there are, and who wrote the last one."""
    unread = HandoverItem.done_at.is_(None), HandoverItem.on < desk.today
    lines = select(HandoverItem.text, HandoverItem.written_by, HandoverItem.written_at)
    count = select(func.count(HandoverItem.id)).where(*unread)
    return {
        "desk.handed_over": listed(lines.where(*unread).order_by(HandoverItem.id).limit(SHOWN)),
        "desk.handed_over_count": count.scalar_subquery(),
    }


def signature_of(rows: list[list[Any]]) -> Text | None:
    """Say who left the note, and when; None where nobody did."""
    if not rows:
        return None
    _text, by, at = rows[-1]
    return _("%(who)s, %(when)s").fill(who=by, when=show_moment(instant_in(at)))
