"""What the messages tell of the day, for the desk page."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.messages.calls import to_call, whom
from palier.messages.models import Message


def figures(desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return how many people wait to be called."""
    query = select(func.count(func.distinct(whom()))).select_from(Message)
    return {"messages.calls": query.join(Message.resident).where(to_call(desk)).scalar_subquery()}
