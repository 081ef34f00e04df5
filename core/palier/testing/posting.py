"""A house whose messages go to a gateway and a mail server on this machine."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from palier.house import House
from palier.jobs.running import Run
from palier.messages.gateway import HttpGateway
from palier.messages.mail import SmtpServer
from palier.messages.models import Message, MessageState, Way
from palier.messages.sending import Ways, send_due
from palier.residents.models import Address, Channel, Household, Resident
from palier.site_settings import SiteSetting
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, At
from palier.testing.post import PATIENCE, Gateway, MailBox, gateway, mail_server
from palier.text import Text, _

MOBILE, FIXED = "+33612345678", "+33388609090"
WORDS = _("A message from %(site)s").fill(site="Odile")  # a sentence with its French
SMS: dict[str, Any] = {"channel": Channel.SMS, "phone": MOBILE}
MAIL: dict[str, Any] = {"channel": Channel.EMAIL, "email": "odile@exemple.fr"}


@dataclass
class Post:
    """A house whose messages go to a gateway and a mail server on this machine."""

    house: House
    clock: Clock
    gateway: Gateway
    box: MailBox
    at: At

    def ways(self) -> Ways:
        return Ways(
            HttpGateway(self.gateway.settings(), self.gateway.patience),
            SmtpServer(self.box.settings(), PATIENCE),
        )

    def sends(self, ways: Ways | None = None, **later: float) -> None:
        """Let time pass, then send what is due at Ampère."""
        self.clock.forward(**later)
        by = ways or self.ways()
        send_due(Run(self.house, "ampere", "job messages.send"), by)
        if by.mail is not None:
            by.mail.close()

    def writes(self, words: Text = WORDS, code: str = "1", **more: Any) -> None:
        """Tell a new resident something."""
        home = Household(code=f"F-{code}", address=Address(street="rue de Genève", number="4"))
        known = {"given_name": "Odile", "family_name": "Kern", "card_code": f"H-{code}"}
        with self.at(now=self.clock.now) as desk:
            who = desk.add(Resident(**{**known, "household": home, **more}))
            desk.tell(who, words, kind="note", about=who)

    def messages(self) -> Sequence[Message]:
        with self.at(write=False) as desk:
            return desk.session.scalars(select(Message).order_by(Message.id)).all()

    def states(self) -> list[tuple[Way, MessageState]]:
        return [(each.channel, each.state) for each in self.messages()]

    def sets(self, **values: object) -> None:
        """Decide something for the site."""
        with self.at() as desk:
            for key, value in values.items():
                setting = SiteSetting(package="messages", key=key, value=value, valid_from=date.min)
                desk.session.add(setting)


@contextmanager
def posting(house: House, at: At) -> Iterator[Post]:
    """Open the two servers beside a house."""
    clock = Clock(NOW)
    with ExitStack() as opened:
        there, box = opened.enter_context(gateway()), opened.enter_context(mail_server())
        yield Post(replace(house, clock=clock), clock, there, box, at)
