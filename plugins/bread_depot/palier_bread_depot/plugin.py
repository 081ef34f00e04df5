"""Bread depot: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable, Iterator

from palier.api import (
    Card,
    Charge,
    ChargeState,
    Desk,
    Manifest,
    Panel,
    PublicBlock,
    PublicLine,
    Resident,
    Step,
    Text,
    _,
    hooks,
    plural,
)

from . import actions, bakery, queries, rules, screens
from .keys import read_typed
from .models import Batch, Order
from .queries import OfDay

manifest = Manifest(
    name="bread_depot",
    label=_("Bread depot"),
    summary=_("A bakery leaves bread; residents reserve it or buy it at the desk."),
    icon="bread",
    requires_core=">=0.1",
    settings=rules.Settings,
    membership_required=actions.members_only,
    counts=(actions.LOAF, actions.GIFT, actions.PASSED),
    screens=(screens.batches, screens.orders, screens.breads, screens.deliveries),
    pages=(screens.counter, screens.labels, screens.sheet, screens.delivery_note),
    panels=(Panel(screens.orders, Order.resident), Panel(screens.batches, Batch.delivery)),
)


@hooks.desk_cards
def bread_waiting(desk: Desk, resident: Resident) -> Iterable[Card]:
    for order in queries.waiting_for(desk, resident):
        words = plural("%(n)s loaf of %(bread)s", "%(n)s loaves of %(bread)s", order.loaves)
        text = words.fill(bread=order.bread.name)
        if order.fetch_on == desk.today:
            yield Card(text, actions.hand_over.on(order))
        else:
            day = _("Reserved for %(day)s.").fill(day=order.fetch_on)
            yield Card(text, actions.cancel.on(order), detail=day)


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    order = desk.from_slip(Order, code)
    if order is not None:
        return _on_label(desk, order)
    typed = read_typed(code)
    if typed is None:
        return None
    key, number = typed
    found = next(iter(queries.breads_of_day(desk, key=key)), None)
    return _by_key(found, number) if found is not None else None


def _on_label(desk: Desk, order: Order) -> Step:
    """Return what comes next for reserved bread; what is not to be handed over now says why."""
    act = actions.hand_over if order.resident is not None else actions.hand_over_paid
    if not rules.is_waiting(order):
        return Step(act, order, order.state.label)
    if order.fetch_on != desk.today:
        return Step(act, order, _("Reserved for %(day)s.").fill(day=order.fetch_on))
    return act.on(order)


def _by_key(found: OfDay, number: int | None) -> Step:
    """Return the sale of a bread by its key, or its count while the baker has not been."""
    if not found.has_come:
        filled = {} if number is None else {"delivered": number}
        return actions.receive.on(found.bread, **filled)
    filled = {} if number is None else {"loaves": number}
    return actions.sell.on(found.bread, **filled)


@hooks.charge_ended
def unpaid_bread(desk: Desk, charge: Charge) -> None:
    order = charge.source(desk, Order)
    if order is not None and charge.state is ChargeState.CANCELLED:
        actions.put_back(desk, order)


@hooks.today
def bread_today(desk: Desk) -> Iterable[Card]:
    shelf = queries.breads_of_day(desk)
    awaited = [each for each in shelf if not each.has_come]
    if awaited:
        yield _awaited(awaited)
    evening = desk.local(desk.now).time() >= desk.settings(rules.Settings).unsold_from
    for each in shelf:
        if each.batch is not None and each.has_come:
            yield from _on_shelf(each.bread.name, each.batch, evening=evening)


def _awaited(awaited: list[OfDay]) -> Card:
    words = _("The bread has not come yet: %(breads)s.")
    text = words.fill(breads=queries.names_of([each.bread for each in awaited]))
    reserved = sum(each.batch.reserved for each in awaited if each.batch is not None)
    detail = plural("%(n)s loaf is reserved.", "%(n)s loaves are reserved.", reserved)
    receive = actions.receive.on(awaited[0].bread)
    return Card(text, receive, detail=detail if reserved else None, kind="soon")


def _on_shelf(name: str, batch: Batch, *, evening: bool) -> Iterator[Card]:
    if batch.awaited:
        words = plural(
            "%(bread)s: %(n)s reserved loaf has not come.",
            "%(bread)s: %(n)s reserved loaves have not come.",
            batch.awaited,
        )
        yield Card(words.fill(bread=name), kind="late")
    elif evening and batch.free:
        words = plural("%(bread)s: %(n)s unsold", "%(bread)s: %(n)s unsold", batch.free)
        yield Card(words.fill(bread=name), actions.unsold.on(batch), _reserved(batch), "soon")
    elif batch.on_shelf:
        words = plural("%(bread)s: %(n)s to sell", "%(bread)s: %(n)s to sell", batch.free)
        yield Card(words.fill(bread=name), actions.sell.on(batch.bread), _reserved(batch))


def _reserved(batch: Batch) -> Text | None:
    words = plural("%(n)s loaf is reserved.", "%(n)s loaves are reserved.", batch.reserved)
    return words if batch.reserved else None


@hooks.public_blocks
def for_everyone(desk: Desk) -> Iterable[PublicBlock]:
    shelf = [each.batch for each in queries.breads_of_day(desk) if each.has_come]
    left = sum(max(0, each.free) for each in shelf if each is not None)
    if left:
        words = plural("%(n)s loaf left today.", "%(n)s loaves left today.", left)
        yield PublicBlock([PublicLine(words)])
    elif shelf:
        yield PublicBlock([PublicLine(_("No loaf left today."))])


@hooks.daily
def nobody_came(desk: Desk) -> None:
    actions.note_missed(desk)


@hooks.on_enabled
def first_breads(desk: Desk) -> None:
    bakery.make_breads(desk)


@hooks.demo
def sample_day(desk: Desk) -> None:
    bakery.make_day(desk)
