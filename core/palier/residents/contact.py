"""How a person is reached: one spelling for each number and each address, however it was typed."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from palier.errors import Refused
from palier.residents.models import Channel, Resident
from palier.text import _

HOME = "FR"
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)*\.[^\W\d_]{2,}")
_COSTS_EXTRA = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
_MAY_BE_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NotAPhoneNumber(Refused):
    text = _("This is not a telephone number. Write ten digits, or + and the country's number.")
    field = "phone"


class CostsExtra(Refused):
    text = _("Calling this number costs extra. Ask for another one.")
    field = "phone"


class NotAnEmail(Refused):
    text = _("This is not an e-mail address. It looks like name@example.org.")
    field = "email"


class NoPhone(Refused):
    text = _("Write down the telephone number, or choose another way to reach the person.")
    field = "phone"


class NoEmail(Refused):
    text = _("Write down the e-mail address, or choose another way to reach the person.")
    field = "email"


class NotAMobile(Refused):
    text = _("This number gets no text messages. Choose the telephone call.")
    field = "channel"


class TwiceTheSameWay(Refused):
    text = _("%(way)s stands here twice. Choose another way, or leave this one empty.")
    field = "channel_2"


class NoWayBefore(Refused):
    text = _("Choose the way before this one first.")
    field = "channel_2"


class NotToThemselves(Refused):
    text = _("Choose another person: messages go to the resident anyway when this is empty.")
    field = "contact_via"


def read_phone(words: str) -> str:
    """Return the number in E.164: "03 88 60 90 90" is "+33388609090".

    A number without a country is French. Raises `NotAPhoneNumber`, for short numbers like 3631 too.
    """
    try:
        number = phonenumbers.parse(words, HOME)
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotAPhoneNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_residents_phone(words: str) -> str:
    """Return the number in E.164. Raises `NotAPhoneNumber`, and `CostsExtra` for one like 08 90."""
    read = read_phone(words)
    if phonenumbers.number_type(_parsed(read)) in _COSTS_EXTRA:
        raise CostsExtra
    return read


def show_phone(number: str) -> str:
    """Say a number kept in E.164 as people here write it: "03 88 60 90 90", "+49 7851 880"."""
    parsed = _parsed(number)
    at_home = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, shape.NATIONAL if at_home else shape.INTERNATIONAL)


def gets_messages(number: str) -> bool:
    """Whether a number kept in E.164 may be a mobile telephone's."""
    return phonenumbers.number_type(_parsed(number)) in _MAY_BE_MOBILE


def read_email(words: str) -> str:
    """Return the address without outer spaces. Raises `NotAnEmail` for what has no such shape."""
    given = words.strip()
    if not _EMAIL.fullmatch(given):
        raise NotAnEmail
    return given


def best_channel(phone: str | None, email: str | None) -> Channel:
    """Return the way that disturbs least of those a person left."""
    if phone:
        return Channel.SMS if gets_messages(phone) else Channel.CALL
    return Channel.EMAIL if email else Channel.LETTER


def check_channel(channel: Channel, phone: str | None, email: str | None) -> None:
    """Raise `NoPhone`, `NotAMobile` or `NoEmail` when a person can't be reached in this way."""
    if channel is Channel.EMAIL and not email:
        raise NoEmail
    if channel in {Channel.SMS, Channel.CALL} and not phone:
        raise NoPhone
    if channel is Channel.SMS and phone and not gets_messages(phone):
        raise NotAMobile


WAYS = ("channel", "channel_2", "channel_3")


def ways_of(resident: Resident) -> tuple[Channel, ...]:
    """Return how a resident wants to be reached, in their order."""
    wished = (getattr(resident, each) for each in WAYS)
    return tuple(each for each in wished if each is not None)


def check_ways(resident: Resident) -> None:
    """Raise the refusal for a way that can't be used, that stands twice, or after an empty one."""
    known: list[Channel] = []
    for at, name in enumerate(WAYS):
        way: Channel | None = getattr(resident, name)
        if way is None:
            continue
        if len(known) < at:
            raise NoWayBefore().beside(name)
        if way in known:
            raise TwiceTheSameWay(way=way.label).beside(name)
        try:
            check_channel(way, resident.phone, resident.email)
        except NotAMobile as refusal:
            raise refusal.beside(name) from None
        known.append(way)


def _parsed(number: str) -> PhoneNumber:
    return phonenumbers.parse(number, HOME)
