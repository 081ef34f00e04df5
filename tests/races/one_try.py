"""One process of a race: says "ready", waits for a line, tries once, says what came of it."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from palier.accounts.models import Staff
from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable
from palier.context import Context, Place
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.errors import Refused
from palier.messages.actions import call
from palier.messages.models import Message
from palier.receipts.actions import close_day, pay
from palier.receipts.models import PayMode
from palier.residents.models import Resident
from palier.rosters.actions import cover
from palier.testing.plugin import MAGDA, SECRET
from palier.trail import perform
from palier.visits import visiting, waiting
from palier.visits.actions import count_visit
from palier.visits.models import VisitReason

NOW = datetime(2026, 10, 6, 7, 5, tzinfo=UTC)
PLACE = Place(1, "ampere", "Ampère", "live", ZoneInfo("Europe/Paris"), "fr", "plain", 1, 1)
ENDS = NOW + timedelta(hours=3)


def book(desk: Context) -> None:
    thing = desk.session.get_one(Bookable, 1)
    book_thing(desk, thing, NOW, ENDS, desk.session.get_one(Resident, 1))


def assign(desk: Context) -> None:
    cover(desk, starts_at=NOW, ends_at=ENDS, staff=desk.session.get_one(Staff, 1))


def count(desk: Context) -> None:
    perform(desk, count_visit, None, {"reason": desk.session.get_one(VisitReason, 1)})


def take_up(desk: Context) -> None:
    visiting.take_up(desk, 1)


def take_off(desk: Context) -> None:
    waiting.take_off(desk)


def take_money(desk: Context) -> None:
    who = desk.session.get_one(Resident, 1)
    pay(desk, who, mode=PayMode.VOUCHER, reference="BON 00231")


def ring(desk: Context) -> None:
    perform(desk, call, desk.session.get_one(Message, 1), {})


def end_day(desk: Context) -> None:
    perform(desk, close_day, None, {"day": desk.today})


# What is tried one after the other, each in a transaction of its own.
TRIES = {
    "book": (book,),
    "assign": (assign,),
    "morning": (count, take_up, take_off),
    "money": (take_money, ring),
    "close": (end_day,),
}


def main(url: str, what: str) -> None:
    database = Database(url, threads=1)
    database.reader.connect().close()
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    ends = [database.again(partial(once, database, each)) for each in TRIES[what]]
    print(*ends)  # noqa: T201


def once(database: Database, each: Callable[[Context], None]) -> str:
    try:
        with database.write(1) as session:
            me = replace(MAGDA, name=f"Process {os.getpid()}")
            each(Desk(session, PLACE, me, NOW, secret=SECRET))
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


if __name__ == "__main__":
    main(*sys.argv[1:])
