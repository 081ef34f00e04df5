"""Which columns point at a record: what a merge moves, an erasure empties, an export follows.

Read from the tables themselves, so that a new plugin's are found with no word of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, inspect
from sqlalchemy.orm import InstrumentedAttribute

from palier.db.records import Base, SiteRecord, SiteRow, all_tables


@dataclass(frozen=True)
class LinkTo:
    """A column of `kind` that holds the id of a record of another table.

    A foreign key, a loose column (`resident_id` of an act, which no key guards), or the second of
    a pair `x_type`, `x_id`, which may name a record of any table: `kept_in` is then the first.
    """

    kind: type[SiteRow]
    column: Column[Any]
    target: Table
    is_key: bool
    kept_in: Column[Any] | None = None

    @property
    def name(self) -> str:
        """The column's name in the database."""
        return str(self.column.name)

    @property
    def table(self) -> str:
        """The table it stands in."""
        return str(self.column.table.name)

    @property
    def attribute(self) -> InstrumentedAttribute[Any]:
        """The mapped attribute, to be used in statements."""
        return _attribute(self.kind, self.column)

    @property
    def is_optional(self) -> bool:
        """Whether it may be emptied."""
        return bool(self.column.nullable)

    @property
    def moves(self) -> bool:
        """Whether the database lets it change: an issued row only lets go of its loose columns."""
        kind = self.kind
        if not issubclass(kind, SiteRecord) or kind.stays:
            return False
        return not kind.issued or self.name in kind.loose

    def points_at(self, id: object) -> ColumnElement[bool]:
        """Return the condition "this row points at that record"; `id` may be a query."""
        at: Any = self.attribute
        is_it: ColumnElement[bool] = at.in_(id) if isinstance(id, Select) else at == id
        if self.kept_in is None:
            return is_it
        return and_(_attribute(self.kind, self.kept_in) == self.target.name, is_it)


def links_to(target: type[SiteRow]) -> tuple[LinkTo, ...]:
    """Return every column of every package's tables that may hold the id of such a record."""
    table = inspect(target).local_table
    assert isinstance(table, Table)  # noqa: S101 - every record has a table of its own
    return tuple(each for kind, own in tables() for each in _links_in(kind, own, table))


def tables() -> Iterator[tuple[type[SiteRow], Table]]:
    """Yield each class of a site's rows with its own table, those that others refer to first."""
    kinds = {m.local_table: m.class_ for m in Base.registry.mappers}
    for table in all_tables():
        kind = kinds.get(table)
        if kind is not None and issubclass(kind, SiteRow):
            yield kind, table


def links_in(table: Table, target: Table) -> Iterator[tuple[Column[Any], bool]]:
    """Yield the columns of a table that hold the id of one of another: a key, or a loose one."""
    keyed = set(_keys(table, target))
    for column in table.c:
        if column.primary_key or column.name == "site_id":
            continue
        if column in keyed or column.name == f"{target.name}_id":
            yield column, column in keyed
        elif column.info.get("refers") == target.name:
            yield column, False


def _links_in(kind: type[SiteRow], table: Table, target: Table) -> Iterator[LinkTo]:
    for column, is_key in links_in(table, target):
        yield LinkTo(kind, column, target, is_key)
    for column, kept_in in pairs_in(table):
        yield LinkTo(kind, column, target, is_key=False, kept_in=kept_in)


def _keys(table: Table, target: Table) -> Iterator[Column[Any]]:
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table is target:
            yield from (c for c in constraint.columns if c.name != "site_id" and not c.primary_key)


def pairs_in(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Yield the pairs `x_id`, `x_type` that may name a record of any table."""
    for column in table.c:
        word = column.name.removesuffix("_id")
        if word != column.name and not column.foreign_keys and f"{word}_type" in table.c:
            yield column, table.c[f"{word}_type"]


def _attribute(kind: type[SiteRow], column: Column[Any]) -> InstrumentedAttribute[Any]:
    name = inspect(kind).get_property_by_column(column).key
    found: InstrumentedAttribute[Any] = getattr(kind, name)
    return found
