"""What a caretaker does with bread: one function, one transaction."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from palier.api import (
    Cents,
    Count,
    Desk,
    Household,
    PayMode,
    Resident,
    Role,
    Shown,
    Step,
    _,
    act,
    ask,
    pay_at_once,
    price,
    select,
    withdraw,
)

from . import queries, rules
from .models import Batch, Bread, Delivery, Order, Series, State

LOAF = Count("loaf", _("Loaves sold"))
GIFT = Count("loaf_given", _("Loaves given as suspended bread"))
PASSED = Count("loaf_passed_on", _("Loaves a neighbour had paid, handed over"))

# How bread is paid that goes over the counter without a basket.
PaidBy = Annotated[PayMode, ask(_("Paid by"))]
Given = Annotated[
    Cents | None, ask(_("Given"), min=0, help=_("Leave it empty for the exact amount"))
]
Number = Annotated[str | None, ask(_("Number of the cheque or voucher"), max=30)]
ForNeighbour = Annotated[
    int,
    ask(_("Of these, for a neighbour"), min=0, help=_("Paid now, kept for whoever asks for one")),
]
AsReserved = Annotated[
    int | None, ask(_("Loaves"), min=1, help=_("Leave it empty for what was reserved"))
]


def members_only(desk: Desk) -> bool:
    return desk.settings(rules.Settings).members_only


def tomorrow(desk: Desk) -> date:
    return desk.today + timedelta(days=1)


def batch_of(desk: Desk, bread: Bread, day: date) -> Batch:
    """Get the day's count for one bread: two desks never change it at the same time."""
    return desk.one(Batch(bread=bread, baked_on=day))


# The morning: what the baker left.


def next_bread(desk: Desk, bread: Bread, _batch: Batch) -> Step | None:
    """Return the count of the next bread of this baker that has not come yet today."""
    rest = (each for each in queries.breads_of_day(desk) if not each.has_come)
    return next((receive.on(each.bread) for each in rest if each.baker is bread.baker), None)


@act(_("Bread has come"), when=rules.is_sold, then=next_bread)
def receive(desk: Desk, bread: Bread, *, delivered: int) -> Batch:
    """Count what the baker left; what comes later that day is added."""
    delivery = _delivery_of(desk, bread)
    batch = batch_of(desk, bread, desk.today)
    batch.delivery = delivery
    batch.delivered += delivered
    return batch


def _delivery_of(desk: Desk, bread: Bread) -> Delivery:
    """Return today's note of the bread's baker, begun with the next number of the year."""
    # Who holds the series is alone: no number is given twice, and no baker gets two notes.
    series = desk.one(Series(year=desk.today.year))
    found = queries.delivery_of(desk, bread.baker)
    if found is not None:
        return found
    series.last += 1
    number = rules.note_number(series.year, series.last)
    return desk.add(Delivery(number=number, baker=bread.baker, came_on=desk.today))


@act(_("Correct the count"), when=rules.has_come)
def recount(desk: Desk, batch: Batch, *, delivered: int) -> None:
    """Say how many came in all, after a mistake."""
    mine = batch_of(desk, batch.bread, batch.baked_on)
    rules.check_count(mine, delivered)
    mine.delivered = delivered


@act(_("Print the delivery note"), then="delivery_note", quiet=True)
def print_note(_desk: Desk, delivery: Delivery) -> Delivery:
    """Print what came, with its number, for the baker to sign."""
    return delivery


# Reserved for a day.


@act(_("Reserve"), when=rules.is_sold, meets=True, for_members=True)
def reserve(
    desk: Desk,
    bread: Bread,
    *,
    resident: Annotated[
        Resident | None, ask(help=_("Leave it empty for who has no record: the label has a code."))
    ] = None,
    fetch_on: Annotated[date, ask(start=tomorrow)],
    loaves: int = 1,
) -> Order:
    """Put bread aside for a coming day."""
    rules.check_sold(bread)
    settings = desk.settings(rules.Settings)
    rules.check_number(loaves, settings)
    rules.check_day(fetch_on, desk.local(desk.now), settings)
    batch = batch_of(desk, bread, fetch_on)
    if resident is not None and (known := queries.reserved_by(desk, resident, bread, fetch_on)):
        raise rules.AlreadyReserved(who=resident, what=str(known))
    batch.reserved += loaves
    order = desk.add(
        Order(resident=resident, bread=bread, fetch_on=fetch_on, loaves=loaves, ahead=True)
    )
    if resident is not None:
        words = _("%(what)s: kept for you on %(day)s.").fill(what=order, day=fetch_on)
        desk.tell(resident, words, kind="reserved", about=order, here=True)
    return order


@act(_("Reserve bread"), meets=True, for_members=True)
def reserve_for(
    desk: Desk,
    *,
    resident: Resident,
    bread: Bread,
    fetch_on: Annotated[date, ask(start=tomorrow)],
    loaves: int = 1,
) -> Order:
    """Put bread aside for a resident, for a coming day."""
    return reserve(desk, bread, resident=resident, fetch_on=fetch_on, loaves=loaves)


@act(_("Cancel"), when=rules.is_waiting)
def cancel(desk: Desk, order: Order) -> None:
    """Free the bread that was put aside."""
    _free(desk, order, State.CANCELLED)


@act(_("It did not come"), when=rules.is_waiting, rare=True)
def not_come(desk: Desk, order: Order) -> None:
    """Cancel what can't be handed over, and tell the person."""
    _free(desk, order, State.CANCELLED)
    if order.resident is not None:
        words = _("%(what)s for %(day)s: the baker could not bring it. We are sorry.")
        told = words.fill(what=order, day=order.fetch_on)
        desk.tell(order.resident, told, kind="not_come", about=order, once="not_come")


def _free(desk: Desk, order: Order, state: State) -> None:
    batch_of(desk, order.bread, order.fetch_on).reserved -= order.loaves
    order.state = state
    withdraw(desk, order)


@act(_("Free what nobody fetched"), when=rules.has_reserved, rare=True)
def release(desk: Desk, batch: Batch) -> None:
    """Note that the rest of the reserved bread was not fetched: it can be sold or given."""
    batch_of(desk, batch.bread, batch.baked_on)
    for order in queries.of_batch(desk, batch):
        _free(desk, order, State.MISSED)


# Over the counter.


def price_of_order(desk: Desk, order: Order, *, loaves: int | None) -> Iterator[Shown]:
    home = order.resident.household if order.resident is not None else None
    return _price(desk, order.bread, loaves or order.loaves, home)


def price_here(desk: Desk, bread: Bread, *, loaves: int) -> Iterator[Shown]:
    return _price(desk, bread, loaves, None)


def price_for(desk: Desk, *, resident: Resident, bread: Bread, loaves: int) -> Iterator[Shown]:
    return _price(desk, bread, loaves, resident.household)


def _price(desk: Desk, bread: Bread, loaves: int, home: Household | None) -> Iterator[Shown]:
    quote = price(desk, bread.price_item, loaves, home, label=bread.name, provider=bread.seller)
    yield quote.named(bread.name)


@act(
    _("Hand over"),
    when=rules.waits_for_resident,
    least=Role.TRAINEE,
    counts=LOAF,
    meets=True,
    shows=price_of_order,
)
def hand_over(desk: Desk, order: Order, *, loaves: AsReserved = None) -> None:
    """Give the bread that was put aside, or more, or fewer; it goes into the basket."""
    _hand(desk, order, loaves)
    desk.charge(order.bread, order.taken, source=order, resident=order.resident)


@act(
    _("Hand over and take the money"), when=rules.waits_for_code, counts=LOAF, shows=price_of_order
)
def hand_over_paid(
    desk: Desk,
    order: Order,
    *,
    loaves: AsReserved = None,
    mode: PaidBy = PayMode.CASH,
    given: Given = None,
    reference: Number = None,
) -> None:
    """Give the bread whose label was shown, paid now."""
    _hand(desk, order, loaves)
    charge = desk.charge(order.bread, order.taken, source=order)
    pay_at_once(desk, charge, mode, given, reference)


def _hand(desk: Desk, order: Order, loaves: int | None) -> None:
    rules.check_today(order, desk.today)
    batch = batch_of(desk, order.bread, order.fetch_on)
    taken = order.loaves if loaves is None else loaves
    rules.check_handed(batch, order, taken)
    batch.reserved -= order.loaves
    batch.sold += taken
    order.taken = taken
    order.state = State.FETCHED
    withdraw(desk, order)
    desk.counts(taken)


@act(_("Sell"), when=rules.is_sold, counts=LOAF, shows=price_here)
def sell(
    desk: Desk,
    bread: Bread,
    *,
    loaves: int = 1,
    for_neighbour: ForNeighbour = 0,
    mode: PaidBy = PayMode.CASH,
    given: Given = None,
    reference: Number = None,
) -> Order:
    """Sell bread of the day to whoever is at the desk, paid now."""
    order = _sold(desk, bread, loaves, for_neighbour)
    pay_at_once(desk, desk.charge(bread, loaves, source=order), mode, given, reference)
    return order


@act(_("Sell bread"), least=Role.TRAINEE, counts=LOAF, meets=True, shows=price_for)
def sell_to(
    desk: Desk,
    *,
    resident: Resident,
    bread: Bread,
    loaves: int = 1,
    for_neighbour: ForNeighbour = 0,
) -> Order:
    """Put bread of the day into someone's basket; what they reserved is handed over with it."""
    known = queries.reserved_by(desk, resident, bread, desk.today)
    if known is not None:
        rules.check_for_neighbour(loaves, for_neighbour)
        hand_over(desk, known, loaves=loaves)
        _leave(desk, known, for_neighbour)
        return known
    order = _sold(desk, bread, loaves, for_neighbour, resident)
    desk.charge(bread, loaves, source=order, resident=resident)
    return order


def _sold(
    desk: Desk, bread: Bread, loaves: int, for_neighbour: int, resident: Resident | None = None
) -> Order:
    rules.check_sold(bread)
    rules.check_for_neighbour(loaves, for_neighbour)
    batch = batch_of(desk, bread, desk.today)
    rules.check_free(batch, loaves)
    batch.sold += loaves
    order = desk.add(
        Order(
            resident=resident,
            bread=bread,
            fetch_on=desk.today,
            loaves=loaves,
            taken=loaves,
            state=State.FETCHED,
        )
    )
    _leave(desk, order, for_neighbour)
    desk.counts(loaves)
    return order


def put_back(desk: Desk, order: Order) -> None:
    """Undo what left the basket unpaid: put aside again, or on the shelf; called again, nothing."""
    if order.state is not State.FETCHED:
        return
    batch = batch_of(desk, order.bread, order.fetch_on)
    batch.sold -= order.taken
    _take_back(desk, order)
    order.state = State.CANCELLED
    if order.ahead and order.fetch_on == desk.today:
        order.loaves = min(order.loaves, order.taken)
        batch.reserved += order.loaves
        order.state = State.WAITING
    order.taken = 0


# Paid by one, given to another.


def _leave(desk: Desk, order: Order, loaves: int) -> None:
    """Let loaves that are paid wait for whoever asks for one."""
    if loaves:
        order.for_neighbour = loaves
        _locked(desk, order.bread).suspended += loaves


def _take_back(desk: Desk, order: Order) -> None:
    if order.for_neighbour:
        bread = _locked(desk, order.bread)
        if bread.suspended < order.for_neighbour:
            raise rules.PassedOnAlready
        bread.suspended -= order.for_neighbour
        order.for_neighbour = 0


def _locked(desk: Desk, bread: Bread) -> Bread:
    """Return the bread, fresh, ours until the act ends: always after its batch."""
    return desk.lock(select(Bread).where(Bread.id == bread.id)) or bread


@act(_("Already paid"), when=rules.some_wait, least=Role.TRAINEE, counts=PASSED)
def pass_on(desk: Desk, bread: Bread) -> None:
    """Hand over a loaf that a neighbour has paid: nobody is named, nothing is owed."""
    mine = _locked(desk, bread)
    rules.check_waits(mine)
    mine.suspended -= 1


@act(_("Unsold"), when=rules.has_come, counts=GIFT)
def unsold(desk: Desk, batch: Batch, *, returned: int = 0, given: int = 0) -> None:
    """Send unsold bread back, or leave it as suspended bread."""
    mine = batch_of(desk, batch.bread, batch.baked_on)
    rules.check_unsold(mine, returned, given)
    mine.returned += returned
    mine.given += given
    if given:
        _locked(desk, mine.bread).suspended += given
    desk.counts(given)


def note_missed(desk: Desk) -> None:
    """Note what nobody has fetched until tonight, so that nothing stays put aside for ever."""
    for order in queries.waiting_until(desk, desk.today):
        _free(desk, order, State.MISSED)
