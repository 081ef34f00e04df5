"""One person's part in mobility: two desks at once, a merge, an erasure, a name that changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from palier.api import Cents, Desk, Minutes, Price, Resident, Ticks, func, select
from palier.asking import Hooks
from palier.db.engine import Database
from palier.plugins import discover
from palier.privacy.actions import forget
from palier.privacy.erasure import StillOpen
from palier.residents.actions import merge
from palier.testing.plugin import NOW, At
from palier.testing.races import threads
from palier.trail import perform
from palier_mobility import actions, people, plugin, vouchers
from palier_mobility.models import (
    Companion,
    Stop,
    Trip,
    TripState,
    Turn,
    Voucher,
    VoucherKind,
    VoucherState,
    What,
    Why,
)
from palier_mobility.sample import make_places

HOOKS = Hooks(discover())
EVERY_DAY = frozenset("1234567")
MARC, ODILE, THEO, TWICE = 1, 2, 3, 4
FRIDAY = NOW + timedelta(days=3)


@contextmanager
def opened(at: At, now: datetime = NOW, *, write: bool = True) -> Iterator[Desk]:
    with at(now=now, write=write) as desk:
        desk.hooks = HOOKS
        desk.site = replace(desk.site, plugins=frozenset({"mobility"}))
        yield desk


@pytest.fixture(autouse=True)
def _known(at: At) -> None:
    """Marc goes along; Odile and Théo travel to the market for nothing; Teo is Théo, written twice."""
    with opened(at) as desk:
        names = (("Marc", "Weber"), ("Odile", "Kern"), ("Théo", "Ritter"), ("Teo", "Ritter"))
        marc, *_others = [
            desk.add(Resident(given_name=given, family_name=family, card_code=given))
            for given, family in names
        ]
        fare = make_places(desk)
        desk.add(Stop(name="Market", fare=fare))
        since = NOW.date().replace(month=1, day=1)
        kind = desk.add(VoucherKind(name="Taxi voucher"))
        for item in (fare.item_of("on_foot"), kind.price_item):
            desk.add(Price(item=item, label="x", cents=Cents(0), valid_from=since))
        vouchers.add_booklet(desk, kind=kind, first="TX100", vouchers=20)
        people.add_volunteer(desk, volunteer=marc, days=Ticks(EVERY_DAY))


def person(desk: Desk, number: int) -> Resident:
    return desk.session.get_one(Resident, number)


def asks(desk: Desk, who: int, at: datetime = FRIDAY) -> Trip:
    home, market = desk.all(select(Stop).order_by(Stop.id))
    return actions.ask_trip(
        desk, resident=person(desk, who), starts_at=at, origin=home, target=market, what=What.SHOPS,
        lasts=Minutes(60),
    )  # fmt: skip


def test_one_voucher_is_given_once_however_many_desks_scan_it(at: At, database: Database) -> None:
    def gives(_desk: int) -> None:
        with opened(at) as desk:
            vouchers.give_voucher(desk, resident=person(desk, ODILE), number="TX100")

    assert threads(database, gives, 6) == {"done": 1, "VoucherGiven": 5}


def test_two_desks_give_nobody_more_than_the_months_limit(at: At, database: Database) -> None:
    def gives(which: int) -> None:
        with opened(at) as desk:
            vouchers.give_voucher(desk, resident=person(desk, ODILE), number=f"TX{100 + which}")

    came = threads(database, gives, 8)

    with opened(at, write=False) as desk:
        given = select(func.count(Voucher.id)).where(Voucher.state == VoucherState.GIVEN)
        assert (came, desk.session.scalar(given)) == ({"done": 4, "EnoughVouchers": 4}, 4)


def test_a_companion_is_in_one_place_at_a_time(at: At, database: Database) -> None:
    with opened(at) as desk:
        trips = [asks(desk, who).id for who in (ODILE, THEO, TWICE)]

    def agrees(which: int) -> None:
        with opened(at) as desk:
            trip = desk.session.get_one(Trip, trips[which])
            actions.ask_companion(desk, trip, companion="1")

    assert threads(database, agrees, 3) == {"done": 1, "NotFree": 2}


def test_a_trip_ends_in_one_way_only(at: At, database: Database) -> None:
    with opened(at) as desk:
        number = asks(desk, ODILE).id
        actions.ask_companion(desk, desk.session.get_one(Trip, number), companion="1")
    after = FRIDAY + timedelta(hours=2)

    def ends(which: int) -> None:
        with opened(at, after) as desk:
            trip = desk.session.get_one(Trip, number)
            if which % 2:
                actions.done(desk, trip)
            else:
                actions.not_made(desk, trip, why=Why.WEATHER)

    assert threads(database, ends, 4) == {"done": 1, "StepTaken": 3}


def test_an_erasure_waits_for_a_trip_and_for_who_goes_along(at: At) -> None:
    with opened(at) as desk:
        asks(desk, ODILE)

    for who in (ODILE, MARC):
        with pytest.raises(StillOpen), opened(at) as desk:
            perform(desk, forget, person(desk, who), {})


def test_the_name_goes_and_what_was_done_stays(at: At) -> None:
    with opened(at) as desk:
        trip = asks(desk, ODILE)
        actions.ask_companion(desk, trip, companion="1")
    after = FRIDAY + timedelta(hours=2)
    with opened(at, after) as desk:
        actions.not_made(desk, desk.session.get_one(Trip, 1), why=Why.WEATHER)
        people.stop(desk, desk.session.get_one(Companion, 1))
        perform(desk, forget, person(desk, MARC), {})

    with opened(at, after, write=False) as desk:
        companion, trip = desk.session.get_one(Companion, 1), desk.session.get_one(Trip, 1)
        assert "Weber" not in companion.name
        assert companion.resident is None
        assert trip.state is TripState.NOT_MADE
        assert desk.session.scalar(select(func.count(Turn.id))) == 1


def test_the_trips_of_two_records_become_one_persons(at: At) -> None:
    with opened(at) as desk:
        asks(desk, TWICE)
    with opened(at) as desk:
        perform(desk, merge, person(desk, THEO), {"other": person(desk, TWICE)})

    with opened(at, write=False) as desk:
        assert desk.session.get_one(Trip, 1).resident.id == THEO


def test_a_companion_is_called_as_the_person_is_called_now(at: At) -> None:
    with opened(at) as desk:
        person(desk, MARC).family_name = "Weber-Haas"

    with opened(at) as desk:
        plugin.the_day_before(desk)

    with opened(at, write=False) as desk:
        assert desk.session.get_one(Companion, 1).name == "Marc Weber-Haas"
