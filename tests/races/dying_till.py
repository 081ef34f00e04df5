"""A process that sells, counts, closes or archives, and dies where it is told to.

Each line on its input is one try. `send PATH FORM STEP` is a form, sent as a browser sends it;
`archive FOLDER STEP` is the job that makes the archives that were asked for. A step is the number
of a statement, of a commit and, below the folder, of a file that is opened, named or removed; or it
is the name of a point.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event, update

from palier.accounts.identity import AccountIdentity
from palier.house import House
from palier.jobs.running import Run
from palier.plugins import discover
from palier.receipts.archives.asking import make_archives
from palier.receipts.models import ArchiveState, YearArchive
from palier.screens.routing import resolve
from palier.settings import Settings
from palier.testing.databases import open_database
from palier.testing.dying import DIED, DIED_READING, answer_tries, die_at
from palier.testing.plugin import SECRET
from palier.web.asked import Request, csrf_of
from palier.web.wrapper import TOKEN, Wrapper

SEES_OTHER = 303


class Undone(Exception):
    """What was done to be warm is not kept."""


def undo(_connection: object) -> NoReturn:
    raise Undone


def refuse(_request: Request, refusal: Exception, *_more: object) -> NoReturn:
    raise refusal


def send(house: House, token: str, path: str, form: str) -> None:
    """Send a form to an act's address; fails when it is not sent on."""
    wrapper = Wrapper(house.database, AccountIdentity(), house.desk, refuse, SECRET, house.clock)
    headers = {"x-csrf-token": csrf_of(SECRET, token)}
    request = Request("POST", path, {}, form.encode(), headers, {TOKEN: token})
    slug, _desk, *rest = path.strip("/").split("/")
    answer = wrapper.answer(request, slug, resolve(house.drawing, "/".join(rest)))
    assert answer.status == SEES_OTHER, answer.body


def archive(house: House, folder: str) -> None:
    settings = replace(house.settings, archives_folder=Path(folder))
    make_archives(Run(replace(house, settings=settings), "ampere", "job receipts.make_archives"))


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


# Of a copy outside: before the file is opened, before it is on the disk, before it has its name,
# before the folder knows the name.
POINTS = {
    "open": before(Path, "open"),
    "sync": before(os, "fsync"),
    "name": before(Path, "replace"),
    "folder": before(os, "fsync", 2),
}


@dataclass
class Till:
    """The house in which it happens, and the session of who sends the forms."""

    house: House
    token: str

    def does(self, word: str, *given: str) -> None:
        if word == "archive":
            archive(self.house, *given)
        else:
            send(self.house, self.token, *given)

    def warms(self, line: list[str]) -> None:
        """Do it once: an archive beside the folder, anything else not to be kept."""
        word, *given, _step = line
        database = self.house.database
        if word == "archive":
            self.does(word, f"{given[0]}-warm")
            with self.house.at("ampere", "test") as desk:
                desk.session.execute(update(YearArchive).values(state=ArchiveState.ASKED))
        else:
            event.listen(database.writer, "commit", undo)
            with suppress(Undone):
                self.does(word, *given)
            event.remove(database.writer, "commit", undo)
        database.close()

    def dies(self, line: list[str]) -> None:
        *what, step = line
        if step in POINTS:
            POINTS[step]()
        elif step.isdigit():
            folder = what[1] if what[0] == "archive" else None
            die_at(self.house.database, int(step), folder, reading=DIED_READING)
        self.does(*what)
        if step == "answered":
            os._exit(DIED)  # all is written, and nobody hears of it


def main(url: str, home: str, moment: str, token: str) -> None:
    folder, now = Path(home), datetime.fromisoformat(moment)
    settings = Settings(folder, url, url, SECRET, folder / "closings", folder / "access.jsonl")
    house = House(settings, open_database(url), discover(), clock=lambda: now)
    till = Till(house, token)
    answer_tries(till.dies, till.warms)


if __name__ == "__main__":
    main(*sys.argv[1:])
