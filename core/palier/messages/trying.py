"""Trying a way out from the command line: no row, only an answer in words."""

import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from palier.context import Context
from palier.errors import Refused
from palier.messages.gateway import HttpGateway, check_gateway
from palier.messages.mail import SmtpServer, check_server
from palier.messages.models import Trouble
from palier.messages.rules import Settings as Rules
from palier.messages.rules import for_telephone
from palier.messages.telling import LIVE, TEST
from palier.messages.ways import Fate, Mail, Outcome, Sms
from palier.messages.wording import say
from palier.residents.contact import read_email, read_phone
from palier.settings import Settings
from palier.text import Text, _

SECONDS = 5  # that the doctor waits for an answer


class NothingLeaves(Refused):
    text = _("This site is for training or demonstration: nothing leaves it.")


NOT_SET_UP = Outcome(Fate.NEVER, Trouble.NO_WAY)


@dataclass(frozen=True)
class Signed:
    """Who writes a test: the installation, or a site that says where answers go."""

    name: str = "Palier"
    words: str = "Palier"
    lang: str = "fr"
    reply_to: str = ""


def signed_by(desk: Context) -> Signed:
    """Return a site's own name, words and address for answers. Raises `NothingLeaves` in training."""
    if desk.site.kind != LIVE:
        raise NothingLeaves
    words = say(TEST.fill(site=desk.site.name), desk.site.locale, desk.site.zone)
    reply_to = desk.settings(Rules).reply_to
    return Signed(desk.site.name, words, desk.site.locale, reply_to)


def send_test(settings: Settings, to: str, signed: Signed = Signed()) -> tuple[bool, Text]:
    """Send a few words; return whether they left, and what came of it in words.

    Raises `NotAPhoneNumber`, `NotAnEmail`, `WrongGateway` and `WrongMailServer`.
    """
    outcome = _mail(settings, to, signed) if "@" in to else _sms(settings, to, signed)
    return outcome.fate is Fate.SENT, outcome.words


def _sms(settings: Settings, to: str, signed: Signed) -> Outcome:
    number = read_phone(to)
    if settings.sms is None:
        return NOT_SET_UP
    check_gateway(settings.sms)
    return HttpGateway(settings.sms).send(Sms(number, for_telephone(signed.words), _reference()))


def _mail(settings: Settings, to: str, signed: Signed) -> Outcome:
    address = read_email(to)
    if settings.mail is None:
        return NOT_SET_UP
    check_server(settings.mail)
    way = SmtpServer(settings.mail)
    mail = Mail(
        to=address,
        name="",
        subject=signed.name,
        body=f"{signed.words}\n",
        lang=signed.lang,
        sender_name=signed.name,
        reply_to=signed.reply_to,
        reference=_reference(),
    )
    try:
        return way.send(mail)
    finally:
        way.close()


def ways_out(settings: Settings) -> Iterator[tuple[str, bool, str]]:
    """Yield each way out, whether it is well, and why not: its settings, and whether anyone answers.

    Nothing is sent. A way that is not set up is well: those who want it go on the call list.
    """
    mail, sms = settings.mail, settings.sms
    if mail is None:
        yield "mail", True, "not set up: PALIER_SMTP_HOST"
    else:
        yield "mail", *_answers(lambda: check_server(mail), mail.host, mail.port)
    if sms is None:
        yield "text messages", True, "not set up: PALIER_SMS_URL; they go on the call list"
    else:
        parts = urlsplit(sms.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        yield "text messages", *_answers(lambda: check_gateway(sms), parts.hostname or "", port)


def _answers(check: Callable[[], None], host: str, port: int) -> tuple[bool, str]:
    try:
        check()
        socket.create_connection((host, port), SECONDS).close()
    except Refused as refusal:
        return False, str(refusal)
    except OSError as error:
        return False, f"{host}:{port} does not answer ({type(error).__name__})"
    return True, f"{host}:{port} answers; palier messages test sends a few words"


def _reference() -> str:
    return f"palier.test.{secrets.token_hex(6)}"
