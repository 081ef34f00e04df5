"""Two records become one person: every link of every package moves, and can be moved back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Table, UniqueConstraint, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from palier.context import Context
from palier.db.links import LinkTo, links_to
from palier.db.records import SiteRecord
from palier.db.types import ChoiceColumn
from palier.db.types import chosen as member_of
from palier.errors import Refused
from palier.receipts.models import Ledger
from palier.residents import rules
from palier.residents.memberships import memberships_of
from palier.residents.models import (
    Household,
    Merge,
    MergeMove,
    Resident,
    ResidentState,
)
from palier.text import Text, _

Moves = list[dict[str, Any]]


class BothHave(Refused):
    text = _(
        "Both have one of these, and one person has one only: %(what)s. End one of them first."
    )


class ChangedSince(Refused):
    text = _(
        "Since the merge something that was moved has changed: %(what)s. It can't be moved back."
    )


def merge_records(
    desk: Context,
    kept: Resident,
    gone: Resident,
    chosen: Mapping[str, rules.Whose | None],
    *,
    home: bool,
) -> Merge:
    """Move everything of `gone` to `kept`, and give `kept` the values that were chosen.

    With `home`, the two households become one as well. Raises `OneRecord`, `NotAPerson`,
    `BothMembers` and `BothHave`; the caller rolls back.
    """
    lock_people(desk, kept, gone)
    rules.check_can_merge(kept, gone)
    values = rules.joined_values(kept, gone, chosen)
    houses = _one_home(desk, kept, gone, values["household"]) if home else None
    merge = desk.add(
        Merge(
            kept=kept,
            gone=gone,
            kept_household=houses[0] if houses else None,
            gone_household=houses[1] if houses else None,
            at=desk.now,
        )
    )
    moves = [*_take_values(kept, values), *_go(gone, kept)]
    if houses is not None:
        moves += _join_homes(*houses)
    desk.session.flush()
    moves += move_links(desk, links_to(Resident), gone.id, kept.id)
    if houses is not None:
        moves += move_links(desk, links_to(Household), houses[1].id, houses[0].id)
    merge.moved = sum("former" not in each for each in moves)
    _remember(desk, merge, moves)
    desk.session.flush()
    desk.session.expire_all()
    return merge


def lock_people(desk: Context, *people: Resident) -> None:
    """Hold households, then residents, each in the order of their ids, until the act ends."""
    homes = {each.household.id for each in people if each.household is not None}
    ids = {each.id for each in people}
    for kind, wanted in ((Household, homes), (Resident, ids)):
        query = select(kind).where(kind.id.in_(wanted)).order_by(kind.id).with_for_update(of=kind)
        list(desk.session.scalars(query.execution_options(populate_existing=True)).unique())


def _one_home(
    desk: Context, kept: Resident, gone: Resident, stays: object
) -> tuple[Household, Household] | None:
    """Return the household that stays and the one that joins it, where there are two."""
    if kept.household is None or gone.household is None or kept.household is gone.household:
        return None
    pair = (kept.household, gone.household)
    stay, go = pair if stays is kept.household else pair[::-1]
    rules.check_one_membership(memberships_of(desk, stay), memberships_of(desk, go))
    return stay, go


def _take_values(kept: Resident, values: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """Give the kept record what was chosen, and yield what stood there."""
    for name, value in values.items():
        if getattr(kept, name) != value:
            yield _value_move(kept, f"{name}_id" if name in Resident.links else name)
            setattr(kept, name, value)


def _go(gone: SiteRecord, kept: SiteRecord) -> Moves:
    moves = [_value_move(gone, "merged_into_id")]
    if isinstance(gone, Resident):
        moves.append(_value_move(gone, "state"))
        gone.state = ResidentState.MERGED
    setattr(gone, "merged_into_id", kept.id)  # noqa: B010 - a resident's or a household's
    return moves


def _join_homes(stays: Household, goes: Household) -> Moves:
    moves = _go(goes, stays)
    for first, *others in (("address_id",), ("bracket_id", "bracket_seen_on", "bracket_until")):
        if getattr(stays, first) is None and getattr(goes, first) is not None:
            for column in (first, *others):
                moves.append(_value_move(stays, column))
                setattr(stays, column, getattr(goes, column))
    return moves


def _value_move(record: SiteRecord, column: str) -> dict[str, Any]:
    former = msgspec.json.encode(getattr(record, column), enc_hook=str).decode()
    return {
        "table_name": record.path,
        "column_name": column,
        "row_id": record.id,
        "former": former,
    }


def move_links(
    desk: Context, links: Iterable[LinkTo], gone: int, kept: int, moved: Merge | None = None
) -> Moves:
    """Lead every link from one record to the other; return what moved, one line for each.

    With `moved`, only what that merge had moved is led. Raises `BothHave`.
    """
    found: Moves = []
    for link in links:
        if link.moves:
            ids = _lead(desk, link, gone, kept, moved)
            line = {"table_name": link.table, "column_name": link.name}
            found += [{**line, "row_id": id} for id in ids]
    return found


def _lead(desk: Context, link: LinkTo, gone: int, kept: int, moved: Merge | None) -> list[int]:
    kind: Any = link.kind
    lead = update(kind).where(link.points_at(gone)).values({link.attribute: kept})
    if moved is not None:
        lead = lead.where(kind.id.in_(_rows_of(moved, link)))
    elif issubclass(kind, Ledger):
        lead = lead.where(~kind.id.in_(_empty_double(link, gone, kept)))
    lead = lead.returning(kind.id).execution_options(synchronize_session=False)
    if not _is_unique(link):
        return list(desk.session.scalars(lead))
    try:
        with desk.session.begin_nested():
            return list(desk.session.scalars(lead))
    except IntegrityError as error:
        raise BothHave(what=title_of(desk, kind)) from error


def _rows_of(merge: Merge, link: LinkTo) -> Any:
    """Select the rows whose link a merge moved."""
    return select(MergeMove.row_id).where(
        MergeMove.merge == merge,
        MergeMove.table_name == link.table,
        MergeMove.column_name == link.name,
        MergeMove.former.is_(None),
    )


def _empty_double(link: LinkTo, gone: int, kept: int) -> Any:
    """Select an empty account of who goes, where who stays has one too: it ends here."""
    own, other = aliased(Ledger), aliased(Ledger)
    same = (
        other.kind == own.kind,
        other.owner_type == link.target.name,
        other.owner_id == kept,
    )
    theirs = (own.owner_type == link.target.name, own.owner_id == gone, own.balance_cents == 0)
    return select(own.id).where(*theirs, exists().where(*same))


def _is_unique(link: LinkTo) -> bool:
    """Whether one record can have one row of these only, so that two might meet."""
    table = link.column.table
    assert isinstance(table, Table)  # noqa: S101 - a column of a table
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    if any(link.name in each.columns for each in unique):
        return True
    indexes = (part for each in table.indexes if each.unique for part in each.expressions)
    return any(link.name in str(part) for part in indexes)


def title_of(desk: Context, kind: type[SiteRecord]) -> Text:
    """Say what a table holds, as its screen does."""
    return desk.hooks.registry.title_of(kind) if desk.hooks else Text(kind.__name__)


def _remember(desk: Context, merge: Merge, moves: Moves) -> None:
    lines = [{"former": None, "merge_id": merge.id, "version": 1, **each} for each in moves]
    desk.session.execute(insert(MergeMove), lines)


def undo_merge(desk: Context, merge: Merge) -> None:
    """Move back exactly what a merge moved. What is new since then stays with the kept record.

    Raises `UndoneBefore`, `MergedOn`, `NotAPerson` and `ChangedSince`; the caller rolls back.
    """
    held = desk.lock(select(Merge).where(Merge.id == merge.id))
    assert held is not None  # noqa: S101 - merges are never deleted
    lock_people(desk, held.kept, held.gone)
    rules.check_can_undo(held)
    _give_values_back(desk, held)
    desk.session.flush()
    back = move_links(desk, links_to(Resident), held.kept.id, held.gone.id, held)
    if held.kept_household is not None and held.gone_household is not None:
        homes = held.kept_household.id, held.gone_household.id
        back += move_links(desk, links_to(Household), *homes, held)
    _check_all_back(desk, held, back)
    held.undone_at = desk.now
    desk.session.flush()
    desk.session.expire_all()


def _check_all_back(desk: Context, merge: Merge, back: Moves) -> None:
    """Raise `ChangedSince` when a link that was moved leads elsewhere by now."""
    query = select(MergeMove.table_name, MergeMove.column_name).where(
        MergeMove.merge == merge, MergeMove.former.is_(None)
    )
    moved = Counter((row.table_name, row.column_name) for row in desk.session.execute(query))
    returned = Counter((each["table_name"], each["column_name"]) for each in back)
    for table, column in moved - returned:
        links = (*links_to(Resident), *links_to(Household))
        kinds = (e.kind for e in links if (e.table, e.name) == (table, column))
        kind = next((each for each in kinds if issubclass(each, SiteRecord)), None)
        raise ChangedSince(what=title_of(desk, kind) if kind else table)


def _give_values_back(desk: Context, merge: Merge) -> None:
    """Put back what stood in the records; what was written there since the merge stays."""
    query = select(MergeMove).where(MergeMove.merge == merge, MergeMove.former.is_not(None))
    records: dict[tuple[str, int], SiteRecord | None] = {
        (each.path, each.id): each
        for each in (merge.kept, merge.gone, merge.kept_household, merge.gone_household)
        if each is not None
    }
    for move in desk.all(query.order_by(MergeMove.id.desc())):
        record = records.get((move.table_name, move.row_id))
        if record is not None and _is_as_merged(merge, record, move.column_name):
            setattr(record, move.column_name, _former(record, move))


def _is_as_merged(merge: Merge, record: SiteRecord, column: str) -> bool:
    if record is not merge.kept or column == "state":
        return True
    now: object = getattr(record, column)
    return bool(now == getattr(merge.gone, column))


def _former(record: SiteRecord, move: MergeMove) -> object:
    value = msgspec.json.decode((move.former or "null").encode())
    column = type(record).__table__.c[move.column_name]
    if value is None:
        return None
    if isinstance(column.type, ChoiceColumn):
        return member_of(column.type.kind, value)
    return msgspec.convert(value, column.type.python_type)
