"""What a caretaker does at the hand-out: weigh, sell what is left, lend containers, take back."""

from dataclasses import dataclass
from typing import Annotated

from palier.api import (
    Cents,
    Charge,
    ChargeKind,
    ChargeState,
    Count,
    Desk,
    Grams,
    Household,
    Refused,
    Resident,
    _,
    act,
    ask,
    charge_item,
    pay_at_once,
    price,
    select,
)

from . import queries, rules
from .labels import Label, is_label, read_label
from .models import Container, Lot, Move, Order, OrderLine, Portion, Product

GRAMS = Count("grams_sold", _("Grams of bulk food handed out"))
NO_TARE = Grams(0)
ONE_KG = 1000
FEW = 50  # containers at once: more is a slip


class NotInTheOrder(Refused):
    text = _("%(product)s is not in this order. Sell it by its lot's code.")
    field = "product"


class NotEnoughLeft(Refused):
    text = _("Only %(left)s of %(product)s is left. Look at the lot, or give less.")
    field = "reading"


class OtherProduct(Refused):
    text = _("This label is of %(product)s. Choose that product first.")
    field = "reading"


class UnknownLabel(Refused):
    text = _("No product has the number %(item)s of this label.")
    field = "reading"


class PiecesOnly(Refused):
    text = _("This label does not fit: %(product)s is sold in another way.")
    field = "reading"


class NotRead(Refused):
    text = _("“%(given)s” is neither a weight nor a count. Type for instance 0.48.")
    field = "reading"


class NotSoManyOut(Refused):
    text = _("%(who)s has %(out)s of these at home.")
    field = "count"


@dataclass(frozen=True)
class Amount:
    """What leaves: grams without the container, or pieces."""

    whole: int
    tare: Grams = NO_TARE


@act(_("Weigh and hand out"), when=rules.may_weigh, counts=GRAMS, meets=True, quiet=True)
def weigh(
    desk: Desk,
    order: Order,
    *,
    product: Annotated[Product, ask(_("Product"))],
    reading: Annotated[str, ask(_("Weight on the scale, or pieces"), max=20)],
    container: Annotated[Container | None, ask(_("In the container"))] = None,
) -> Portion:
    """Note what the scale says, or scan its label: the price goes into the basket."""
    line = _line(desk, order, product)
    amount = _read(desk, product, reading, container)
    lot = _take(desk, product, amount.whole)
    line = desk.lock(select(OrderLine).where(OrderLine.id == line.id)) or line
    line.given += amount.whole
    portion = _portion(desk, lot, amount, line, order.resident, order.household)
    _charge(desk, portion, order.resident, order.household)
    return portion


def _line(desk: Desk, order: Order, product: Product) -> OrderLine:
    found = next((e for e in queries.lines_of(desk, order) if e.product is product), None)
    if found is None:
        raise NotInTheOrder(product=product)
    return found


@act(_("Sell"), when=rules.has_left, counts=GRAMS)
def sell(
    desk: Desk,
    lot: Lot,
    *,
    reading: Annotated[str, ask(_("Weight on the scale, or pieces"), max=20)],
    container: Annotated[Container | None, ask(_("In the container"))] = None,
    resident: Annotated[
        Resident | None, ask(_("Resident"), help=_("Leave it open for someone without a name."))
    ] = None,
) -> Portion:
    """Sell some of a lot that is left: into the person's basket, or paid in cash at once."""
    product = lot.product
    amount = _read(desk, product, reading, container)
    mine = _locked(desk, lot)
    rules.check_lot(mine, desk.today)
    _take_from(mine, amount.whole)
    home = resident.household if resident is not None else None
    portion = _portion(desk, mine, amount, None, resident, home)
    charge = _charge(desk, portion, resident, home)
    if resident is None and desk.visit_id is None:
        pay_at_once(desk, charge)
    return portion


def _read(desk: Desk, product: Product, reading: str, container: Container | None) -> Amount:
    """Return what was weighed, counted, or stands on the scale's label."""
    rules.check_product(product)
    settings = desk.settings(rules.Settings)
    plain = reading.strip()
    if is_label(plain):
        return Amount(_of_label(desk, product, read_label(plain, settings.layouts)))
    if not product.is_weighed:
        return Amount(_typed(product, plain))
    rules.check_scale(settings, desk.today)
    tare = container.tare if container is not None else NO_TARE
    number = rules.read_number(plain)
    gross = _typed(product, plain) if number else _nothing(plain)
    return Amount(rules.net_weight(gross, tare, settings), tare)


def _typed(product: Product, plain: str) -> int:
    try:
        return rules.read_amount(product, plain)
    except rules.NotAnAmount as refusal:
        raise NotRead(given=plain) from refusal
    except rules.TooMuch as refusal:
        raise rules.TooHeavy(most=refusal.values["most"], given=plain) from refusal


def _nothing(plain: str) -> int:
    if plain.replace(",", ".").strip("0.") == "":
        raise rules.NothingOnTheScale(net="0")
    raise NotRead(given=plain)


def _of_label(desk: Desk, product: Product, label: Label) -> int:
    named = queries.product_of_item(desk, label.item)
    if named is None:
        raise UnknownLabel(item=label.item)
    if named is not product:
        raise OtherProduct(product=named)
    if (label.count is None) != product.is_weighed:
        raise PiecesOnly(product=product)
    if label.cents is not None:
        per_kg = _per_kg(desk, product)
        return rules.grams_of_price(label.cents, per_kg)
    amount = label.grams if label.count is None else label.count
    if not amount:
        raise rules.NothingOnTheScale(net="0")
    return amount


def _per_kg(desk: Desk, product: Product) -> Cents:
    made = price(desk, product.price_row, ONE_KG, None, label=str(product), provider=product.seller)
    return made.full_cents


def _take(desk: Desk, product: Product, amount: int) -> Lot:
    """Take an amount from the lot with the shortest date that holds enough, locked.

    Raises `NotEnoughLeft`, `DatePassed` where all that holds enough is past its day.
    """
    passed: Refused | None = None
    most = 0
    for each in queries.lots_left(desk, product):
        mine = _locked(desk, each)
        try:
            rules.check_lot(mine, desk.today)
        except rules.DatePassed as refusal:
            passed = refusal
            continue
        if mine.rest >= amount:
            _take_from(mine, amount)
            return mine
        most = max(most, mine.rest)
    if passed is not None and most == 0:
        raise passed
    raise NotEnoughLeft(left=rules.amount_words(product, most), product=product)


def _locked(desk: Desk, lot: Lot) -> Lot:
    return desk.lock(select(Lot).where(Lot.id == lot.id)) or lot


def _take_from(lot: Lot, amount: int) -> None:
    if lot.rest < amount:
        raise NotEnoughLeft(left=rules.amount_words(lot.product, lot.rest), product=lot.product)
    lot.rest -= amount


def _portion(
    desk: Desk,
    lot: Lot,
    amount: Amount,
    line: OrderLine | None,
    resident: Resident | None,
    household: Household | None,
) -> Portion:
    desk.counts(amount.whole if lot.product.is_weighed else 0)
    return desk.add(
        Portion(
            lot=lot,
            line=line,
            resident=resident,
            household=household,
            amount=amount.whole,
            tare=amount.tare,
            at=desk.now,
        )
    )


def _charge(
    desk: Desk, portion: Portion, resident: Resident | None, household: Household | None
) -> Charge:
    product = portion.lot.product
    return charge_item(
        desk,
        item=product.price_row,
        label=str(product),
        quantity=portion.amount,
        source=portion,
        resident=resident,
        household=household,
        provider=product.seller,
    )


@act(_("Lend containers"), meets=True)
def lend(
    desk: Desk,
    container: Container,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    count: Annotated[int, ask(_("How many"), min=1, max=FEW)],
) -> Move:
    """Lend containers: the deposit goes into the basket."""
    return _move(desk, container, resident, count)


@act(_("Take containers back"), meets=True)
def bring_back(
    desk: Desk,
    container: Container,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    count: Annotated[int, ask(_("How many"), min=1, max=FEW)],
) -> Move:
    """Take containers back: the deposit comes off what is to pay."""
    _home(desk, resident)
    held = {each.container: each.count for each in queries.held_by(desk, resident)}
    if held.get(container, 0) < count:
        raise NotSoManyOut(who=resident, out=held.get(container, 0))
    return _move(desk, container, resident, -count)


class NoHome(Refused):
    text = _("%(resident)s has no household yet: containers are counted by household.")
    field = "resident"


def _move(desk: Desk, container: Container, resident: Resident, count: int) -> Move:
    home = _home(desk, resident)
    move = desk.add(
        Move(container=container, household=home, resident=resident, count=count, at=desk.now)
    )
    charge_item(
        desk,
        item=container.price_item,
        label=str(container),
        quantity=count,
        source=move,
        resident=resident,
        kind=ChargeKind.CONTAINER,
    )
    return move


def _home(desk: Desk, resident: Resident) -> Household:
    """Return the household, ours until the act ends: its containers are counted by one at a time."""
    home = resident.household
    if home is None:
        raise NoHome(resident=resident)
    return desk.lock(select(Household).where(Household.id == home.id)) or home


def undo(desk: Desk, charge: Charge) -> None:
    """Put back what a charge was for once it is taken out of the basket."""
    if charge.state is not ChargeState.CANCELLED:
        return
    if (portion := charge.source(desk, Portion)) is not None and rules.is_out(portion):
        lot = _locked(desk, portion.lot)
        lot.rest += portion.amount
        portion.undone = True
        if portion.line is not None:
            portion.line.given -= portion.amount
    if (move := charge.source(desk, Move)) is not None:
        move.undone = True
