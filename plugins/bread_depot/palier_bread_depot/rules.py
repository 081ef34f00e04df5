"""What is always true of bread: no session, no web, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from palier.api import Refused, _, ask

from .models import Batch, Bread, Order, State


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    members_only: Annotated[bool, ask(_("Only members may reserve"))] = False
    last_order: Annotated[time, ask(_("Reservations for tomorrow close at"))] = time(17, 0)
    most_loaves: Annotated[int, ask(_("Most loaves in one reservation"), min=1)] = 6
    days_ahead: Annotated[int, ask(_("Days ahead one may reserve"), min=1, max=60)] = 14
    unsold_from: Annotated[time, ask(_("Unsold bread is counted from"))] = time(18, 0)


class TooLate(Refused):
    text = _("Reservations for that day are closed. Sell from today's bread instead.")
    field = "fetch_on"


class TooFar(Refused):
    text = _("Bread can be reserved until %(last)s. Choose an earlier day.")
    field = "fetch_on"


class TooMany(Refused):
    text = _("At most %(most)s loaves in one reservation.")
    field = "loaves"


class AlreadyReserved(Refused):
    text = _(
        "%(who)s has %(what)s reserved for that day. Cancel that first, then reserve what is wanted."
    )
    field = "bread"


class NotSoldNow(Refused):
    text = _("%(bread)s is not sold at the moment. Choose another bread.")
    field = "bread"


class NotEnough(Refused):
    text = _("Only %(left)s left. Choose fewer, or another bread.")
    field = "loaves"


class NoneLeft(Refused):
    text = _("No %(bread)s is left to sell. Choose another bread.")
    field = "loaves"


class NotCome(Refused):
    text = _("%(bread)s has not come yet. Count first what the baker left.")
    field = "loaves"


class NotOfToday(Refused):
    text = _("This bread is for %(day)s: it is handed over on that day only.")


class MoreThanSold(Refused):
    text = _("At most %(loaves)s can be for a neighbour: so many are sold.")
    field = "for_neighbour"


class SayHowMany(Refused):
    text = _("Say how many go back to the baker, or stay for neighbours.")
    field = "returned"


class MoreThanUnsold(Refused):
    text = _("Only %(left)s are unsold and not reserved. Count again.")
    field = "returned"


class MoreIsGone(Refused):
    text = _("%(gone)s are sold, back or given already: it can't be fewer than that.")
    field = "delivered"


class NoneWaits(Refused):
    text = _("No %(bread)s waits that a neighbour has paid. Sell one, or choose another bread.")


class PassedOnAlready(Refused):
    text = _("A neighbour has got this bread already: it stays to be paid.")


def check_day(fetch_on: date, now: datetime, settings: Settings) -> None:
    """Raise for a day whose reservations are closed, or that is too far off.

    `now` is on the site's clock: they close at an hour of the evening before.
    """
    eve = fetch_on - timedelta(days=1)
    if now > datetime.combine(eve, settings.last_order, now.tzinfo):
        raise TooLate
    last = now.date() + timedelta(days=settings.days_ahead)
    if fetch_on > last:
        raise TooFar(last=last)


def check_number(loaves: int, settings: Settings) -> None:
    if loaves > settings.most_loaves:
        raise TooMany(most=settings.most_loaves)


def check_sold(bread: Bread) -> None:
    if not bread.active:
        raise NotSoldNow(bread=bread.name)


def check_free(batch: Batch, loaves: int) -> None:
    """Raise for more loaves than are on the shelf and not put aside."""
    if loaves <= batch.free:
        return
    if not has_come(batch):
        raise NotCome(bread=batch.bread.name)
    if not batch.free:
        raise NoneLeft(bread=batch.bread.name)
    raise NotEnough(left=batch.free)


def check_handed(batch: Batch, order: Order, loaves: int) -> None:
    """Raise for more loaves than this person has aside and are free; others' stay put aside."""
    if not has_come(batch):
        raise NotCome(bread=batch.bread.name)
    left = min(batch.on_shelf, batch.free + order.loaves)
    if left < 1:
        raise NoneLeft(bread=batch.bread.name)
    if loaves > left:
        raise NotEnough(left=left)


def check_today(order: Order, today: date) -> None:
    if order.fetch_on != today:
        raise NotOfToday(day=order.fetch_on)


def check_for_neighbour(loaves: int, for_neighbour: int) -> None:
    """Raise for more loaves left to neighbours than are sold."""
    if for_neighbour > loaves:
        raise MoreThanSold(loaves=loaves)


def check_unsold(batch: Batch, returned: int, given: int) -> None:
    if returned + given == 0:
        raise SayHowMany
    if returned + given > batch.free:
        raise MoreThanUnsold(left=batch.free)


def check_count(batch: Batch, delivered: int) -> None:
    """Raise for a delivery of fewer loaves than have left the shelf."""
    gone = batch.sold + batch.returned + batch.given
    if delivered < gone:
        raise MoreIsGone(gone=gone)


def check_waits(bread: Bread) -> None:
    if bread.suspended < 1:
        raise NoneWaits(bread=bread.name)


def has_come(batch: Batch) -> bool:
    """Whether the baker's bread was counted, be it none."""
    return batch.delivery is not None


def has_reserved(batch: Batch) -> bool:
    return batch.reserved > 0


def some_wait(bread: Bread) -> bool:
    return bread.suspended > 0


def is_sold(bread: Bread) -> bool:
    return bread.active


def is_waiting(order: Order) -> bool:
    return order.state is State.WAITING


def waits_for_resident(order: Order) -> bool:
    return is_waiting(order) and order.resident is not None


def waits_for_code(order: Order) -> bool:
    """Whether it was reserved by someone whose name nobody asked: the label's code is all."""
    return is_waiting(order) and order.resident is None


def note_number(year: int, count: int) -> str:
    """Return the number of a delivery note: "2026-0001"."""
    return f"{year}-{count:04d}"
