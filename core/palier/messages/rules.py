"""What is always true of messages: which way, when, how long. No session, no network, no clock."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from palier.db.types import chosen
from palier.errors import Refused
from palier.messages.models import WAITING, Message, MessageState, PaperRun, Way
from palier.residents.contact import NotAnEmail, gets_messages, read_email, ways_of
from palier.residents.models import Channel, Resident, ResidentState
from palier.signature import ask
from palier.text import _

S = MessageState
# How long after each try the next one comes; after the last, the next way of the person.
AGAIN = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240))
# Longer than any way waits for an answer: a message still leaving then was left by a dead process.
LEFT_ALONE = timedelta(minutes=10)
CALLING = timedelta(minutes=10)  # for so long a desk has a person of the call list to itself
MOST_PARTS = 4  # of one text message: about 600 letters
_SUNDAY = 6

FIRST = {
    Way.SMS: S.QUEUED,
    Way.EMAIL: S.QUEUED,
    Way.CALL: S.TO_CALL,
    Way.LETTER: S.TO_PRINT,
    Way.DESK: S.TOLD,
}
LEAVES = frozenset({Way.SMS, Way.EMAIL})  # by the network, without anyone's hand


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides about its messages."""

    quiet_from: Annotated[time, ask(_("No text message from"))] = time(20)
    quiet_until: Annotated[time, ask(_("No text message until"))] = time(8)
    quiet_sundays: Annotated[bool, ask(_("No text message on Sundays"))] = False
    sms_budget: Annotated[int, ask(_("Text messages a month, at most"), min=0, max=100_000)] = 300
    reply_to: Annotated[str, ask(_("Answers to an e-mail go to"), max=120)] = ""

    def checked(self) -> "Settings":
        """Return them with the address as mail wants it. Raises `WrongReplyTo`."""
        try:
            return replace(self, reply_to=read_email(self.reply_to) if self.reply_to else "")
        except NotAnEmail:
            raise WrongReplyTo from None


class WrongReplyTo(NotAnEmail):
    field = "reply_to"


class NobodyCalls(Refused):
    text = _("Open the person first: so no other desk calls at the same time.")


class AlreadyCalling(Refused):
    text = _("%(who)s is calling this person now. Take the next one.")


class NotToBeAsked(Refused):
    text = _("Nobody asked this person anything. Note that they were reached.")


class AgainInThePast(Refused):
    text = _("This moment is past. Choose a later one.")
    field = "again_at"


class NothingToPrint(Refused):
    text = _("No paper waits to be printed.")


def receiver_of(resident: Resident) -> Resident:
    """Return who gets the messages: a relative in the resident's place, while they live here."""
    via = resident.contact_via
    return via if via is not None and via.state is ResidentState.ACTIVE else resident


def can_use(way: Channel, person: Resident) -> bool:
    """Whether this way leads to the person today."""
    match way:
        case Channel.SMS:
            return person.phone is not None and gets_messages(person.phone)
        case Channel.EMAIL:
            return person.email is not None and person.no_mail_since is None
        case Channel.CALL:
            return person.phone is not None
    home = person.household
    lives_here = person.state is ResidentState.ACTIVE
    return lives_here and home is not None and home.address is not None


def next_way(person: Resident, tried: Iterable[Way] = ()) -> Way | None:
    """Return the first of the person's ways that leads to them and was not tried.

    Then the call list, where whoever rings finds out; None when that was tried as well.
    """
    gone = {each.value for each in tried}
    for wished in ways_of(person):
        if wished.value not in gone and can_use(wished, person):
            return way_of(wished)
    return None if Way.CALL.value in gone else Way.CALL


def way_of(channel: Channel) -> Way:
    """Return a person's channel as the way of a message."""
    return cast("Way", chosen(Way, channel.value))


def is_quiet(moment: datetime, settings: Settings, zone: ZoneInfo) -> bool:
    """Whether no text message may leave at that moment, on the site's clock."""
    local = moment.astimezone(zone)
    if settings.quiet_sundays and local.weekday() == _SUNDAY:
        return True
    start, end, hour = settings.quiet_from, settings.quiet_until, local.time()
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end


def after_quiet(moment: datetime, settings: Settings, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the end of the quiet hours it falls into, in UTC."""
    found = moment
    while is_quiet(found, settings, zone):
        found = _end_of_quiet(found, settings, zone)
    return found.astimezone(UTC)


def _end_of_quiet(moment: datetime, settings: Settings, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    day = local.date()
    for later in range(3):
        at = datetime.combine(day + timedelta(days=later), settings.quiet_until, zone)
        if at.astimezone(UTC) > moment:
            return at.astimezone(UTC)
    raise AssertionError  # one of three days has it


def again_after(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries; None when it was the last."""
    return now + AGAIN[tries - 1] if tries <= len(AGAIN) else None


# GSM 03.38: the letters of a short text message, and those that take two places.
_PLAIN = re.compile(
    "[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*"
)
_DOUBLE = "^{}\\[~]|€\f"
# What typography put in and a telephone would pay dearly for.
_SIMPLER = str.maketrans(
    {"\u202f": " ", "\u00a0": " ", "\u2019": "'", "\u2013": "-", "\u2026": "..."}
)


def for_telephone(words: str) -> str:
    """Return words as a text message says them: plain spaces and apostrophes."""
    return words.translate(_SIMPLER)


def sms_parts(words: str) -> int:
    """Return how many text messages these words are sent as, and paid for.

    160 letters of the short alphabet, 70 of any other; 153 and 67 where several are joined.
    """
    bare = "".join(each for each in words if each not in _DOUBLE)
    if _PLAIN.fullmatch(bare):
        length, one, joined = len(words) + (len(words) - len(bare)), 160, 153
    else:
        length, one, joined = len(words.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= one else -(-length // joined)


def is_waiting(message: Message) -> bool:
    """Whether a message has still to leave, to be called or to be printed."""
    return message.state in WAITING


def may_go_again(message: Message) -> bool:
    """Whether a message that did not leave, or came back, can be sent once more."""
    return message.state in {S.FAILED, S.WITHDRAWN} and message.channel in LEAVES


def has_mail(resident: Resident) -> bool:
    """Whether mail is thought to arrive at someone's address."""
    return resident.email is not None and resident.no_mail_since is None


def is_call(message: Message) -> bool:
    """Whether a message waits on the call list."""
    return message.state in {S.TO_CALL, S.LEFT_WORD}


def is_printed(run: PaperRun) -> bool:
    """Whether papers were printed and are not in the letterboxes yet."""
    return run.posted_at is None
