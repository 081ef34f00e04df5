"""The whole database as text, and its figures: what must not change, what must be gone."""

from typing import Any

from sqlalchemy import func, inspect, select, text

from palier.db.engine import Database
from palier.receipts.models import Charge, Receipt
from palier.testing.plugin import At
from palier.trail import ActRow


def dumped(database: Database) -> str:
    """Return every row of every table as text, those of the search's own index too."""
    with database.engine.connect() as connection:
        words = []
        for name in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()  # noqa: S608
            words += [f"{name}: {row}" for row in rows]
    return "\n".join(words)


def dump(at: At, database: Database) -> str:
    """Return every row that a site may see, as text."""
    if database.on_sqlite:
        return dumped(database)
    with at(write=False) as desk:
        found = []
        for name in inspect(desk.session.connection()).get_table_names():
            query = f'SELECT * FROM "{name}"'  # noqa: S608 - our own tables
            rows = desk.session.connection().exec_driver_sql(query).all()
            found += [f"{name}: {row}" for row in rows]
        return "\n".join(found)


def figures(at: At) -> list[Any]:
    """Return what a report reads: acts by name and count, people and homes, sums of receipts."""
    with at(write=False) as desk:
        acts = select(
            ActRow.counted,
            func.count(),
            func.sum(ActRow.quantity),
            func.count(func.distinct(ActRow.resident_id)),
            func.count(func.distinct(ActRow.household_id)),
        ).where(ActRow.name.not_like("privacy.%"))
        counted = desk.session.execute(acts.group_by(ActRow.counted)).all()
        sums = select(func.count(Receipt.id), func.sum(Receipt.total_cents))
        charges = select(Charge.state, func.sum(Charge.total_cents)).group_by(Charge.state)
        return [
            sorted(map(str, counted)),
            *map(str, desk.session.execute(sums)),
            *map(str, desk.session.execute(charges)),
        ]
