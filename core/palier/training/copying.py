"""Copying what a site is made of, and taking a site away whole: tables, not acts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Column, Table, delete, insert, select

from palier.accounts.models import SignIn
from palier.db.records import Base, SiteRow, all_tables
from palier.db.scope import SiteSession
from palier.receipts.models import Ledger, LedgerKind, Price, Priced

Row = dict[str, Any]
Ids = dict[str, dict[int, int]]


@dataclass
class Copying:
    """One copy of one site: which row became which, table by table."""

    session: SiteSession
    source: int
    target: int
    ids: Ids = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    def copy(self) -> int:
        """Copy every table that says it is copied, those that others refer to first."""
        return sum(self._copy_table(each) for each in copied_tables())

    def _copy_table(self, table: Table) -> int:
        mine = select(table).where(table.c.site_id == self.source)
        if table is Ledger.__table__:  # tabs and deposits are people's
            mine = mine.where(table.c.kind == LedgerKind.FUND)
        rows = self.session.execute(mine.order_by(*table.primary_key.columns)).mappings().all()
        kept = self.ids.setdefault(table.name, {})
        count = 0
        for row in rows:
            new = self._moved(table, dict(row))
            if new is None:
                continue
            made = self.session.execute(insert(table).values(new).returning(*table.primary_key))
            if "id" in table.c:
                kept[row["id"]] = made.scalar_one()
            count += 1
        self._rename_items(table)
        return count

    def _moved(self, table: Table, row: Row) -> Row | None:
        """Return a row as it is at the other site; None for one that hangs on what stays behind."""
        row["site_id"] = self.target
        if "id" in row and not _is_child(table):
            del row["id"]
        for column in table.c:
            there = _refers_to(column)
            if there is None or row.get(column.name) is None:
                continue
            found = self.ids.get(there, {}).get(row[column.name])
            if found is None and not column.nullable:
                return None
            row[column.name] = found
        if table is Price.__table__:
            row["item"] = self._item(row["item"])
        if table is Ledger.__table__:  # its entries stay behind
            row["balance_cents"] = 0
        return row

    def _rename_items(self, table: Table) -> None:
        """A price list names things by their number: `bike_hire.kind.3.week`."""
        for kind in _models():
            if kind.__table__ is table and issubclass(kind, Priced):
                for old, new in self.ids[table.name].items():
                    self.items[kind(id=old).price_item] = kind(id=new).price_item

    def _item(self, item: str) -> str:
        words = item.split(".")
        for length in range(len(words), 0, -1):
            if renamed := self.items.get(".".join(words[:length])):
                return ".".join([renamed, *words[length:]])
        return item


def copied_tables() -> list[Table]:
    """Return the tables that a twin begins with; prices last, since they name things."""
    wanted = {kind.__table__.name for kind in _models() if kind.copied}  # type: ignore[attr-defined]  # all are tables
    found = [each for each in all_tables() if each.name in wanted]
    return sorted(found, key=lambda each: each is Price.__table__)


def remove_rows(session: SiteSession, site_id: int) -> int:
    """Delete every row of a site, those that refer to others first; return how many went.

    The database refuses it for what a live site has issued.
    """
    count = 0
    session.execute(delete(SignIn).where(SignIn.terminal_site_id == site_id))
    for table in reversed(all_tables()):
        if "site_id" in table.c:
            count += _emptied(session, table, site_id)
    return count


def _emptied(session: SiteSession, table: Table, site_id: int) -> int:
    mine = delete(table).where(table.c.site_id == site_id)
    itself = [each for each in table.c if _refers_to(each) == table.name and not each.primary_key]
    count = 0
    for column in itself:
        # SQLite looks at each row by itself: what is referred to goes after what refers to it.
        named = select(column).where(table.c.site_id == site_id, column.is_not(None))
        while gone := _gone(session, mine.where(table.c.id.not_in(named))):
            count += gone
    return count + _gone(session, mine)


def _gone(session: SiteSession, statement: Any) -> int:
    return int(cast("Any", session.execute(statement)).rowcount)


def _models() -> Iterator[type[SiteRow]]:
    return (each.class_ for each in Base.registry.mappers if issubclass(each.class_, SiteRow))


def _is_child(table: Table) -> bool:
    """Whether a table's key is another table's: a bike is a resource."""
    return any(
        each.column.table is not table and each.column.name == "id"
        for each in table.c.id.foreign_keys
    )


def _refers_to(column: Column[Any]) -> str | None:
    """Return the site's table that a column names a row of."""
    if column.name == "site_id":
        return None
    for each in column.foreign_keys:
        there = each.column.table
        return there.name if "site_id" in there.c else None
    # Some links keep no constraint, so that they outlive what they name.
    name = column.name.removesuffix("_id")
    known = Base.metadata.tables.get(name) if name != column.name else None
    return name if known is not None and "site_id" in known.c else None
