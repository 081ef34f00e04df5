"""Dropping a plugin's tables, with everything the database made for them."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Table, inspect, text

from palier.db.guards import guards
from palier.db.migrations import Package
from palier.db.records import all_tables

_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+\([^)]*\))")
_BESIDE = re.compile(r"CREATE VIRTUAL TABLE IF NOT EXISTS (\w+)")


def tables_of(package: Package) -> list[Table]:
    """Return a package's tables, those that refer to others first."""
    own = package.tables
    return [each for each in reversed(all_tables()) if each.name in own]


def drop_tables(connection: Connection, package: Package) -> None:
    """Drop a package's tables and its version table, as the tables' owner.

    What else the database made for them goes too: triggers, functions, indexes for the search.
    """
    there = set(inspect(connection).get_table_names())
    on_sqlite = connection.dialect.name == "sqlite"
    made = list(_made_for(package, on_sqlite=on_sqlite))
    for table in tables_of(package):
        if table.name in there:
            connection.execute(text(f'DROP TABLE "{table.name}"'))
    for kind, name in made:
        connection.execute(text(f"DROP {kind} IF EXISTS {name}"))
    connection.execute(text(f'DROP TABLE IF EXISTS "{package.version_table}"'))


def _made_for(package: Package, *, on_sqlite: bool) -> Iterator[tuple[str, str]]:
    for each in guards(tables_of(package)):
        for statement in each.sqlite if on_sqlite else each.postgresql:
            pattern = _BESIDE if on_sqlite else _FUNCTION
            if found := pattern.search(statement):
                yield "TABLE" if on_sqlite else "FUNCTION", found[1]
