"""A process that sells or closes and dies where it is told to: each line on its input is one try.

`sale WHO STEP` and `close DAY FOLDER STEP` die before that statement, `copy DAY FOLDER POINT` while
the closing, committed already, is written outside the database.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.receipts.actions import close_day, pay
from palier.residents.models import Resident
from palier.testing.databases import open_database
from palier.testing.dying import DIED, answer_tries, die_at
from palier.testing.plugin import MAGDA, NOW, SECRET, place

LATER = datetime(2027, 12, 1, 9, tzinfo=UTC)


class Undone(Exception):
    """What was done to be warm is not kept."""


@contextmanager
def desk_of(database: Database, now: datetime, *, keeps: bool) -> Iterator[Desk]:
    with suppress(Undone), database.write(1) as session:
        yield Desk(session, place(), MAGDA, now, secret=SECRET)
        if not keeps:
            raise Undone


def sale(database: Database, who: str, *, keeps: bool) -> None:
    with desk_of(database, NOW, keeps=keeps) as desk:
        pay(desk, desk.session.get_one(Resident, int(who)))


def close(database: Database, day: str, folder: str, *, keeps: bool) -> None:
    with desk_of(database, LATER, keeps=keeps) as desk:
        desk.closings = Path(folder)
        close_day(desk, day=date.fromisoformat(day))


def before(owner: Any, name: str, turn: int = 1) -> Callable[[], None]:
    """Die when this function is called for that time."""

    def patch() -> None:
        real, calls = getattr(owner, name), [0]

        def called(*given: Any, **more: Any) -> Any:
            calls[0] += 1
            if calls[0] == turn:
                os._exit(DIED)
            return real(*given, **more)

        setattr(owner, name, called)

    return patch


# Before the file is opened, before it is on the disk, before it has its name, before the folder
# knows the name.
POINTS = {
    "open": before(Path, "open"),
    "sync": before(os, "fsync"),
    "name": before(Path, "replace"),
    "folder": before(os, "fsync", 2),
}
WORK: dict[str, Callable[..., None]] = {"sale": sale, "close": close, "copy": close}


def main(url: str) -> None:
    database = open_database(url)

    def warm(line: list[str]) -> None:
        WORK[line[0]](database, *line[1:-1], keeps=False)
        database.close()

    def once(line: list[str]) -> None:
        word, *given, point = line
        if word == "copy":
            POINTS[point]()
        else:
            die_at(database, int(point))
        WORK[word](database, *given, keeps=True)

    answer_tries(once, warm)


if __name__ == "__main__":
    main(sys.argv[1])
