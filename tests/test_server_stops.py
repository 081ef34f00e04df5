"""A server that is told to end: open pages hold it up no longer, and what it answered is written."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.residents.models import Address
from palier.settings import load
from palier.testing.caretaker import PASSWORD, hidden_of
from palier.testing.servers import installation, process

pytestmark = pytest.mark.slow
ADD = "/ampere/desk/residents/household/add_household"
PATIENCE = (
    10  # seconds; held up by a stream, it would take until the stream's next beat, or for ever
)


def adds_until_it_ends(client: httpx.Client, first: "Future[None]") -> int:
    """Add households one after the other; return how many were answered as done."""
    done = 0
    try:
        while True:
            given = {"street": "rue de Wattwiller", "number": str(done)}
            hidden = hidden_of(client.get(ADD).text)
            answer = client.post(ADD, data={**hidden, **given})
            if answer.status_code != httpx.codes.SEE_OTHER:
                return done
            done += 1
            if not first.done():
                first.set_result(None)
    except httpx.TransportError:
        return done


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_signal_ends_the_open_pages_and_loses_nothing(kind: str, tmp_path: Path) -> None:
    begun: Future[None] = Future()
    with (
        installation(kind, tmp_path) as environment,
        process(environment) as (running, client),
        httpx.Client(base_url=client.base_url) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        second.cookies = client.cookies

        with client.stream("GET", "/ampere/desk/live", timeout=30) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "event: beat"
            adding = pool.submit(adds_until_it_ends, second, begun)
            begun.result(30)
            running.terminate()
            told = list(lines)
        running.wait(PATIENCE)
        answered = adding.result(30)

        settings = load({**os.environ, **environment})
        database = Database(settings.database_url, threads=1)
        with database.read(1) as session:
            written = session.scalar(select(func.count(Address.id)))
        database.close()

    assert "event: end" in told
    assert answered >= 1
    assert written == answered
