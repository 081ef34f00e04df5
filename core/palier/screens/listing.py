"""A list: tolerant search, filters, sort, paging by key, totals; as a page and as JSON."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.sql.visitors import iterate

from palier.context import Context
from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.db.search import is_searched, matching_shown
from palier.errors import Invalid
from palier.reading import value_of
from palier.screens.columns import Shown, asked_of, columns_of, shown_column
from palier.screens.declared import Screen, bool_of
from palier.values import CannotRead

PAGE = 50
COUNTED = 10_000


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of a list, read from the address."""

    search: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    after: str = ""
    before: str = ""
    size: int = PAGE


@dataclass(frozen=True)
class Found:
    """One page of a list. `rows` hold the id, then each column's values."""

    rows: Sequence[Row[Any]]
    columns: tuple[Shown, ...]
    sorted_by: Shown
    descending: bool
    next: str | None
    previous: str | None
    total: int = 0
    total_is_more: bool = False
    sums: tuple[int, ...] = ()


def wanted_from(screen: Screen[Any], query: dict[str, str], size: int = PAGE) -> Wanted:
    """Read a list's wishes; names that are none of its own are left out."""
    names = [each.key for each in screen.filters]
    names += [f"{each}__until" for each in names]
    return Wanted(
        query.get("q", "")[:400],
        tuple((name, query[name]) for name in names if query.get(name)),
        query.get("sort", ""),
        query.get("after", ""),
        query.get("before", ""),
        size,
    )


def sorting(screen: Screen[Any], wanted: str) -> tuple[Shown, bool]:
    """Return the column to sort by and whether it goes down; the screen's own by default."""
    key = wanted.removeprefix("-")
    if any(each.key == key and each.sortable for each in columns_of(screen)):
        return shown_column(screen.model, key), wanted.startswith("-")
    if screen.newest_first is not None:
        return shown_column(screen.model, screen.newest_first.key), True
    own = screen.sort if screen.sort is not None else screen.columns[0]
    return shown_column(screen.model, own.key or ""), False


def find_rows(
    desk: Context, screen: Screen[Any], wanted: Wanted, *where: ColumnElement[bool]
) -> Found:
    """Return one page of rows, and the totals, in two statements. Raises `Invalid` for filters."""
    columns = columns_of(screen)
    by, down = sorting(screen, wanted.sort)
    conditions = [*where, *_conditions(desk, screen, wanted)]
    backwards = bool(wanted.before)
    query = _select(screen.model, columns, by).where(*conditions)
    if cursor := _cursor(wanted.before or wanted.after):
        query = query.where(_beyond(by, screen.model, cursor, desk, down=down != backwards))
    query = query.order_by(*_order(by, screen.model, down=down != backwards)).limit(wanted.size + 1)
    rows = list(desk.session.execute(query))
    more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    if backwards:
        rows.reverse()
    count, sums = _totals(desk, screen, conditions)
    ahead = more if not backwards else True
    behind = bool(wanted.after) or (backwards and more)
    return Found(
        rows, columns, by, down,
        _written(rows[-1], by) if rows and ahead else None,
        _written(rows[0], by) if rows and behind else None,
        min(count, COUNTED), count > COUNTED, sums,
    )  # fmt: skip


def every_row(desk: Context, screen: Screen[Any], wanted: Wanted) -> tuple[tuple[Shown, ...], Any]:
    """Return a list's columns and all its rows, streamed, for an export."""
    columns = columns_of(screen)
    by, down = sorting(screen, wanted.sort)
    query = _select(screen.model, columns, by).where(*_conditions(desk, screen, wanted))
    query = query.order_by(*_order(by, screen.model, down=down))
    return columns, desk.session.execute(query.execution_options(yield_per=500))


def _select(model: type[SiteRecord], columns: Sequence[Shown], by: Shown) -> Select[Any]:
    expressions = [each for column in columns for each in column.expressions]
    query = select(model.id, *expressions, by.sort)
    for column in {each.key: each for each in (*columns, by)}.values():
        if column.alias is not None:
            link = getattr(model, f"{column.key}_id")
            query = query.outerjoin(column.alias, column.alias.id == link)
    return query


def _order(by: Shown, model: type[SiteRecord], *, down: bool) -> list[Any]:
    keys: list[Any] = [by.sort, model.id]
    if by.is_optional:
        keys.insert(0, by.sort.is_(None))
    return [each.desc() if down else each for each in keys]


def _beyond(
    by: Shown, model: type[SiteRecord], cursor: tuple[Any, int], desk: Context, *, down: bool
) -> ColumnElement[bool]:
    """Return what comes after the cursor in this order; rows with nothing there come last."""
    written, id = cursor
    if written is None:
        same = and_(by.sort.is_(None), model.id < id if down else model.id > id)
        return or_(same, by.sort.isnot(None)) if down else same
    try:
        value = written if by.target is not None else by.value.from_json(written, desk)
    except CannotRead:
        return false()
    here, there = tuple_(by.sort, model.id), tuple_(value, id)
    further: ColumnElement[bool] = here < there if down else here > there
    return or_(further, by.sort.is_(None)) if by.is_optional and not down else further


def _written(row: Row[Any], by: Shown) -> str:
    plain = row[-1] if by.target is not None else by.value.to_json(row[-1])
    return base64.urlsafe_b64encode(msgspec.json.encode([plain, row[0]], enc_hook=str)).decode()


def _cursor(text: str) -> tuple[Any, int] | None:
    try:
        value, id = msgspec.json.decode(base64.urlsafe_b64decode(text), type=tuple[Any, int])
    except (binascii.Error, msgspec.DecodeError, ValueError):
        return None
    return value, id


def _totals(
    desk: Context, screen: Screen[Any], conditions: Sequence[ColumnElement[bool]]
) -> tuple[int, tuple[int, ...]]:
    model = screen.model
    if screen.totals:
        sums = [func.coalesce(func.sum(each), 0) for each in screen.totals]
        row = desk.session.execute(select(func.count(model.id), *sums).where(*conditions)).one()
        return int(row[0]), tuple(int(each) for each in row[1:])
    some = select(model.id).where(*conditions).limit(COUNTED + 1).subquery()
    return int(desk.session.scalar(select(func.count()).select_from(some)) or 0), ()


def _conditions(desk: Context, screen: Screen[Any], wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if screen.only is None else [screen.only(desk)]
    if screen.usual is not None and not _names(screen.usual, wanted):
        found.append(screen.usual)
    if wanted.search.strip() and searched(screen):
        found.append(matching_shown(desk.session, screen.model, links_shown(screen), wanted.search))
    errors = {}
    for name, typed in wanted.filters:
        try:
            found.append(_filter(desk, screen.model, name, typed))
        except CannotRead as error:
            errors[name] = [error.words]
    if errors:
        raise Invalid(errors)
    return found


def links_shown(screen: Screen[Any]) -> tuple[str, ...]:
    """Return the links a list shows or filters by: their words find its rows too."""
    keys = (each.key or "" for each in (*screen.columns, *screen.filters))
    return tuple(dict.fromkeys(each for each in keys if each in screen.model.links))


def searched(screen: Screen[Any]) -> bool:
    """Whether a list has a search field: for its own words, or those of what it shows."""
    return is_searched(screen.model, links_shown(screen))


def _names(usual: ColumnElement[bool], wanted: Wanted) -> bool:
    """Whether a reader filters by a column of what is usual: then everything may be shown."""
    chosen = {name for name, _typed in wanted.filters}
    return any(getattr(each, "key", None) in chosen for each in iterate(usual))


def _filter(desk: Context, model: type[SiteRecord], name: str, typed: str) -> ColumnElement[bool]:
    key, _sign, until = name.partition("__")
    asked = asked_of(model, key)
    column = getattr(model, f"{key}_id" if key in model.links else key)
    if asked.kind is datetime:
        day = value_of(_as_day(asked)).from_form(typed, desk)
        assert isinstance(day, date)  # noqa: S101 - a day was read
        start = datetime.combine(day, time(), desk.site.zone)
        following = datetime.combine(day + timedelta(days=1), time(), desk.site.zone)
        return bool_of(column < following if until else column >= start)
    value = value_of(asked).from_form(typed, desk)
    if isinstance(value, SiteRecord):
        return bool_of(column == value.id)
    if asked.kind is date:
        return bool_of(column <= value if until else column >= value)
    return bool_of(column == value)


def _as_day(asked: Any) -> Any:
    return type(asked)(asked.name, asked.label, date, default=UNSET)
