"""A process that sends messages and dies where it is told to: each line on its input is one try.

It reads `statement 7`, `network connect`, `network sent` or `network answered`, forks, and the child
dies there without a word; the answer is "died" or "ended".
"""

import http.client
import os
import smtplib
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from palier.db.engine import Database
from palier.house import House
from palier.jobs.running import Run
from palier.messages.gateway import HttpGateway
from palier.messages.mail import SmtpServer
from palier.messages.sending import Ways, send_due
from palier.plugins import discover
from palier.settings import MailServer, Settings, SmsGateway
from palier.testing.dying import DIED, answer_tries, die_at

REPLIES = 6  # greeting, hello, sender, address, "go ahead", and the one after the whole message


class Stops:
    """A way that dies when the other side has answered."""

    def __init__(self, way: Any) -> None:
        self.way = way

    def send(self, content: Any) -> Any:
        self.way.send(content)
        os._exit(DIED)

    def close(self) -> None:
        self.way.close()


def child(url: str, now: datetime, ways: Ways, where: str, point: str) -> None:
    database = Database(url, threads=1)
    if where == "statement":
        die_at(database, int(point))
    elif point == "connect":
        sys.addaudithook(lambda name, _given: os._exit(DIED) if name == "socket.connect" else None)
    elif point == "sent":
        die_before_the_answer()
    elif point == "answered":
        ways = Ways(Stops(ways.sms), Stops(ways.mail))
    settings = Settings(Path(), url, url, b"only-for-tests", Path(), Path())
    house = House(settings, database, discover(), clock=lambda: now)
    send_due(Run(house, "ampere", "job messages.send"), ways)
    os._exit(0)


def never(_connection: object) -> None:
    os._exit(DIED)


def die_before_the_answer() -> None:
    """Die when all was sent and nothing was read."""
    replies, reply = [0], smtplib.SMTP.getreply

    def last(connection: smtplib.SMTP) -> tuple[int, bytes]:
        replies[0] += 1
        if replies[0] == REPLIES:
            os._exit(DIED)
        return reply(connection)

    smtplib.SMTP.getreply = last  # type: ignore[assignment,method-assign]  # in this process
    http.client.HTTPConnection.getresponse = never  # type: ignore[assignment,method-assign]


def main(url: str, now: str, sms: str, mail: str) -> None:
    moment = datetime.fromisoformat(now)
    discover()

    def once(line: list[str]) -> None:
        where, point = line
        gateway = SmsGateway(sms, '{"to": "{to}", "text": "{text}"}', "", answer="id")
        server = MailServer("127.0.0.1", int(mail), "none", "bonjour@conciergerie.example")
        ways = Ways(HttpGateway(gateway, 2.0), SmtpServer(server, 2.0))
        child(url, moment, ways, where, point)

    answer_tries(once)


if __name__ == "__main__":
    main(*sys.argv[1:])
