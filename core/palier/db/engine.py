"""Engines and transactions: one writer at a time on SQLite, row locks on PostgreSQL."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from palier.db.records import leave_out
from palier.db.scope import SiteSession
from palier.errors import DiskFull, TooBusy

T = TypeVar("T")
log = structlog.get_logger("palier.db")
TRIES = 5
_AGAIN = {"40001", "40P01", "55P03"}


class Database:
    """One database, as the application's role. Opens every session there is."""

    def __init__(self, url: str, *, threads: int = 16) -> None:
        leave_out()  # what another database lacked may be in this one
        self.url = make_url(url)
        self.on_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url, threads) if self.on_sqlite else _postgresql(url, threads)
        self.writer = self.engine.execution_options(palier_write=True)
        self.reader = self.engine
        if not self.on_sqlite:
            self.reader = self.engine.execution_options(postgresql_readonly=True)
        self._writing = threading.Lock()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def read(self, site_id: int | None = None) -> Iterator[SiteSession]:
        """Open a read transaction, bound to a site when it is known."""
        with SiteSession(self.reader, autoflush=False, expire_on_commit=False) as session:
            if site_id is not None:
                session.enter(site_id)
            yield session

    @contextmanager
    def write(self, site_id: int | None = None) -> Iterator[SiteSession]:
        """Open a write transaction; commits at the end, rolls back on any error."""
        with self._turn(), SiteSession(self.writer, expire_on_commit=False) as session:
            if site_id is not None:
                session.enter(site_id)
            yield session
            session.commit()

    @contextmanager
    def across_sites(
        self, reason: str, *, write: bool = False, quietly: bool = False
    ) -> Iterator[SiteSession]:
        """Open the only session that sees all sites; the reason is logged.

        `quietly` is for the loop of jobs, which looks every few seconds and says so once.
        """
        if not quietly:
            log.info("across_sites", reason=reason)
        turn = self._turn() if write else _no_turn()
        with turn, SiteSession(self.writer if write else self.reader) as session:
            session.info["across"] = True
            if not self.on_sqlite:
                session.execute(text("SET LOCAL ROLE palier_network"))
            yield session
            if write:
                session.commit()

    def again(self, work: Callable[[], T]) -> T:
        """Run a whole transaction, again on conflict or a busy database, at most `TRIES` times.

        Raises `TooBusy` after the last try and `DiskFull` when the database could not write.
        """
        for left in reversed(range(TRIES)):
            try:
                return work()
            except DBAPIError as error:
                if is_disk_full(error):
                    raise DiskFull from error
                if not is_passing(error):
                    raise
                if not left:
                    raise TooBusy from error
        raise TooBusy

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.on_sqlite:
            yield
            return
        with self._writing:
            yield


@contextmanager
def _no_turn() -> Iterator[None]:
    yield


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is run again."""
    code = getattr(error.orig, "sqlstate", None)
    busy = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    return code in _AGAIN or busy


def is_disk_full(error: DBAPIError) -> bool:
    """Whether nothing could be written: full, read-only or failing disk."""
    if getattr(error.orig, "sqlstate", None) == "53100":
        return True
    words = str(error.orig)
    signs = ("disk is full", "readonly database", "disk I/O error")
    return isinstance(error.orig, sqlite3.OperationalError) and any(s in words for s in signs)


def _sqlite(url: str, threads: int) -> Engine:
    arguments = {"timeout": 30, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, pool_size=threads, max_overflow=threads)

    @event.listens_for(engine, "connect")
    def pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        for each in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {each}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("palier_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str, threads: int) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=threads,
        max_overflow=threads,
        connect_args={"options": "-c timezone=UTC"},
    )


__all__ = ["Database", "Session", "StaleDataError"]
