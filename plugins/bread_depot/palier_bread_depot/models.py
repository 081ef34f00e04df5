"""What the bread depot remembers."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from palier.api import (
    ONE,
    Choice,
    ColumnElement,
    Keep,
    Mapped,
    Priced,
    Provider,
    Resident,
    SiteRecord,
    Tariff,
    Unit,
    VatClass,
    _,
    at_least,
    belongs_to,
    computed,
    field,
    validates,
)

from .keys import read_key


class Bread(Priced, title="name", unique=("key",), copied=True):
    """A kind of bread. What it costs is in the price list, in its baker's name where it has one."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {ONE: Tariff(_("One"), Unit.PIECE, VatClass.REDUCED)}

    name: Mapped[str] = field(_("Kind of bread"), max=60, index=True)
    key: Mapped[str] = field(
        _("Key"), max=1, help=_("One letter: typed at the desk, it sells this bread.")
    )
    baker: Mapped[Provider | None] = belongs_to(Provider, _("Baker"), default=None)
    active: Mapped[bool] = field(_("Sold now"), default=True)
    suspended: Mapped[int] = field(_("Suspended bread that waits"), default=0, min=0)

    @validates("key")
    def _one_letter(self, _name: str, given: str) -> str:
        return read_key(given)

    @property
    def seller(self) -> Provider | None:
        """In whose name it is sold."""
        return self.baker


class Series(SiteRecord, title="year", unique=("year",)):
    """How many delivery notes a year has: each takes the next number."""

    year: Mapped[int] = field(_("Year"), min=2000, max=2200)
    last: Mapped[int] = field(_("Last number"), default=0, min=0)


class Delivery(SiteRecord, title="number", unique=("number",)):
    """What one baker left on one day: its note has a number."""

    number: Mapped[str] = field(_("Delivery note"), max=20)
    baker: Mapped[Provider | None] = belongs_to(Provider, _("Baker"), default=None)
    came_on: Mapped[date] = field(_("Day"), index=True)


class Batch(SiteRecord, title=("bread", "baked_on"), unique=("baked_on", "bread")):
    """One bread on one day: what came, and what became of it."""

    bread: Mapped[Bread] = belongs_to(Bread, _("Kind of bread"))
    baked_on: Mapped[date] = field(_("Day"), index=True)
    delivery: Mapped[Delivery | None] = belongs_to(Delivery, _("Delivery note"), default=None)
    delivered: Mapped[int] = field(_("Delivered"), default=0, min=0)
    reserved: Mapped[int] = field(_("Reserved"), default=0, min=0)
    sold: Mapped[int] = field(_("Sold"), default=0, min=0)
    returned: Mapped[int] = field(_("Back to the baker"), default=0, min=0)
    given: Mapped[int] = field(_("Suspended bread"), default=0, min=0)

    @computed(_("On the shelf"))
    def on_shelf(self) -> int:
        return self.delivered - self.sold - self.returned - self.given

    @computed(_("Free to sell"))
    def free(self) -> int:
        return at_least(0, self.on_shelf - self.reserved)

    @computed(_("Reserved and not there"))
    def awaited(self) -> int:
        # Reservations are made the day before the baker comes.
        return at_least(0, self.reserved - self.on_shelf)


class State(Choice):
    WAITING = "waiting", _("Waiting")
    FETCHED = "fetched", _("Fetched")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Not fetched")


WHO = Keep(_("Put reserved bread aside"), months=1, after="fetch_on")


class Order(SiteRecord, title="loaves"):
    """Bread for someone: reserved for a day, or sold at once to whoever is at the desk."""

    resident: Mapped[Resident | None] = belongs_to(Resident, _("Resident"), default=None, keep=WHO)
    bread: Mapped[Bread] = belongs_to(Bread, _("Kind of bread"))
    fetch_on: Mapped[date] = field(_("Day"), index=True)
    loaves: Mapped[int] = field(_("Loaves"), min=1)
    ahead: Mapped[bool] = field(_("Reserved"), default=False)
    taken: Mapped[int] = field(_("Handed over"), default=0, min=0)
    for_neighbour: Mapped[int] = field(_("Of these, for a neighbour"), default=0, min=0)
    state: Mapped[State] = field(_("State"), default=State.WAITING, index=True)

    def __str__(self) -> str:
        """Say how many of what."""
        return f"{self.loaves} × {self.bread}"

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that are put aside for someone."""
        return cls.state == State.WAITING
