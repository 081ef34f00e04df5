"""Making a backup of an installation that goes on working meanwhile."""

import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import msgspec
from sqlalchemy import Connection, inspect, make_url, text

from palier.backup import postgresql, sqlite
from palier.backup.archive import (
    CLOSINGS,
    FORMAT,
    SECRET,
    Counted,
    Told,
    Writer,
    key_check,
    new_archive,
)
from palier.backup.lately import Lately, note, noted
from palier.db.migrations import owner_connection
from palier.house import House

VERSIONS = "alembic_version_"
Say = Callable[[str], None]


def make_backup(house: House, path: Path, *, keys: bool = False, say: Say = print) -> Told:
    """Save an installation to one file while it is in use, and return what the file holds.

    The closings are copied first: one that is written meanwhile is in neither, or in the tables
    alone, from which it can be written again. The secret goes in with `keys` only: whoever has
    file and secret can sign receipts. Raises `FileThere`, and `OSError` for a full disk.
    """
    settings = house.settings
    made_at = house.clock().replace(microsecond=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_archive(path) as writer:
        _add_closings(writer, settings.closings)
        say("closings")
        tables, columns = _add_database(house, writer)
        say("database")
        if keys:
            with writer.part(SECRET) as there:
                there.write(settings.secret)
        with owner_connection(settings.owner_url) as connection:
            revisions = revisions_of(connection)
        told = Told(
            format=FORMAT,
            palier=version("palier"),
            made_at=made_at,
            dialect=make_url(settings.owner_url).get_backend_name(),
            revisions=revisions,
            columns=columns,
            tables=tables,
            files=writer.files,
            key_check=key_check(settings.secret, made_at),
            with_keys=keys,
        )
        writer.tell(told)
    last = Lately(made_at, str(path.absolute()), path.stat().st_size)
    note(settings, msgspec.structs.replace(last, tried_at=noted(settings).tried_at))
    return told


def revisions_of(connection: Connection) -> dict[str, str]:
    """Return the revision of every package's tables, of those no longer installed too."""
    names = inspect(connection).get_table_names()
    found = {}
    for name in (each for each in names if each.startswith(VERSIONS)):
        revision = connection.scalar(text(f'SELECT version_num FROM "{name}"'))  # noqa: S608 - its name
        if revision:
            found[name.removeprefix(VERSIONS)] = str(revision)
    return found


def _add_closings(writer: Writer, folder: Path) -> None:
    for path in sorted(folder.rglob("*.json")):
        writer.copy(f"{CLOSINGS}{path.relative_to(folder).as_posix()}", path)


def _add_database(house: House, writer: Writer) -> tuple[dict[str, Counted], dict[str, list[str]]]:
    settings = house.settings
    if not house.database.on_sqlite:
        return postgresql.save(settings.owner_url, writer)
    source = Path(make_url(settings.owner_url).database or "")
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        return sqlite.save(source, writer, Path(folder)), {}
