"""What the network did with a message, and the two ways that use it."""

import enum
from dataclasses import dataclass
from typing import Protocol

from palier.messages.models import Trouble
from palier.text import Text, _

PATIENCE = 20.0  # seconds that a way waits for each answer


class Fate(enum.Enum):
    """How one try ended."""

    SENT = enum.auto()
    AGAIN = enum.auto()  # surely not sent; later it may work
    NEVER = enum.auto()  # surely not sent, and it never will be
    UNSURE = enum.auto()  # perhaps sent: nobody can know


@dataclass(frozen=True)
class Outcome:
    """One try in words. `down` says that the way itself is out of order, not this message."""

    fate: Fate
    trouble: Trouble | None = None
    code: int | None = None
    reference: str = ""
    down: bool = False

    @property
    def words(self) -> Text:
        """What came of it, for people."""
        if self.trouble is None:
            return _("It was sent.")
        if self.code is None:
            return _("%(why)s.").fill(why=self.trouble.label)
        return _("%(why)s (%(code)s).").fill(why=self.trouble.label, code=str(self.code))


@dataclass(frozen=True)
class Sms:
    """A text message, ready to leave. `reference` is ours, the same at each try."""

    to: str
    text: str
    reference: str


@dataclass(frozen=True)
class Mail:
    """An e-mail, ready to leave. `reference` becomes its Message-ID, the same at each try."""

    to: str
    name: str
    subject: str
    body: str
    lang: str
    sender_name: str
    reply_to: str
    reference: str


class SmsWay(Protocol):
    """Something that takes text messages."""

    def send(self, sms: Sms) -> Outcome:
        """Send one; never raises for what the other side does."""
        ...


class MailWay(Protocol):
    """Something that takes e-mail."""

    def send(self, mail: Mail) -> Outcome:
        """Send one; never raises for what the other side does."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...
