"""A full disk and a busy database: nothing half, and words for the person who waits."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from palier.accounts.models import Account, SignIn
from palier.accounts.passwords import hash_password
from palier.app import create_app
from palier.db.engine import TRIES, Database
from palier.errors import DiskFull, TooBusy
from palier.house import House
from palier.plugins import discover
from palier.residents.models import Household
from palier.settings import Settings
from palier.testing.caretaker import PASSWORD, hidden_of, words_of
from palier.testing.databases import open_database
from palier.testing.plugin import NOW, SECRET, make_tables, seed_sites
from palier.trail import ActRow, FormKey

ADD = "/ampere/desk/residents/household/add_household"
HOME = {"street": "rue de Wattwiller", "number": "40", "stairwell": "", "floor": ""}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'palier.sqlite3'}"
    make_tables(url)
    opened = open_database(url)
    seed_sites(opened)
    with opened.write() as session:
        session.execute(update(Account).values(password_hash=hash_password(PASSWORD), locale="en"))
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    url = database.url.render_as_string()
    settings = Settings(tmp_path, url, url, SECRET, tmp_path / "closings", tmp_path / "a.jsonl")
    return House(settings, database, discover(), clock=lambda: NOW)


def fill_the_disk(database: Database) -> None:
    """Let the file grow by no page any more, and use up what is free inside it."""

    @event.listens_for(database.engine, "begin")
    def no_more(connection: Any) -> None:
        raw = connection.connection.driver_connection
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {pages}")


def kept(database: Database) -> list[int]:
    with database.read(1) as session:
        tables = (Household, ActRow, FormKey)
        return [session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]


def test_a_full_disk_is_said_in_words_and_leaves_nothing_half(
    house: House, database: Database
) -> None:
    with TestClient(create_app(house)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        fill_the_disk(database)
        answers = []
        for number in range(200):
            form = {**hidden_of(client.get(ADD).text), **HOME, "number": str(number)}
            answers.append(client.post(ADD, data=form, follow_redirects=False))
            if answers[-1].status_code != 303:
                break
        refused, done = answers[-1], len(answers) - 1

    assert refused.status_code == 422
    assert "The disk is full: nothing was saved." in words_of(refused.text)
    assert f'value="{done}"' in refused.text
    assert kept(database) == [done, done, done]


def test_the_api_says_it_too(house: House, database: Database) -> None:
    path = "/api/v1/ampere/residents/household/add_household"
    with TestClient(create_app(house)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        token = client.get("/api/v1/ampere/me").json()["csrf"]
        fill_the_disk(database)
        for _number in range(200):
            answer = client.post(path, json={"street": "x" * 80, "number": "1"},
                                 headers={"x-csrf-token": token})  # fmt: skip
            if answer.status_code != 201:
                break

    assert answer.status_code == 422
    assert answer.json()["refused"].startswith("The disk is full: nothing was saved.")


def test_pages_still_open_on_a_full_disk(house: House, database: Database) -> None:
    with TestClient(create_app(house)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        with database.write() as session:
            session.execute(update(SignIn).values(seen_at=NOW - timedelta(hours=1)))

        refused = []

        @event.listens_for(database.engine, "before_cursor_execute")
        def full(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement.startswith("UPDATE"):
                refused.append(statement)
                raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

        answer = client.get("/ampere/desk/residents/resident")

    assert len(refused) == 1
    assert answer.status_code == 200


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "locked"])
def test_a_conflict_is_tried_again_and_then_said_in_words(database: Database, state: str) -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise conflict(state)

    with pytest.raises(TooBusy, match="Nothing was saved: send it again"):
        database.again(work)

    assert len(tries) == TRIES


def test_the_try_that_passes_is_the_last(database: Database) -> None:
    tries = []

    def work() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise conflict("40001")
        return "done"

    assert database.again(work) == "done"
    assert len(tries) == 3


@pytest.mark.parametrize("words", ["database or disk is full", "disk I/O error"])
def test_what_trying_again_cannot_mend_is_said_at_once(database: Database, words: str) -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("", {}, sqlite3.OperationalError(words))

    with pytest.raises(DiskFull):
        database.again(work)

    assert len(tries) == 1


def test_a_fault_of_ours_is_not_tried_again(database: Database) -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("", {}, sqlite3.OperationalError("no such table"))

    with pytest.raises(DBAPIError):
        database.again(work)

    assert len(tries) == 1


class Serialization(Exception):
    """What the driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def conflict(state: str) -> OperationalError:
    if state == "locked":
        return OperationalError("", {}, sqlite3.OperationalError("database is locked"))
    return OperationalError("", {}, Serialization(state))
