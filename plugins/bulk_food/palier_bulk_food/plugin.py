"""Bulk food: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable
from datetime import date

from palier.api import (
    Card,
    Charge,
    Desk,
    Manifest,
    Panel,
    PublicBlock,
    PublicEvent,
    PublicLine,
    Resident,
    Step,
    Text,
    _,
    hooks,
    plural,
)

from . import actions, handing, pages, pantry, queries, rules, screens
from .labels import is_label, read_label
from .models import Delivery, Lot, Move, Order, OrderLine, Portion, Product, Round, RoundState

manifest = Manifest(
    name="bulk_food",
    label=_("Bulk food"),
    summary=_("Food ordered together, weighed at the desk to the gram, every lot traced."),
    icon="jar",
    requires_core=">=0.1",
    settings=rules.Settings,
    counts=(actions.ORDER, handing.GRAMS),
    screens=(
        screens.rounds,
        screens.orders,
        screens.lots,
        screens.products,
        screens.containers,
        screens.lines,
        screens.deliveries,
        screens.portions,
        screens.moves,
    ),
    pages=(screens.order_form, screens.lists, screens.slips, screens.card, screens.recall),
    panels=(
        Panel(screens.orders, Order.round),
        Panel(screens.lines, OrderLine.order),
        Panel(screens.deliveries, Delivery.round, rare=True),
        Panel(screens.portions, Portion.lot, rare=True),
        Panel(screens.orders, Order.resident, rare=True),
        Panel(screens.moves, Move.resident, rare=True),
    ),
    forms={
        actions.key_order: pages.keying,
        actions.share: pages.sharing,
        handing.weigh: pages.weighing,
    },
)


HANDED_OUT = 20  # people come for it: before what else the day brings


@hooks.desk_cards
def food_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    for order in queries.waiting_for(desk, resident):
        words = _("%(round)s of bulk food waits to be weighed.").fill(round=order.round)
        yield Card(words, handing.weigh.on(order), kind="soon")
    for held in queries.held_by(desk, resident):
        words = _("Has %(n)s of these at home: %(what)s.").fill(n=held.count, what=held.container)
        yield Card(
            words, handing.bring_back.on(held.container, resident=resident.id, count=held.count)
        )


@hooks.today
def rounds_of_today(desk: Desk) -> Iterable[Card]:
    for round_, n in queries.running(desk):
        orders = plural("%(n)s order", "%(n)s orders", n)
        if round_.state is RoundState.OPEN and round_.closes_on <= desk.today:
            words = _("%(round)s takes its last orders today.").fill(round=round_)
            yield Card(words, actions.close.on(round_), detail=orders, kind="soon")
        elif round_.state is RoundState.OPEN:
            words = _("%(round)s takes orders until %(day)s.")
            text = words.fill(round=round_, day=round_.closes_on)
            yield Card(text, actions.key_order.on(round_), detail=orders)
        elif round_.pickup_on <= desk.today:
            words = _waits(round_.state).fill(round=round_)
            yield Card(words, _next(round_), detail=orders, kind="soon", order=HANDED_OUT)


@hooks.public_blocks
def for_everyone(desk: Desk) -> Iterable[PublicBlock]:
    lines = [_told(each, desk.today) for each in queries.to_come(desk)]
    yield PublicBlock(lines)


@hooks.public_events
def pick_ups(desk: Desk) -> Iterable[PublicEvent]:
    for each in queries.lately_and_to_come(desk):
        words = _("Order until %(day)s.").fill(day=each.closes_on)
        title = _("Pick-up of the common order")
        yield PublicEvent(each, title, each.pickup_on, detail=words)


def _told(round_: Round, today: date) -> PublicLine:
    pickup = _("Pick-up of the common order: %(day)s.").fill(day=round_.pickup_on)
    if round_.state is RoundState.OPEN and round_.closes_on >= today:
        words = _("Order until %(day)s, pick-up %(pickup)s.")
        text = words.fill(day=round_.closes_on, pickup=round_.pickup_on)
        return PublicLine(text, event=round_)
    return PublicLine(pickup, event=round_)


def _waits(state: RoundState) -> Text:
    if state is RoundState.CLOSED:
        return _("%(round)s comes today.")
    return _("%(round)s is handed out.")


def _next(round_: Round) -> Step:
    act = actions.receive if round_.state is RoundState.CLOSED else actions.share
    return act.on(round_)


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    order = desk.from_slip(Order, code)
    if order is not None:
        return handing.weigh.on(order)
    lot = desk.from_slip(Lot, code)
    if lot is not None:
        return _of_lot(lot)
    product = _product(desk, code)
    left = queries.lots_left(desk, product) if product is not None else []
    return handing.sell.on(left[0], reading=_reading(code)) if left else None


def _of_lot(lot: Lot) -> Step:
    if rules.has_left(lot):
        return handing.sell.on(lot)
    return Step(handing.sell, lot, _("Nothing is left of %(lot)s.").fill(lot=lot))


def _product(desk: Desk, code: str) -> Product | None:
    if not (code.isascii() and code.isdigit()):
        return None
    layouts = desk.settings(rules.Settings).layouts
    if is_label(code) and code[:2] in layouts:
        return queries.product_of_item(desk, read_label(code, layouts).item)
    return queries.product_barcoded(desk, code)


def _reading(code: str) -> str:
    """Return what the form begins with: a scale's label says the amount itself, a barcode one piece."""
    return code if is_label(code) else "1"


@hooks.charge_ended
def ended(desk: Desk, charge: Charge) -> None:
    handing.undo(desk, charge)


@hooks.demo
def sample_food(desk: Desk) -> None:
    pantry.make_pantry(desk)
