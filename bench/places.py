"""A filled database twice over: Palier works on one copy, the bare driver on the other."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from bench.filling import BOOKLET, SLUG, TOKEN, Size, fill
from bench.recording import Step, recorded, replay
from sqlalchemy import create_engine, make_url

from palier.accounts.identity import AccountIdentity
from palier.db.engine import Database
from palier.db.migrations import upgrade
from palier.house import House, now_utc
from palier.installing import packages
from palier.plugins import discover
from palier.receipts.journal import SigningKey
from palier.screens.api import resolve_api
from palier.screens.routing import resolve
from palier.settings import Settings
from palier.sites.switching import enable, plan_enable
from palier.testing.databases import postgresql_database
from palier.web.asked import Answer, Request, csrf_of
from palier.web.wrapper import TOKEN as COOKIE
from palier.web.wrapper import Wrapper

SECRET = b"only-for-the-bench"
API = f"/api/v1/{SLUG}/"
DESK = f"/{SLUG}/desk/"


class WentWrong(AssertionError):
    """What is measured did not do its work, so its time says nothing."""


@dataclass
class Place:
    """One database kind, ready to be measured on."""

    kind: str
    size: Size
    house: House
    raw_url: str
    folder: Path
    opened: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def wrapper(self) -> Wrapper:
        """The wrapper as the application makes it."""
        return Wrapper(
            self.house.database, AccountIdentity(), self.house.desk, _refused, SECRET, now_utc
        )

    def asks(self, path: str, body: bytes = b"", **query: str) -> Answer:
        """Answer one request as the server does behind its framework."""
        method = "POST" if body else "GET"
        headers = {"x-csrf-token": csrf_of(SECRET, TOKEN)} if body else {}
        request = Request(method, path, query, body, headers, {COOKIE: TOKEN})
        find, start = (resolve_api, API) if path.startswith(API) else (resolve, DESK)
        handler = find(self.house.drawing, path.removeprefix(start))
        answer = self.wrapper.answer(request, SLUG, handler)
        if answer.status not in {200, 201}:
            raise WentWrong(path, answer.status, answer.body[:300])
        return answer

    def raw(self, *, site: bool = True, autocommit: bool = True) -> Any:
        """Open the other copy with the bare driver, as the application's role."""
        connection = connect(self.raw_url, autocommit=autocommit)
        self.opened.callback(connection.close)
        if site and self.kind == "postgresql":
            connection.execute("SELECT set_config('palier.site_id', '1', false)")
            if not autocommit:
                connection.commit()
        return connection

    def written(self, statement: str) -> str:
        """Return a statement with `:name` parameters in the driver's own style."""
        return statement if self.kind == "sqlite" else re.sub(r":(\w+)", r"%(\1)s", statement)


@dataclass
class Twins:
    """A work on one copy, its very statements on the other."""

    place: Place
    work: Callable[[int], object]
    steps: list[Step] = field(default_factory=list)

    @cached_property
    def connection(self) -> Any:
        """A bare connection in the driver's own transactions."""
        return self.place.raw(site=False, autocommit=False)

    def ours(self, turn: int) -> None:
        """Do the work and keep what it sent."""
        with recorded(self.place.house.database.engine) as self.steps:
            self.work(turn)

    def raw(self, _turn: int) -> None:
        """Send the same again, raw."""
        replay(self.connection, self.steps)


def connect(url: str, *, autocommit: bool = True) -> Any:
    """Open a bare connection with the settings that the application has."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        opened = sqlite3.connect(str(parts.database), isolation_level=None, check_same_thread=False)
        for each in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            opened.execute(f"PRAGMA {each}")
        return opened
    plain = parts.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=autocommit, options="-c timezone=UTC")


def _refused(_request: Request, refusal: Exception, *_who: object) -> Answer:
    raise WentWrong(str(refusal)) from refusal


@contextmanager
def sqlite_place(folder: Path, size: Size, on: Sequence[str] = ()) -> Iterator[Place]:
    """Fill one file, put services on, and copy it."""
    url, raw_url = (f"sqlite:///{folder / name}.sqlite3" for name in ("ours", "raw"))
    upgrade(url, packages(discover()))
    _fill(url, size)
    put_on(_settings(url, url, folder), on)
    shutil.copy(folder / "ours.sqlite3", folder / "raw.sqlite3")
    with _opened("sqlite", url, url, raw_url, folder, size) as place:
        yield place


@contextmanager
def postgresql_place(folder: Path, size: Size, on: Sequence[str] = ()) -> Iterator[Place]:
    """Fill one database, put services on, and copy it."""
    with postgresql_database() as (owner, app):
        upgrade(owner, packages(discover()))
        _fill(app, size)
        put_on(_settings(app, owner, folder), on)
        name = str(make_url(owner).database)
        server = create_engine(
            make_url(owner).set(database="postgres"), isolation_level="AUTOCOMMIT"
        )
        with connect(owner) as connection:
            connection.execute("VACUUM ANALYZE")
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}_raw TEMPLATE {name}")
        raw_url = make_url(app).set(database=f"{name}_raw").render_as_string(hide_password=False)
        try:
            with _opened("postgresql", app, owner, raw_url, folder, size) as place:
                yield place
        finally:
            with server.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name}_raw WITH (FORCE)")
            server.dispose()


def _fill(url: str, size: Size) -> None:
    database = Database(url, threads=2)
    fill(database, size, now_utc(), booklet_key())
    database.close()


def put_on(settings: Settings, names: Sequence[str]) -> None:
    """Put services on at the site, and what they need."""
    house = House.open(settings)
    for name in names:
        with house.at(SLUG, "bench") as desk:
            enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, name))
    house.database.close()


def _settings(url: str, owner: str, folder: Path) -> Settings:
    return Settings(folder, url, owner, SECRET, folder / "closings", folder / "access.jsonl")


def booklet_key() -> SigningKey:
    """Return the key of the chain that is proved."""
    return SigningKey(f"1-{BOOKLET}-1", SECRET)


@contextmanager
def _opened(
    kind: str, url: str, owner: str, raw_url: str, folder: Path, size: Size
) -> Iterator[Place]:
    house = House.open(_settings(url, owner, folder))
    place = Place(kind, size, house, raw_url, folder)
    try:
        with place.opened:
            yield place
    finally:
        house.database.close()


PLACES: Mapping[str, Callable[..., Any]] = {
    "sqlite": sqlite_place,
    "postgresql": postgresql_place,
}


def desk_of(place: Place, write: bool = True) -> Any:
    """Open a desk on our copy, as a command does."""
    return place.house.at(SLUG, "bench", write=write)
