"""A vehicle booked from any page: only where somebody may drive it."""

from datetime import timedelta

import pytest

from palier.api import BookingLine, LineState, Resident, hand_out, select
from palier.testing import Caretaker
from palier_mobility.actions import ask_companion, ask_trip
from palier_mobility.models import BY_VEHICLE, Companion, Fare, Stop, Trip, Vehicle
from palier_mobility.people import add_volunteer
from palier_mobility.rules import NoDriverFree

FRIDAY = "2026-10-09T10:00:00+02:00"
EVERY_DAY = frozenset("1234567")


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern")


@pytest.fixture
def trip(caretaker: Caretaker, odile: Resident) -> Trip:
    """Marc, the only one who drives, takes Odile to the market in MOB1."""
    fare, home = caretaker.finds(Fare, 1), caretaker.finds(Stop, 1)
    caretaker.prices(fare, 600, tariff=BY_VEHICLE)
    market = caretaker.makes(Stop(name="Market", fare=fare))
    car = caretaker.makes(Vehicle(code="MOB1", name="Small car", seats=3))
    marc, lea = caretaker.knows("Marc", "Weber"), caretaker.knows("Léa", "Haas")
    driver = caretaker.does(add_volunteer, volunteer=marc, days=EVERY_DAY, drives=True)
    caretaker.does(add_volunteer, volunteer=lea, days=EVERY_DAY, drives=False)
    number = caretaker.does(
        ask_trip, resident=odile, starts_at=FRIDAY, origin=home, target=market, what="shops",
        people=1, lasts=60, vehicle=car,
    )  # fmt: skip
    caretaker.does(ask_companion, caretaker.finds(Trip, number), companion=str(driver))
    return caretaker.finds(Trip, number)


def books(caretaker: Caretaker, code: str, trip: Trip, who: Resident, *, later: int = 0) -> None:
    """Book a vehicle for the trip's hours, or so many hours later, as the Bookings page does."""
    hours = timedelta(hours=later)
    with caretaker.desk() as desk:
        car = desk.session.scalars(select(Vehicle).where(Vehicle.code == code)).one()
        whose = desk.session.get_one(Resident, who.id)
        desk.book(car, trip.starts_at + hours, trip.ends_at + hours, whose)


def test_it_stays_where_nobody_may_drive_it(
    caretaker: Caretaker, odile: Resident, trip: Trip
) -> None:
    caretaker.makes(Vehicle(code="MOB2", name="Large car", seats=6))

    with pytest.raises(NoDriverFree):
        books(caretaker, "MOB2", trip, odile)
    books(caretaker, "MOB2", trip, odile, later=1)

    with caretaker.desk(write=False) as desk:
        assert len(desk.all(select(BookingLine))) == 2


@pytest.mark.usefixtures("trip")
def test_it_leaves_for_its_own_trip(caretaker: Caretaker) -> None:
    with caretaker.desk() as desk:
        hand_out(desk, desk.session.scalars(select(BookingLine)).one())

    assert caretaker.finds(BookingLine, 1).state is LineState.OUT


def test_it_stays_while_who_drives_is_away(
    caretaker: Caretaker, odile: Resident, trip: Trip
) -> None:
    with caretaker.desk() as desk:
        driver = desk.session.scalars(select(Companion).where(Companion.drives.is_(True))).one()
        driver.away_until = desk.local(trip.ends_at).date()

    with pytest.raises(NoDriverFree):
        books(caretaker, "MOB1", trip, odile, later=2)
