"""Writing: a booking, a sale, a service put on; each beside its very statements, raw."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from bench.filling import OWING, SLUG, SWITCHED, THINGS
from bench.lists import PEOPLE
from bench.measuring import Measured, by_turns
from bench.places import API, Place, Twins

from palier.house import now_utc
from palier.sites.switching import enable, plan_enable

TURNS = 100
SERVICE = "bike_hire"


def booking(place: Place) -> Measured:
    """Measure a booking with its checks and its act."""
    begin = now_utc().replace(microsecond=0) + timedelta(days=1)

    def book(turn: int) -> None:
        starts_at = begin + timedelta(hours=turn)
        body = {
            "resident": turn + 1,
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
        }
        path = f"{API}bookings/things/{turn % THINGS + 1}/book"
        place.asks(path, json.dumps(body).encode())

    return _same_statements(place, book, TURNS)


def sale(place: Place) -> Measured:
    """Measure the payment of a basket: charge, line, payment, signed record, receipt, act."""

    def pay(turn: int) -> None:
        place.asks(f"{PEOPLE}/{OWING - turn}/pay", b'{"mode": "cash"}')

    return _same_statements(place, pay, TURNS)


def plugin_on(place: Place) -> Measured:
    """Measure a service put on where it never was, its first kinds made."""

    def put_on(turn: int) -> None:
        with place.house.at(f"{SLUG}-{turn}", "bench") as desk:
            wanted = plan_enable(place.house.registry, desk.site.plugins, SERVICE)
            enable(desk, place.house.hooks, wanted)

    return _same_statements(place, put_on, SWITCHED - 3)


def _same_statements(place: Place, work: Callable[[int], object], times: int) -> Measured:
    twins = Twins(place, work)
    ours, raw = by_turns((twins.ours, twins.raw), times)
    return Measured(ours, raw)


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "booking": booking,
    "sale": sale,
    "service put on": plugin_on,
}
