"""What it does to a database: tables from empty, equal to the models, gone with it."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from palier.db.migrations import (
    Package,
    Upgraded,
    compared,
    included,
    newest,
    owner_connection,
    upgrade,
)
from palier.db.records import Base
from palier.installing import package_of_plugin
from palier.retiring.dropping import drop_tables
from palier.testing.contract.outcome import Failing, NotChecked, unless
from palier.testing.contract.stage import Stage
from palier.testing.databases import NoServer, postgresql_database

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@contextmanager
def empty(stage: Stage, kind: str) -> Iterator[str]:
    """Make a database without a table; yield its owner's address. Raises `NotChecked`."""
    with ExitStack() as stack:
        if kind == SQLITE:
            path = stage.folder_of_checks / "empty.sqlite3"
            path.unlink(missing_ok=True)
            yield f"sqlite:///{path}"
            return
        try:
            owner, _app = stack.enter_context(postgresql_database())
        except NoServer as why:
            raise NotChecked(str(why)) from why
        yield owner


def differing(connection: Connection, package: Package) -> list[Any]:
    """Return what a migration would still have to change, as Alembic says it."""
    options = {
        "include_name": compared(package.tables),
        "include_object": included(package.tables),
        "compare_type": True,
    }
    with warnings.catch_warnings():
        # SQLite does not show indexes of expressions: there is nothing to compare.
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def check_migrations(stage: Stage, kind: str) -> None:
    """From empty its migrations make the tables that its models speak of."""
    package = package_of_plugin(stage.plugin)
    with empty(stage, kind) as url:
        _upgraded(url, stage, package)
        with owner_connection(url) as connection:
            found = [str(each) for each in differing(connection, package)]
    unless(found, f'Write a migration: palier plugin migration {stage.name} "what changes".')


def _upgraded(url: str, stage: Stage, *more: Package) -> Upgraded:
    """Make the core's tables, those of what it needs, and more."""
    needed = stage.registry.needed_with(stage.name)[:-1]
    before = [package_of_plugin(stage.registry.plugins[each]) for each in needed]
    done = upgrade(url, [*before, *more])
    unless((f"{name}: {words}" for name, words in done.failed.items()), "Mend the migration.")
    if stage.tables() and more and newest(more[0]) is None:
        do = f'There is no migration yet: palier plugin migration {stage.name} "first".'
        raise Failing(do)
    return done


def check_purge(stage: Stage, kind: str) -> None:
    """Installed and purged, the schema is what it was before."""
    package = package_of_plugin(stage.plugin)
    with empty(stage, kind) as url:
        _upgraded(url, stage)
        before = schema(url)
        _upgraded(url, stage, package)
        with owner_connection(url) as connection:
            drop_tables(connection, package)
        after = schema(url)
    found = [f"left behind: {each}" for each in sorted(after - before)]
    found += [f"gone: {each}" for each in sorted(before - after)]
    unless(
        found, "Let the migrations make nothing but the plugin's own tables, declared in models.py."
    )


def schema(url: str) -> set[str]:
    """Return everything that a database's own catalogue names, in words."""
    on_sqlite = url.startswith("sqlite")
    engine = create_engine(
        url if on_sqlite else url.replace("postgresql://", "postgresql+psycopg://")
    )
    try:
        with engine.connect() as connection:
            rows = connection.execute(text(_OF_SQLITE if on_sqlite else _OF_POSTGRESQL))
            return {" ".join(str(each) for each in row) for row in rows}
    except SQLAlchemyError as error:
        raise Failing("The schema could not be read.", [str(error)]) from error
    finally:
        engine.dispose()


_OF_SQLITE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
_OF_POSTGRESQL = """
    SELECT 'column', table_name, column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
      WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '' FROM pg_trigger
      WHERE NOT tgisinternal
    UNION ALL SELECT 'policy', polrelid::regclass::text, polname, '' FROM pg_policy
    UNION ALL SELECT 'function', proname, '', '' FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'sequence', sequencename, '', '' FROM pg_sequences WHERE schemaname = 'public'
"""
