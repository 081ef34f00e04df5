"""What bulk food remembers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from palier.api import (
    ONE,
    Choice,
    Grams,
    Household,
    Keep,
    Mapped,
    Priced,
    Provider,
    Resident,
    SiteRecord,
    Tariff,
    Ticks,
    Unit,
    VatClass,
    _,
    belongs_to,
    field,
    validates,
)

from .allergens import ALLERGENS, Goods
from .keys import check_loose, read_code, read_item

# Regulation (EC) 178/2002, art. 18: who supplied a lot and who got it; five years as guidance says.
TRACED = Keep(_("Warn whoever took food of a lot that is called back"), months=60, after="at")
ORDERED = Keep(_("Know who ordered what"), months=24, after="ordered_on")
LENT = Keep(_("Know how many containers a household has"), months=24, after="at")


class Sold(Choice):
    KG = "kg", _("By the kilogram")
    PIECE = "piece", _("By the piece")


class DateKind(Choice):
    """What a date on food means (Regulation 1169/2011, art. 24)."""

    USE_BY = "use_by", _("Use by")
    BEST_BEFORE = "best_before", _("Best before")


class Product(Priced, title="name", unique=("code",), copied=True):
    """Food with its price, its producer, its allergens."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {
        Sold.KG.value: Tariff(_("by the kilogram"), Unit.KG, VatClass.REDUCED),
        Sold.PIECE.value: Tariff(_("by the piece"), Unit.PIECE, VatClass.REDUCED),
    }

    code: Mapped[str] = field(
        _("Code"), max=8, help=_("Some letters or digits, as on the order form: len.")
    )
    name: Mapped[str] = field(_("Product"), max=60, search=True)
    sold: Mapped[Sold] = field(_("Sold"), default=Sold.KG)
    goods: Mapped[Goods] = field(_("What it is"), default=Goods.EVERYDAY)
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Producer"), default=None)
    in_their_name: Mapped[bool] = field(
        _("Sold in the producer's name"),
        default=False,
        help=_("The price is then the producer's, and what is paid is collected for them."),
    )
    allergens_known: Mapped[bool] = field(_("The allergen sheet is here"), default=False)
    allergens: Mapped[Ticks | None] = field(_("Allergens"), items=ALLERGENS, default=None)
    named: Mapped[str | None] = field(
        _("Which cereal, which nut"),
        default=None,
        max=80,
        help=_("As on the sheet: wheat, hazelnut."),
    )
    traces: Mapped[str | None] = field(_("Possible traces"), default=None, max=80)
    date_kind: Mapped[DateKind] = field(_("Its date says"), default=DateKind.BEST_BEFORE)
    item: Mapped[str | None] = field(
        _("Number on the scale's labels"), default=None, max=6, help=_("4 to 6 digits.")
    )
    barcode: Mapped[str | None] = field(_("Barcode"), default=None, max=14)
    active: Mapped[bool] = field(_("Can be ordered"), default=True)

    @validates("code")
    def _read_code(self, _name: str, given: str) -> str:
        return read_code(given)

    @validates("item")
    def _read_item(self, _name: str, given: str | None) -> str | None:
        return read_item(given) if given else None

    @validates("goods", "sold")
    def _not_barred(self, name: str, given: Choice) -> Choice:
        other = self.__dict__.get("sold" if name == "goods" else "goods")
        pair = (given, other) if name == "goods" else (other, given)
        check_loose(pair[0], loose=pair[1] is Sold.KG)
        return given

    @property
    def seller(self) -> Provider | None:
        """In whose name it is sold."""
        return self.provider if self.in_their_name else None

    @property
    def is_weighed(self) -> bool:
        return self.sold is Sold.KG

    @property
    def price_row(self) -> str:
        """The name of its row in the price list: `bulk_food.product.3.kg`."""
        return self.item_of(self.sold.value)


class Container(Priced, title="name", unique=("name",), copied=True):
    """A jar, a bottle: lent against a deposit, which goes back with it."""

    tariffs: ClassVar[Mapping[str, Tariff]] = {ONE: Tariff(_("Deposit for one"), Unit.PIECE)}

    name: Mapped[str] = field(_("Container"), max=40)
    tare: Mapped[Grams] = field(_("Its weight"), default=Grams(0), min=0)


class Lot(SiteRecord, title="code", unique=("product", "code")):
    """What came of a product at one time: its mark leads from the producer to the households."""

    product: Mapped[Product] = belongs_to(Product, _("Product"))
    code: Mapped[str] = field(_("Lot"), max=30, search=True)
    until: Mapped[date] = field(_("Date on it"), index=True)
    came_on: Mapped[date] = field(_("Came on"), index=True)
    received: Mapped[int] = field(_("Delivered"), min=0)
    rest: Mapped[int] = field(_("Remains"), min=0)

    def __str__(self) -> str:
        """Say the product and the mark."""
        return f"{self.product} {self.code}"


class RoundState(Choice):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    RECEIVED = "received", _("All there")
    SETTLED = "settled", _("Settled")


class Why(Choice):
    """Why a round goes back a step."""

    LATE = "late", _("An order came late")
    MISTAKE = "mistake", _("A mistake is put right")
    DELIVERY = "delivery", _("The delivery changes")


class Round(SiteRecord, title="number", unique=("number",)):
    """One common order: opened, closed, received, settled."""

    number: Mapped[int] = field(_("Round"), min=1)
    state: Mapped[RoundState] = field(_("State"), default=RoundState.OPEN)
    closes_on: Mapped[date] = field(_("Orders until"), index=True)
    pickup_on: Mapped[date] = field(_("Pick-up"), index=True)
    reopened: Mapped[Why | None] = field(_("Reopened because"), default=None)

    def __str__(self) -> str:
        """Say which round."""
        return str(_("Round %(number)s").fill(number=self.number))


class Order(SiteRecord, title="ordered_on", unique=("round", "household")):
    """What one household asks for in a round: its second order joins its first."""

    round: Mapped[Round] = belongs_to(Round, _("Round"))
    household: Mapped[Household] = belongs_to(Household, _("Household"), keep=ORDERED)
    resident: Mapped[Resident] = belongs_to(Resident, _("Ordered by"), keep=ORDERED)
    ordered_on: Mapped[date] = field(_("Ordered"), index=True)

    def __str__(self) -> str:
        """Say the round and who fetches it."""
        return f"{self.round}, {self.resident}"


class OrderLine(SiteRecord, title="asked", unique=("order", "product")):
    """One product of an order, in grams or pieces: asked, its share of what came, given."""

    order: Mapped[Order] = belongs_to(Order, _("Order"))
    product: Mapped[Product] = belongs_to(Product, _("Product"))
    asked: Mapped[int] = field(_("Ordered"), min=1)
    share: Mapped[int | None] = field(_("Share"), default=None, min=0)
    given: Mapped[int] = field(_("Handed out"), default=0, min=0)

    @property
    def due(self) -> int:
        """What the household gets: its share, or what it asked for while nothing was shared."""
        return self.asked if self.share is None else self.share


class Delivery(SiteRecord, title="lot", unique=("round", "lot")):
    """What came of a lot for a round, in grams or pieces."""

    round: Mapped[Round] = belongs_to(Round, _("Round"))
    lot: Mapped[Lot] = belongs_to(Lot, _("Lot"))
    amount: Mapped[int] = field(_("Delivered"), min=0)


class Portion(SiteRecord, title="at"):
    """Food of one lot that left with someone: what a recall asks for."""

    lot: Mapped[Lot] = belongs_to(Lot, _("Lot"))
    line: Mapped[OrderLine | None] = belongs_to(OrderLine, _("Order"), default=None)
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=TRACED
    )
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=TRACED
    )
    amount: Mapped[int] = field(_("Amount"), min=1)
    tare: Mapped[Grams] = field(_("Weight of the container"), default=Grams(0), min=0)
    at: Mapped[datetime] = field(_("Handed out"), index=True)
    undone: Mapped[bool] = field(_("Taken back"), default=False)


class Move(SiteRecord, title="at"):
    """Containers of one kind that left with a household, or, below zero, came back."""

    container: Mapped[Container] = belongs_to(Container, _("Container"))
    household: Mapped[Household] = belongs_to(Household, _("Household"), keep=LENT)
    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=LENT)
    count: Mapped[int] = field(_("Out, or back below zero"))
    at: Mapped[datetime] = field(_("When"), index=True)
    undone: Mapped[bool] = field(_("Taken back"), default=False)
