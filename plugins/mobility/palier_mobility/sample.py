"""What a site begins with: a fare and the first places; and what a demonstration shows."""

from datetime import datetime, time, timedelta

from palier.api import (
    ONE,
    Cents,
    Desk,
    Minutes,
    Price,
    Priced,
    Provider,
    Resident,
    Text,
    ThingState,
    Ticks,
    _,
    in_site_words,
    open_days,
    select,
)

from .actions import ask_companion, ask_trip
from .models import (
    BY_VEHICLE,
    ON_FOOT,
    Companion,
    Fare,
    Stop,
    Trip,
    Vehicle,
    VoucherKind,
    What,
)
from .people import add_provider, add_volunteer
from .queries import queue_for
from .vouchers import add_booklet, give_voucher

HOME = _("At home")
PLACES = (_("Market"), _("Town hall"), _("Railway station"), _("Shopping centre"), _("Library"))
FIRST = "TX04501"
# Cents of a trip without and with a vehicle, and of a voucher.
PRICES = {ON_FOOT: 200, BY_VEHICLE: 600}
VOUCHER_CENTS = 800


def make_places(desk: Desk) -> Fare:
    """Return the first fare, made with the resident's home where the site has no place yet."""
    name = in_site_words(desk, _("In the neighbourhood"))
    fares = desk.all(select(Fare).order_by(Fare.id).limit(1))
    fare = fares[0] if fares else desk.add(Fare(name=name))
    if not desk.all(select(Stop).limit(1)):
        desk.add(Stop(name=in_site_words(desk, HOME), fare=fare, home=True))
    return fare


def make_trips(desk: Desk) -> None:
    """Show a trip that is agreed, one that looks for someone, and a voucher that was given."""
    residents = desk.all(select(Resident).order_by(Resident.id).limit(3))
    if desk.all(select(Trip).limit(1)) or not residents:
        return
    fare = make_places(desk)
    for tariff, cents in PRICES.items():
        _price_once(desk, fare, tariff, cents)
    _find_companions(desk, residents)
    _let_travel(desk, residents[0], [_stop(desk, each, fare) for each in PLACES], _car(desk))
    _give_one(desk, residents[0])


def _stop(desk: Desk, words: Text, fare: Fare) -> Stop:
    return desk.one(Stop(name=in_site_words(desk, words), fare=fare))


def _car(desk: Desk) -> Vehicle:
    """Return the first vehicle that is ready, or a new small car."""
    ready = desk.all(select(Vehicle).where(Vehicle.state == ThingState.READY).limit(1))
    name = in_site_words(desk, _("Small car"))
    return ready[0] if ready else desk.add(Vehicle(code="MOB1", name=name, seats=3))


def _price_once(desk: Desk, thing: Priced, tariff: str, cents: int) -> None:
    """Set a price from the year's first day on, unless the thing has one."""
    item, told = thing.item_of(tariff), type(thing).tariffs[tariff]
    if desk.all(select(Price).where(Price.item == item).limit(1)):
        return
    since, label = desk.today.replace(month=1, day=1), in_site_words(desk, str(thing))
    desk.add(
        Price(
            label=label, item=item, cents=Cents(cents), unit=told.unit, vat_class=told.vat,
            valid_from=since,
        )
    )  # fmt: skip


def _find_companions(desk: Desk, residents: list[Resident]) -> None:
    """Let the last of these residents and one provider go along, on every day; one may drive."""
    every_day = Ticks.made("1234567", desk.actor.name, desk.now)
    volunteer = residents[-1] if len(residents) > 1 else None
    if volunteer is not None:
        add_volunteer(desk, volunteer=volunteer, days=every_day, drives=True)
    for provider in desk.all(select(Provider).order_by(Provider.id.desc()).limit(1)):
        add_provider(desk, provider=provider, days=every_day, drives=volunteer is None)


def _let_travel(desk: Desk, who: Resident, stops: list[Stop], car: Vehicle) -> None:
    """Ask for a trip with the car, agreed at once, and for one that still looks for someone."""
    if not desk.all(select(Companion).where(Companion.ended_on.is_(None)).limit(1)):
        return
    market, hall, *_more = stops
    agreed = _ask(desk, who, 10, market, What.SHOPS, car)
    for each in queue_for(desk, agreed)[:1]:
        ask_companion(desk, agreed, companion=str(each.companion.id))
    _ask(desk, who, 15, hall, What.OFFICE)


def _ask(
    desk: Desk, who: Resident, hour: int, target: Stop, what: What, car: Vehicle | None = None
) -> Trip:
    first = desk.today + timedelta(days=1)
    day = next(iter(open_days(desk, first, first + timedelta(days=13))), first)
    (origin,) = desk.all(select(Stop).where(Stop.home))
    return ask_trip(
        desk, resident=who, starts_at=datetime.combine(day, time(hour), desk.site.zone),
        origin=origin, target=target, what=what, vehicle=car, lasts=Minutes(60),
    )  # fmt: skip


def _give_one(desk: Desk, resident: Resident) -> None:
    """Note a booklet of taxi vouchers with its price, and give the first of them."""
    kind = desk.one(VoucherKind(name=in_site_words(desk, _("Taxi voucher"))))
    _price_once(desk, kind, ONE, VOUCHER_CENTS)
    add_booklet(desk, kind=kind, first=FIRST, vouchers=10)
    give_voucher(desk, resident=resident, number=FIRST)
