"""The sender: takes what is due, one message at a time, so that a crash can be told from a success.

Each message is claimed in a transaction of its own (`queued` → `sending`), goes over the network
while no transaction is open, and what came of it is noted in another. A process that dies between
the two leaves `sending` behind: an e-mail then goes again with the same Message-ID, a text message
becomes a line of the call list, since nobody can know whether it left.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from palier.context import Context
from palier.messages.composing import as_mail, as_sms
from palier.messages.gateway import HttpGateway
from palier.messages.mail import SmtpServer
from palier.messages.models import Message, MessageState, SmsMonth, Trouble, Way
from palier.messages.rules import (
    LEFT_ALONE,
    MOST_PARTS,
    Settings,
    after_quiet,
    again_after,
    can_use,
    receiver_of,
    sms_parts,
)
from palier.messages.telling import LIVE, go_on, living
from palier.messages.ways import PATIENCE, Fate, Mail, MailWay, Outcome, Sms, SmsWay
from palier.residents.models import Channel, Household, Resident
from palier.rhythm import Turn
from palier.settings import Settings as Installation

BATCH = 200  # messages in one turn; what is left waits a minute, so that other sites have theirs
S = MessageState


@dataclass(frozen=True)
class Ways:
    """What this installation can send with; None for what is not set up."""

    sms: SmsWay | None = None
    mail: MailWay | None = None


@dataclass(frozen=True)
class Parcel:
    """One message that was claimed: what goes over the network, and what it took of the budget."""

    id: int
    tries: int
    content: Sms | Mail
    parts: int = 0

    def go(self, ways: Ways) -> Outcome:
        """Send it. No transaction is open meanwhile."""
        if isinstance(self.content, Sms):
            return ways.sms.send(self.content) if ways.sms else NOT_SET_UP
        return ways.mail.send(self.content) if ways.mail else NOT_SET_UP


NOT_SET_UP = Outcome(Fate.NEVER, Trouble.NO_WAY)


@contextmanager
def ways_here(installation: Installation) -> Iterator[Ways]:
    """Open what the settings describe, for one turn."""
    mail = SmtpServer(installation.mail) if installation.mail else None
    try:
        yield Ways(HttpGateway(installation.sms) if installation.sms else None, mail)
    finally:
        if mail is not None:
            mail.close()


def send_messages(turn: Turn) -> None:
    """Send what is due at a site. A training or demonstration site sends nothing, ever."""
    with ways_here(turn.settings) as ways:
        send_due(turn, ways)


def send_due(turn: Turn, ways: Ways) -> None:
    """Send what is due, by these ways. One that is out of order is left alone until the next turn."""
    if turn.looks(lambda desk: desk.site.kind) != LIVE:
        return
    turn.does(settle_left_alone)
    down: set[Way] = set()
    for id, way in turn.looks(due):
        if way not in down and deliver(turn, ways, id).down:
            down.add(way)


def deliver(turn: Turn, ways: Ways, id: int) -> Outcome:
    """Claim one message, send it, note what came of it."""
    parcel = turn.does(lambda desk: claim(desk, ways, id))
    if parcel is None:
        return NOT_SET_UP
    outcome = parcel.go(ways)
    turn.does(lambda desk: note(desk, parcel, outcome))
    return outcome


def due(desk: Context) -> list[tuple[int, Way]]:
    """Return what may leave now, the longest due first. One statement, however much waits."""
    query = (
        select(Message.id, Message.channel)
        .where(Message.state == S.QUEUED, Message.next_at <= desk.now)
        .order_by(Message.next_at, Message.id)
        .limit(BATCH)
    )
    return [(row.id, row.channel) for row in desk.session.execute(query)]


def _with_person(query: Select[Message]) -> Select[Message]:
    home = joinedload(Resident.household).joinedload(Household.address)
    via = joinedload(Resident.contact_via)
    person = joinedload(Message.resident)
    return query.options(person.options(home, via.joinedload(Resident.household)))


def claim(desk: Context, ways: Ways, id: int) -> Parcel | None:
    """Take a message to send it now, under its lock; None where it is no longer to be sent now.

    All that may have changed since it was written is looked at again: whether what it is about has
    ended, whether the person is still here and has this number, the hour, the month's budget.
    """
    waits = select(Message).where(
        Message.id == id, Message.state == S.QUEUED, Message.next_at <= desk.now
    )
    message = desk.lock(_with_person(waits))
    if message is None:
        return None
    receiver = _receiver(desk, message)
    if receiver is None and message.address is None:
        _end(desk, message, S.WITHDRAWN)
        return None
    if receiver is not None and not can_use(_channel(message), receiver):
        return _fails(desk, message, Trouble.GONE)
    if message.channel is Way.SMS:
        return _claim_sms(desk, ways, message, receiver)
    return _claim_mail(desk, ways, message, receiver)


def _receiver(desk: Context, message: Message) -> Resident | None:
    person = living(desk, message.resident) if message.resident is not None else None
    if person is not None and person is not message.resident:
        message.resident = person
    return receiver_of(person) if person is not None else None


def _channel(message: Message) -> Channel:
    return Channel.SMS if message.channel is Way.SMS else Channel.EMAIL


def _claim_sms(
    desk: Context, ways: Ways, message: Message, receiver: Resident | None
) -> Parcel | None:
    settings = desk.settings(Settings)
    if ways.sms is None:
        return _fails(desk, message, Trouble.NO_WAY, to=Way.CALL)
    # It must have left before the quiet hours begin, the gateway's own time included.
    for moment in (desk.now, desk.now + timedelta(seconds=PATIENCE)):
        later = after_quiet(moment, settings, desk.site.zone)
        if later > moment:
            message.next_at = later
            return None
    text = as_sms(message, desk.site, desk.today.year)
    parts = sms_parts(text)
    if parts > MOST_PARTS:
        return _fails(desk, message, Trouble.TOO_LONG)
    month = _month(desk)
    if month.parts + parts > settings.sms_budget:
        return _fails(desk, message, Trouble.BUDGET, to=Way.CALL)
    month.parts += parts
    to = (receiver.phone if receiver is not None else message.address) or ""
    _begin(desk, message)
    return Parcel(message.id, message.tries, Sms(to, text, _reference(desk, message)), parts)


def _claim_mail(
    desk: Context, ways: Ways, message: Message, receiver: Resident | None
) -> Parcel | None:
    if ways.mail is None:
        return _fails(desk, message, Trouble.NO_WAY)
    letter = as_mail(message, desk.site, desk.today.year)
    mail = Mail(
        to=(receiver.email if receiver is not None else message.address) or "",
        name=str(receiver or ""),
        subject=letter.subject,
        body=letter.body,
        lang=letter.lang,
        sender_name=desk.site.name,
        reply_to=desk.settings(Settings).reply_to,
        reference=_reference(desk, message),
    )
    _begin(desk, message)
    return Parcel(message.id, message.tries, mail)


def _reference(desk: Context, message: Message) -> str:
    """Name a message to the world: the same at each try, and nobody can make one up."""
    name = f"{desk.site.id}.{message.id}"
    return f"palier.{name}.{desk.seal(f'message:{name}')}"


def _month(desk: Context) -> SmsMonth:
    """Return this month's count, ours until the act ends: two senders never share the last one."""
    return desk.one(SmsMonth(month=desk.today.replace(day=1)))


def spent(desk: Context) -> int:
    """Return how many text messages this month has cost so far. One statement."""
    this = SmsMonth.month == desk.today.replace(day=1)
    return desk.session.scalar(select(SmsMonth.parts).where(this)) or 0


def _begin(desk: Context, message: Message) -> None:
    message.state, message.sending_at = S.SENDING, desk.now
    message.tries += 1
    message.trouble = message.trouble_code = None


def _end(desk: Context, message: Message, state: MessageState) -> None:
    message.state, message.done_at = state, desk.now


def _fails(
    desk: Context, message: Message, trouble: Trouble, *, to: Way | None = None
) -> Parcel | None:
    """End this way with its reason and let the next one follow."""
    message.trouble = trouble
    _end(desk, message, S.FAILED)
    go_on(desk, message, to=to)
    return None


def note(desk: Context, parcel: Parcel, outcome: Outcome) -> None:
    """Note what came of a try. Who comes too late, after it was found left alone, notes nothing."""
    sent = select(Message).where(
        Message.id == parcel.id, Message.state == S.SENDING, Message.tries == parcel.tries
    )
    message = desk.lock(_with_person(sent))
    if message is None:
        return
    message.trouble, message.trouble_code = outcome.trouble, outcome.code
    fate = outcome.fate
    if fate is Fate.SENT:
        message.gateway_ref = outcome.reference or None
        _end(desk, message, S.SENT)
        return
    if fate is Fate.UNSURE and message.channel is Way.SMS:
        _doubt(desk, message)
        return
    if parcel.parts:
        _month(desk).parts -= parcel.parts
    if fate is Fate.NEVER:
        _never(desk, message, outcome)
    else:
        _again(desk, message)


def _doubt(desk: Context, message: Message) -> None:
    """Never send a text message twice: someone calls instead, unless it is over."""
    _end(desk, message, S.DOUBTFUL)
    if message.over_at is None:
        go_on(desk, message, to=Way.CALL)


def _never(desk: Context, message: Message, outcome: Outcome) -> None:
    refused = outcome.trouble is Trouble.REFUSED and outcome.code is not None
    if message.channel is Way.EMAIL and refused and message.resident is not None:
        receiver_of(message.resident).no_mail_since = desk.today
        desk.session.flush()
    _end(desk, message, S.FAILED if message.over_at is None else S.WITHDRAWN)
    if message.over_at is None:
        go_on(desk, message)


def _again(desk: Context, message: Message) -> None:
    when = again_after(message.tries, desk.now)
    if message.over_at is not None:
        _end(desk, message, S.WITHDRAWN)
    elif when is None:
        _end(desk, message, S.FAILED)
        go_on(desk, message)
    else:
        message.state, message.next_at = S.QUEUED, when


def settle_left_alone(desk: Context) -> None:
    """Decide what becomes of messages that were leaving when a process died."""
    long_ago = desk.now - LEFT_ALONE
    left = select(Message).where(Message.state == S.SENDING, Message.sending_at <= long_ago)
    locked = _with_person(left).with_for_update(of=Message, skip_locked=True)
    for message in desk.session.scalars(locked.execution_options(populate_existing=True)).unique():
        message.trouble = Trouble.CUT
        if message.channel is Way.SMS:
            _doubt(desk, message)
        elif message.over_at is not None:
            _end(desk, message, S.WITHDRAWN)
        else:
            message.state, message.next_at = S.QUEUED, desk.now
