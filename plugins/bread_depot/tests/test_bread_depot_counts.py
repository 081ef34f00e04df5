"""No loaf is lost and none is sold twice: whatever is done, in whatever order, by how many desks."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palier.api import Charge, ChargeState, Desk, PayMode, Refused, Resident, func, select
from palier.asking import Hooks
from palier.db.engine import Database
from palier.plugins import discover
from palier.receipts.charging import cancel as cancel_charge
from palier.testing.plugin import At
from palier.testing.races import CROWD, threads
from palier_bread_depot import actions, bakery
from palier_bread_depot.actions import tomorrow
from palier_bread_depot.models import Batch, Bread, Order, State

HOOKS = Hooks(discover())
FEW = st.integers(0, 5)
CARD = PayMode.CARD  # no drawer: what is counted here is bread
Move = tuple[str, int, int]


def ready(desk: Desk) -> Desk:
    desk.hooks = HOOKS
    desk.site = replace(desk.site, plugins=frozenset({"bread_depot"}))
    return desk


def bread_of(desk: Desk) -> Bread:
    """Return a bread with its price, new for each history."""
    known = desk.session.scalar(select(func.count(Bread.id))) or 0
    bread = desk.add(Bread(name=f"Bread {known}", key="abcdefghijklmnopqrstuvwxyz"[known % 26]))
    bakery._set_price(desk, bread, bakery.BREADS["b"].cents)
    return bread


def resident_of(desk: Desk) -> Resident:
    return desk.add(Resident(given_name="Odile", family_name="Kern", card_code="C-1"))


# What can happen to one bread on one day. Refused or not, the loaves add up after each.


def come(desk: Desk, bread: Bread, _who: Resident, loaves: int, _which: int) -> None:
    actions.receive(desk, bread, delivered=loaves)


def put_aside(desk: Desk, bread: Bread, who: Resident, loaves: int, which: int) -> None:
    """Reserve as if it had been said the day before."""
    batch = actions.batch_of(desk, bread, desk.today)
    batch.reserved += loaves + 1
    whose = who if which % 2 else None
    day = desk.today
    desk.add(Order(resident=whose, bread=bread, fetch_on=day, loaves=loaves + 1, ahead=True))


def orders(desk: Desk, bread: Bread, *states: State) -> list[Order]:
    query = select(Order).where(Order.bread == bread, Order.state.in_(states))
    return desk.all(query.order_by(Order.id))


def one_of(found: list[Order], which: int) -> Order | None:
    return found[which % len(found)] if found else None


def fetch(desk: Desk, bread: Bread, _who: Resident, loaves: int, which: int) -> None:
    order = one_of(orders(desk, bread, State.WAITING), which)
    if order is not None and order.resident is not None:
        actions.hand_over(desk, order, loaves=loaves or None)
    elif order is not None:
        actions.hand_over_paid(desk, order, loaves=loaves or None, mode=CARD)


def drop(desk: Desk, bread: Bread, _who: Resident, _loaves: int, which: int) -> None:
    if order := one_of(orders(desk, bread, State.WAITING), which):
        actions.cancel(desk, order)


def buy(desk: Desk, bread: Bread, _who: Resident, loaves: int, which: int) -> None:
    actions.sell(desk, bread, loaves=loaves + 1, for_neighbour=which, mode=CARD)


def ask(desk: Desk, bread: Bread, who: Resident, loaves: int, which: int) -> None:
    actions.sell_to(desk, resident=who, bread=bread, loaves=loaves + 1, for_neighbour=which)


def unpaid(desk: Desk, bread: Bread, _who: Resident, _loaves: int, which: int) -> None:
    query = select(Charge).where(Charge.state == ChargeState.OPEN, Charge.label == bread.name)
    found = desk.all(query.order_by(Charge.id))
    if found:
        cancel_charge(desk, found[which % len(found)])


def evening(desk: Desk, bread: Bread, _who: Resident, loaves: int, which: int) -> None:
    batch = actions.batch_of(desk, bread, desk.today)
    actions.unsold(desk, batch, returned=loaves, given=which)


def pass_on(desk: Desk, bread: Bread, _who: Resident, _loaves: int, _which: int) -> None:
    actions.pass_on(desk, bread)


def mend(desk: Desk, bread: Bread, _who: Resident, loaves: int, which: int) -> None:
    batch = actions.batch_of(desk, bread, desk.today)
    actions.recount(desk, batch, delivered=loaves * which)


def free(desk: Desk, bread: Bread, _who: Resident, _loaves: int, _which: int) -> None:
    actions.release(desk, actions.batch_of(desk, bread, desk.today))


MOVES: dict[str, Callable[[Desk, Bread, Resident, int, int], None]] = {
    each.__name__: each
    for each in (come, put_aside, fetch, drop, buy, ask, unpaid, evening, pass_on, mend, free)
}


def adds_up(desk: Desk, bread: Bread) -> None:
    """Every loaf that came is sold, put aside, back, given or left; and each of them is someone's."""
    batch = actions.batch_of(desk, bread, desk.today)
    waiting = orders(desk, bread, State.WAITING)
    fetched = orders(desk, bread, State.FETCHED)
    gone = batch.sold + batch.returned + batch.given
    assert batch.delivered == gone + batch.reserved + batch.free - batch.awaited
    assert batch.delivered >= gone
    assert batch.reserved == sum(each.loaves for each in waiting)
    assert batch.sold == sum(each.taken for each in fetched)
    left = sum(each.for_neighbour for each in fetched)
    assert 0 <= bread.suspended <= left + batch.given
    paid = ChargeState.OPEN, ChargeState.RECEIPTED
    charged = select(func.coalesce(func.sum(Charge.quantity), 0)).where(
        Charge.item == bread.price_item, Charge.state.in_(paid)
    )
    assert desk.session.scalar(charged) == batch.sold


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.tuples(st.sampled_from(sorted(MOVES)), FEW, FEW), max_size=25))
def test_loaves_add_up_in_every_history(at: At, moves: list[Move]) -> None:
    with at() as desk, desk.session.begin_nested() as history:
        ready(desk)
        bread, who = bread_of(desk), resident_of(desk)
        actions.receive(desk, bread, delivered=10)

        for name, loaves, which in moves:
            with suppress(Refused), desk.session.begin_nested():
                MOVES[name](desk, bread, who, loaves, which)
            desk.session.expire_all()
            adds_up(desk, bread)
        history.rollback()


@pytest.fixture
def one_left(at: At) -> int:
    """A bread of which one loaf has come; its id."""
    with at() as desk:
        bread = bread_of(ready(desk))
        actions.receive(desk, bread, delivered=1)
        return bread.id


def test_the_last_loaf_goes_over_one_counter(at: At, database: Database, one_left: int) -> None:
    def buys(_number: int) -> None:
        with at() as desk:
            actions.sell(ready(desk), desk.session.get_one(Bread, one_left), loaves=1, mode=CARD)

    came = threads(database, buys)

    assert came == Counter(done=1, NoneLeft=CROWD - 1)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Batch.sold)).one() == 1
        assert len(desk.all(select(Charge))) == 1


def test_one_reservation_is_handed_over_once(at: At, database: Database, one_left: int) -> None:
    with at() as desk:
        bread, who = desk.session.get_one(Bread, one_left), resident_of(desk)
        put_aside(desk, bread, who, 0, 1)

    def hands_over(_number: int) -> None:
        with at() as desk:
            order = desk.session.scalars(select(Order)).one()
            actions.hand_over(ready(desk), order)

    came = threads(database, hands_over)

    assert came["done"] == 1
    with at(write=False) as desk:
        batch = desk.session.scalars(select(Batch)).one()
        assert (batch.sold, batch.reserved, batch.free) == (1, 0, 0)
        assert len(desk.all(select(Charge))) == 1


def test_two_desks_reserve_one_day_for_one_person_once(
    at: At, database: Database, one_left: int
) -> None:
    with at() as desk:
        who = resident_of(desk).id

    def reserves(_number: int) -> None:
        with at() as desk:
            bread, person = (desk.session.get_one(Bread, one_left), desk.find(Resident, who))
            day = tomorrow(desk)
            actions.reserve(ready(desk), bread, resident=person, fetch_on=day, loaves=2)

    came = threads(database, reserves)

    assert came == Counter(done=1, AlreadyReserved=CROWD - 1)
    with at(write=False) as desk:
        days = select(Batch.reserved).order_by(Batch.baked_on.desc()).limit(1)
        assert desk.session.scalars(days).one() == 2


def test_two_desks_count_one_delivery_on_one_note(at: At, database: Database) -> None:
    with at() as desk:
        ids = [each.id for each in bakery.make_breads(ready(desk))]

    def counts(number: int) -> None:
        with at() as desk:
            bread = desk.session.get_one(Bread, ids[number % 2])
            actions.receive(ready(desk), bread, delivered=1)

    came = threads(database, counts)

    assert came == Counter(done=CROWD)
    with at(write=False) as desk:
        rows = desk.all(select(Batch), Batch.delivery)
        assert [each.delivered for each in rows] == [CROWD // 2] * 2
        assert {each.delivery.number for each in rows if each.delivery} == {"2026-0001"}
