"""The archive of a year in the browser: asked for, made meanwhile, taken away as a file."""

from dataclasses import replace
from typing import Annotated

from palier.acts import act, page
from palier.context import Context, Role
from palier.errors import NotThere
from palier.receipts.archives.asking import ask_for, pieces_of, zip_of
from palier.receipts.models import YearArchive
from palier.receipts.rules import is_ready
from palier.screens.declared import Screen
from palier.signature import ask
from palier.text import _
from palier.web.asked import Answer


def last_year(desk: Context) -> int:
    """Start the form with the year that is over."""
    return desk.today.year - 1


@act(_("Ask for an archive"), least=Role.MANAGER)
def ask_archive(
    desk: Context, *, year: Annotated[int, ask(_("Year"), min=2000, max=2200, start=last_year)]
) -> YearArchive:
    """Let a year's journals be written so that they read and verify without Palier; it is closed first."""
    return ask_for(desk, year)


@act(_("Take the file"), when=is_ready, least=Role.MANAGER, then="archive_file", quiet=True)
def take_archive(_desk: Context, archive: YearArchive) -> YearArchive:
    """Take the archive away: verify.py inside proves it with nothing but Python."""
    return archive


@page(_("Archive of a year"), least=Role.MANAGER, rare=True)
def archive_file(desk: Context, *, made: Annotated[int, ask(_("Archive"))]) -> Answer:
    """Give a year's archive as a file."""
    archive = desk.find(YearArchive, made)
    path = zip_of(desk, archive) if archive is not None else None
    if path is None:
        raise NotThere
    empty = Answer.file(b"", path.name, media_type="application/zip", attached=True)
    return replace(empty, stream=pieces_of(path))


archives = Screen(
    YearArchive,
    _("Archives"),
    columns=(
        YearArchive.year,
        YearArchive.state,
        YearArchive.records,
        YearArchive.asked_at,
        YearArchive.asked_by,
        YearArchive.done_at,
    ),
    sections={
        _("Archive"): (YearArchive.year, YearArchive.state, YearArchive.records, YearArchive.why),
        _("Kept"): (YearArchive.asked_at, YearArchive.done_at, YearArchive.sha256),
    },
    newest_first=YearArchive.asked_at,
    acts=(take_archive, ask_archive),
    least=Role.MANAGER,
    menu=False,
    icon="note",
    help=_(
        "A year of the till in files that read and verify without Palier. It is made meanwhile."
    ),
)
