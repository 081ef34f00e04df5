"""Tables of visits: one person at the desk."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.residents.models import Resident
from palier.text import _

WHO_CAME = Keep(_("Put what one visit owes on one receipt"), months=24, after="on")


class VisitState(Choice):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Counted by mistake")


class Visit(SiteRecord, title="on"):
    """One person at the desk; what is owed in it stays in its basket until it is closed."""

    at: Mapped[datetime] = field(_("At"))
    on: Mapped[date] = field(_("Day"), index=True)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_CAME
    )
    state: Mapped[VisitState] = field(_("State"), default=VisitState.OPEN)
