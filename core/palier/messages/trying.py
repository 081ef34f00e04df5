"""Trying a way out from the command line: no row, only an answer in words."""

import secrets

from palier.messages.gateway import HttpGateway, check_gateway
from palier.messages.mail import SmtpServer, check_server
from palier.messages.models import Trouble
from palier.messages.ways import Fate, Mail, Outcome, Sms
from palier.residents.contact import read_email, read_phone
from palier.settings import Settings
from palier.text import Text

NOT_SET_UP = Outcome(Fate.NEVER, Trouble.NO_WAY)


def send_test(settings: Settings, to: str) -> tuple[bool, Text]:
    """Send a few words; return whether they left, and what came of it in words.

    Raises `NotAPhoneNumber`, `NotAnEmail`, `WrongGateway` and `WrongMailServer`.
    """
    outcome = _mail(settings, to) if "@" in to else _sms(settings, to)
    return outcome.fate is Fate.SENT, outcome.words


def _sms(settings: Settings, to: str) -> Outcome:
    number = read_phone(to)
    if settings.sms is None:
        return NOT_SET_UP
    check_gateway(settings.sms)
    return HttpGateway(settings.sms).send(Sms(number, "Palier", _reference()))


def _mail(settings: Settings, to: str) -> Outcome:
    address = read_email(to)
    if settings.mail is None:
        return NOT_SET_UP
    check_server(settings.mail)
    way = SmtpServer(settings.mail)
    mail = Mail(address, "", "Palier", "Palier\n", "fr", "Palier", "", _reference())
    try:
        return way.send(mail)
    finally:
        way.close()


def _reference() -> str:
    return f"palier.test.{secrets.token_hex(6)}"
