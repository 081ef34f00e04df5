"""The breads that a site begins with, and a baker's day to show."""

from datetime import timedelta
from typing import NamedTuple

from palier.api import (
    Cents,
    Desk,
    Price,
    Provider,
    Resident,
    Text,
    Unit,
    VatClass,
    _,
    in_site_words,
    select,
)

from . import actions
from .models import Batch, Bread, Delivery, Order

BAKER = "Boulangerie Rhin"
RESERVED = 9  # of the first bread, for the day after
SATURDAY = 5


class Sort(NamedTuple):
    """A bread by its key: its name, its price in cents, how many the sample baker leaves."""

    name: Text
    cents: Cents
    delivered: int


BREADS = {
    "b": Sort(_("Baguette"), Cents(120), 40),
    "l": Sort(_("Wholemeal loaf"), Cents(300), 12),
}


def make_breads(desk: Desk) -> list[Bread]:
    """Return the breads of a site, made where it has none; without a price they can't be sold."""
    if known := desk.all(select(Bread).order_by(Bread.id)):
        return known
    return [
        desk.add(Bread(name=in_site_words(desk, each.name), key=key))
        for key, each in BREADS.items()
    ]


def make_day(desk: Desk) -> None:
    """Let a baker leave bread today and residents reserve for the next day, where some live."""
    breads = make_breads(desk)
    baker = _baker(desk)
    for bread in breads:
        if bread.baker is None and bread.key in BREADS:
            bread.baker = baker
            _set_price(desk, bread, BREADS[bread.key].cents)
    residents = desk.all(select(Resident).order_by(Resident.id).limit(RESERVED))
    today = select(Delivery).where(Delivery.came_on == desk.today)
    if residents and not desk.all(today):
        actions.note_missed(desk)
        for bread in breads:
            _sell_out(desk, bread)
        _reserve(desk, breads[0], residents)


def _baker(desk: Desk) -> Provider:
    query = select(Provider).where(Provider.name == BAKER)
    return next(iter(desk.all(query)), None) or desk.add(Provider(name=BAKER))


def _set_price(desk: Desk, bread: Bread, cents: Cents) -> None:
    desk.add(
        Price(
            label=bread.name,
            item=bread.price_item,
            cents=cents,
            unit=Unit.PIECE,
            vat_class=VatClass.REDUCED,
            is_service=False,
            provider=bread.baker,
            valid_from=desk.today.replace(month=1, day=1),
        )
    )


def _sell_out(desk: Desk, bread: Bread) -> None:
    """Let what came be left to neighbours and sent back: nothing of it is money."""
    batch: Batch = actions.receive(desk, bread, delivered=3)
    actions.unsold(desk, batch, returned=1, given=2)


def _reserve(desk: Desk, bread: Bread, residents: list[Resident]) -> None:
    """Put one loaf aside for each: rows of a paper list that was kept until then, told to nobody."""
    day = desk.today + timedelta(days=2 if desk.today.weekday() == SATURDAY else 1)
    for each in residents:
        actions.batch_of(desk, bread, day).reserved += 1
        desk.add(Order(resident=each, bread=bread, fetch_on=day, loaves=1, ahead=True))
