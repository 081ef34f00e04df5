"""Migrations: the core first, then plugins in order of needs; one version table per package."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import structlog
from sqlalchemy import Connection, String, TypeDecorator, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from palier.db.guards import install, let_go
from palier.db.records import Base
from palier.db.roles import grant, make_roles
from palier.db.types import Instant, TicksColumn
from palier.errors import Refused
from palier.text import Text, _

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger("palier.migrations")
CORE = "palier"
RULES = ("_words", "_no_overlap")
HERE = Path(__file__).parent.parent / "migrations"


class NewerDatabase(Refused):
    """The database was upgraded by a newer Palier than this one."""

    text = _(
        "The tables of %(package)s come from a newer version (%(found)s). Install that version"
        " again: this one would not understand them. Nothing was changed."
    )


@dataclass(frozen=True)
class Package:
    """A package with tables of its own: its name and the folder of its versions."""

    name: str
    versions: Path

    @property
    def version_table(self) -> str:
        """Where its revision is kept."""
        return f"alembic_version_{self.name}"

    @property
    def tables(self) -> frozenset[str]:
        """The tables its models declare."""
        return frozenset(
            mapper.local_table.name  # type: ignore[attr-defined]  # mapped to tables, all of them
            for mapper in Base.registry.mappers
            if owner_of(mapper.class_) == self.name
        )


def owner_of(model: type) -> str:
    """Return the package whose migrations make a model's table: the whole core is one."""
    first = model.__module__.split(".")[0]
    return CORE if first == "palier" else first.removeprefix("palier_")


def core_package() -> Package:
    """Return the core's own migrations."""
    return Package(CORE, HERE / "versions")


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: revisions before and after, plugins that failed, and those gone."""

    moved: dict[str, tuple[str | None, str | None]]
    failed: dict[str, Text]
    gone: tuple[str, ...]


@contextmanager
def owner_connection(url: str) -> Iterator[Connection]:
    """Open a connection as the tables' owner, in one transaction.

    On SQLite foreign keys are off for its time: a batch rebuild would delete or refuse children.
    They are checked before the commit.
    """
    on_sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(url if on_sqlite else make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            if on_sqlite:
                raw: Any = connection.connection.driver_connection
                raw.isolation_level = None
                raw.execute("PRAGMA journal_mode=WAL")
                raw.execute("PRAGMA foreign_keys=OFF")
                raw.execute("PRAGMA busy_timeout=30000")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            if on_sqlite:
                _check_references(connection)
            connection.commit()
    finally:
        engine.dispose()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        msg = f"a migration left rows that refer to nothing: {broken[:3]}"
        raise SQLAlchemyError(msg)


def upgrade(
    url: str, packages: Iterable[Package], *, at: Mapping[str, str] | None = None
) -> Upgraded:
    """Bring every package's tables to its newest revision. Raises `NewerDatabase` for the core's.

    The core's failure stops all; a plugin's failure is rolled back, named, and the rest goes on.
    `at` names an older revision to stop at, by package: a backup is restored into its own tables,
    which get the database's own rules when they are brought up to date.
    """
    wanted = [core_package(), *packages]
    moved: dict[str, tuple[str | None, str | None]] = {}
    failed: dict[str, Text] = {}
    with owner_connection(url) as connection:
        if connection.dialect.name == "postgresql" and _is_superuser(connection):
            make_roles(connection)
        check_known(connection, wanted[0])
    for package in wanted:
        try:
            with owner_connection(url) as connection:
                check_known(connection, package)
                target = (at or {}).get(package.name, "head")
                moved[package.name] = _upgrade_one(connection, package, target)
        except NewerDatabase as newer:
            failed[package.name] = newer.words
        except Exception as error:  # whatever a plugin's migration does, the rest goes on
            if package.name == CORE:
                raise
            log.exception("migration failed", plugin=package.name)
            failed[package.name] = _("Its tables could not be made: %(why)s").fill(why=str(error))
    with owner_connection(url) as connection:
        if at is None:  # older tables lack what today's rules speak of
            install(connection)
        if connection.dialect.name == "postgresql":
            grant(connection)
        gone = gone_packages(connection, wanted)
    return Upgraded(moved, failed, gone)


def _is_superuser(connection: Connection) -> bool:
    query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(connection.scalar(text(query)))


def _upgrade_one(
    connection: Connection, package: Package, target: str
) -> tuple[str | None, str | None]:
    from alembic import command  # late: it costs a tenth of a second

    before = revision(connection, package)
    if package.versions.is_dir():
        if before is not None and before != newest(package):
            let_go(connection)
        command.upgrade(_config(connection, package), target)
    return before, revision(connection, package)


def _config(connection: Connection, package: Package) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(package.versions))
    config.set_main_option("path_separator", "os")
    config.attributes |= {
        "connection": connection,
        "version_table": package.version_table,
        "tables": package.tables,
        "metadata": Base.metadata,
    }
    return config


def revision(connection: Connection, package: Package) -> str | None:
    """Return the revision a package's tables are at; None before the first."""
    if not inspect(connection).has_table(package.version_table):
        return None
    found = connection.scalar(text(f'SELECT version_num FROM "{package.version_table}"'))  # noqa: S608 - a package's name, checked
    return str(found) if found else None


def newest(package: Package) -> str | None:
    """Return the newest revision a package brings. Reads its files, runs none of Alembic."""
    names = sorted(each.stem for each in package.versions.glob("[0-9]*.py"))
    return names[-1].split("_")[0] if names else None


def check_known(connection: Connection, package: Package) -> None:
    """Raise `NewerDatabase` when the tables are at a revision this version does not know."""
    found = revision(connection, package)
    known = {each.stem.split("_")[0] for each in package.versions.glob("[0-9]*.py")}
    if found is not None and found not in known:
        raise NewerDatabase(package=package.name, found=found)


def gone_packages(connection: Connection, packages: Iterable[Package]) -> tuple[str, ...]:
    """Return the plugins that once made tables here and are no longer installed; they stay."""
    here = {each.version_table for each in packages}
    names = inspect(connection).get_table_names()
    found = (n for n in names if n.startswith("alembic_version_") and n not in here)
    return tuple(sorted(each.removeprefix("alembic_version_") for each in found))


def compared(tables: Iterable[str]) -> Callable[..., bool]:
    """Return Alembic's filter: only these tables are compared with the models."""
    wanted = frozenset(tables)

    def include(name: str | None, kind: str, parents: dict[str, str | None]) -> bool:
        if kind == "table":
            return name in wanted
        if name is not None and name.endswith(RULES):
            return False  # made by db/guards.py, not by a migration
        return parents.get("table_name") in wanted or kind == "schema"

    return include


def included(tables: Iterable[str]) -> Callable[..., bool]:
    """Return Alembic's other filter: only these tables of the models are made."""
    wanted = frozenset(tables)

    def include(
        item: object, name: str | None, kind: str, _reflected: bool, compare_to: object
    ) -> bool:
        table = getattr(item, "table", None)
        by_guards = {f"{table}_words", f"{table}_words_norm"}
        if kind == "index" and compare_to is None and name in by_guards:
            return False  # made by `palier.db.guards` after each upgrade, not by a migration
        return (name if kind == "table" else getattr(table, "name", None)) in wanted

    return include


def rendered(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types so that a migration never changes with the code."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "Instant()"
    if isinstance(item, TicksColumn):
        return "sa.JSON()"
    if isinstance(item, TypeDecorator) and isinstance(item.impl_instance, String):
        return f"sa.String(length={item.impl_instance.length})"
    if "INTEGER" in str(getattr(item, "_variant_mapping", {}).get("sqlite", "")):
        return "Key"
    return False


def new_revision(url: str, package: Package, words: str) -> Path:
    """Write a migration from what the models say and the tables lack. Generate on PostgreSQL:
    SQLite writes defaults that PostgreSQL refuses.
    """
    from alembic import command

    package.versions.mkdir(parents=True, exist_ok=True)
    number = f"{int(newest(package) or 0) + 1:04}"
    with owner_connection(url) as connection:
        script = command.revision(
            _config(connection, package), words, autogenerate=True, rev_id=number
        )
    written = Path(str(getattr(script, "path", sys.maxsize)))
    written.write_text(_tidied(written.read_text("utf-8"), package), "utf-8")
    return written


def _tidied(source: str, package: Package) -> str:
    """Import only what is used; a plugin's own code imports nothing but what is promised."""
    head, line, body = source.partition("\nfrom palier.db.types import Instant, Key\n")
    used = [name for name in ("Instant", "Key") if re.search(rf"\b{name}\b", body)]
    place = "palier.db.types" if package.name == CORE else "palier.api"
    if used:
        line = f"\nfrom {place} import {', '.join(used)}\n"
        return head + line + body
    return head.rstrip("\n") + "\n" + body
