"""E-mail by SMTP: plain words, the same Message-ID at each try, nothing that follows the reader."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime, parseaddr

from palier.errors import Refused
from palier.messages.models import Trouble
from palier.messages.ways import PATIENCE, Fate, Mail, Outcome
from palier.settings import MailServer
from palier.text import _

SECURITY = {"starttls", "tls", "none"}


class WrongMailServer(Refused):
    text = _("The mail server's settings can't be used: %(why)s.")


def check_server(server: MailServer) -> None:
    """Raise `WrongMailServer` for settings that could never send anything."""
    if server.security not in SECURITY:
        raise WrongMailServer(why="PALIER_SMTP_SECURITY")
    if "@" not in parseaddr(server.sender)[1]:
        raise WrongMailServer(why="PALIER_SMTP_FROM")


def message_id(server: MailServer, reference: str) -> str:
    """Return the Message-ID of a message: ours, and the same whenever it goes."""
    return f"<{reference}@{domain_of(server)}>"


def domain_of(server: MailServer) -> str:
    """Return the domain that mail comes from."""
    return parseaddr(server.sender)[1].rpartition("@")[2]


def drawn(server: MailServer, mail: Mail, now: datetime) -> EmailMessage:
    """Return the e-mail as it is sent: plain text, its language said, no picture, no tracking."""
    made = EmailMessage(LINES.clone(cte_type="7bit"))
    made["Subject"] = _in_one_line(mail.subject)
    made["From"] = _address(mail.sender_name, parseaddr(server.sender)[1])
    made["To"] = _address(mail.name, mail.to)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id(server, mail.reference)
    made["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        made["Reply-To"] = mail.reply_to
    made.set_content(mail.body)
    made["Content-Language"] = mail.lang
    return made


def _address(name: str, address: str) -> Address:
    """Name an address; letters beyond ASCII stay in the first part, which some servers take."""
    person, _sign, domain = address.rpartition("@")
    return Address(_in_one_line(name), person, domain.encode("idna").decode())


def _in_one_line(words: str) -> str:
    """A second line in a header would be a header of its own."""
    return " ".join(words.split())


@dataclass
class SmtpServer:
    """A server on the network; one connection for as many messages as follow each other."""

    server: MailServer
    patience: float = PATIENCE
    _open: smtplib.SMTP | None = field(default=None, repr=False)

    def send(self, mail: Mail) -> Outcome:
        """Hand one e-mail over."""
        try:
            connection = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            return Outcome(Fate.AGAIN, Trouble.NOT_LET_IN, error.smtp_code, down=True)
        except (OSError, smtplib.SMTPException):
            return Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)
        try:
            return self._handed_over(connection, mail)
        except (OSError, smtplib.SMTPException):
            self.close()
            return Outcome(Fate.AGAIN, Trouble.SILENT, down=True)

    def _handed_over(self, connection: smtplib.SMTP, mail: Mail) -> Outcome:
        try:
            connection.send_message(drawn(self.server, mail, datetime.now(UTC)))
        except smtplib.SMTPRecipientsRefused as error:
            self._reset()
            return _refused(*next(iter(error.recipients.values())))
        except (smtplib.SMTPNotSupportedError, ValueError, MessageError):
            self._reset()  # no server takes an address like this one
            return Outcome(Fate.NEVER, Trouble.REFUSED)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            return Outcome(Fate.AGAIN, Trouble.NOT_LET_IN, error.smtp_code, down=True)
        except smtplib.SMTPResponseException as error:
            self.close()
            return _answered(error.smtp_code)
        return Outcome(Fate.SENT)

    def close(self) -> None:
        """Say good-bye, if anyone still listens."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
            self._open = None

    def _reset(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            if self._open is not None:
                self._open.rset()

    def _connected(self) -> smtplib.SMTP:
        if self._open is not None:
            return self._open
        server = self.server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        if server.security == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self.patience, context=context
            )
        else:
            made = smtplib.SMTP(server.host, server.port, timeout=self.patience)
        self._open = made
        try:
            if server.security == "starttls":
                made.starttls(context=context)
            if server.login:
                made.login(server.login, server.password)
        except (OSError, smtplib.SMTPException):
            self.close()
            raise
        return made


def _refused(code: int, _words: bytes) -> Outcome:
    """Judge what was said of the address: 5xx is for ever, 4xx for now."""
    if 500 <= code < 600:
        return Outcome(Fate.NEVER, Trouble.REFUSED, code)
    return Outcome(Fate.AGAIN, Trouble.BUSY, code)


def _answered(code: int) -> Outcome:
    """Judge what was said of the message itself, or of who sends it."""
    if 500 <= code < 600:
        return Outcome(Fate.NEVER, Trouble.FAULT, code)
    return Outcome(Fate.AGAIN, Trouble.BUSY, code, down=code == 421)


@contextmanager
def smtp(server: MailServer, patience: float = PATIENCE) -> Iterator[SmtpServer]:
    """Open a way to the server for a while."""
    way = SmtpServer(server, patience)
    try:
        yield way
    finally:
        way.close()
