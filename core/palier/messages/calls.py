"""The call list: one person at a time, all that they are to be told in one call."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from palier.context import Context
from palier.messages.models import Message, MessageState
from palier.messages.rules import CALLING, AlreadyCalling, NobodyCalls, receiver_of
from palier.residents.models import Resident

ON_THE_LIST = (MessageState.TO_CALL, MessageState.LEFT_WORD)


def to_call(desk: Context) -> ColumnElement[bool]:
    """Return the condition "waits to be called now", for any query on messages."""
    return Message.state.in_(ON_THE_LIST) & (Message.next_at <= desk.now)


def whom() -> Any:
    """Whoever is rung up: the relative in a resident's place, else the resident."""
    via: Any = vars(Resident)["contact_via_id"]
    return func.coalesce(via, Resident.id)


def call_list(desk: Context, limit: int = 50) -> list[Message]:
    """Return the first message of each person to be called, the longest waiting first."""
    first = (
        select(func.min(Message.id)).join(Message.resident).where(to_call(desk)).group_by(whom())
    )
    query = select(Message).where(Message.id.in_(first)).order_by(Message.next_at, Message.id)
    return list(desk.session.scalars(query.limit(limit).options(*_person())).unique())


def how_many(desk: Context) -> int:
    """Return how many people wait for a call. One statement."""
    query = select(func.count(func.distinct(whom()))).select_from(Message)
    return desk.session.scalar(query.join(Message.resident).where(to_call(desk))) or 0


def of_same_person(desk: Context, message: Message) -> Select[Message]:
    """Return what the person of this message is to be told in the same call."""
    person = message.resident
    if person is None:
        return select(Message).where(Message.id == message.id)
    whom = receiver_of(person)
    via: Any = vars(Resident)["contact_via_id"]
    query = select(Message).join(Message.resident)
    mine = or_(Resident.id == whom.id, via == whom.id)
    return query.where(to_call(desk), mine).order_by(Message.id).options(*_person())


def _person() -> Sequence[Any]:
    person = joinedload(Message.resident).joinedload(Resident.contact_via)
    return (person, joinedload(Message.follows))


def take(desk: Context, message: Message) -> None:
    """Keep a person to this desk while it calls. Raises `AlreadyCalling` for the second desk."""
    for each in _locked(desk, message):
        theirs = each.taken_by not in {None, caller(desk)}
        if theirs and each.taken_until is not None and each.taken_until > desk.now:
            raise AlreadyCalling(who=each.taken_by)
        each.taken_by, each.taken_until = caller(desk), desk.now + CALLING


def taken(desk: Context, message: Message) -> list[Message]:
    """Return what this desk is telling the person now. Raises `NobodyCalls` when it is not."""
    found = _locked(desk, message)
    for each in found:
        until = each.taken_until
        if each.taken_by != caller(desk) or until is None or until <= desk.now:
            raise NobodyCalls
    return found


def _locked(desk: Context, message: Message) -> list[Message]:
    query = of_same_person(desk, message).with_for_update(of=Message)
    fresh = query.execution_options(populate_existing=True)
    return list(desk.session.scalars(fresh).unique())


def caller(desk: Context) -> str:
    """Name who calls, as the other desk reads it."""
    return (desk.actor.name or desk.actor.person_code)[:80]
