"""Yearly archives that were asked for in the browser: made by a job, given as a file."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from palier.db.fields import field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.text import _


class ArchiveState(Choice):
    ASKED = "asked", _("Asked for")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Not made")


class YearArchive(SiteRecord, title="year", unique=("year",)):
    """A year's archive: `records` are those written so far, `sha256` that of its manifest."""

    year: Mapped[int] = field(_("Year"), min=2000, max=2200)
    state: Mapped[ArchiveState] = field(_("State"), default=ArchiveState.ASKED)
    asked_at: Mapped[datetime] = field(_("Asked at"), index=True)
    asked_by: Mapped[str] = field(_("Asked by"), max=8)
    records: Mapped[int] = field(_("Records written"), default=0, min=0)
    done_at: Mapped[datetime | None] = field(_("Ready since"), default=None)
    sha256: Mapped[str | None] = field(_("Fingerprint"), max=64, default=None)
    why: Mapped[str | None] = field(_("Why not"), max=200, default=None)

    def __str__(self) -> str:
        """The year."""
        return str(self.year)
