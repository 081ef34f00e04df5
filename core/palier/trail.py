"""Performing an act: permission, rule, form key, the function, and the trace it leaves."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.orm.exc import StaleDataError

from palier.acts import Act
from palier.context import Context
from palier.db.records import Base, SiteRecord, SiteRow
from palier.db.scope import SiteSession
from palier.db.types import Instant, Key
from palier.db.unique import refusal_of
from palier.errors import AlreadySent, NotAllowed, NotNow, PalierError, SomeoneChangedThis

LONGEST = {"key": 64, "result_path": 200}


class ActRow(SiteRecord, issued=True, loose=("resident_id", "household_id")):
    """One thing done: who, when, where, what changed; the same row is what reports count."""

    __tablename__ = "act"
    name: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT")
    )
    who: Mapped[str] = mapped_column(String(80), default="")
    origin: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    visit_id: Mapped[int | None] = mapped_column(Key)
    terminal_id: Mapped[int | None] = mapped_column(Key)
    resident_id: Mapped[int | None] = mapped_column(Key)
    household_id: Mapped[int | None] = mapped_column(Key)
    qpv_code: Mapped[str | None] = mapped_column(String(10))
    subject_type: Mapped[str] = mapped_column(String(80), default="")
    subject_id: Mapped[int] = mapped_column(Key, default=0)
    counted: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(default=1)
    changes: Mapped[Any] = mapped_column(JSON, default=list)
    key: Mapped[str | None] = mapped_column(String(64))
    met_on: ClassVar[date | None] = None  # no column: the residents' area notes the last contact
    cancels_id: Mapped[int | None] = mapped_column(Key)
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "cancels_id"], ["act.site_id", "act.id"], ondelete="RESTRICT"
        ),
        Index("ix_act_subject", "site_id", "subject_type", "subject_id", "id"),
        Index("ix_act_counted", "site_id", "counted", "at"),
        Index("ix_act_recorded", "site_id", "recorded_at"),
    )


class FormKey(SiteRow):
    """A form acts once: the second arrival is sent where the first one led."""

    __tablename__ = "form_key"
    site_id: Mapped[int] = mapped_column(
        Key, ForeignKey("site.id", ondelete="RESTRICT"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(LONGEST["key"]), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(Key)
    act_name: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    result_path: Mapped[str | None] = mapped_column(String(LONGEST["result_path"]))
    at: Mapped[datetime] = mapped_column(Instant)

    @validates("result_path")
    def _fitting(self, _name: str, given: str | None) -> str | None:
        # A repeat of a form with an endless address leads to the desk: better than no act at all.
        return given if given is None or len(given) <= LONGEST["result_path"] else None


class DoneBefore(PalierError):
    """The same form arrived again; `result_path` is where the first arrival led."""

    def __init__(self, result_path: str | None) -> None:
        super().__init__(result_path)
        self.result_path = result_path


@dataclass(frozen=True)
class Performed:
    """What an act gave back, and the row it left."""

    result: Any
    row: ActRow


def fingerprint(act_name: str, subject: int, given: Mapping[str, object]) -> str:
    """Return a short digest of what was sent, to tell a repeat from another form."""
    body = msgspec.json.encode([act_name, subject, sorted(given.items())], enc_hook=str)
    return hashlib.sha256(body).hexdigest()


def claim_key(desk: Context, key: str, act_name: str, print_: str) -> None:
    """Take a form's key inside the act's own transaction; a second arrival waits for the first.

    Raises `DoneBefore` for a repeat and `AlreadySent` when the key came with other values.
    """
    if len(key) > LONGEST["key"]:
        raise AlreadySent  # none of ours
    dialect = desk.session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    made = desk.session.execute(
        make(FormKey)
        .values(
            key=key,
            account_id=desk.actor.account_id,
            act_name=act_name,
            fingerprint=print_,
            at=desk.now,
        )
        .on_conflict_do_nothing()
        .returning(FormKey.key)
    )
    if made.first() is not None:
        return
    first = desk.session.scalars(select(FormKey).where(FormKey.key == key)).one()
    if first.fingerprint != print_ or first.account_id != desk.actor.account_id:
        raise AlreadySent
    raise DoneBefore(first.result_path)


def perform(
    desk: Context,
    act: Act[..., Any],
    record: SiteRecord | None,
    values: Mapping[str, Any],
    *,
    key: str | None = None,
) -> Performed:
    """Do an act and leave its trace, in the transaction that is open.

    Raises `NotAllowed` without role or skill, `NotNow` when `when` says no, `MembershipNeeded` for
    what is for members and who is none, `SomeoneChangedThis`
    when another desk was faster, and whatever the act refuses; the caller rolls back.
    """
    if not desk.may(act):
        raise NotAllowed
    if record is not None and act.when is not None and not act.when(record):
        raise NotNow
    desk.check_member(act, record, values)
    changes = Changes(desk.session)
    given = (record,) if record is not None else ()
    try:
        with changes:
            result = act.function(desk, *given, **values)
            desk.session.flush()
    except StaleDataError as error:
        raise SomeoneChangedThis from error
    except IntegrityError as error:
        made = act.signature.result or act.signature.record
        refusal = refusal_of(error, made) if made is not None else None
        if refusal is None:
            raise
        raise refusal from error
    row = trace(desk, act, record, result, values, changes.found)
    row.key = key
    desk.session.flush()
    return Performed(result, row)


def trace(
    desk: Context,
    act: Act[..., Any],
    record: SiteRecord | None,
    result: object,
    values: Mapping[str, Any],
    changes: list[dict[str, Any]],
) -> ActRow:
    """Write the act row: who, when, what changed, and what it counts as."""
    subject = record if record is not None else result
    person = _linked("resident", values, record, result)
    return note(
        desk,
        act.permission,
        subject if isinstance(subject, SiteRecord) else None,
        resident_id=person,
        household_id=_linked("household", values, record, result),
        counted=act.counts.name if act.counts else None,
        quantity=desk.quantity,
        changes=changes,
        cancels_id=desk.cancels_id,
        met=act.meets,
    )


def note(
    desk: Context, name: str, subject: SiteRecord | None, *, met: bool = False, **more: Any
) -> ActRow:
    """Write one act row by its name: what happens inside another act leaves a trace of its own."""
    row = ActRow(**_told(desk, name, subject), **more)
    if met and not desk.origin:
        row.__dict__["met_on"] = desk.today
    desk.session.add(row)
    return row


def note_each(desk: Context, name: str, people: Sequence[SiteRecord]) -> None:
    """Write an act row for each of these residents, all in one statement."""
    rows = [{**_told(desk, name, each), "resident_id": each.id} for each in people]
    desk.session.execute(insert(ActRow), rows)


def _told(desk: Context, name: str, subject: SiteRecord | None) -> dict[str, Any]:
    """Return what every act row says: who, when, where, on what."""
    return {
        "name": name,
        "account_id": desk.actor.account_id,
        "who": desk.actor.person_code or desk.actor.name,
        "origin": desk.origin,
        "at": desk.now,
        "recorded_at": desk.now,
        "visit_id": desk.visit_id,
        "terminal_id": desk.seat.terminal_id,
        "subject_type": subject.path if subject is not None else "",
        "subject_id": subject.id if subject is not None else 0,
    }


def _linked(name: str, values: Mapping[str, Any], *records: object) -> int | None:
    """Return the id of the resident or household an act is about, if it names one."""
    given = values.get(name)
    if isinstance(given, SiteRecord):
        return given.id
    for each in records:
        if not isinstance(each, SiteRecord):
            continue
        if each.path == name:
            return each.id
        found: int | None = getattr(each, f"{name}_id", None)
        if found is not None:
            return found
    return None


class Changes:
    """Collects what a transaction changes: old and new values, names only where it is personal."""

    def __init__(self, session: SiteSession) -> None:
        self.session = session
        self.found: list[dict[str, Any]] = []
        self._made: list[tuple[dict[str, Any], SiteRecord]] = []

    def __enter__(self) -> "Changes":
        event.listen(self.session, "before_flush", self._look)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.session, "before_flush", self._look)
        for said, record in self._made:
            said["id"] = record.id

    def _look(self, session: SiteSession, _context: object, _instances: object) -> None:
        for record in session.dirty:
            if _is_told(record) and (columns := _changed(record)):
                where = {
                    "in": record.__tablename__,
                    "id": getattr(record, "id", None) or inspect(record).identity[-1],
                }
                self.found.append({**where, "set": columns})
        for record in session.new:
            if isinstance(record, SiteRecord) and not isinstance(record, ActRow):
                said: dict[str, Any] = {"in": record.path, "new": True}
                self.found.append(said)
                self._made.append((said, record))
            elif _is_told(record) and not isinstance(record, SiteRecord):
                where = {"in": record.__tablename__, "new": True}
                self.found.append({**where, "set": _changed(record)})
        for record in session.deleted:
            if record.traced:
                where = {"in": record.__tablename__, "gone": True}
                self.found.append({**where, "was": _whole(record)})


def _is_told(record: Base) -> bool:
    return isinstance(record, SiteRecord) or record.traced


def _whole(record: Base) -> dict[str, Any]:
    attributes = inspect(type(record)).column_attrs
    return {each.key: _plain(getattr(record, each.key)) for each in attributes}


def _changed(record: Base) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    state = inspect(record)
    for attribute in state.mapper.column_attrs:
        history: Any = state.attrs[attribute.key].history
        if attribute.key in {"version", "norm"} or not history.has_changes():
            continue
        column = attribute.columns[0]
        if "personal" in column.info:
            columns[attribute.key] = None
            continue
        old = history.deleted[0] if history.deleted else None
        columns[attribute.key] = [_plain(old), _plain(history.added[0])]
    return columns


def _plain(value: object) -> object:
    return msgspec.to_builtins(value, enc_hook=str)
