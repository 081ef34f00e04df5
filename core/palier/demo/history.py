"""Three months of the desk, through the acts that a caretaker does."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from palier.bookings.models import Bookable, BookingLine, ThingState
from palier.demo.people import Home, Person
from palier.demo.planning import Hire, Plan, Visit, Wish
from palier.demo.roster import serving
from palier.demo.scene import Scene
from palier.demo.times import Times
from palier.desk.membership import sell_membership
from palier.errors import Refused
from palier.receipts.actions import close_day, pay, print_receipt, refund
from palier.receipts.charging import open_charges
from palier.receipts.closings import close_month
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import ByHand, PayMode, Receipt, TillSession, WhyOther
from palier.receipts.till_acts import close_till, move_cash, open_till
from palier.residents.actions import add_resident
from palier.residents.models import Household
from palier.residents.rules import MaybeTheSame
from palier.text import Cents

SERVICE = "bike_hire"
REASON = "Pneu arrière à changer"
KNOWN = ("given_name", "family_name", "birth_year", "phone", "email", "language")
A_MOMENT = timedelta(seconds=20)
FLOAT = Cents(5000)
LOSES_A_COIN = 9  # one day in so many, half a euro is missing in the evening
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
        yield from (Event(times.spans(each)[0][0], put_back_all) for each in days[1:])
        yield Event(times.closes(days[-1]) - timedelta(minutes=10), partial(block, bike="E02"))
    for at, home, person in plan.newcomers:
        yield Event(at, partial(write_down, home=home, person=person))


def _of_hire(each: Visit, hire: Hire) -> Iterator[Event]:
    if hire.booked:
        wish = Wish(each.at - timedelta(minutes=8), hire.bike, each.who, hire.out, hire.due)
        yield Event(wish.asked, partial(book, wish=wish, hire=hire))
    if hire.back is not None:
        yield Event(hire.back, partial(bring_back, who=each.who, hire=hire))


def closings(times: Times, days: list[date]) -> Iterator[Event]:
    """Yield the till's hours and the closing of every day, of months on the first day after them."""
    for number, day in enumerate(days, start=1):
        ends = times.closes(day)
        yield Event(times.spans(day)[0][0] - timedelta(minutes=10), _open_till)
        off = Cents(-50 if number % LOSES_A_COIN == 0 else 0)
        yield Event(ends + timedelta(minutes=5), partial(_close_till, off=off))
        yield Event(ends + timedelta(minutes=10), partial(_close_day, day=day))
    for before, day in pairwise(days):
        if before.month != day.month:
            at = times.spans(day)[0][0] - timedelta(minutes=15)
            yield Event(at, partial(_close_month, month=before))


def _open_till(scene: Scene, at: datetime) -> None:
    who = serving(at)
    left = scene.desk.session.scalar(
        select(TillSession.left_cents).order_by(TillSession.id.desc()).limit(1)
    )
    there = FLOAT if left is None else left
    session = scene.does(who, open_till, None, at, float_cents=there)
    if there < FLOAT:
        lacks = {"cents": Cents(FLOAT - there), "number": f"FC-{at:%d%m}"}
        scene.does(who, move_cash, session, at, reason=ByHand.FLOAT, **lacks)


def _close_till(scene: Scene, at: datetime, off: Cents) -> None:
    session = scene.desk.session.scalars(open_sessions()).one()
    counted = Cents(drawer_of(scene.desk, session).expected + off)
    why = WhyOther.COIN_ROLLED if off else None
    scene.does(serving(at), close_till, session, at, counted_cents=counted, reason=why)


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
    if coming.cheque or coming.refunded:
        scene.does(who, print_receipt, receipt, at + 3 * A_MOMENT)
    if coming.refunded:
        scene.does("sonia", refund, receipt, at + 4 * A_MOMENT, mode=PayMode.CASH)


def lend(scene: Scene, at: datetime, person: Person, hire: Hire) -> None:
    """Hand a bike over, the booked one where it was booked."""
    who, act = serving(at), scene.act(SERVICE, "hand_over" if hire.booked else "hire")
    values: dict[str, Any] = {"deposit": hire.form, "reference": hire.cheque}
    line = scene.desk.find(BookingLine, hire.line_id) if hire.booked else None
    if line is None:
        values |= {"resident": scene.resident(person), "due_at": hire.due}
        values["bike"] = scene.thing(hire.bike)
    about = line or values["bike"]
    values["before"] = scene.all_ticked(act, "before", who, at, about)
    hire.loan_id = scene.does(who, act, line, at, **values).id


def bring_back(scene: Scene, at: datetime, *, who: Person, hire: Hire) -> None:
    """Take a bike back and let late days be paid at once."""
    act = scene.act(SERVICE, "take_back")
    kind, login = act.signature.record, serving(at)
    loan = scene.desk.find(kind, hire.loan_id) if kind is not None else None
    values: dict[str, Any] = {"after": scene.all_ticked(act, "after", login, at, loan)}
    if hire.damage:
        values |= {"damage": hire.damage, "problem": scene.choice(act, "problem", "tyres")}
    scene.does(login, act, loan, at, **values)
    resident = scene.resident(who)
    if open_charges(scene.desk, resident):
        scene.does(login, pay, resident, at + A_MOMENT)


def book(scene: Scene, at: datetime, *, wish: Wish, hire: Hire | None = None) -> None:
    """Keep a bike for someone; a hire remembers its booking."""
    act, bike, who = scene.act(SERVICE, "book"), scene.thing(wish.bike), scene.resident(wish.who)
    line: BookingLine = scene.does(
        serving(at), act, bike, at, resident=who, starts_at=wish.starts, ends_at=wish.ends
    )
    if hire is not None:
        hire.line_id = line.id


def put_back_all(scene: Scene, at: datetime) -> None:
    """Check what was stopped the day before, repaired or only blocked, and put it back."""
    finish, who = scene.act(SERVICE, "finish"), serving(at)
    kind = finish.signature.record
    for each in scene.desk.all(select(kind)) if kind is not None else ():
        if finish.when is not None and finish.when(each):
            ticks = scene.all_ticked(finish, "checked", who, at, each)
            scene.does(who, finish, each, at, checked=ticks)
    act = scene.act(SERVICE, "put_back")
    blocked = select(Bookable).where(Bookable.state == ThingState.BLOCKED).order_by(Bookable.code)
    for bike in scene.desk.all(blocked):
        ticks = scene.all_ticked(act, "checked", who, at, bike)
        with suppress(Refused):  # what an outside workshop has stays where it is
            scene.does(who, act, bike, at, checked=ticks)


def block(scene: Scene, at: datetime, *, bike: str) -> None:
    """Take a bike out of service: its repair is written down."""
    scene.does(serving(at), scene.act(SERVICE, "open_repair"), scene.thing(bike), at, what=REASON)


def write_down(scene: Scene, at: datetime, *, home: Home, person: Person) -> None:
    """Add someone to a household that is known already."""
    query = select(Household).where(Household.code == home.code)
    household = scene.desk.session.scalars(query).one()
    values: dict[str, Any] = {each: getattr(person, each) for each in KNOWN}
    who = serving(at)
    try:
        with scene.desk.session.begin_nested():
            scene.does(who, add_resident, household, at, **values)
    except MaybeTheSame:  # the caretaker looks, and it is a neighbour with nearly the same name
        scene.does(who, add_resident, household, at + A_MOMENT, **values, sure=True)
