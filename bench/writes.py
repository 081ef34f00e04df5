"""Writing: a booking, a sale, a service put on; each beside its very statements, raw."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from bench.filling import OWING, SLUG, SWITCHED, THINGS
from bench.lists import PEOPLE
from bench.measuring import Measured, Work, by_turns
from bench.places import API, Place, Twins, WentWrong

from palier.house import now_utc
from palier.jobs.running import Run
from palier.messages.sending import Ways, deliver, due
from palier.messages.ways import Fate, Mail, Outcome
from palier.sites.switching import enable, plan_enable

TURNS = 100
SERVICE = "bike_hire"


def booking(place: Place) -> Measured:
    """Measure a booking with its checks and its act."""
    return _same_statements(place, books(place), TURNS)


def books(place: Place) -> Work:
    """Return what books another thing for another hour each turn."""
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

    return book


def sale(place: Place) -> Measured:
    """Measure the payment of a basket: charge, line, payment, signed record, receipt, act."""
    return _same_statements(place, sells(place), TURNS)


def sells(place: Place) -> Work:
    """Return what takes one basket's cash each turn."""
    return lambda turn: place.asks(f"{PEOPLE}/{OWING - turn}/pay", b'{"mode": "cash"}')


def plugin_on(place: Place) -> Measured:
    """Measure a service put on where it never was, its first kinds made."""

    def put_on(turn: int) -> None:
        with place.house.at(f"{SLUG}-{turn}", "bench") as desk:
            wanted = plan_enable(place.house.registry, desk.site.plugins, SERVICE)
            enable(desk, place.house.hooks, wanted)

    return _same_statements(place, put_on, SWITCHED - 3)


class Taken:
    """A mail server that takes everything at once: only our own part is measured."""

    def send(self, _mail: Mail) -> Outcome:
        """Take it."""
        return Outcome(Fate.SENT)

    def close(self) -> None:
        """Nothing is open."""


def message_leaves(place: Place) -> Measured:
    """Measure one e-mail of an outbox of ten thousand: found, claimed, sent, noted."""
    run, ways = Run(place.house, SLUG, "job messages.send"), Ways(mail=Taken())

    def leave(_turn: int) -> None:
        id, _way = run.looks(due)[0]
        outcome = deliver(run, ways, id)
        if outcome.fate is not Fate.SENT:
            raise WentWrong(id, outcome)

    return _same_statements(place, leave, TURNS)


def _same_statements(place: Place, work: Work, times: int) -> Measured:
    twins = Twins(place, work)
    ours, raw = by_turns((twins.ours, twins.raw), times)
    return Measured(ours, raw)


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "booking": booking,
    "sale": sale,
    "service put on": plugin_on,
    "a message leaves": message_leaves,
}
