"""A SQLite file, copied while it is written to, and counted table by table."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from palier.backup.archive import Archive, BackupDamaged, Counted, Writer

PART = "database/palier.sqlite3"
_PAGES = 2000  # copied in one step, so that a writer waits some milliseconds at most
_SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")


def save(path: Path, writer: Writer, folder: Path) -> dict[str, Counted]:
    """Copy a database that others may be writing to, by way of `folder`; return what it holds."""
    copied = folder / "copied.sqlite3"
    with closing(sqlite3.connect(path, timeout=30)) as source, closing(_whole(copied)) as target:
        source.backup(target, pages=_PAGES)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it
    with read_only(copied) as connection:
        counted = count(connection)
    writer.copy(PART, copied)
    return counted


def load(archive: Archive, path: Path) -> None:
    """Write the database of a backup to a file, whole or not at all. Raises `BackupDamaged`."""
    half = path.with_name(f"{path.name}.part")
    half.unlink(missing_ok=True)
    archive.unpack(PART, half)
    with read_only(half) as connection:
        sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    if not sound:
        half.unlink()
        raise BackupDamaged(part=PART)
    half.replace(path)


def count(connection: sqlite3.Connection) -> dict[str, Counted]:
    """Return rows and digest of every table, but for the search index, which is made from them."""
    return {name: _counted(connection, name) for name in sorted(_tables(connection))}


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that nobody may change."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def _whole(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    found = {str(name): str(sql) for name, sql in connection.execute(query)}
    indexes = [name for name, sql in found.items() if sql.startswith("CREATE VIRTUAL")]
    shadows = {f"{name}{end}" for name in indexes for end in _SHADOWS}
    return (name for name in found if name not in shadows and name not in indexes)


def _counted(connection: sqlite3.Connection, name: str) -> Counted:
    described = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = sorted((row[5], row[1]) for row in described if row[5])
    order = ", ".join(f'"{key}"' for _place, key in keys) or "rowid"
    columns = ", ".join(f'"{each}"' for each in sorted(row[1] for row in described))
    digest, rows = hashlib.sha256(), 0
    for row in connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY {order}'):  # noqa: S608
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
        rows += 1
    return Counted(rows, digest.hexdigest())
