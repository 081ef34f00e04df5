"""What the till tells of the day, for the desk page."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.receipts.drawer import open_sessions
from palier.receipts.models import Charge, ChargeState, TillSession


def figures(_desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return how many charges are open, their cents, and which till count goes on."""
    is_open = Charge.state == ChargeState.OPEN
    cents = func.coalesce(func.sum(Charge.total_cents), 0)
    session = open_sessions().with_only_columns(TillSession.id).limit(1)
    return {
        "receipts.open": select(func.count(Charge.id)).where(is_open).scalar_subquery(),
        "receipts.open_cents": select(cents).where(is_open).scalar_subquery(),
        "receipts.till": session.scalar_subquery(),
    }
