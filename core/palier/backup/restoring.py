"""Restoring a backup into an installation that is still empty, and trying it by a drill."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from palier.backup import postgresql, sqlite
from palier.backup.archive import Archive, Counted, Told, key_check, opened_archive
from palier.backup.lately import note, noted
from palier.db.migrations import Package, core_package, upgrade
from palier.db.roles import EXTENSIONS
from palier.errors import Refused
from palier.house import House
from palier.installing import packages
from palier.plugins import discover
from palier.receipts.checking import Checked, verify_site
from palier.receipts.journal import add_event
from palier.receipts.models import Register
from palier.receipts.tills import write_down
from palier.settings import Settings
from palier.sites.opening import all_sites
from palier.text import _


class AlreadyInstalled(Refused):
    text = _(
        "There are tables already in %(where)s. Name a database that is still empty, with"
        " PALIER_HOME or PALIER_DATABASE_URL and PALIER_OWNER_URL: nothing is ever written over."
    )


class OtherDatabase(Refused):
    text = _("This backup comes from %(from_)s. Name a %(from_)s database to restore it into.")


class NoKeys(Refused):
    text = _(
        "This backup carries no keys. Put the old installation's secret into %(where)s first:"
        " without it no receipt can be proved."
    )


class OtherKeys(Refused):
    text = _(
        "The secret in %(where)s is not the one this backup was made with. Put that one there."
    )


class ServiceMissing(Refused):
    text = _("This backup has tables of %(names)s. Install what makes them, then restore.")


class NewerTables(Refused):
    text = _("The tables of %(name)s in this backup come from a newer version. Install that one.")


class TablesDiffer(Refused):
    text = _("These tables are not as they were saved: %(names)s. Use another backup.")


class NoDrillDatabase(Refused):
    text = _(
        "The owner of the tables may not make a database for the drill. Let it (ALTER ROLE …"
        " CREATEDB), or restore into an empty database instead."
    )


@dataclass(frozen=True)
class Restored:
    """What came back: each table as it was saved and as it is now, and the proof of the books."""

    told: Told
    tables: Mapping[str, Counted]
    books: tuple[tuple[str, Checked], ...] = ()

    @property
    def differing(self) -> list[str]:
        """The tables that are not as they were saved."""
        saved = self.told.tables
        return sorted(name for name in saved if self.tables.get(name) != saved[name])

    @property
    def well(self) -> bool:
        """Whether every table is the same and every chain whole."""
        return not self.differing and all(checked.ok for _site, checked in self.books)


def told_by(path: Path) -> Told:
    """Return what a backup says of itself. Raises `NotABackup`, `NewerBackup`."""
    with opened_archive(path) as archive:
        return archive.told


def restore(settings: Settings, path: Path, now: datetime) -> Restored:
    """Bring a backup back into an installation that has no tables yet, and prove its books.

    Everything is refused before anything is written: `AlreadyInstalled`, `OtherDatabase`,
    `NoKeys`, `OtherKeys`, `ServiceMissing`, `NewerTables`, `NotABackup`, `BackupDamaged`. Each
    till's journal then says that it was restored.
    """
    with opened_archive(path) as archive:
        ready = _checked(settings, archive)
        _check_empty(ready)
        settings.home.mkdir(parents=True, exist_ok=True)
        _keep_secret(settings, archive)
        _unpack_closings(ready, archive)
        restored = Restored(archive.told, _load(ready, archive))
        if restored.differing:
            raise TablesDiffer(names=", ".join(restored.differing))
    upgrade(ready.owner_url, packages(discover()))
    with _house(ready, now) as house:
        books = tuple(prove(house))
        _say_restored(house, archive.told)
    return replace(restored, books=books)


def drill(settings: Settings, path: Path, now: datetime) -> Restored:
    """Restore a backup beside the installation, compare every table, prove the books, clear away.

    Raises what `restore` raises, and `NoDrillDatabase`. A drill that went well is noted.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with opened_archive(path) as archive, _room(settings, archive) as room:
        ready = _checked(room, archive)
        _unpack_closings(ready, archive)
        found = _load(ready, archive)
        upgrade(ready.owner_url, packages(discover()))
        with _house(ready, now) as house:
            tried = Restored(archive.told, found, tuple(prove(house)))
    if tried.well:
        note(settings, msgspec.structs.replace(noted(settings), tried_at=now))
    return tried


def prove(house: House) -> Iterator[tuple[str, Checked]]:
    """Prove the books of every site."""
    for row in all_sites(house.database):
        slug = str(row["slug"])
        with house.at(slug, "palier restore", write=False) as desk:
            for checked in verify_site(desk.session, desk.signing_key, desk.closings):
                yield slug, checked


def _checked(settings: Settings, archive: Archive) -> Settings:
    """Return the settings with the secret that signed the books; refuse what can't be restored."""
    told = archive.told
    if make_url(settings.owner_url).get_backend_name() != told.dialect:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise OtherDatabase(from_=names.get(told.dialect, told.dialect))
    where = settings.home / "secret"
    secret = settings.secret or archive.secret()
    if not secret:
        raise NoKeys(where=where)
    if key_check(secret, told.made_at) != told.key_check:
        raise OtherKeys(where=where)
    _check_packages(told)
    return replace(settings, secret=secret)


def _check_packages(told: Told) -> None:
    here = {each.name: each for each in (core_package(), *packages(discover()))}
    missing = sorted(told.revisions.keys() - here.keys())
    if missing and told.dialect != "sqlite":
        raise ServiceMissing(names=", ".join(missing))
    for name, revision in told.revisions.items():
        if name in here and revision not in _known(here[name]):
            raise NewerTables(name=name)


def _known(package: Package) -> set[str]:
    return {each.stem.split("_")[0] for each in package.versions.glob("[0-9]*.py")}


def _check_empty(settings: Settings) -> None:
    path = Path(make_url(settings.owner_url).database or "")
    if settings.on_sqlite:
        if path.exists():
            raise AlreadyInstalled(where=path)
        return
    with postgresql.owner(settings.owner_url) as connection:
        if not postgresql.is_empty(connection):
            raise AlreadyInstalled(where=settings.shown_url)


def _load(settings: Settings, archive: Archive) -> dict[str, Counted]:
    if settings.on_sqlite:
        path = Path(make_url(settings.owner_url).database or "")
        sqlite.load(archive, path)
        with sqlite.read_only(path) as connection:
            return sqlite.count(connection)
    told = archive.told
    saved = [each for each in packages(discover()) if each.name in told.revisions]
    upgrade(settings.owner_url, saved, at=told.revisions)
    with postgresql.owner(settings.owner_url) as filled:
        postgresql.load(filled, archive)
        return postgresql.count(filled, told.columns)


def _keep_secret(settings: Settings, archive: Archive) -> None:
    secret = archive.secret()
    if settings.secret or secret is None:
        return
    handle = os.open(settings.home / "secret", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)


def _unpack_closings(settings: Settings, archive: Archive) -> None:
    for part, below in archive.closings().items():
        if not (settings.closings / below).exists():
            archive.unpack(part, settings.closings / below)


def _say_restored(house: House, told: Told) -> None:
    """Write into every till's journal that it was restored (BOI-TVA-DECLA-30-10-30: event log)."""
    made = told.made_at.isoformat()
    for row in all_sites(house.database):
        with house.at(str(row["slug"]), "palier restore") as desk:
            for register in desk.session.scalars(select(Register).order_by(Register.id)):
                at = desk.local(desk.now)
                write_down(
                    desk,
                    register,
                    lambda head, key, at=at: add_event(  # type: ignore[misc]  # bound now
                        head, key, code="restore", at=at, operator="system", backup_of=made
                    ),
                )


@contextmanager
def _house(settings: Settings, now: datetime) -> Iterator[House]:
    house = House.open(settings)
    house.clock = lambda: now
    try:
        yield house
    finally:
        house.database.close()


@contextmanager
def _room(settings: Settings, archive: Archive) -> Iterator[Settings]:
    """Give a place of its own to the drill: a folder, and on PostgreSQL a database."""
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        home = Path(folder)
        room = replace(settings, home=home, closings=home / "closings")
        if archive.told.dialect == "sqlite":
            url = f"sqlite:///{home / 'palier.sqlite3'}"
            yield replace(room, database_url=url, owner_url=url)
            return
        with _drill_database(settings) as name:
            urls = (
                make_url(each).set(database=name).render_as_string(hide_password=False)
                for each in (settings.database_url, settings.owner_url)
            )
            yield replace(room, database_url=next(urls), owner_url=next(urls))


@contextmanager
def _drill_database(settings: Settings) -> Iterator[str]:
    name = f"palier_drill_{uuid4().hex[:8]}"
    url = make_url(settings.owner_url).set(drivername="postgresql+psycopg")
    beside = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with beside.connect() as connection:
            try:
                connection.execute(text(f"CREATE DATABASE {name}"))
            except ProgrammingError as error:
                raise NoDrillDatabase from error
        try:
            inside = create_engine(url.set(database=name), isolation_level="AUTOCOMMIT")
            with inside.connect() as connection:
                for each in EXTENSIONS:
                    connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {each}"))
            inside.dispose()
            yield name
        finally:
            # Without FORCE: the owner may not end the application's sessions. It waits for them.
            with beside.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name}"))
    finally:
        beside.dispose()
