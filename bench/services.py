"""One service on at the site beside all of them on: what each more costs those who wait."""

import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.filling import Size
from bench.lists import TURNS, list_of, one, page_of, record_of
from bench.measuring import Measured, Work, by_turns
from bench.places import DESK, PLACES, Place
from bench.server import serving, together
from bench.starting import BATCHES, READ, load
from bench.writes import SERVICE, books, sells
from bench.writes import TURNS as WRITES

from palier.plugins import Registry, discover

MOST = 1.3  # times what it is with one service on
ASKING = 2.0  # the same of pages that ask every service for its lines


@dataclass(frozen=True)
class Pair:
    """The same neighbourhood twice: with one service on, and with all."""

    one: Place
    all: Place

    @property
    def both(self) -> tuple[Place, Place]:
        """Both, the one with one service first."""
        return self.one, self.all


Measure = Callable[[Pair], Measured]


def services(registry: Registry) -> list[str]:
    """Return the names of all services that can be put on."""
    return [name for name, each in registry.plugins.items() if not each.is_core]


def _asks(work: Callable[[Place], Work], times: int, *, reads: bool = False) -> Measure:
    def measure(pair: Pair) -> Measured:
        one_on, all_on = by_turns((work(pair.one), work(pair.all)), times, reads=reads)
        return Measured(all_on, one_on)

    return measure


def _desk(place: Place) -> Work:
    return lambda _turn: place.asks(DESK)


def _card(place: Place) -> Work:
    return lambda turn: place.asks(f"{DESK}residents/resident/{one(place, turn)}")


def _served(clients: int, pair: Pair) -> Measured:
    found: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as servers:
        readers = [
            [partial(server.reader(), READ) for _each in range(clients)]
            for server in (servers.enter_context(serving(each, READ)) for each in pair.both)
        ]
        for reading in readers:
            together([*reading], 10)
        for _batch in range(BATCHES):
            for took, reading in zip(found, readers, strict=True):
                took.extend(together([*reading], 20))
    one_on, all_on = (statistics.median(each) for each in found)
    return Measured(all_on, one_on)


def _cold_start(pair: Pair) -> Measured:
    took: tuple[list[float], list[float]] = ([], [])
    for _turn in range(5):
        for place, times in zip(pair.both, took, strict=True):
            with serving(place, READ) as server:
                times.append(server.ready_ms)
    one_on, all_on = (statistics.median(times[1:]) for times in took)
    return Measured(all_on, one_on)


def _memory(pair: Pair) -> Measured:
    held = []
    for place in pair.both:
        with serving(place, READ) as server:
            load(server, 250)
            held.append(server.megabytes)
    return Measured(held[1], held[0], unit="MB")


MEASURES: Mapping[str, Measure] = {
    "list of 80, JSON": _asks(list_of, TURNS, reads=True),
    "list, page": _asks(page_of, TURNS, reads=True),
    "read a record, JSON": _asks(record_of, TURNS, reads=True),
    "booking": _asks(books, WRITES),
    "sale": _asks(sells, WRITES),
    "list over HTTP, 1 client": partial(_served, 1),
    "list over HTTP, 8 clients": partial(_served, 8),
    "cold start": _cold_start,
    "memory": _memory,
    "desk, page": _asks(_desk, TURNS, reads=True),
    "a resident's card, page": _asks(_card, TURNS, reads=True),
}
LIMITS: Mapping[str, float] = {
    **dict.fromkeys(MEASURES, MOST),
    "desk, page": ASKING,
    "a resident's card, page": ASKING,
}


def measured(kind: str, only: str, size: Size) -> Iterator[tuple[str, str, Measured]]:
    """Yield line, database and figures: what it takes with all services on, and with one."""
    names = services(discover())
    with TemporaryDirectory() as folder, ExitStack() as opened:
        places: list[Any] = []
        for name, on in (("one", [SERVICE]), ("all", names)):
            (Path(folder) / name).mkdir()
            places.append(opened.enter_context(PLACES[kind](Path(folder) / name, size, on)))
        for line, measure in MEASURES.items():
            if only in line:
                yield line, kind, measure(Pair(*places))
