"""What was cleared because it had been kept for long enough: each run, and what came of each line."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.residents.models import Resident
from palier.text import _


class Sweep(SiteRecord, title="started_at"):
    """One run: those who are due, erased one by one, and other records emptied of their people.

    One goes on at a site at most.
    """

    __table_args__ = (
        Index(
            "uq_sweep_running",
            "site_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    started_at: Mapped[datetime] = field(_("Started"), index=True)
    person_code: Mapped[str] = field(_("By"), default="", max=8)
    due: Mapped[int] = field(_("People due"), default=0, min=0)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)


class Result(Choice):
    """What came of one line of a run."""

    ERASED = "erased", _("Names nobody any more")
    OPEN = "open", _("Left: something is still open")
    ASIDE = "aside", _("Left: a service has a problem")


class Swept(SiteRecord, title="at", stays=True):
    """One line of a run: a person, or so many records of one table. It names nobody."""

    sweep: Mapped[Sweep] = belongs_to(Sweep, _("Run"))
    resident: Mapped[Resident | None] = belongs_to(Resident, _("Resident"), default=None)
    rows: Mapped[int] = field(_("Records"), default=1, min=0)
    result: Mapped[Result] = field(_("Result"))
    at: Mapped[datetime] = field(_("At"))
    table_name: Mapped[str] = mapped_column(String(80))
