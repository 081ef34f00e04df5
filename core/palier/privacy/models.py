"""What was cleared because it had been kept for long enough: each run, and what came of each line."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.residents.models import Resident
from palier.text import _


class Sweep(SiteRecord, title="started_at"):
    """One run: those who are due, erased one by one, and other records emptied of their people."""

    started_at: Mapped[datetime] = field(_("Started"), index=True)
    person_code: Mapped[str] = field(_("By"), default="", max=8)
    due: Mapped[int] = field(_("People due"), default=0, min=0)
    erased: Mapped[int] = field(_("People erased"), default=0, min=0)
    stayed: Mapped[int] = field(_("People left as they are"), default=0, min=0)
    emptied: Mapped[int] = field(_("Other records that name nobody now"), default=0, min=0)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)


class Result(Choice):
    """What came of one line of a run."""

    ERASED = "erased", _("Names nobody any more")
    OPEN = "open", _("Left: something is still open")
    ASIDE = "aside", _("Left: a service has a problem")


class Swept(SiteRecord, title="what", stays=True):
    """One line of a run: a person, or so many records of one sort. It names nobody."""

    sweep: Mapped[Sweep] = belongs_to(Sweep, _("Run"))
    what: Mapped[str] = field(_("What"), max=60)
    resident: Mapped[Resident | None] = belongs_to(Resident, _("Resident"), default=None)
    rows: Mapped[int] = field(_("Records"), default=1, min=0)
    result: Mapped[Result] = field(_("Result"))
    at: Mapped[datetime] = field(_("At"))
