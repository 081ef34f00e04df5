"""Fixtures that a plugin's tests and the core's share: databases with two sites, a desk."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine, event, text

from palier.accounts.models import Account, Staff, StaffRole
from palier.context import Actor, Place, Role
from palier.db.engine import Database
from palier.db.migrations import upgrade
from palier.desk.counter import Desk
from palier.installing import packages
from palier.plugins import discover
from palier.receipts.till_acts import open_till
from palier.sites.models import Opening, Operator, OperatorVat, Site, Weekday
from palier.testing.databases import open_database, postgresql_database
from palier.text import Cents

pytest_plugins = ("palier.testing.speaking",)
NOW = datetime(2026, 10, 6, 7, 5, tzinfo=UTC)  # a Tuesday, 9:05 in Strasbourg
OPENED = NOW - timedelta(minutes=15)  # when Magda counted the float of Ampère's till
FLOAT = Cents(5000)
SECRET = b"only-for-tests"
At = Callable[..., AbstractContextManager[Desk]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project say that its contract is only kept where all of it was checked."""
    words = "fail, not skip, where something that the contract looks with is not here"
    parser.addini("contract_whole", words, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers that a plugin's tests may carry."""
    config.addinivalue_line("markers", "browser: a journey in a real browser")
    config.addinivalue_line("markers", "slow: many processes or a whole demonstration")


def make_tables(owner_url: str) -> None:
    """Make every table and rule by the real migrations, as the tables' owner."""
    upgrade(owner_url, packages(discover()))


def seed_sites(database: Database) -> None:
    """Two live sites of one operator, with hours and their manager Magda; Ampère's till is open."""
    with database.across_sites("test seed", write=True) as session:
        operator = Operator(legal_name="Conciergerie d'essai", form="coopérative")
        session.add(operator)
        session.flush()
        session.add(
            OperatorVat(operator_id=operator.id, regime="taxable", valid_from=date(2020, 1, 1))
        )
        session.add(Account(login="magda", name="Magda K.", password_hash="!"))
        for slug, name in (("ampere", "Ampère"), ("cathedrale", "Cathédrale")):
            session.add(Site(slug=slug, name=name, operator_id=operator.id, theme="plain"))
        session.flush()
    for site_id in (1, 2):
        with database.write(site_id) as session:
            session.add_all(_staff_and_hours())
    with database.write(1) as session:
        open_till(Desk(session, place(), MAGDA, OPENED, secret=SECRET), float_cents=FLOAT)


def _staff_and_hours() -> Iterator[Staff | Opening]:
    since = date(2026, 1, 1)
    yield Staff(
        account_id=1,
        name="Magda K.",
        role=StaffRole.MANAGER,
        valid_from=since,
        person_code="MK",
    )
    for day in list(Weekday)[:6]:
        hours = ((time(9), time(12, 30)), (time(14), time(18, 30)))
        for opens, closes in hours:
            yield Opening(weekday=day, opens=opens, closes=closes, valid_from=since)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "palier.sqlite3"
    make_tables(f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    seed_sites(database)
    database.close()  # the last connection writes the log into the file
    return path


@pytest.fixture(scope="session")
def _postgresql_site() -> Iterator[tuple[str, str]]:
    """One PostgreSQL database for all tests of a worker; each finds it as it was seeded."""
    with postgresql_database() as (owner, app):
        make_tables(owner)
        yield owner, app


def _start_again(owner: str) -> None:
    """Empty the tables that hold something, and begin every count at one.

    Without triggers and references, row by row: few rows are there, and TRUNCATE would make the
    files of every table anew.
    """
    engine = create_engine(owner)
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    counts = (
        "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
        " FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    with engine.begin() as connection:
        connection.execute(text(others))  # what a killed process left holds locks
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in connection.scalars(text(_filled(connection))).all():
            connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - a table's own name
        connection.execute(text(counts))
    engine.dispose()


def _filled(connection: Connection) -> str:
    """Return the query for the names of the tables that hold something."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    names = [str(each) for each in connection.scalars(text(query))]
    asked = (
        f"SELECT '{each}' WHERE EXISTS (SELECT FROM \"{each}\")"  # noqa: S608 - a table's own name
        for each in names
        if not each.startswith("alembic_version")
    )
    return " UNION ALL ".join(asked)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with two sites, on SQLite and on PostgreSQL."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path / "palier.sqlite3"
            shutil.copy(request.getfixturevalue("_sqlite_template"), path)
            url = f"sqlite:///{path}"
        else:
            owner, url = request.getfixturevalue("_postgresql_site")
            _start_again(owner)
        opened = open_database(url)
        stack.callback(opened.close)
        if request.param == "postgresql":
            seed_sites(opened)
        yield opened


def place(site_id: int = 1, *, plugins: frozenset[str] = frozenset()) -> Place:
    """Return the test site as an act sees it."""
    slug, name = (("ampere", "Ampère"), ("cathedrale", "Cathédrale"))[site_id - 1]
    zone = ZoneInfo("Europe/Paris")
    return Place(site_id, slug, name, "live", zone, "fr", "plain", 1, 1, plugins)


MAGDA = Actor("Magda K.", account_id=1, role=Role.MANAGER, staff_id=1, person_code="MK")


@pytest.fixture
def at(database: Database) -> At:
    """Open a desk: `with at(site_id=1, now=…) as desk:`; commits at the end."""

    @contextmanager
    def open_desk(
        site_id: int = 1, now: datetime = NOW, *, write: bool = True, actor: Actor = MAGDA
    ) -> Iterator[Desk]:
        begin = database.write if write else database.read
        with begin(site_id) as session:
            yield Desk(session, place(site_id), actor, now, secret=SECRET)

    return open_desk


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements a block sends, transaction control and the site's setting left out."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT set_config")):
            sent.append(statement)

    engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
