"""Three months of the desk, through the acts that a caretaker does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from palier.accounts.models import Staff
from palier.bookings.models import Bookable, ThingState
from palier.demo.people import Home, Person
from palier.demo.planning import Hire, Plan, Visit, Wish
from palier.demo.roster import serving
from palier.demo.scene import Scene
from palier.demo.times import Times
from palier.desk.membership import sell_membership
from palier.receipts.actions import close_day, pay, refund
from palier.receipts.charging import open_charges
from palier.receipts.closings import close_month
from palier.receipts.models import PayMode, Receipt
from palier.residents.actions import add_resident
from palier.residents.models import Household

SERVICE = "bike_hire"
REASON = "Pneu arrière à changer"
A_MOMENT = timedelta(seconds=20)
Do = Callable[[Scene, datetime], object]


@dataclass(order=True)
class Event:
    """Something to be done at a moment."""

    at: datetime
    do: Do = field(compare=False)


def events_of(plan: Plan, times: Times, days: list[date], *, bikes: bool) -> Iterator[Event]:
    """Yield what is to be done, in no order; without bikes where that service is not on."""
    for each in plan.visits:
        if bikes or each.joins:
            yield Event(each.at, partial(visit, coming=each, bikes=bikes))
        if bikes and each.hire is not None:
            yield from _of_hire(each, each.hire)
    if bikes:
        yield from (Event(each.asked, partial(book, wish=each)) for each in plan.wishes)
        yield from (Event(times.spans(each)[0][0], put_back_all) for each in days[1:-1])
        yield Event(times.closes(days[-1]) - timedelta(minutes=10), partial(block, bike="E02"))
    for at, home, person in plan.newcomers:
        yield Event(at, partial(write_down, home=home, person=person))


def _of_hire(each: Visit, hire: Hire) -> Iterator[Event]:
    if hire.booked:
        wish = Wish(each.at - timedelta(minutes=8), hire.bike, each.who, hire.out, hire.due)
        yield Event(wish.asked, partial(book, wish=wish))
    if hire.back is not None:
        yield Event(hire.back, partial(bring_back, who=each.who, hire=hire))


def closings(times: Times, days: list[date]) -> Iterator[Event]:
    """Yield the closing of every day, and of every month on the first open day after it."""
    for day in days:
        yield Event(times.closes(day) + timedelta(minutes=10), partial(_close_day, day=day))
    for before, day in zip(days, days[1:], strict=False):
        if before.month != day.month:
            at = times.spans(day)[0][0] - timedelta(minutes=15)
            yield Event(at, partial(_close_month, month=before))


def _close_day(scene: Scene, at: datetime, day: date) -> None:
    scene.does("sonia", close_day, None, at, day=day)


def _close_month(scene: Scene, at: datetime, month: date) -> None:
    scene.desk.actor, scene.desk.now = scene.staff["sonia"], at
    close_month(scene.desk, month.year, month.month)


def visit(scene: Scene, at: datetime, *, coming: Visit, bikes: bool) -> None:
    """Join, take a bike, pay."""
    who, resident = serving(at), scene.resident(coming.who)
    if coming.joins:
        scene.does(who, sell_membership, resident.household, at)
    if bikes and coming.hire is not None:
        lend(scene, at + A_MOMENT, coming.who, coming.hire)
    paid = {"mode": coming.mode, "reference": coming.cheque}
    receipt: Receipt = scene.does(who, pay, resident, at + 2 * A_MOMENT, **paid)
    if coming.refunded:
        scene.does("sonia", refund, receipt, at + 3 * A_MOMENT, mode=PayMode.CASH)


def lend(scene: Scene, at: datetime, person: Person, hire: Hire) -> None:
    """Hand a bike over, the booked one where it was booked."""
    who, act = serving(at), scene.act(SERVICE, "hand_over" if hire.booked else "hire")
    values: dict[str, Any] = {"deposit": hire.form, "reference": hire.cheque}
    values["before"] = scene.all_ticked(act, "before", who, at)
    line = None
    if hire.booked:
        line = _booked(scene, person)
    else:
        values |= {"resident": scene.resident(person), "due_at": hire.due}
        values["bike"] = scene.thing(hire.bike)
    hire.loan_id = scene.does(who, act, line, at, **values).id
