"""Tables are made and changed on both databases; no row and no rule gets lost on the way."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import DBAPIError

from palier.app import create_app
from palier.db import migrations
from palier.db.engine import Database
from palier.db.guards import install, missing
from palier.db.migrations import (
    NewerDatabase,
    Package,
    core_package,
    newest,
    owner_connection,
    revision,
    upgrade,
)
from palier.db.search import nearest
from palier.errors import WrongDeclaration
from palier.house import House
from palier.installing import packages, quarantine_behind
from palier.plugins import discover
from palier.residents.models import Household, Resident
from palier.settings import Settings
from palier.testing.contract.migrated import differing
from palier.testing.databases import postgresql_database
from palier.testing.plugin import NOW, SECRET, seed_sites
from palier.trail import ActRow


@dataclass(frozen=True)
class Urls:
    owner: str
    app: str


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Urls]:
    """A database without a table."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / 'palier.sqlite3'}"
            yield Urls(url, url)
        else:
            yield Urls(*stack.enter_context(postgresql_database()))


@pytest.fixture
def filled(empty: Urls) -> Iterator[Database]:
    """A migrated database with people and acts at two sites."""
    upgrade(empty.owner, packages(discover()))
    database = Database(empty.app, threads=2)
    seed_sites(database)
    for site_id in (1, 2):
        with database.write(site_id) as session:
            home = Household(code="F-1")
            session.add(Resident(household=home, given_name="A", family_name="B", card_code="C"))
            session.add(ActRow(name="x.y", who="MK", at=NOW, recorded_at=NOW))
    yield database
    database.close()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A newer core: one more revision, which rebuilds three tables on SQLite. Its number."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder)
    before = newest(core_package())
    source = f'''
        """Make room."""
        import sqlalchemy as sa
        from alembic import op
        revision, down_revision = "9000", "{before}"

        def upgrade():
            for table, name, size in (("household", "code", 12), ("resident", "card_code", 20),
                                      ("act", "who", 80)):
                with op.batch_alter_table(table) as batch:
                    batch.alter_column(
                        name, existing_type=sa.String(size), type_=sa.String(size + 10)
                    )
    '''
    (folder / "versions" / "9000_room.py").write_text(dedent(source).lstrip())
    monkeypatch.setattr(migrations, "HERE", folder)
    return "9000"


def counted(connection: Connection) -> dict[str, int]:
    tables = ("site", "staff", "household", "resident", "act", "opening")
    return {
        each: connection.scalar(text(f"SELECT count(*) FROM {each}")) or 0  # noqa: S608 - our own names
        for each in tables
    }


def rules(connection: Connection) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal"
            " UNION SELECT polrelid::regclass || '.' || polname FROM pg_policy"
        )
    return {str(row[0]) for row in connection.execute(text(query))}


def test_from_empty_every_package_reaches_its_newest_revision(empty: Urls) -> None:
    wanted = [core_package(), *packages(discover())]

    done = upgrade(empty.owner, wanted[1:])
    again = upgrade(empty.owner, wanted[1:])

    assert done.moved == {each.name: (None, newest(each)) for each in wanted}
    assert again.moved == {each.name: (newest(each), newest(each)) for each in wanted}
    assert (done.failed, done.gone) == ({}, ())
    with owner_connection(empty.owner) as connection:
        assert missing(connection) == []


def test_the_tables_are_what_the_models_say(empty: Urls) -> None:
    wanted = [core_package(), *packages(discover())]
    upgrade(empty.owner, wanted[1:])

    with owner_connection(empty.owner) as connection:
        found = {each.name: differing(connection, each) for each in wanted}

    assert found == {each.name: [] for each in wanted}


def test_a_rebuild_keeps_every_row_and_every_rule(
    filled: Database, empty: Urls, later: str
) -> None:
    with owner_connection(empty.owner) as connection:
        before = counted(connection), rules(connection)

    done = upgrade(empty.owner, packages(discover()))

    with owner_connection(empty.owner) as connection:
        after = counted(connection), rules(connection)
        assert missing(connection) == []
    assert done.moved["palier"][1] == later
    assert after == before
    assert after[0]["act"] == 2
    with filled.read(1) as session:
        assert [each.code for each in nearest(session, Household, "f-1")] == ["F-1"]
    change = update(ActRow).values(who="XX")
    with pytest.raises(DBAPIError, match="append-only"), filled.write(1) as session:
        session.execute(change)


@pytest.mark.usefixtures("filled")
def test_a_plugin_that_is_gone_keeps_its_tables_and_stops_nobody(empty: Urls, later: str) -> None:
    done = upgrade(empty.owner, ())

    assert done.moved["palier"][1] == later
    assert done.gone == tuple(sorted(each.name for each in packages(discover())))
    with owner_connection(empty.owner) as connection:
        assert connection.scalar(text("SELECT count(*) FROM bike_hire_bike")) == 0


def test_a_database_of_a_newer_version_is_refused_in_words(filled: Database, empty: Urls) -> None:
    with owner_connection(empty.owner) as connection:
        connection.execute(text("UPDATE alembic_version_palier SET version_num = '9999'"))
    settings = Settings(Path(), empty.app, empty.owner, SECRET, Path(), Path())

    with pytest.raises(NewerDatabase, match=r"tables of palier come from a newer version \(9999\)"):
        upgrade(empty.owner, packages(discover()))
    with pytest.raises(NewerDatabase):
        quarantine_behind(House(settings, filled, discover()))


def test_a_plugin_of_an_older_version_is_set_aside_and_the_core_upgraded(
    filled: Database, empty: Urls, later: str
) -> None:
    with owner_connection(empty.owner) as connection:
        connection.execute(text("UPDATE alembic_version_bike_hire SET version_num = '9999'"))

    done = upgrade(empty.owner, packages(discover()))
    house = House(
        Settings(Path(), empty.app, empty.owner, SECRET, Path(), Path()), filled, discover()
    )
    quarantine_behind(house)

    assert done.moved["palier"][1] == later
    assert "come from a newer version (9999)" in str(done.failed["bike_hire"])
    assert "come from a newer version (9999)" in str(house.registry.plugins["bike_hire"].trouble)


@pytest.mark.parametrize("fault", ["raise KeyError('x')", "op.execute('SELEKT')"])
def test_a_plugins_migration_that_fails_leaves_nothing_half(
    empty: Urls, tmp_path: Path, fault: str
) -> None:
    source = f"""
        import sqlalchemy as sa
        from alembic import op
        revision, down_revision = "0001", None

        def upgrade():
            op.create_table("toy_half", sa.Column("id", sa.Integer, primary_key=True))
            {fault}
    """
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "0001_first.py").write_text(dedent(source).lstrip())
    toy = Package("toy", folder)

    done = upgrade(empty.owner, [toy, *packages(discover())])

    assert str(done.failed["toy"]).startswith("Its tables could not be made: ")
    assert done.moved.keys() == {"palier", *(each.name for each in discover().services())}
    with owner_connection(empty.owner) as connection:
        assert revision(connection, toy) is None
        assert not connection.dialect.has_table(connection, "toy_half")


def test_a_plugin_without_its_tables_is_set_aside_until_the_upgrade(
    empty: Urls, tmp_path: Path
) -> None:
    upgrade(empty.owner, ())
    database = Database(empty.app, threads=2)
    house = House(
        Settings(tmp_path, empty.app, empty.owner, SECRET, tmp_path, tmp_path), database, discover()
    )

    quarantine_behind(house)
    trouble = str(house.registry.plugins["bike_hire"].trouble)
    database.close()

    assert trouble == "Its tables are not ready. Run `palier upgrade`."


CUT = {"sqlite": "DROP TRIGGER act_keep_delete", "postgresql": "DROP TRIGGER act_keep ON act"}


def test_a_rule_that_is_missing_stops_the_start_and_the_upgrade_brings_it_back(
    filled: Database, empty: Urls, tmp_path: Path
) -> None:
    with owner_connection(empty.owner) as connection:
        connection.execute(text(CUT[connection.dialect.name]))
    settings = Settings(tmp_path, empty.app, empty.owner, SECRET, tmp_path, tmp_path / "a.jsonl")
    house = House(settings, filled, discover())

    with pytest.raises(WrongDeclaration, match=r"the database lacks act\.keep"):
        create_app(house)
    upgrade(empty.owner, packages(discover()))

    assert create_app(house).routes


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'palier.sqlite3'}"
    upgrade(url, packages(discover()))
    database = Database(url, threads=2)
    seed_sites(database)
    yield database
    database.close()


def test_a_trigger_that_says_less_than_today_is_made_anew(on_sqlite: Database) -> None:
    with on_sqlite.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER act_keep_update")
        connection.exec_driver_sql(
            "CREATE TRIGGER act_keep_update BEFORE UPDATE ON act WHEN 0 BEGIN SELECT 1; END"
        )
        before = missing(connection)
        install(connection)
        after = missing(connection)

    assert (before, after) == (["act.keep"], [])


def test_what_was_written_without_a_watch_is_found_after_the_upgrade(on_sqlite: Database) -> None:
    indexed = "SELECT count(*) FROM household_words WHERE norm MATCH 'foyer'"
    with on_sqlite.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER household_words_in")
    with on_sqlite.write(1) as session:
        session.add(Household(code="FOYER"))

    with on_sqlite.writer.begin() as connection:
        lost = connection.exec_driver_sql(indexed).scalar()
        install(connection)
        found = connection.exec_driver_sql(indexed).scalar()

    assert (lost, found) == (0, 1)
