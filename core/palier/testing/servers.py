"""A real installation and real server processes: for tests that need more than one, or a signal."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from sqlalchemy import update

from palier.accounts.models import Account
from palier.accounts.passwords import hash_password
from palier.db.engine import Database
from palier.installing import bring_up
from palier.settings import load
from palier.testing.caretaker import PASSWORD
from palier.testing.databases import postgresql_database
from palier.testing.plugin import seed_sites

PATIENCE = 60  # seconds for an answer: the first of a busy machine comes late
PALIER = str(Path(sys.executable).with_name("palier"))


@contextmanager
def installation(kind: str, home: Path) -> Iterator[dict[str, str]]:
    """An installed house with two sites, on "sqlite" or "postgresql"; the environment that names it."""
    with ExitStack() as stack:
        urls = {}
        if kind == "postgresql":
            owner, app = stack.enter_context(postgresql_database())
            urls = {"PALIER_OWNER_URL": owner, "PALIER_DATABASE_URL": app}
        environment = {"PALIER_HOME": str(home), "PALIER_SECRET": "only-for-tests", **urls}
        settings = load(environment)
        bring_up(settings)
        database = Database(settings.database_url, threads=2)
        stack.callback(database.close)
        seed_sites(database)
        with database.write() as session:
            session.execute(update(Account).values(password_hash=hash_password(PASSWORD)))
        yield {**os.environ, **environment, "LANG": "C.UTF-8"}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(
    environment: dict[str, str],
    *options: str,
) -> Iterator[tuple["subprocess.Popen[bytes]", httpx.Client]]:
    """A process that serves the house, and a client that waits until it answers."""
    port = free_port()
    command = [PALIER, "serve", *options, "--port", str(port)]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        patient = httpx.HTTPTransport(retries=8)
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=address, transport=patient, timeout=PATIENCE) as client:
            yield running, client
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def server(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A process that serves the house; a client that waits until it answers."""
    with process(environment) as (_running, client):
        yield client
