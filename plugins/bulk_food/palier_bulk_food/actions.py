"""What a caretaker does with a round: open it, key orders, close, receive, share, settle."""

from datetime import date, timedelta
from typing import Annotated

from palier.api import Count, Desk, Refused, Resident, Role, _, act, ask, func, select

from . import queries, rules
from .models import (
    Delivery,
    Lot,
    Order,
    OrderLine,
    Product,
    Round,
    RoundState,
    Why,
)
from .sharing import Way

ORDER = Count("bulk_order", _("Lines ordered in bulk rounds"))


class NoHousehold(Refused):
    text = _("%(resident)s has no household yet: the order is a household's.")
    field = "resident"


class NothingOrdered(Refused):
    text = _("Nobody ordered anything in this round yet.")


class NotOrdered(Refused):
    text = _("Nobody ordered %(product)s in this round. Put it in as a lot instead.")
    field = "product"


class NothingCame(Refused):
    text = _("First put in what came: %(what)s. Where nothing came, put in 0.")


class HandOutBegan(Refused):
    text = _("Something of this round was handed out already: what came and the shares stay.")


class DatesCrossed(Refused):
    text = _("The hand-out comes after the last day for orders.")
    field = "pickup_on"


class LotIsOther(Refused):
    text = _("%(lot)s is known with the date %(day)s. Look at the sack again.")
    field = "until"


def in_ten_days(desk: Desk) -> date:
    return desk.today + timedelta(days=10)


def in_a_week(desk: Desk) -> date:
    return desk.today + timedelta(days=7)


@act(_("Open a round"))
def open_round(
    desk: Desk,
    *,
    closes_on: Annotated[date, ask(start=in_a_week)],
    pickup_on: Annotated[date, ask(start=in_ten_days)],
) -> Round:
    """Begin a common order; it has the next number."""
    if pickup_on < closes_on:
        raise DatesCrossed
    last = desk.session.scalar(select(func.max(Round.number))) or 0
    return desk.add(Round(number=last + 1, closes_on=closes_on, pickup_on=pickup_on))


@act(_("Key orders"), when=rules.is_open, counts=ORDER, quiet=True)
def key_order(
    desk: Desk,
    round_: Round,
    *,
    resident: Annotated[Resident, ask(_("Who ordered"))],
    line: Annotated[str, ask(_("Code and amount"), max=40)],
) -> Order:
    """Key what stands on the paper: a code and an amount, Enter. The same code again replaces it."""
    if not rules.is_open(_locked(desk, round_)):
        raise RoundClosed(round=round_)
    code, typed = rules.read_pair(line)
    product = queries.product_coded(desk, code)
    if product is None:
        raise rules.UnknownCode(code=code)
    amount = rules.read_amount(product, typed)
    order = order_of(desk, round_, resident)
    made = desk.one(OrderLine(order=order, product=product, asked=amount))
    made.asked = amount
    return order


class RoundClosed(Refused):
    text = _("%(round)s is closed: reopen it with a reason, or wait for the next.")


def _locked(desk: Desk, round_: Round) -> Round:
    return desk.lock(select(Round).where(Round.id == round_.id)) or round_


def order_of(desk: Desk, round_: Round, resident: Resident) -> Order:
    """Return the household's order of a round: a second one joins the first."""
    if resident.household is None:
        raise NoHousehold(resident=resident)
    home = resident.household
    return desk.one(Order(round=round_, household=home, resident=resident, ordered_on=desk.today))


@act(_("Take out of the order"), when=rules.order_is_open, rare=True)
def drop(desk: Desk, order: Order, *, product: Annotated[Product, ask(_("Product"))]) -> None:
    """Take one product out of an order, as long as its round is open."""
    if not rules.is_open(_locked(desk, order.round)):
        raise RoundClosed(round=order.round)
    for line in queries.lines_of(desk, order):
        if line.product is product:
            desk.session.delete(line)


@act(_("Close the round"), when=rules.is_open)
def close(desk: Desk, round_: Round) -> None:
    """Take no more orders; the lists for the producers can be printed."""
    mine = _locked(desk, round_)
    if not queries.lines_of_round(desk, round_):
        raise NothingOrdered
    mine.state = RoundState.CLOSED


@act(_("Put in what came"), when=rules.is_closed)
def receive(
    desk: Desk,
    round_: Round,
    *,
    product: Annotated[Product, ask(_("Product"))],
    amount: Annotated[str, ask(_("Received: kilograms or pieces"), max=12)],
    code: Annotated[str, ask(_("Lot"), max=30)],
    until: Annotated[date, ask(_("Date on it"))],
) -> Delivery:
    """Note what came of a product with its lot and its date; 0 where nothing came."""
    mine = _locked(desk, round_)
    if not rules.is_closed(mine):
        raise RoundClosed(round=mine)
    if all(each.product is not product for each in queries.lines_of_round(desk, mine)):
        raise NotOrdered(product=product)
    lot = take_in(desk, product, code=code, until=until)
    whole = 0 if rules.is_nothing(amount) else _received(product, amount)
    delivery = desk.one(Delivery(round=mine, lot=lot, amount=0))
    _correct(lot, whole - delivery.amount)
    delivery.amount = whole
    return delivery


class NotReceived(Refused):
    text = _("“%(given)s” is no amount. Type kilograms or pieces, 0 where nothing came.")
    field = "amount"


def _received(product: Product, given: str) -> int:
    try:
        return rules.read_amount(product, given)
    except rules.NotAnAmount as refusal:
        raise NotReceived(given=given) from refusal
    except rules.TooMuch as refusal:
        raise TooMuchCame(**refusal.values) from refusal


class TooMuchCame(Refused):
    text = _("%(amount)s is too much for one delivery: at most %(most)s.")
    field = "amount"


class GivenAlready(Refused):
    text = _("More than that of %(lot)s was handed out already.")
    field = "amount"


def _correct(lot: Lot, change: int) -> None:
    """Put a corrected delivery into the lot. Raises `GivenAlready` for less than what has left it."""
    if lot.rest + change < 0:
        raise GivenAlready(lot=lot)
    lot.received += change
    lot.rest += change


def take_in(desk: Desk, product: Product, *, code: str, until: date) -> Lot:
    """Return the lot of a product with this mark, made where it is new, ours until the act ends."""
    plain = code.strip().upper()
    lot = desk.one(
        Lot(product=product, code=plain, until=until, came_on=desk.today, received=0, rest=0)
    )
    if lot.until != until:
        raise LotIsOther(lot=lot, day=lot.until)
    return lot


@act(_("All has come"), when=rules.is_closed)
def received(desk: Desk, round_: Round) -> None:
    """End the delivery: shortages are shared next, then everything is weighed and handed out."""
    mine = _locked(desk, round_)
    missing = [str(each.product) for each in queries.sharing(desk, mine) if each.came is None]
    if missing:
        raise NothingCame(what=", ".join(missing))
    mine.state = RoundState.RECEIVED


@act(_("Share what came"), when=rules.is_received)
def share(
    desk: Desk, round_: Round, *, way: Annotated[Way, ask(_("How"))] = Way.PROPORTIONAL
) -> Round:
    """Share each shortage among the orders: to the gram, and nobody gets more than was ordered."""
    mine = _locked(desk, round_)
    if queries.given_anything(desk, mine):
        raise HandOutBegan
    for short in queries.sharing(desk, mine):
        for line, ways in short.lines:
            line.share = ways[way]
    return mine


@act(_("Settle the round"), when=rules.is_received)
def settle(desk: Desk, round_: Round) -> None:
    """End the hand-out: what is left is sold at the desk."""
    _locked(desk, round_).state = RoundState.SETTLED


@act(_("Reopen"), when=rules.may_reopen, least=Role.CARETAKER, rare=True)
def reopen(desk: Desk, round_: Round, *, reason: Annotated[Why, ask(_("Why"))]) -> None:
    """Go back one step, with a reason; not once something was handed out."""
    mine = _locked(desk, round_)
    if mine.state is not RoundState.SETTLED and queries.given_anything(desk, mine):
        raise HandOutBegan
    if mine.state is RoundState.RECEIVED:
        for line in queries.lines_of_round(desk, mine):
            line.share = None
    mine.state = rules.step_back(mine.state)
    mine.reopened = reason


@act(_("Put in a lot"))
def put_in(
    desk: Desk,
    *,
    product: Annotated[Product, ask(_("Product"))],
    amount: Annotated[str, ask(_("Received: kilograms or pieces"), max=12)],
    code: Annotated[str, ask(_("Lot"), max=30)],
    until: Annotated[date, ask(_("Date on it"))],
) -> Lot:
    """Note goods that nobody ordered, with lot and date: they are sold at the desk by scan."""
    whole = _received(product, amount)
    lot = take_in(desk, product, code=code, until=until)
    _correct(lot, whole)
    return lot


@act(_("Print the order form"), when=rules.is_open, then="order_form", quiet=True)
def print_form(desk: Desk, round_: Round) -> Round:
    """Print the paper on which households order: codes, products, prices."""
    return round_


@act(_("Print the lists"), then="lists", quiet=True, rare=True)
def print_lists(desk: Desk, round_: Round) -> Round:
    """Print who gets what, by household, product or producer, in large type."""
    return round_


@act(_("Print the slips"), then="slips", quiet=True, rare=True)
def print_slips(desk: Desk, round_: Round) -> Round:
    """Print a slip for each household: its code opens the weighing page."""
    return round_


@act(_("Print shelf card and label"), then="card", quiet=True)
def print_card(desk: Desk, lot: Lot) -> Lot:
    """Print the card for the shelf and the label for jars: allergens, date, lot."""
    return lot


@act(_("Recall list"), then="recall", quiet=True)
def print_recall(desk: Desk, lot: Lot) -> Lot:
    """List the households that took food of this lot."""
    return lot
