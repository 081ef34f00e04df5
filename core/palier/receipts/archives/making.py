"""Making a yearly archive: the year is closed, the files written, the journal told, the folder named."""

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.archives.segments import Segment, segments_of
from palier.receipts.archives.verify import sha256
from palier.receipts.archives.writing import MANIFEST, Made, Tell, keys_of, write_archive
from palier.receipts.closings import AlreadyClosed, NotOverYet, close_year
from palier.receipts.journal import Entry, Kind, add_event
from palier.receipts.models import ArchiveState, Journal, Register, YearArchive
from palier.receipts.tills import who_signs, write_down
from palier.rhythm import Turn
from palier.text import _


class ArchiveThere(Refused):
    text = _(
        "%(folder)s is already there: an archive is never written over. Choose another folder."
    )


@dataclass(frozen=True)
class Archived:
    """Where an archive stands, and what is in it."""

    folder: Path
    records: int
    sha256: str


def close_for_archive(desk: Context, year: int) -> list[Entry]:
    """Close a year that is over, its missing days and months first; nothing for one that is closed.

    Raises `NotOverYet`, and what a closing is refused for.
    """
    if date(year, 12, 31) >= desk.today:
        raise NotOverYet(to=date(year + 1, 1, 1))
    try:
        return close_year(desk, year)
    except AlreadyClosed:
        return []


def folder_of(slug: str, year: int, to: Path) -> Path:
    """Return the folder in which a year's archive stands."""
    return to / f"{slug}-{year}"


def make_archive(turn: Turn, slug: str, year: int, to: Path, tell: Tell) -> Archived:
    """Close the year, write its archive below `to`, and say so in the journal.

    Written beside its place, told to the journal, then given its name: a process that dies leaves
    no half archive under that name, and the next call goes on. Raises `ArchiveThere`,
    `NotOverYet`, `NothingOfThatYear`, `JournalNotWhole`, `OSError`.
    """
    folder = folder_of(slug, year, to)
    if folder.exists():
        raise ArchiveThere(folder=str(folder))
    half = folder.with_suffix(".part")
    if not turn.looks(lambda desk: _was_told(desk, half)):
        shutil.rmtree(half, ignore_errors=True)
        turn.does(lambda desk: close_for_archive(desk, year))
        made = turn.looks(lambda desk: _written(desk, year, half, tell))
        turn.does(lambda desk: note_archive(desk, year, made))
    half.replace(folder)
    digest = sha256(folder / MANIFEST)
    records = turn.looks(lambda desk: sum(each.records for each in segments_of(desk, year)))
    made_now = Archived(folder, records, digest)
    turn.does(lambda desk: _keep(desk, year, made_now))
    return made_now


def _keep(desk: Context, year: int, made: Archived) -> None:
    """Write the row of a year that a command archives; one that was asked for is the job's."""
    row = desk.lock(select(YearArchive).where(YearArchive.year == year))
    if row is not None and row.state is not ArchiveState.FAILED:
        return
    if row is None:
        row = desk.add(YearArchive(year=year, asked_at=desk.now, asked_by=who_signs(desk)))
    row.state, row.why, row.records = ArchiveState.DONE, None, made.records
    row.sha256, row.done_at = made.sha256, desk.now


def plan_archive(desk: Context, year: int, to: Path) -> list[dict[str, object]]:
    """Say what an archive would hold and which closings it would make first.

    The closings are made to be counted: the caller rolls them back.
    """
    closings = Counter(json.loads(each.body)["register"] for each in close_for_archive(desk, year))
    folder = folder_of(desk.site.slug, year, to)
    if folder.exists():
        raise ArchiveThere(folder=str(folder))
    return [
        {
            "register": each.register.code,
            "records": each.records,
            "closings first": closings[each.register.code],
            "folder": str(folder),
        }
        for each in segments_of(desk, year)
    ]


def write_keys(turn: Turn, year: int, path: Path) -> None:
    """Write the keys that prove a year's archive into a file that only its owner reads.

    Raises `ArchiveThere` when the file is there already.
    """
    keys = turn.looks(lambda desk: keys_of(desk, segments_of(desk, year)))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ArchiveThere(folder=str(path)) from error
    with os.fdopen(handle, "w") as file:
        json.dump(keys, file, indent=1)


def _written(desk: Context, year: int, folder: Path, tell: Tell) -> Made:
    return write_archive(desk, year, segments_of(desk, year), folder, tell)


def _was_told(desk: Context, half: Path) -> bool:
    """Whether a half archive lacks nothing but its name: the journal knows its manifest."""
    if not (half / MANIFEST).exists():
        return False
    digest = sha256(half / MANIFEST)
    query = select(Journal.seq).where(Journal.kind == Kind.EVENT.value)
    return desk.session.scalar(query.where(Journal.body.contains(digest)).limit(1)) is not None


def note_archive(desk: Context, year: int, made: Made) -> None:
    """Write into each register's journal that its year was archived (domain 1.11)."""
    for segment in segments_of(desk, year):
        _note(desk, segment, year, made)


def _note(desk: Context, segment: Segment, year: int, made: Made) -> None:
    register = desk.lock(select(Register).where(Register.id == segment.register.id))
    assert register is not None  # noqa: S101 - its journal was just read
    write_down(
        desk,
        register,
        lambda head, key: add_event(
            head,
            key,
            code="archive",
            at=desk.local(desk.now),
            operator=desk.actor.person_code or "system",
            year=year,
            first_seq=segment.first_seq,
            last_seq=segment.last_seq,
            sha256=made.sha256,
        ),
    )
