"""More rows of a kind, made of those that are there: to see what a long list costs."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Index, Table, UniqueConstraint, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from palier.db.records import SiteRecord
from palier.db.scope import SiteSession

Values = dict[str, Any]


def clone_rows(session: SiteSession, model: type[SiteRecord], count: int) -> None:
    """Add rows like the last one of a kind, each with links of its own where that can be.

    A kind that has no row yet stays empty.
    """
    last = session.scalar(select(func.max(model.id)))
    if last is not None:
        for number in range(1, count + 1):
            _clone(session, model, int(last), number, deep=True)


def _clone(
    session: SiteSession, model: type[SiteRecord], id: int, number: int, *, deep: bool
) -> int | None:
    """Add one row like another, and return its number; None where its table refuses one more."""
    changed: Values = {}
    if deep:
        for name, link in model.links.items():
            there = session.scalar(select(getattr(model, f"{name}_id")).where(model.id == id))
            if there is not None:
                changed[f"{name}_id"] = (
                    _clone(session, link.target, there, number, deep=False) or there
                )
    try:
        with session.begin_nested():
            return _insert(session, model, id, number, changed)
    except IntegrityError:
        return None


def _insert(
    session: SiteSession, model: type[SiteRecord], id: int, number: int, changed: Values
) -> int:
    new: int | None = None
    for table in _tables(model):
        query = select(*table.c).where(table.c.id == id, table.c.site_id == session.info["site_id"])
        values = dict(session.connection().execute(query).one()._mapping)  # noqa: SLF001 - SQLAlchemy's own
        values |= {name: value for name, value in changed.items() if name in table.c}
        for name in _must_differ(table, set(changed)):
            values[name] = _varied(values[name], table.c[name].type, number)
        values.pop("id")
        if new is not None:
            values["id"] = new
        made = session.connection().execute(insert(table).values(values).returning(table.c.id))
        new = int(made.scalar_one())
    assert new is not None
    return new


def _tables(model: type[SiteRecord]) -> Iterator[Table]:
    """Yield a record's tables, the one that gives the number first."""
    for mapper in reversed(list(inspect(model).iterate_to_root())):
        if isinstance(mapper.local_table, Table):
            yield mapper.local_table


def _must_differ(table: Table, changed: set[str]) -> Iterator[str]:
    """Yield a column of each rule that allows a value once, unless one is another already."""
    rules: list[UniqueConstraint | Index] = [
        each for each in table.constraints if isinstance(each, UniqueConstraint)
    ]
    for each in (*rules, *(index for index in table.indexes if index.unique)):
        names = [column.name for column in each.columns if column.name not in {"id", "site_id"}]
        if "id" in {column.name for column in each.columns} or changed & set(names):
            continue
        plain = [name for name in names if not table.c[name].foreign_keys]
        yield from plain[:1]


def _varied(value: Any, kind: Any, number: int) -> Any:
    """Return another value of a kind: the same row, but not the same name, day or number."""
    match value:
        case str():
            most = getattr(kind, "length", None) or 200
            end = f"~{number}"
            return f"{value[: most - len(end)]}{end}"
        case bool() | None | time():
            return value
        case int():
            return value + 1000 + number
        case datetime() | date():
            return value + timedelta(days=number)
    return value
