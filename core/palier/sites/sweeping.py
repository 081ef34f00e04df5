"""What a site throws away by itself."""

from datetime import timedelta

from sqlalchemy import delete

from palier.context import Context
from palier.rhythm import Turn
from palier.trail import FormKey

KEPT = timedelta(days=30)


def sweep_form_keys(turn: Turn) -> None:
    """Forget the keys of forms that were sent more than 30 days ago."""
    turn.does(_sweep)


def _sweep(desk: Context) -> None:
    desk.session.execute(delete(FormKey).where(FormKey.at < desk.now - KEPT))
