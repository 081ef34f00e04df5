"""What is owed: the price list, charges."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Instant, Key
from palier.providers.models import Provider
from palier.receipts.models.ledgers import Fund
from palier.residents.models import Bracket, Household, Resident
from palier.text import Cents, Text, _, show, show_weight
from palier.visits.models import Visit

if TYPE_CHECKING:
    from palier.context import Context

R = TypeVar("R", bound=SiteRecord)

WHO_OWES = Keep(_("Know who owes what"), months=24, after="charged_on")


class VatClass(Choice):
    """What a thing is for VAT; the rate of each is dated, in data/vat.toml."""

    STANDARD = "standard", _("Standard rate: hire, repair, workshops, goods")
    INTERMEDIATE = "intermediate", _("Intermediate rate: eaten on the spot, transport")
    REDUCED = "reduced", _("Reduced rate: food, books")
    PRESS = "press", _("Rate of the daily press")
    EXEMPT = "exempt", _("Exempt: post, for instance")


GRAMS = 1000  # of a kilogram


class Unit(Choice):
    """What a price is for; the stored word stands in the journal."""

    PIECE = "u", _("piece")
    HOUR = "hour", _("hour")
    HALF_DAY = "half_day", _("half-day")
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    KG = "kg", _("kg")

    def of(self, quantity: int) -> Decimal:
        """Return how many of it a quantity is: a charge by the kilogram counts grams."""
        return Decimal(quantity) / GRAMS if self is Unit.KG else Decimal(quantity)

    def shown(self, quantity: int) -> str:
        """Say a quantity as people read it: 480 grams are 0.480 kg."""
        return show_weight(quantity) if self is Unit.KG else show(quantity)


class Tariff(NamedTuple):
    """One price of a record: what it is for, in words, for one of what, and its usual VAT."""

    label: Text
    unit: Unit
    vat: VatClass = VatClass.STANDARD


ONE = "one"  # the tariff of a record that has one price only


class Priced(SiteRecord):
    """A record with a price list: dated rows, one for each bracket.

    `tariffs` are the prices it has: `{"day": Tariff(_("A day"), Unit.DAY)}` is the row
    `<its item>.day`; with `ONE` alone, the row is the item itself. Managers set each on its page.
    """

    __abstract__ = True
    tariffs: ClassVar[Mapping[str, Tariff]] = {ONE: Tariff(_("One"), Unit.PIECE)}

    @property
    def seller(self) -> Provider | None:
        """In whose name it is sold: a provider's, or None for our own.

        In a provider's name its price is the provider's, and what is paid is collected for them.
        """
        return None

    def item_of(self, tariff: str) -> str:
        """Return the name of one of its prices in the price list."""
        return self.price_item if tariff == ONE else f"{self.price_item}.{tariff}"

    @property
    def price_item(self) -> str:
        """The name of its rows in the price list: `bike_hire.kind.3`."""
        word = self.__tablename__.removeprefix(f"{self.package}_")
        return f"{self.package}.{word}.{self.id}"


class Price(SiteRecord, title="label", copied=True):
    """What one unit of a thing costs from a day on. A change is a new row."""

    __table_args__ = (
        Index(
            "uq_price_once",
            "site_id",
            "item",
            "valid_from",
            text("coalesce(provider_id, 0)"),
            text("coalesce(bracket_id, 0)"),
            unique=True,
        ),
    )
    label: Mapped[str] = field(_("What"), max=120, default="", search=True, index=True)
    item: Mapped[str] = field(
        _("Code"),
        max=80,
        help=_("As the service names it: membership.year, bike_hire.kind.1"),
        search=True,
    )
    cents: Mapped[Cents] = field(_("Price"), min=0, nothing=_("Free"))
    unit: Mapped[Unit] = field(_("For one"), default=Unit.PIECE)
    vat_class: Mapped[VatClass] = field(_("VAT"), default=VatClass.STANDARD)
    is_service: Mapped[bool] = field(
        _("A service"),
        default=True,
        help=_("Work, hire, a workshop: from a sum on, a note of it is written before it is paid"),
    )
    valid_from: Mapped[date] = field(_("From"), index=True)
    valid_to: Mapped[date | None] = field(
        _("Until"), default=None, help=_("The first day on which it no longer holds")
    )
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Provider"), default=None)
    bracket: Mapped[Bracket | None] = belongs_to(Bracket, _("Bracket"), default=None)
    fund_ledger: Mapped[Fund | None] = belongs_to(Fund, _("Fund that pays the rest"), default=None)
    if TYPE_CHECKING:  # made by the links above
        provider_id: Mapped[int | None] = mapped_column()
        bracket_id: Mapped[int | None] = mapped_column()
        fund_ledger_id: Mapped[int | None] = mapped_column()


class PriceOf(Choice):
    """What a price is for, where it is said: the law wants a note of services only."""

    SERVICE = "service", _("A service")
    GOODS = "goods", _("Goods")


class ChargeState(Choice):
    OPEN = "open", _("To pay")
    RECEIPTED = "receipted", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")
    WAIVED = "waived", _("Waived")


class ChargeKind(Choice):
    """Only a sale is turnover."""

    SALE = "sale", _("Sale")
    AGENT = "agent", _("Collected for a provider")
    CONTAINER = "container", _("Container deposit")
    TAB_SETTLED = "tab_settled", _("Tab settled")


class WaiveReason(Choice):
    OUR_MISTAKE = "our_mistake", _("Our mistake")
    NOT_AS_PROMISED = "not_as_promised", _("Not as promised")
    GOODWILL = "goodwill", _("Goodwill")
    MANAGER = "manager", _("Decided by the manager")


class Charge(SiteRecord, title="label"):
    """One thing owed. The basket is the open charges of a visit and of its resident.

    `service` is the package it was charged by, kept in the column `package`. Its figures are of
    the day `charged_on`: a price that changes later changes nothing that was handed out before.
    """

    __table_args__ = (
        # Nothing is sold twice.
        Index(
            "uq_charge_once",
            "site_id",
            "package",
            "source_type",
            "source_id",
            "what",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        ForeignKeyConstraint(
            ["site_id", "fund_ledger_id"], ["ledger.site_id", "ledger.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["site_id", "provider_id"], ["provider.site_id", "provider.id"], ondelete="RESTRICT"
        ),
        # Less than one is only a container that comes back.
        CheckConstraint("quantity > 0 OR kind = 'container' AND quantity < 0", name="quantity"),
    )
    visit: Mapped[Visit | None] = belongs_to(Visit, _("Visit"), default=None)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=WHO_OWES
    )
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=WHO_OWES
    )
    service: Mapped[str] = mapped_column("package", String(40))
    source_type: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[int | None] = mapped_column(Key)
    what: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = field(_("What"), max=120)
    quantity: Mapped[int] = field(_("Quantity"))
    unit: Mapped[Unit] = field(_("For one"), default=Unit.PIECE)
    unit_cents: Mapped[Cents] = field(_("Price"))
    total_cents: Mapped[Cents] = field(_("To pay"))
    full_cents: Mapped[Cents] = field(_("Full price"))
    vat_class: Mapped[VatClass] = field(_("VAT"))
    is_service: Mapped[bool] = field(_("A service"), default=False)
    kind: Mapped[ChargeKind] = field(_("Kind"), default=ChargeKind.SALE)
    state: Mapped[ChargeState] = field(_("State"), default=ChargeState.OPEN)
    reason: Mapped[WaiveReason | None] = field(_("Reason"), default=None)
    bracket: Mapped[Bracket | None] = belongs_to(Bracket, _("Bracket"), default=None, keep=WHO_OWES)
    charged_on: Mapped[date] = field(_("Day"), index=True)
    charged_at: Mapped[datetime] = mapped_column(Instant)
    provider_id: Mapped[int | None] = mapped_column(Key)
    fund_ledger_id: Mapped[int | None] = mapped_column(Key)
    if TYPE_CHECKING:  # made by the links above
        visit_id: Mapped[int | None] = mapped_column()
        resident_id: Mapped[int | None] = mapped_column()
        household_id: Mapped[int | None] = mapped_column()
        bracket_id: Mapped[int | None] = mapped_column()

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that are to be paid."""
        return cls.state == ChargeState.OPEN

    def source(self, desk: "Context", model: type[R]) -> R | None:
        """Return what it was charged for, if that is one of `model`."""
        if self.source_id is None or self.source_type != model.__tablename__:
            return None
        return desk.find(model, self.source_id)
