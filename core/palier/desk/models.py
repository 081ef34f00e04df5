"""What the desk itself remembers: the note that one day leaves for the next."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Key
from palier.residents.models import Resident
from palier.text import _

HANDED_OVER = Keep(_("Tell the next person at the desk what is open"), months=3, after="on")
LINE = "line"  # what someone wrote by hand


class HandoverItem(
    SiteRecord, title="text", unique=("on", "service", "what", "source_type", "source_id")
):
    """One open thing in a day's note, in words of the site's language; ticked by the next.

    `service` is the package that said it; `what` tells its things apart. A note is made of queries, so that writing it again changes nothing.
    """

    on: Mapped[date] = field(_("Day"), index=True)
    service: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(80))
    source_type: Mapped[str] = mapped_column(String(80))
    source_id: Mapped[int] = mapped_column(Key)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=HANDED_OVER
    )
    text: Mapped[str] = field(_("What is open"), max=200, keep=HANDED_OVER)
    written_at: Mapped[datetime] = field(_("Written"))
    written_by: Mapped[str] = field(_("By"), max=80)
    done_at: Mapped[datetime | None] = field(_("Read"), default=None)
    done_by: Mapped[str | None] = field(_("Read by"), max=80, default=None)
