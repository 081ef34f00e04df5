"""Starting and serving: tables from nothing, the first answer, the help, loopback, memory."""

import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.lists import PEOPLE, raw_list
from bench.measuring import Measured, by_turns, spent
from bench.places import Place, connect
from bench.recording import Step, recorded, replay
from bench.server import Server, clean, megabytes_of, serving, together
from sqlalchemy import Engine

from palier.db.migrations import upgrade
from palier.installing import packages
from palier.plugins import discover
from palier.testing.databases import postgresql_database

READ = f"{PEOPLE}?size=80"
DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg"}
BATCHES = 6


def empty_database(place: Place) -> Measured:
    """Measure all tables and rules of core and services, beside their very statements."""
    ours, raw = [], []
    for _turn in range(2):
        with empty(place.kind) as first, empty(place.kind) as second:
            with recorded(Engine) as steps:
                ours.append(spent(partial(_make_tables, first), 0))
            connection = connect(second, autocommit=False)
            raw.append(spent(partial(_send_again, connection, steps), 0))
            connection.close()
    return Measured(min(ours), min(raw))


def _make_tables(url: str, _turn: int) -> None:
    upgrade(url, packages(discover()))


def _send_again(connection: Any, steps: list[Step], _turn: int) -> None:
    replay(connection, steps)


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """Yield the owner's address of a database with nothing in it."""
    if kind == "postgresql":
        with postgresql_database() as (owner, _app):
            yield owner
    else:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/empty.sqlite3"


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=clean())


def _bare(place: Place) -> tuple[str, ...]:
    """Return the command of a Python that opens the database with the driver and reads a row."""
    driver = DRIVERS[place.kind]
    where = place.raw_url.removeprefix("sqlite:///").replace("+psycopg", "")
    words = f"import {driver}; c = {driver}.connect({where!r})"
    return sys.executable, "-c", f"{words}; print(c.execute('SELECT 1').fetchone())"


def cold_start(place: Place) -> Measured:
    """Measure from nothing to the first list, beside a bare Python's first row."""

    def start(_turn: int) -> None:
        with serving(place, READ) as server:
            took.append(server.ready_ms)

    took: list[float] = []
    _ours, raw = by_turns((start, lambda _turn: _run(*_bare(place))), 5, warm=1)
    return Measured(statistics.median(took[1:]), raw)


def help_text(place: Place) -> Measured:
    """Measure `palier --help`, beside a bare Python's first row."""
    command = shutil.which("palier", path=str(Path(sys.executable).parent)) or "palier"
    works = lambda _turn: _run(command, "--help"), lambda _turn: _run(*_bare(place))
    ours, raw = by_turns(works, 7, warm=1)
    return Measured(ours, raw)


def one_client(place: Place) -> Measured:
    """Measure the list over the loopback."""
    return _served(place, 1)


def eight_clients(place: Place) -> Measured:
    """Measure the list over the loopback, eight reading at once; the raw ones as well."""
    return _served(place, 8)


def _served(place: Place, clients: int) -> Measured:
    with serving(place, READ) as server:
        ours = [partial(server.reader(), READ) for _each in range(clients)]
        raw = [raw_list(place, 81) for _each in range(clients)]
        together([*ours], 10)
        found: tuple[list[float], list[float]] = ([], [])
        for _batch in range(BATCHES):
            found[0].extend(together([*ours], 20))
            found[1].extend(together([*raw], 20))
    ours_ms, raw_ms = (statistics.median(each) for each in found)
    return Measured(ours_ms, raw_ms)


def memory(place: Place) -> Measured:
    """Measure what a server holds after a load, beside a bare Python that read the same list."""
    with serving(place, READ) as server:
        load(server, 250)
        return Measured(server.megabytes, _bare_megabytes(place), unit="MB")


def growth(place: Place) -> Measured:
    """Measure what a server holds after a long load, beside what it held after a short one."""
    with serving(place, READ) as server:
        load(server, 100)
        before = server.megabytes
        load(server, 400)
        return Measured(server.megabytes, before, unit="MB")


def load(server: Server, times: int) -> None:
    """Read the list over four connections at once."""
    together([partial(server.reader(), READ) for _each in range(4)], times)


def _bare_megabytes(place: Place) -> float:
    *start, words = _bare(place)
    process = subprocess.Popen(
        [*start, f"{words}; input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean()
    )
    assert process.stdout is not None
    process.stdout.readline()
    found = megabytes_of(process.pid)
    process.communicate(b"\n")
    return found


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "list over HTTP, 1 client": one_client,
    "list over HTTP, 8 clients": eight_clients,
    "empty database": empty_database,
    "cold start": cold_start,
    "palier --help": help_text,
    "memory": memory,
    "memory, after 1,600 more": growth,
}
