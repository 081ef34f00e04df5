"""A PostgreSQL database, read in one snapshot by COPY, and loaded into empty tables."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, MetaData, Table, create_engine, make_url, text

from palier.backup.archive import Archive, Counted, Digesting, Writer
from palier.errors import Refused
from palier.text import _

PART = "database/{table}.copy"


class NotTheOwner(Refused):
    text = _(
        "Only the owner of the tables sees every site. Name it with PALIER_OWNER_URL, then save again."
    )


Columns = Mapping[str, list[str]]


@contextmanager
def owner(url: str) -> Iterator[Connection]:
    """Open a transaction as the tables' owner, whom the walls between sites do not stop."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            yield connection
            connection.commit()
    finally:
        engine.dispose()


def save(url: str, writer: Writer) -> tuple[dict[str, Counted], dict[str, list[str]]]:
    """Read every table as it was at one instant; return what each holds, and its columns.

    Raises `NotTheOwner` for a role that would see a part only.
    """
    with owner(url) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        connection.execute(text("SET LOCAL row_security = off"))  # an error rather than a part
        counted: dict[str, Counted] = {}
        columns: dict[str, list[str]] = {}
        for table in tables(connection):
            columns[str(table.name)] = [str(each.name) for each in table.columns]
            with writer.part(PART.format(table=table.name)) as there, _as_owner():
                counted[str(table.name)] = _copy_out(connection, table, columns[table.name], there)
    return counted, columns


def load(connection: Connection, archive: Archive) -> None:
    """Fill the tables, those that others refer to first, and set their counters behind the rows."""
    raw = _raw(connection)
    here = {each.name: each for each in tables(connection)}
    for name, table in here.items():
        columns = archive.told.columns.get(name)
        if columns is None:
            continue
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _names(columns))
        with (
            archive.part(PART.format(table=name)) as blocks,
            raw.cursor() as cursor,
            cursor.copy(into) as copying,
        ):
            for block in blocks:
                copying.write(block)
        if "id" in table.c:
            _set_counter(connection, name)


def count(connection: Connection, columns: Columns) -> dict[str, Counted]:
    """Return rows and digest of these tables, as `save` does."""
    return {
        str(each.name): _copy_out(connection, each, columns[each.name], None)
        for each in tables(connection)
        if each.name in columns
    }


def tables(connection: Connection) -> list[Table]:
    """Return every table but Alembic's, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if not each.name.startswith("alembic_version")]


def is_empty(connection: Connection) -> bool:
    """Whether there is no table at all."""
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    return not connection.scalar(text(query))


@contextmanager
def _as_owner() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotTheOwner from error


def _copy_out(
    connection: Connection, table: Table, columns: list[str], there: Digesting | None
) -> Counted:
    order = [each.name for each in table.primary_key.columns] or columns
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _names(columns), sql.Identifier(table.name), _names(order)
    )
    digest, rows = hashlib.sha256(), 0
    with _raw(connection).cursor() as cursor, cursor.copy(query) as copying:
        for block in copying:
            digest.update(block)
            rows += bytes(block).count(b"\n")  # a line break inside a value is written \n
            if there is not None:
                there.write(bytes(block))
    return Counted(rows, digest.hexdigest())


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _raw(connection: Connection) -> "psycopg.Connection[Any]":
    found: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's own
    return found


def _set_counter(connection: Connection, name: str) -> None:
    counter = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": f'"{name}"'}
    )
    if counter:
        highest = (
            f'SELECT setval(:counter, coalesce(max(id), 1), max(id) IS NOT NULL) FROM "{name}"'  # noqa: S608 - a table's own name
        )
        connection.execute(text(highest), {"counter": counter})
