"""Telling someone something, in the transaction of what it is about: rows only, never lost."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, case, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from palier.context import Context, column_values
from palier.db.records import SiteRecord
from palier.db.types import ChoiceColumn
from palier.messages.models import LONGEST, Message, MessageState, Way
from palier.messages.rules import FIRST, LEAVES, next_way, receiver_of
from palier.messages.wording import say, to_stored
from palier.residents.contact import read_email, read_phone
from palier.residents.models import Resident, ResidentState
from palier.text import Text, _

LIVE = "live"
TEST = _("This is a test: messages from %(site)s arrive.")


def tell(
    desk: Context,
    resident: Resident,
    words: Text,
    *,
    kind: str,
    about: SiteRecord | None = None,
    once: str = "",
    not_before: datetime | None = None,
    asks: bool = False,
    here: bool = False,
) -> None:
    """Say something to a resident by the first of their ways that leads to them.

    `kind` is a word for what it is, `about` what it is about: with its end the message is
    withdrawn. The same kind and `once` is told once. A question (`asks`) goes to the call list. Who
    is `here` is told at the desk, unless a text message or an e-mail confirms it. One statement.
    """
    person = living(desk, resident)
    if person is None:
        return
    receiver = receiver_of(person)
    way = _first_way(receiver, asks=asks, here=here)
    message = Message(
        resident=person,
        said=_said(desk, words),
        words=to_stored(words),
        channel=way,
        state=_first_state(desk, way),
        asks=asks,
        made_at=desk.now,
        next_at=max(not_before or desk.now, desk.now),
        done_at=desk.now if way is Way.DESK else None,
        language=receiver.language,
        kind=kind,
        dedupe_key=_key(kind, about, once),
        account_id=desk.actor.account_id,
    )
    _name(message, about)
    put(desk, message)


def _name(message: Message, about: SiteRecord | None) -> None:
    if about is not None:
        message.kind = f"{about.package}.{message.kind}"
        message.about_type, message.about_id = about.path, about.id


def _said(desk: Context, words: Text) -> str:
    return say(words, desk.site.locale, desk.site.zone, desk.today.year)[: LONGEST["words"]]


def _first_way(receiver: Resident, *, asks: bool, here: bool) -> Way:
    way = Way.CALL if asks else next_way(receiver) or Way.CALL
    return Way.DESK if here and way not in LEAVES else way


def living(desk: Context, resident: Resident) -> Resident | None:
    """Return who is meant: the one that stays of two that were merged, nobody who was erased."""
    if resident.state is ResidentState.MERGED and resident.merged_into_id is not None:
        kept = desk.find(Resident, resident.merged_into_id)
        return living(desk, kept) if kept is not None else None
    return None if resident.state is ResidentState.ERASED else resident


def _key(kind: str, about: SiteRecord | None, once: str) -> str:
    subject = f"{about.path}-{about.id}" if about is not None else ""
    return f"{kind}/{subject}/{once or secrets.token_hex(8)}"[: LONGEST["dedupe_key"] - 8]


def _first_state(desk: Context, way: Way) -> MessageState:
    """Return how a message begins; at a training or demonstration site nothing ever leaves."""
    if way in LEAVES and desk.site.kind != LIVE:
        return MessageState.HELD
    return FIRST[way]


def put(desk: Context, message: Message) -> bool:
    """Write a message unless one with its key is there; return whether it was written."""
    dialect = desk.session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {**column_values(message), "version": 1}
    made = make(Message).values(**values).on_conflict_do_nothing().returning(Message.id)
    return desk.session.execute(made).first() is not None


def test_to(desk: Context, to: str) -> Message:
    """Write a few words to a number or an address that is nobody's here.

    Raises `NotAPhoneNumber` and `NotAnEmail`.
    """
    by_mail = "@" in to
    words = TEST.fill(site=desk.site.name)
    way = Way.EMAIL if by_mail else Way.SMS
    return desk.add(
        Message(
            address=read_email(to) if by_mail else read_phone(to),
            said=_said(desk, words),
            words=to_stored(words),
            channel=way,
            state=_first_state(desk, way),
            made_at=desk.now,
            next_at=desk.now,
            kind="messages.test",
            dedupe_key=_key("test", None, ""),
            account_id=desk.actor.account_id,
        )
    )


def go_on(desk: Context, message: Message, *, to: Way | None = None) -> bool:
    """Let a new row follow on the person's next way, or on this one; return whether there is one.

    Raises nothing: a second who finds the same message failed makes no second row.
    """
    tried = set(desk.session.scalars(_ways_tried(message)))
    person = message.resident
    if person is None:
        return False
    way = to if to is not None and to not in tried else next_way(receiver_of(person), tried)
    if way is None:
        return False
    stem, _sign, count = message.dedupe_key.partition("~")
    after = Message(
        resident=person,
        said=message.said,
        words=message.words,
        channel=way,
        state=_first_state(desk, way),
        asks=message.asks,
        made_at=desk.now,
        next_at=desk.now,
        language=message.language,
        kind=message.kind,
        about_type=message.about_type,
        about_id=message.about_id,
        dedupe_key=f"{stem}~{int(count or 0) + 1}",
        account_id=message.account_id,
        follows=message,
    )
    return put(desk, after)


def _ways_tried(message: Message) -> Select[Way]:
    stem = message.dedupe_key.partition("~")[0]
    same = Message.dedupe_key.in_([stem, *(f"{stem}~{n}" for n in range(1, len(Way) + 1))])
    return select(Message.channel).where(same)


def ended(*these: ColumnElement[bool], now: datetime) -> Update:
    """Return the statement that takes back what waits to be said of these messages.

    What is leaving at this instant can't be called back; it is not tried again.
    """
    states = ChoiceColumn(MessageState)
    gone = case(
        (Message.state == MessageState.SENDING, Message.state),
        else_=literal(MessageState.WITHDRAWN, states),
    )
    values = {"state": gone, "over_at": now, "version": Message.version + 1}
    return update(Message).where(*these, Message.still_open()).values(values)


def withdraw(desk: Context, about: SiteRecord, *, kind: str = "") -> None:
    """Take back what waits to be said about a record, or only what is of this kind. One statement."""
    these = [Message.about_type == about.path, Message.about_id == about.id]
    if kind:
        these.append(Message.kind == f"{about.package}.{kind}")
    _take_back(desk, *these)


def withdraw_all(desk: Context, people: Sequence[Resident]) -> None:
    """Take back what waits to be said to these people. One statement."""
    whom: Any = vars(Message)["resident_id"]
    _take_back(desk, whom.in_([each.id for each in people]))


def _take_back(desk: Context, *these: ColumnElement[bool]) -> None:
    # What is loaded is read again, so that nobody sends what was just taken back.
    options = {"synchronize_session": "fetch"}
    desk.session.execute(ended(*these, now=desk.now), execution_options=options)
