"""An archive asked for in the browser: a row, a job that makes it, a file to take away."""

import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.archives.making import folder_of, make_archive
from palier.receipts.archives.verify import sha256
from palier.receipts.archives.writing import MANIFEST
from palier.receipts.models import ArchiveState, YearArchive
from palier.receipts.tills import who_signs
from palier.rhythm import Turn, soon
from palier.text import _

JOB = "make_archives"
STEP = 5000  # records between two notes of how far it is
PIECE = 1 << 20


class YearNotOver(Refused):
    text = _("%(year)s is not over yet.")
    field = "year"


class ArchiveAsked(Refused):
    text = _("The archive of %(year)s was asked for already: %(state)s.")
    field = "year"


def ask_for(desk: Context, year: int) -> YearArchive:
    """Ask for a year's archive; one that failed, or whose file is gone, is made again.

    Raises `YearNotOver`, `ArchiveAsked`.
    """
    if year >= desk.today.year:
        raise YearNotOver(year=str(year))
    row = desk.lock(select(YearArchive).where(YearArchive.year == year))
    if row is not None and row.state is not ArchiveState.FAILED and not _is_gone(desk, row):
        raise ArchiveAsked(year=str(year), state=row.state.label)
    if row is None:
        row = desk.add(YearArchive(year=year, asked_at=desk.now, asked_by=who_signs(desk)))
    row.state, row.why, row.records = ArchiveState.ASKED, None, 0
    soon(desk, "receipts", JOB)
    return row


def make_archives(turn: Turn) -> None:
    """Make each archive that was asked for; one left half by a process that died goes on."""
    slug = turn.looks(lambda desk: desk.site.slug)
    for id, year in turn.looks(_waiting):
        _note(turn, id, state=ArchiveState.RUNNING)
        try:
            _make(turn, slug, id, year)
        except (Refused, OSError) as error:
            words = str(error) or type(error).__name__
            _note(turn, id, state=ArchiveState.FAILED, why=words[:200])


def _make(turn: Turn, slug: str, id: int, year: int) -> None:
    to = turn.settings.archives
    folder, told = folder_of(slug, year, to), [0]

    def tell(records: int) -> None:
        if records - told[0] >= STEP:
            told[0] = records
            _note(turn, id, records=records)

    records: int | None = None
    if not folder.exists():
        records = make_archive(turn, slug, year, to, tell).records
    _zip(folder)
    known = {"records": records} if records is not None else {}
    digest, now = sha256(folder / MANIFEST), turn.now
    _note(turn, id, state=ArchiveState.DONE, sha256=digest, done_at=now, **known)


def _waiting(desk: Context) -> list[tuple[int, int]]:
    open_ = YearArchive.state.in_([ArchiveState.ASKED, ArchiveState.RUNNING])
    rows = desk.session.execute(select(YearArchive.id, YearArchive.year).where(open_))
    return [(id, year) for id, year in rows]


def _note(turn: Turn, id: int, **values: object) -> None:
    def write(desk: Context) -> None:
        row = desk.session.get_one(YearArchive, id)
        for name, value in values.items():
            setattr(row, name, value)

    turn.does(write)


def zip_of(desk: Context, archive: YearArchive) -> Path | None:
    """Return the file of an archive that is ready; None while it is not."""
    if desk.archives is None:
        return None
    path = _zipped(folder_of(desk.site.slug, archive.year, desk.archives))
    return path if path.exists() else None


def _is_gone(desk: Context, archive: YearArchive) -> bool:
    known = archive.state is ArchiveState.DONE and desk.archives is not None
    return known and zip_of(desk, archive) is None


def _zipped(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")


def _zip(folder: Path) -> None:
    half = folder.with_name(f"{folder.name}.zip.part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                file.write(each, f"{folder.name}/{each.relative_to(folder)}")
    half.replace(_zipped(folder))


def pieces_of(path: Path) -> Callable[[], AsyncIterator[bytes]]:
    """Return what sends a file bit by bit: a year may be larger than the memory."""

    async def send() -> AsyncIterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    return send
