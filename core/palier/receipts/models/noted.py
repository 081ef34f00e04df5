"""The note of a service: handed over before it is paid, its second copy kept."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Basis, Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Key
from palier.providers.models import Provider
from palier.receipts.models.owed import Charge, Unit
from palier.residents.models import Resident
from palier.text import Cents, _

# The second copy is kept two years with the name on it (order 83-50/A, unverified): a duty that
# an erasure waits for. The link to the person's record is no part of it.
NAMED_BY_LAW = Keep(
    _("Name the customer on the note of a service"), months=24, after="on", basis=Basis.LAW
)
WHO_IS_NOTED = Keep(_("Find a note again for the person"), months=24, after="on")


class ServiceNote(
    SiteRecord, title="number", unique=("number",), issued=True, loose=("resident_id",)
):
    """What a service costs, written down before it is paid (order 83-50/A of 3 October 1983)."""

    number: Mapped[str] = field(_("Number"), max=70)
    at: Mapped[datetime] = field(_("At"))
    on: Mapped[date] = field(_("Day"), index=True)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_IS_NOTED
    )
    total_cents: Mapped[Cents] = field(_("Total"))
    person_code: Mapped[str] = field(_("Served by"), max=8)
    operator_id: Mapped[int] = mapped_column(Key, ForeignKey("operator.id", ondelete="RESTRICT"))
    vat_regime: Mapped[str] = mapped_column(String(12))
    # In whose name the services are sold, as it was that day: they have a note of their own.
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Provider"), default=None)
    provider_name: Mapped[str | None] = mapped_column(String(120))


class ServiceNoteLine(SiteRecord, title="label", issued=True):
    """One service of a note, as its charge was then."""

    known_as = _("Lines of notes")
    note: Mapped[ServiceNote] = belongs_to(ServiceNote, _("Note"))
    charge: Mapped[Charge] = belongs_to(Charge, _("To pay"))
    label: Mapped[str] = field(_("What"), max=120)
    quantity: Mapped[int] = field(_("Quantity"))
    unit: Mapped[Unit] = field(_("For one"))
    unit_cents: Mapped[Cents] = field(_("Price"))
    total_cents: Mapped[Cents] = field(_("Total"))
    served_on: Mapped[date] = field(_("Day"))
    vat_rate: Mapped[str | None] = mapped_column(String(6))
    if TYPE_CHECKING:  # made by the links above
        note_id: Mapped[int] = mapped_column()
        charge_id: Mapped[int] = mapped_column()


class NoteName(SiteRecord, title="erase_on", unique=("note",)):
    """The customer's name on a note, outside what is issued, so that it can go in time."""

    known_as = _("Names on notes")
    note: Mapped[ServiceNote] = belongs_to(ServiceNote, _("Note"))
    customer_name: Mapped[str | None] = field(
        _("Customer"), max=120, default=None, keep=NAMED_BY_LAW
    )
    on: Mapped[date] = field(_("Day"))
    erase_on: Mapped[date] = field(_("Erased on"), index=True)
    if TYPE_CHECKING:  # made by the link above
        note_id: Mapped[int] = mapped_column()
