"""What is always true of bulk food: no session, no web, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated

from palier.api import Grams, Refused, Text, _, ask, show_weight

from .allergens import ALLERGENS, ASSISTED, KIND_NAMED
from .keys import check_loose
from .labels import Layout
from .models import DateKind, Lot, Order, Portion, Product, Round, RoundState

MOST = 500_000  # grams or pieces that one household orders or one sack holds: more is a slip
MOST_WEIGHED, STEP = Grams(15_000), Grams(5)
MIN_LOAD = 20  # verification intervals, for a scale of class III
_PAIR = re.compile(r"(?P<code>[A-Za-z0-9]+)\s+(?P<amount>\S.*)")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself: its scale and the labels that it prints."""

    scale_max: Annotated[Grams, ask(_("The scale weighs at most"), min=1)] = MOST_WEIGHED
    scale_step: Annotated[
        Grams, ask(_("The scale's interval e"), min=1, help=_("It is on the plate: 0.005 kg."))
    ] = STEP
    scale_checked: Annotated[date | None, ask(_("The scale was checked on"))] = None
    prepacks: Annotated[bool, ask(_("The scale is used for packing ahead too"))] = False
    weight_prefix: Annotated[str, ask(_("Labels with a weight begin with"), max=2)] = "21"
    price_prefix: Annotated[str, ask(_("Labels with a price begin with"), max=2)] = "22"
    checked_price: Annotated[str, ask(_("With a price and its own check digit"), max=2)] = "23"
    checked_weight: Annotated[str, ask(_("With a weight and its own check digit"), max=2)] = "24"
    count_prefix: Annotated[str, ask(_("Labels with a count begin with"), max=2)] = "25"

    @property
    def layouts(self) -> Mapping[str, Layout]:
        """What stands behind each prefix."""
        made = {
            self.weight_prefix: Layout.WEIGHT,
            self.price_prefix: Layout.PRICE,
            self.checked_price: Layout.PRICE_CHECKED,
            self.checked_weight: Layout.WEIGHT_CHECKED,
            self.count_prefix: Layout.COUNT,
        }
        return {prefix: layout for prefix, layout in made.items() if prefix}


class NotAnOrder(Refused):
    text = _("Type a code and an amount, for instance len 2.5: “%(given)s” is none.")
    field = "line"


class UnknownCode(Refused):
    text = _("No product has the code %(code)s. The codes stand beside.")
    field = "line"


class NotAnAmount(Refused):
    text = _("“%(given)s” is no amount. Type one above 0, for instance 2.5.")
    field = "line"


class TooMuch(Refused):
    text = _("%(amount)s is too much. Look at the paper again: at most %(most)s.")
    field = "line"


class NothingOnTheScale(Refused):
    text = _("Nothing is left without the container: %(net)s. Weigh it again, check the container.")
    field = "reading"


class TooHeavy(Refused):
    text = _("The scale weighs at most %(most)s: %(given)s is a slip, or needs two weighings.")
    field = "reading"


class TooLight(Refused):
    text = _("This scale must not weigh less than %(least)s.")
    field = "reading"


class ScaleToCheck(Refused):
    text = _("The scale's check ended on %(day)s: nothing may be sold with it until it is checked.")
    field = "reading"


class NoAllergenSheet(Refused):
    text = _("%(product)s has no allergen sheet yet. Put it in, then sell it.")


class WhichCereal(Refused):
    text = _("%(product)s: say which cereal or which nut, the allergens ask for it.")


class DatePassed(Refused):
    text = _("%(lot)s: use by %(day)s. It is not sold any more. Put it aside.")


class PriceOfLabel(Refused):
    text = _("The price on this label is not today's. Weigh it again.")
    field = "reading"


def is_open(round_: Round) -> bool:
    return round_.state is RoundState.OPEN


def is_closed(round_: Round) -> bool:
    return round_.state is RoundState.CLOSED


def is_received(round_: Round) -> bool:
    return round_.state is RoundState.RECEIVED


def may_reopen(round_: Round) -> bool:
    return round_.state is not RoundState.OPEN


def step_back(state: RoundState) -> RoundState:
    """Return the state before this one."""
    all_ = list(RoundState)
    return all_[max(0, all_.index(state) - 1)]


def order_is_open(order: Order) -> bool:
    return is_open(order.round)


def may_weigh(order: Order) -> bool:
    return is_received(order.round)


def has_left(lot: Lot) -> bool:
    return lot.rest > 0


def is_out(portion: Portion) -> bool:
    return not portion.undone


def amount_words(product: Product, amount: int) -> str:
    """Say grams as kilograms, pieces as they are."""
    return show_weight(amount) if product.is_weighed else str(amount)


def read_number(given: str) -> Decimal | None:
    """Return a number above zero of a sane size, with a comma or a point; None for none."""
    plain = given.strip().lower().removesuffix("kg").strip().replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number < 10**9 else None


def is_nothing(given: str) -> bool:
    """Whether a zero was typed, however it is written: 0, 0,000, 0 kg."""
    plain = given.strip().lower().removesuffix("kg").strip()
    return "0" in plain and not plain.replace(",", ".").replace(".", "", 1).strip("0")


def read_amount(product: Product, given: str) -> int:
    """Return grams or pieces of what was typed. Raises `NotAnAmount`, `TooMuch`."""
    number = read_number(given)
    if number is None or (not product.is_weighed and number != number.to_integral_value()):
        raise NotAnAmount(given=given)
    amount = number * 1000 if product.is_weighed else number
    whole = int(amount.to_integral_value(ROUND_HALF_UP))
    if whole < 1:
        raise NotAnAmount(given=given)
    if whole > MOST:
        raise TooMuch(amount=given.strip(), most=amount_words(product, MOST))
    return whole


def read_pair(given: str) -> tuple[str, str]:
    """Return code and amount of a line of the order form. Raises `NotAnOrder`."""
    found = _PAIR.fullmatch(given.strip())
    if found is None:
        raise NotAnOrder(given=given)
    return found["code"].lower(), found["amount"]


def net_weight(gross: int, tare: int, settings: Settings) -> int:
    """Return what was weighed without its container, in grams.

    Raises `NothingOnTheScale`, `TooHeavy`, and `TooLight` below the minimum load of 20 e.
    """
    if gross > settings.scale_max:
        raise TooHeavy(most=show_weight(settings.scale_max), given=show_weight(gross))
    net = gross - tare
    if net <= 0:
        raise NothingOnTheScale(net=show_weight(net))
    if gross < MIN_LOAD * settings.scale_step:
        raise TooLight(least=show_weight(MIN_LOAD * settings.scale_step))
    return net


def next_check(checked: date, max_grams: int, *, prepacks: bool) -> date:
    """Return when a scale in direct sale is due: two years up to 30 kg, else and for packing one.

    Source: DREETS, page of 25 July 2025 on weighing instruments.
    """
    years = 2 if max_grams <= 30_000 and not prepacks else 1
    day = 28 if (checked.month, checked.day) == (2, 29) else checked.day
    return date(checked.year + years, checked.month, day)


def check_scale(settings: Settings, today: date) -> None:
    """Raise `ScaleToCheck` once the check of the scale is over."""
    if settings.scale_checked is not None:
        due = next_check(settings.scale_checked, settings.scale_max, prepacks=settings.prepacks)
        if due < today:
            raise ScaleToCheck(day=due)


def may_be_sold(kind: DateKind, until: date, today: date) -> bool:
    """Whether the date lets it be sold: after "use by" never, after "best before" if it is sound."""
    return kind is DateKind.BEST_BEFORE or today <= until


def check_product(product: Product) -> None:
    """Raise what stops a product at the desk: barred goods, no allergen sheet, a kind not named."""
    check_loose(product.goods, loose=product.is_weighed)
    if not product.allergens_known:
        raise NoAllergenSheet(product=product)
    if KIND_NAMED & (product.allergens or frozenset()) and not product.named:
        raise WhichCereal(product=product)


def check_lot(lot: Lot, today: date) -> None:
    """Raise `DatePassed` for food after its last day."""
    if not may_be_sold(lot.product.date_kind, lot.until, today):
        raise DatePassed(lot=lot, day=lot.until)


def needs_service(product: Product) -> bool:
    """Whether only staff or a suitable dispenser may give it out (decree 2023-837)."""
    return product.goods in ASSISTED


def allergens_of(product: Product) -> list[Text]:
    """Return its allergens in words, in the order of the law."""
    return [each.label for each in ALLERGENS if each.name in (product.allergens or frozenset())]


def grams_of_price(cents: int, per_kg: int) -> int:
    """Return the weight behind a label's price. Raises `PriceOfLabel` where none comes to it."""
    if per_kg <= 0:
        raise PriceOfLabel
    grams = (2 * cents * 1000 + per_kg) // (2 * per_kg)
    for near in (grams, grams - 1, grams + 1):
        if near > 0 and (2 * near * per_kg + 1000) // 2000 == cents:
            return near
    raise PriceOfLabel
