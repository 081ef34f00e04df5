"""One process of a race: says "ready", waits for a line, tries once, says what came of it."""

import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from palier.accounts.models import Staff
from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable
from palier.context import SYSTEM, Context, Place
from palier.db.engine import Database
from palier.errors import Refused
from palier.residents.models import Resident
from palier.rosters.actions import cover

NOW = datetime(2026, 10, 6, 7, 5, tzinfo=UTC)
PLACE = Place(1, "ampere", "Ampère", "live", ZoneInfo("Europe/Paris"), "fr", "plain", 1, 1)
ENDS = NOW + timedelta(hours=3)


def book(desk: Context) -> None:
    thing = desk.session.get_one(Bookable, 1)
    book_thing(desk, thing, NOW, ENDS, desk.session.get_one(Resident, 1))


def assign(desk: Context) -> None:
    cover(desk, starts_at=NOW, ends_at=ENDS, staff=desk.session.get_one(Staff, 1))


def main(url: str, what: str) -> None:
    database = Database(url, threads=1)
    database.reader.connect().close()
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    print(database.again(lambda: once(database, what)))  # noqa: T201


def once(database: Database, what: str) -> str:
    try:
        with database.write(1) as session:
            {"book": book, "assign": assign}[what](Context(session, PLACE, SYSTEM, NOW))
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


if __name__ == "__main__":
    main(*sys.argv[1:])
