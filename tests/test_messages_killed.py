"""The sender killed at every point: a text message never leaves twice, nothing is ever lost."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from palier.house import House
from palier.jobs.running import Run
from palier.messages.gateway import HttpGateway
from palier.messages.mail import SmtpServer
from palier.messages.models import Message, SmsMonth, Way
from palier.messages.models import MessageState as S
from palier.messages.rules import LEFT_ALONE
from palier.messages.sending import Ways, send_due
from palier.residents.models import Channel, Resident
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, At
from palier.testing.post import Gateway, MailBox, gateway, mail_server
from palier.text import Text

pytestmark = pytest.mark.slow
DYING = Path(__file__).parent / "races" / "dying.py"
SMS: dict[str, Any] = {"channel": Channel.SMS, "phone": "+33612345678"}
MAIL: dict[str, Any] = {"channel": Channel.EMAIL, "email": "odile@exemple.fr"}
NETWORK = ("connect", "sent", "answered")
IN_THE_END = (timedelta(), LEFT_ALONE, 2 * LEFT_ALONE)
MOST = 60  # statements; the sender ends long before


@dataclass
class Deaths:
    """Messages that are sent by a process that dies, and then by one that lives."""

    at: At
    house: House
    process: "subprocess.Popen[str]"
    gateway: Gateway
    box: MailBox

    def dies(self, where: str, point: object, **person: Any) -> str:
        """Tell someone new, and let the process die at this point; return what it says."""
        with self.at() as desk:
            code = f"{where}-{point}"
            who = Resident(given_name="Odile", family_name="Kern", card_code=code, **person)
            desk.tell(desk.add(who), Text(code), kind="note")
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{where} {point}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def lives(self, *later: timedelta) -> None:
        """Send as the next process does: now, or when it is clear that nobody else is at it."""
        for each in later or (timedelta(),):
            house = replace(self.house, clock=Clock(NOW + each))
            mail = SmtpServer(self.box.settings(), 2.0)
            send_due(
                Run(house, "ampere", "job messages.send"),
                Ways(HttpGateway(self.gateway.settings(), 2.0), mail),
            )
            mail.close()

    def told(self) -> list[tuple[Way, S]]:
        with self.at(write=False) as desk:
            query = select(Message.channel, Message.state).order_by(Message.id)
            return [(row.channel, row.state) for row in desk.session.execute(query)]


@pytest.fixture
def deaths(at: At, house: House) -> Iterator[Deaths]:
    url = house.database.url.render_as_string(hide_password=False)
    with gateway() as there, mail_server() as box:
        given = [url, NOW.isoformat(), there.address, str(box.port)]
        command = [sys.executable, str(DYING), *given]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield Deaths(at, house, process, there, box)
            assert process.stdin is not None
            process.stdin.close()


def points_before_the_end(deaths: Deaths, **person: Any) -> list[str]:
    """Die before each statement and commit there is, then not at all."""
    said = []
    for step in range(1, MOST):
        said.append(deaths.dies("statement", step, **person))
        deaths.lives()
        if said[-1] != "died":
            break
    return said


def test_a_text_message_leaves_once_or_is_called_wherever_the_sender_dies(deaths: Deaths) -> None:
    said = points_before_the_end(deaths, **SMS)
    said += [deaths.dies("network", each, **SMS) for each in NETWORK]
    deaths.lives(*IN_THE_END)

    told, texts = deaths.told(), [each["text"] for each in deaths.gateway.taken]
    assert len(said) > 20
    assert set(said) == {"died", "ended"}
    assert len(set(texts)) == len(texts)
    assert {state for way, state in told if way is Way.SMS} == {S.SENT, S.DOUBTFUL}
    # Whoever was perhaps reached is called, nobody else is.
    doubts, calls = told.count((Way.SMS, S.DOUBTFUL)), told.count((Way.CALL, S.TO_CALL))
    assert doubts == calls
    assert doubts + told.count((Way.SMS, S.SENT)) == len(said)


def test_what_perhaps_left_stays_counted_in_the_months_budget(deaths: Deaths) -> None:
    for each in NETWORK:
        deaths.dies("network", each, **SMS)
    deaths.lives(*IN_THE_END)

    with deaths.at(write=False) as desk:
        assert desk.session.scalars(select(SmsMonth.parts)).all() == [len(NETWORK)]


def test_a_mail_leaves_under_one_name_wherever_the_sender_dies(deaths: Deaths) -> None:
    said = points_before_the_end(deaths, **MAIL)
    said += [deaths.dies("network", each, **MAIL) for each in NETWORK]
    deaths.lives(*IN_THE_END)

    told = deaths.told()
    names = {each["message-id"] for each in deaths.box.taken}
    assert len(said) > 20
    assert set(said) == {"died", "ended"}
    assert told == [(Way.EMAIL, S.SENT)] * len(said)
    assert len(names) == len(said)
