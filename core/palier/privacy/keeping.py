"""What was kept for as long as its declaration allows: people, and rows of every package."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Date, Table, and_, false, func, or_, select

from palier.context import Context
from palier.db.fields import Keep
from palier.db.links import tables
from palier.db.records import SiteRecord
from palier.privacy.about import leads_to_people, personal_columns
from palier.privacy.erasure import empty_of
from palier.privacy.rules import months_before
from palier.residents.merging import title_of
from palier.residents.models import KNOW, Resident, ResidentState
from palier.text import Text


def due_people(
    desk: Context, most: int | None = None, *, after: int | None = None
) -> Sequence[Resident]:
    """Return who is due today, the longest unseen first. A person decides when they are erased.

    With `after` only those beyond this id, in the order of their ids.
    """
    query = select(Resident).where(_is_due(desk))
    if after is not None:
        return desk.all(query.where(Resident.id > after).order_by(Resident.id).limit(most))
    return desk.all(query.order_by(Resident.last_contact_on, Resident.id).limit(most))


def how_many_due(desk: Context) -> int:
    """Return how many people are due today. One statement."""
    return desk.session.scalar(select(func.count(Resident.id)).where(_is_due(desk))) or 0


def _is_due(desk: Context) -> ColumnElement[bool]:
    """Return the condition that someone is known and was not seen for as long as they may be."""
    known = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))
    return and_(known, Resident.last_contact_on <= months_before(desk.today, KNOW.months))


@dataclass(frozen=True)
class Over:
    """Rows of one table that were kept for long enough, and the columns to be emptied in them."""

    kind: type[SiteRecord]
    columns: tuple[Column[Any], ...]
    where: ColumnElement[bool]

    @property
    def goes(self) -> bool:
        """Whether a row says nothing but who: it can't let go of them, and is deleted."""
        return all(
            each.foreign_keys and not each.nullable and not leads_to_people(each)
            for each in self.columns
        )

    @property
    def id(self) -> Any:
        """The key of its rows."""
        kind: Any = self.kind
        return kind.id


def over(desk: Context) -> Iterator[Over]:
    """Yield what is kept for longer than its declaration allows, table by table.

    People themselves are not in it: they are erased as a whole. What something still waits for is
    kept, however old; what is empty already is left alone.
    """
    for kind, table in tables():
        if not issubclass(kind, SiteRecord) or kind is Resident:
            continue
        for keep, columns in _by_reason(kind, table).items():
            since = kind.kept_from(keep)
            if since is None:
                continue
            ended = since <= _limit(desk, since, keep)
            said = or_(*(_says_something(kind, each) for each in columns))
            yield Over(kind, columns, and_(ended, said, ~kind.still_open()))


def _by_reason(kind: type[SiteRecord], table: Table) -> dict[Keep, tuple[Column[Any], ...]]:
    """Return the columns that can be emptied, by the declaration that says until when."""
    found: dict[Keep, tuple[Column[Any], ...]] = {}
    for column in personal_columns(table):
        if not kind.issued or column.name in kind.loose:
            keep = column.info["personal"]
            found[keep] = (*found.get(keep, ()), column)
    return found


def _limit(desk: Context, since: ColumnElement[Any], keep: Keep) -> object:
    day = months_before(desk.today, keep.months)
    if isinstance(since.type, Date):
        return day
    return datetime.combine(day + timedelta(days=1), time(), desk.site.zone)


def _says_something(kind: type[SiteRecord], column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, JSON):
        return false()  # never alone: what it fills stands beside it
    if column.nullable:
        return column.is_not(None)
    if leads_to_people(column):
        of_somebody = select(Resident.id).where(Resident.state != ResidentState.ERASED)
        return column.in_(of_somebody)
    return column != empty_of(kind, column) if not column.foreign_keys else column.is_not(None)


def counted_over(desk: Context) -> list[tuple[Text, int]]:
    """Return how many rows of each sort were kept for long enough."""
    found: dict[Text, int] = {}
    for each in over(desk):
        number = desk.session.scalar(select(func.count(each.id)).where(each.where)) or 0
        title = title_of(desk, each.kind)
        found[title] = found.get(title, 0) + number
    return [each for each in found.items() if each[1]]
