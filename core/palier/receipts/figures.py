"""What the till tells of the day, for the desk page."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.receipts.models import Charge, ChargeState


def figures(_desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return how many charges are open, and their cents."""
    is_open = Charge.state == ChargeState.OPEN
    cents = func.coalesce(func.sum(Charge.total_cents), 0)
    return {
        "receipts.open": select(func.count(Charge.id)).where(is_open).scalar_subquery(),
        "receipts.open_cents": select(cents).where(is_open).scalar_subquery(),
    }
