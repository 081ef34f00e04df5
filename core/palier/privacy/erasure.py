"""Erasing a person: nothing says their name any more, and every figure stays as it was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    and_,
    func,
    inspect,
    or_,
    select,
    union,
    update,
)

from palier.bookings.models import Booking, BookingLine, LineState, occupies
from palier.codes.own import new_card_code
from palier.context import Context
from palier.db.fields import Basis, Keep
from palier.db.links import links_in
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.messages.telling import withdraw_all
from palier.privacy.about import (
    Part,
    in_title,
    leads_to_people,
    parts_about,
    people_of,
    personal_columns,
    with_title,
)
from palier.privacy.rules import months_after
from palier.receipts.models import Charge, ChargeState, Deposit, DepositState, Tab
from palier.residents.merging import lock_people, title_of
from palier.residents.models import (
    Household,
    Merge,
    MergeMove,
    Resident,
    ResidentState,
)
from palier.text import Money, Text, _
from palier.trail import FormKey

OWED = Charge.state == ChargeState.OPEN
HELD = and_(Deposit.state == DepositState.HELD, Deposit.cents > 0)
HOLDER: Any = vars(Deposit)["resident_id"]
BOOKER: Any = vars(Booking)["resident_id"]


class StillOpen(Refused):
    text = _("Something is still open: %(what)s. End it first, then erase.")


class ErasedBefore(Refused):
    text = _("The data of this person were erased before.")


class MergedElsewhere(Refused):
    text = _("This record was merged into another one: erase that one.")


class ServiceSetAside(Refused):
    text = _("The service %(name)s has a problem: what it keeps can't be reached. Mend it first.")


@dataclass(frozen=True)
class StillToEnd:
    """One thing that is still open, and the record on which it is ended.

    `by` is the word of the act that ends it; empty, the first that may be done on the record.
    """

    text: Text | str
    record: SiteRecord
    by: str = ""


def still_open(desk: Context, resident: Resident) -> list[StillToEnd]:
    """Return what has to end before someone can be erased: owed, held, out, to come, not zero."""
    people = people_of(desk, resident)
    ids = [each.id for each in people]
    last = resident.household if is_last_at_home(desk, people) else None
    running = list(_running(desk, people))
    return [
        *_owed(desk, ids, last),
        *_held(desk, ids, running),
        *_taken(desk, ids, running),
        *running,
        *_on_the_tab(desk, resident, last),
    ]


def _on_the_tab(desk: Context, resident: Resident, home: Household | None) -> Iterator[StillToEnd]:
    if home is not None:
        words = _("The tab of the household: %(sum)s")
        for each in desk.all(select(Tab).where(Tab.household == home, Tab.balance_cents != 0)):
            yield StillToEnd(words.fill(sum=Money(each.balance_cents)), resident, "settle_tab")


def who_stays(desk: Context, people: Sequence[Resident]) -> set[int]:
    """Return the ids of those who owe, hold or booked something themselves; one statement.

    For a list that is looked through: what a household owes, or a service has begun, may still be
    found when each is erased.
    """
    ids = [each.id for each in people]
    owes = select(Charge.resident_id).where(OWED, Charge.resident_id.in_(ids))
    holds = select(HOLDER).where(HELD, HOLDER.in_(ids))
    has = select(BOOKER).join(BookingLine.booking).where(_takes(desk), BOOKER.in_(ids))
    return set(desk.session.scalars(union(owes, holds, has)))


def _takes(desk: Context) -> ColumnElement[bool]:
    """Return the condition that something is out, or still to come."""
    still = or_(BookingLine.state == LineState.OUT, BookingLine.ends_at > desk.now)
    return and_(occupies(desk.now), still)


def is_last_at_home(desk: Context, people: list[Resident]) -> bool:
    """Whether nobody else is known in the household."""
    home = people[0].household
    if home is None:
        return False
    living = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))
    others = select(Resident.id).where(
        Resident.household == home, living, Resident.id.not_in([each.id for each in people])
    )
    return desk.session.scalar(others.limit(1)) is None


def _owed(desk: Context, ids: list[int], home: Household | None) -> Iterator[StillToEnd]:
    theirs: ColumnElement[bool] = Charge.resident_id.in_(ids)
    if home is not None:
        theirs = or_(theirs, Charge.household_id == home.id)
    query = select(Charge).where(OWED, theirs).order_by(Charge.id)
    for each in desk.all(query):
        words = _("To pay: %(what)s, %(sum)s").fill(what=each.label, sum=Money(each.total_cents))
        yield StillToEnd(words, each, "pay")


def _held(desk: Context, ids: list[int], running: list[StillToEnd]) -> Iterator[StillToEnd]:
    query = select(Deposit).where(HELD, HOLDER.in_(ids)).order_by(Deposit.id)
    for each in desk.all(query):
        words = _("A deposit held: %(sum)s").fill(sum=Money(each.cents))
        source = (each.source_type, each.source_id)
        left_for = (r.record for r in running if (r.record.path, r.record.id) == source)
        yield StillToEnd(words, next(left_for, each))


def _taken(desk: Context, ids: list[int], running: list[StillToEnd]) -> Iterator[StillToEnd]:
    query = select(BookingLine).join(BookingLine.booking)
    query = query.where(_takes(desk), BOOKER.in_(ids)).order_by(BookingLine.id)
    for each in desk.all(query, BookingLine.resource):
        out = each.state is LineState.OUT
        words = _("Out: %(thing)s") if out else _("Booked: %(thing)s")
        lent = (r.record for r in running if _leads_to(r.record, each))
        found = next(lent, each)
        yield StillToEnd(words.fill(thing=str(each.resource)), found, "" if out else "cancel")


def _leads_to(record: SiteRecord, line: BookingLine) -> bool:
    """Whether one of a record's links is this line; its columns say so, nothing is loaded."""
    links = (name for name, each in record.links.items() if each.target is BookingLine)
    return any(getattr(record, f"{name}_id") == line.id for name in links)


def _running(desk: Context, people: list[Resident]) -> Iterator[StillToEnd]:
    """Yield what a service has begun and not ended: the day after which it is kept is not there."""
    for part in parts_about(people, None):
        days = {keep.after for keep in part.keeps if keep.after in part.table.c}
        kind: Any = part.kind
        for name in sorted(days):
            if part.table.c[name].nullable and part.kind.package not in {"residents"}:
                query = select(kind).where(part.where, getattr(kind, name).is_(None))
                titled = (with_title(kind, each) for each in in_title(kind))
                for each in desk.all(query.order_by(kind.id).limit(20).options(*titled)):
                    words = _("%(what)s: %(record)s")
                    yield StillToEnd(words.fill(what=title_of(desk, kind), record=str(each)), each)


def counted_parts(desk: Context, resident: Resident) -> list[tuple[Text, int]]:
    """Return how many rows of each sort will no longer name anybody."""
    people = people_of(desk, resident)
    found = []
    for part in parts_about(people, _home(desk, people)):
        if any(not stays_by_law(each) for each in personal_columns(part.table)):
            number = select(func.count()).select_from(part.kind).where(part.where)
            found.append((title_of(desk, part.kind), desk.session.scalar(number) or 0))
    return [each for each in found if each[1]]


@dataclass(frozen=True)
class KeptByLaw:
    """What an erasure leaves for now, how many rows, and the day on which the last of it goes."""

    what: Text
    number: int
    until: date


def kept_by_law(desk: Context, resident: Resident) -> list[KeptByLaw]:
    """Return what a law wants kept of a person, whatever they ask (GDPR art. 17 §3 b)."""
    people, found = people_of(desk, resident), []
    for part in parts_about(people, None):
        for column in filter(stays_by_law, personal_columns(part.table)):
            keep: Keep = column.info["personal"]
            since = part.kind.kept_from(keep)
            if since is None:
                continue
            rows = select(func.count(), func.max(since)).where(part.where, column.is_not(None))
            number, last = desk.session.execute(rows).one()
            if number and last is not None:
                until = months_after(last, keep.months)
                found.append(KeptByLaw(title_of(desk, part.kind), number, until))
    return found


def stays_by_law(column: Column[Any]) -> bool:
    """Whether what stands in a column is kept by a duty: not a link, which names nobody erased."""
    keep: Keep | None = column.info.get("personal")
    linked = bool(column.foreign_keys) or leads_to_people(column)
    return keep is not None and keep.basis is Basis.LAW and bool(keep.after) and not linked


def _home(desk: Context, people: list[Resident]) -> Household | None:
    return people[0].household if is_last_at_home(desk, people) else None


def erase(desk: Context, resident: Resident) -> None:
    """Empty what says who someone is, everywhere; what was done stays, and speaks of nobody.

    Raises `ErasedBefore`, `MergedElsewhere`, `StillOpen` and `ServiceSetAside`.
    """
    check_can_erase(desk, resident)
    lock_people(desk, resident)
    if left := still_open(desk, resident):
        raise StillOpen(what="; ".join(str(each.text) for each in left[:5]))
    people = people_of(desk, resident)
    home = _home(desk, people)
    parts = parts_about(people, home)
    rows = [(part, list(desk.session.scalars(select(part.id).where(part.where)))) for part in parts]
    withdraw_all(desk, people)
    for part, ids in rows:
        _empty_rows(desk, part, ids, people)
    _forget_ways(desk, people)
    with desk.session.no_autoflush:  # half emptied, a record is none that may be saved
        for each in people:
            _empty_person(each)
        if home is not None:
            _empty(home)
    desk.session.flush()
    _forget_traces(desk)


def check_can_erase(desk: Context, resident: Resident) -> None:
    """Raise `ErasedBefore`, `MergedElsewhere` or `ServiceSetAside` when someone can't be erased."""
    if resident.state is ResidentState.ERASED:
        raise ErasedBefore
    if resident.merged_into_id is not None:
        raise MergedElsewhere
    services = desk.hooks.registry.services() if desk.hooks else []
    for each in services:
        if not each.works:
            raise ServiceSetAside(name=each.label)


def _empty_rows(desk: Context, part: Part, ids: list[int], people: Sequence[Resident]) -> None:
    """Empty a table's personal columns in these rows; the bracket of nobody's charge may stay.

    So does what a law wants kept, until its time is over, and whoever else a row names: the one
    who was helped, where the helper is erased.
    """
    columns = [each for each in personal_columns(part.table) if not stays_by_law(each)]
    theirs = [each for each in columns if not each.foreign_keys or leads_to_people(each)]
    residents = cast("Table", Resident.__table__)
    named = {each.name for each, _is_key in links_in(part.table, residents)}
    if len(named) < 2:
        empty_columns(desk, part.kind, theirs, ids)
        return
    empty_columns(desk, part.kind, [each for each in theirs if each.name not in named], ids)
    for column in (each for each in theirs if each.name in named):
        about = select(part.id).where(part.id.in_(ids), column.in_([each.id for each in people]))
        empty_columns(desk, part.kind, [column], list(desk.session.scalars(about)))


def empty_columns(
    desk: Context,
    kind: type[SiteRecord],
    columns: Iterable[Column[Any]],
    ids: Sequence[int],
    nobody: Resident | None = None,
) -> None:
    """Empty these columns in these rows. An issued row only lets go of its links.

    A link that can't be empty stays, or leads to `nobody` where that is given.
    """
    values = {}
    for column in columns:
        if kind.issued and column.name not in kind.loose:
            continue
        if not column.foreign_keys and not leads_to_people(column):
            values[_key(kind, column)] = empty_of(kind, column)
        elif column.nullable:
            values[_key(kind, column)] = None
        elif nobody is not None and leads_to_people(column):
            values[_key(kind, column)] = nobody.id
    if any(kind.fields[each].search for each in values if each in kind.fields):
        values["norm"] = ""  # the words it was found by
    row: Any = kind
    for at in range(0, len(ids), 500) if values else ():
        empty = update(kind).where(row.id.in_(ids[at : at + 500])).values(values)
        desk.session.execute(empty.execution_options(synchronize_session=False))
    desk.session.expire_all()


def _key(kind: type[SiteRecord], column: Column[Any]) -> str:
    return str(inspect(kind).get_property_by_column(column).key)


def empty_of(kind: type[SiteRecord], column: Column[Any]) -> object:
    """Return what stands in a personal column once nobody is meant."""
    if column.nullable:
        return None
    default = kind.__defaults__.get(column.name)
    if default is not None:
        return default
    if isinstance(column.type, JSON):
        return {}
    return "" if isinstance(column.type, String) else 0


def _empty_person(person: Resident) -> None:
    _empty(person)
    person.household = None
    person.contact_via = None
    person.card_code = f"X-{new_card_code()[2:]}"  # stands for nobody, and opens nothing
    person.last_contact_on = None
    person.state = ResidentState.ERASED


def _empty(record: SiteRecord) -> None:
    for column in personal_columns(type(record).__table__):  # type: ignore[arg-type]  # a table
        key = _key(type(record), column)
        link = key.removesuffix("_id")
        if link in type(record).links:
            setattr(record, link, None)
        elif key != "card_code" or column.nullable:  # a resident always has a code, if a dead one
            setattr(record, key, empty_of(type(record), column))


def _forget_ways(desk: Context, people: list[Resident]) -> None:
    """Nobody is reached through someone erased, and no merge says what stood in the record."""
    ids = [each.id for each in people]
    via: Any = vars(Resident)["contact_via_id"]
    quiet = {"synchronize_session": False}
    desk.session.execute(
        update(Resident).where(via.in_(ids)).values(contact_via_id=None).execution_options(**quiet)
    )
    merges: Any = vars(Merge)
    theirs = select(Merge.id).where(or_(merges["kept_id"].in_(ids), merges["gone_id"].in_(ids)))
    of: Any = vars(MergeMove)["merge_id"]
    moves = update(MergeMove).where(of.in_(theirs), MergeMove.former.is_not(None))
    desk.session.execute(moves.values(former="null").execution_options(**quiet))
    desk.session.expire_all()


def _forget_traces(desk: Context) -> None:
    """Forget where forms led, since a search stands in an address; let the index drop the words."""
    led = update(FormKey).where(FormKey.result_path.contains("?")).values(result_path=None)
    desk.session.execute(led.execution_options(synchronize_session=False))
    if desk.session.get_bind().dialect.name == "sqlite":
        for name in ("resident_words", "household_words"):
            # What was deleted stays in the index's segments until they become one.
            desk.session.connection().exec_driver_sql(
                f"INSERT INTO {name}({name}) VALUES ('optimize')"
            )
