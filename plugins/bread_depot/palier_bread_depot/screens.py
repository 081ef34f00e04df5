"""What a caretaker sees of bread."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Annotated

from palier.api import Cents, Desk, Drawn, Page, Screen, _, ask, page, slip_code, squares

from . import queries, rules
from .actions import (
    cancel,
    hand_over,
    hand_over_paid,
    not_come,
    pass_on,
    print_note,
    receive,
    recount,
    release,
    reserve,
    reserve_for,
    sell,
    sell_to,
    unsold,
)
from .models import Batch, Bread, Delivery, Order

breads = Screen(
    Bread,
    _("Breads"),
    columns=(Bread.name, Bread.key, Bread.baker, Bread.active, Bread.suspended),
    form=(Bread.name, Bread.key, Bread.baker, Bread.active),
    filters=(Bread.active,),
    acts=(sell, reserve, receive, pass_on),
    help=_("With a baker, bread is sold in the baker's name: it is never the service's turnover."),
)

batches = Screen(
    Batch,
    _("Bread of the day"),
    columns=(
        Batch.bread,
        Batch.baked_on,
        Batch.delivered,
        Batch.reserved,
        Batch.sold,
        Batch.returned,
        Batch.given,
        Batch.free,
        Batch.awaited,
    ),
    sections={
        _("What came"): (Batch.bread, Batch.baked_on, Batch.delivery, Batch.delivered),
        _("What became of it"): (Batch.reserved, Batch.sold, Batch.returned, Batch.given),
        _("On the shelf"): (Batch.on_shelf, Batch.free, Batch.awaited),
    },
    filters=(Batch.baked_on, Batch.bread),
    newest_first=Batch.baked_on,
    acts=(unsold, recount, release),
)

orders = Screen(
    Order,
    _("Reserved bread"),
    columns=(Order.fetch_on, Order.resident, Order.bread, Order.loaves, Order.state),
    sections={
        _("Reserved"): (Order.resident, Order.bread, Order.fetch_on, Order.loaves, Order.ahead),
        _("What became of it"): (Order.state, Order.taken, Order.for_neighbour),
    },
    filters=(Order.fetch_on, Order.state, Order.bread),
    newest_first=Order.fetch_on,
    acts=(sell_to, reserve_for, hand_over, hand_over_paid, cancel, not_come),
)

deliveries = Screen(
    Delivery,
    _("Delivery notes"),
    columns=(Delivery.number, Delivery.baker, Delivery.came_on),
    newest_first=Delivery.came_on,
    acts=(print_note,),
)


@dataclass(frozen=True)
class OnShelf:
    """A bread as the counter shows it; an address is empty where there is nothing to do."""

    bread: Bread
    batch: Batch | None
    go_href: str
    unsold_href: str = ""
    pass_href: str = ""


@page(_("Counter"))
def counter(desk: Desk) -> Page:
    """Sell bread one after the other: a letter, then Enter."""
    href = f"/{desk.site.slug}/desk/bread_depot/labels"
    return Page("bread_depot/counter.html", shelf=list(_shelf(desk)), labels_href=href)


def _shelf(desk: Desk) -> Iterator[OnShelf]:
    root = f"/{desk.site.slug}/desk/bread_depot"
    back = f"?back={root}/counter"
    may_sell, may_receive = desk.may(sell), desk.may(receive)
    for each in queries.breads_of_day(desk):
        base, batch = f"{root}/bread/{each.bread.id}", each.batch if each.has_come else None
        go = f"{base}/sell{back}" if batch is not None and may_sell else ""
        if batch is None and may_receive:
            go = f"{base}/receive{back}"
        left = batch is not None and batch.free > 0 and desk.may(unsold)
        yield OnShelf(
            each.bread,
            batch,
            go,
            f"{root}/batch/{batch.id}/unsold{back}" if batch is not None and left else "",
            f"{base}/pass_on{back}" if rules.some_wait(each.bread) and desk.may(pass_on) else "",
        )


@dataclass(frozen=True)
class Label:
    """What is stuck on reserved bread: for whom, how many of what, and the code to scan."""

    who: str
    what: str
    code: str
    drawn: Drawn


@page(_("Labels"))
def labels(desk: Desk, *, day: Annotated[date | None, ask(_("Day"))] = None) -> Page:
    """Print one label for each reservation of a day, with its code."""
    shown = day or desk.today
    strip = [_label(each) for each in queries.waiting_on(desk, shown)]
    return Page("bread_depot/labels.html", day=shown, labels=strip, back=_counter(desk))


def _label(order: Order) -> Label:
    code = slip_code(order)
    return Label(str(order.resident or ""), str(order), code, squares(code))


def _counter(desk: Desk) -> str:
    return f"/{desk.site.slug}/desk/bread_depot/counter"


HEADINGS = (
    _("Reserved"),
    _("Delivered"),
    _("Sold"),
    _("Back to the baker"),
    _("Suspended bread"),
    _("Still there"),
)


@dataclass(frozen=True)
class SheetLine:
    """One bread of the baker's sheet, with what was paid for it, in cents."""

    batch: Batch
    cents: Cents

    @property
    def counts(self) -> tuple[int, ...]:
        """The figures under `HEADINGS`."""
        b = self.batch
        return b.reserved, b.delivered, b.sold, b.returned, b.given, b.on_shelf


@dataclass(frozen=True)
class SheetPart:
    """What one baker reads: the number of the note, the breads, the sum."""

    baker: str
    number: str
    lines: tuple[SheetLine, ...]

    @property
    def total(self) -> Cents:
        """What was paid for all of it, in cents."""
        return Cents(sum(each.cents for each in self.lines))


@page(_("Baker's sheet"))
def sheet(desk: Desk, *, day: Annotated[date | None, ask(_("Day"))] = None) -> Page:
    """Show what to bake, what was sold and what goes back, on one sheet of paper."""
    shown, one = day or desk.today, timedelta(days=1)
    here = f"/{desk.site.slug}/desk/bread_depot/sheet?day="
    return Page(
        "bread_depot/sheet.html",
        day=shown,
        headings=HEADINGS,
        parts=list(_parts(desk, shown)),
        previous_href=f"{here}{shown - one}",
        next_href=f"{here}{shown + one}",
    )


def _parts(desk: Desk, day: date) -> Iterator[SheetPart]:
    paid = queries.taken_on(desk, day)
    found = queries.batches_on(desk, day)
    for baker, rows in groupby(found, key=lambda each: each.baker):
        mine = list(rows)
        lines = tuple(SheetLine(each.batch, paid.get(each.bread.id, Cents(0))) for each in mine)
        number = next((str(each.delivery) for each in mine if each.delivery), "")
        yield SheetPart(str(baker or ""), number, lines)


@page(_("Delivery note"), rare=True)
def delivery_note(desk: Desk, *, made: Annotated[Delivery, ask(_("Delivery note"))]) -> Page:
    """Print what one baker left on one day, to be signed."""
    lines = queries.batches_of(desk, made)
    return Page("bread_depot/note.html", note=made, lines=lines, back=_counter(desk))
