"""Questions that the acts, the pages and the hooks of the bread depot share: one statement each."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from palier.api import (
    Cents,
    Charge,
    ChargeState,
    Desk,
    Provider,
    Resident,
    and_,
    func,
    select,
)

from .models import Batch, Bread, Delivery, Order, State


class OfDay(NamedTuple):
    """A bread that is sold, and its batch of the day if there is one."""

    bread: Bread
    batch: Batch | None
    delivery: Delivery | None  # held here, as the baker is, so that neither is read again
    baker: Provider | None

    @property
    def has_come(self) -> bool:
        return self.delivery is not None


def breads_of_day(desk: Desk, *, key: str = "") -> list[OfDay]:
    """Return the breads that are sold now with today's batches, by their keys."""
    same_day = and_(Batch.__table__.c.bread_id == Bread.id, Batch.baked_on == desk.today)
    query = (
        select(Bread, Batch, Delivery, Provider)
        .outerjoin(Batch, same_day)
        .outerjoin(Batch.delivery)
        .outerjoin(Bread.baker)
        .where(Bread.active.is_(True))
        .order_by(Bread.id)
    )
    if key:
        query = query.where(Bread.key == key)
    return [OfDay(*row) for row in desk.session.execute(query)]


def waiting_on(desk: Desk, day: date) -> list[Order]:
    """Return what is put aside for a day, by bread, then in the order it was reserved."""
    query = (
        select(Order).join(Order.bread).where(Order.fetch_on == day, Order.state == State.WAITING)
    )
    return desk.all(query.order_by(Bread.id, Order.id), Order.bread, Order.resident)


def waiting_until(desk: Desk, day: date) -> list[Order]:
    """Return what nobody has fetched by the end of this day."""
    query = select(Order).where(Order.fetch_on <= day, Order.state == State.WAITING)
    return desk.all(query.order_by(Order.id), Order.bread)


def waiting_for(desk: Desk, resident: Resident) -> list[Order]:
    """Return what is put aside for a resident from today on."""
    query = select(Order).where(
        Order.resident == resident, Order.fetch_on >= desk.today, Order.state == State.WAITING
    )
    return desk.all(query.order_by(Order.fetch_on, Order.id), Order.bread)


def reserved_by(desk: Desk, resident: Resident, bread: Bread, day: date) -> Order | None:
    """Return what a resident has put aside of one bread for one day."""
    query = select(Order).where(
        Order.resident == resident,
        Order.bread == bread,
        Order.fetch_on == day,
        Order.state == State.WAITING,
    )
    return next(iter(desk.all(query.order_by(Order.id))), None)


def of_batch(desk: Desk, batch: Batch) -> list[Order]:
    """Return what is put aside of a batch."""
    query = select(Order).where(
        Order.bread == batch.bread,
        Order.fetch_on == batch.baked_on,
        Order.state == State.WAITING,
    )
    return desk.all(query.order_by(Order.id))


def delivery_of(desk: Desk, baker: Provider | None) -> Delivery | None:
    """Return today's delivery of a baker, or of bread that no baker's name stands for."""
    query = select(Delivery).where(Delivery.came_on == desk.today)
    same = query.where(Delivery.baker == baker)
    return next(iter(desk.all(same.order_by(Delivery.id))), None)


class OfBaker(NamedTuple):
    """A batch with its bread, its delivery note and the baker, held so that none is read again."""

    batch: Batch
    bread: Bread
    delivery: Delivery | None
    baker: Provider | None


def batches_on(desk: Desk, day: date) -> list[OfBaker]:
    """Return a day's batches, baker by baker."""
    query = (
        select(Batch, Bread, Delivery, Provider)
        .join(Batch.bread)
        .outerjoin(Batch.delivery)
        .outerjoin(Bread.baker)
        .where(Batch.baked_on == day)
        .order_by(Bread.__table__.c.baker_id, Bread.id)
    )
    return [OfBaker(*row) for row in desk.session.execute(query)]


def batches_of(desk: Desk, delivery: Delivery) -> list[Batch]:
    """Return what one delivery note lists."""
    query = select(Batch).join(Batch.bread).where(Batch.delivery == delivery)
    return desk.all(query.order_by(Bread.id), Batch.bread)


def taken_on(desk: Desk, day: date) -> dict[int, Cents]:
    """Return what was paid for a day's bread, in cents at full price, by bread: funds pay their part."""
    bread_id = Order.__table__.c.bread_id
    query = (
        select(bread_id, func.sum(Charge.full_cents))
        .join(Order, Order.id == Charge.source_id)
        .where(
            Charge.source_type == Order.__tablename__,
            Charge.state == ChargeState.RECEIPTED,
            Order.fetch_on == day,
        )
        .group_by(bread_id)
    )
    return {bread: Cents(int(cents)) for bread, cents in desk.session.execute(query)}


def names_of(breads: Sequence[Bread]) -> str:
    """Say several breads, one after the other."""
    return ", ".join(each.name for each in breads)
