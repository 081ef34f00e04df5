"""Which rows of which tables are about one person: read from the declarations of every package."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, or_, select
from sqlalchemy.orm import joinedload

from palier.context import Context
from palier.db.fields import Keep
from palier.db.links import links_in, links_to, tables
from palier.db.records import SiteRecord
from palier.residents.models import Household, Resident
from palier.trail import ActRow


@dataclass(frozen=True)
class Part:
    """The rows of one table that are about somebody."""

    kind: type[SiteRecord]
    table: Table
    where: ColumnElement[bool]

    @property
    def id(self) -> Any:
        """The key of its rows."""
        kind: Any = self.kind
        return kind.id

    @property
    def keeps(self) -> tuple[Keep, ...]:
        """Why these are kept, and how long."""
        found = (column.info.get("personal") for column in self.table.c)
        return tuple(dict.fromkeys(each for each in found if each))


def people_of(desk: Context, resident: Resident) -> list[Resident]:
    """Return a person's record, and those that were merged into it."""
    query = select(Resident).where(Resident.merged_into_id == resident.id).order_by(Resident.id)
    return [resident, *desk.session.scalars(query)]


def parts_about(people: Sequence[Resident], home: Household | None) -> list[Part]:
    """Return what every package keeps of a person: rows that name them, and rows that belong to those.

    A household's rows are theirs only where they name no resident. Acts are left out: they name
    people by a number alone, and figures are read from them.
    """
    ids = [each.id for each in people]
    found: dict[type[SiteRecord], list[ColumnElement[bool]]] = defaultdict(list)
    for link in links_to(Resident):
        kind = link.kind
        if not issubclass(kind, SiteRecord) or kind.stays or kind in {Resident, ActRow}:
            continue
        if link.kept_in is None:
            found[kind].append(link.attribute.in_(ids))
    direct = dict(found)
    for kind, _conditions in direct.items():
        for child, condition in _belonging(kind, direct):
            found[child].append(condition)
    if home is not None:
        for kind, condition in _households(home, found):
            found[kind].append(condition)
    return [Part(kind, table, or_(*found[kind])) for kind, table in _tables() if kind in found]


def _tables() -> Iterator[tuple[type[SiteRecord], Table]]:
    yield from ((kind, table) for kind, table in tables() if issubclass(kind, SiteRecord))


def _belonging(
    kind: type[SiteRecord], direct: dict[type[SiteRecord], list[ColumnElement[bool]]]
) -> Iterator[tuple[type[SiteRecord], ColumnElement[bool]]]:
    """Yield the tables whose rows belong to rows of `kind`: lines of a booking, of a receipt."""
    own: Any = kind
    theirs = select(own.id).where(or_(*direct[kind]))
    for child, link in ((c, name) for c, _table in _tables() for name, link in c.links.items()
                        if link.target is kind):  # fmt: skip
        if child not in direct and not child.stays:
            yield child, getattr(child, f"{link}_id").in_(theirs)


def _households(
    home: Household, known: Iterable[type[SiteRecord]]
) -> Iterator[tuple[type[SiteRecord], ColumnElement[bool]]]:
    named = set(known)
    for link in links_to(Household):
        kind = link.kind
        if not issubclass(kind, SiteRecord) or "personal" not in link.column.info:
            continue
        if kind is Resident or kind.stays or link.kept_in is not None:
            continue
        at: ColumnElement[bool] = link.attribute == home.id
        persons: Any = getattr(kind, "resident_id", None)
        if persons is not None:
            at = and_(at, persons.is_(None))
        if persons is None or kind in named:
            yield kind, at


def in_title(kind: type[SiteRecord]) -> list[str]:
    """Return the links that the title of a record may name."""
    own = kind.__str__ is not SiteRecord.__str__
    return [each for each in kind.links if own or each in kind.title_columns]


def with_title(kind: type[SiteRecord], key: str) -> Any:
    """Load a link in the same statement, with what its own title names: never one after the other."""
    target = kind.links[key].target
    link = joinedload(getattr(kind, key))
    return link.options(*(joinedload(getattr(target, each)) for each in in_title(target)))


def personal_columns(table: Table) -> list[Column[Any]]:
    """Return the columns that a table declares as personal."""
    return [column for column in table.c if column.info.get("personal")]


def leads_to_people(column: Column[Any]) -> bool:
    """Whether a column holds a resident's or a household's id."""
    targets = Resident.__table__, Household.__table__
    table = column.table
    assert isinstance(table, Table)  # noqa: S101 - a column of a table
    return any(
        column is each
        for target in targets
        if isinstance(target, Table)
        for each, _is_key in links_in(table, target)
    )
