"""Bringing an installation up, and examining it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select

from palier.access import AccessLog
from palier.db.guards import missing
from palier.db.migrations import (
    NewerDatabase,
    Package,
    Upgraded,
    check_known,
    core_package,
    newest,
    owner_connection,
    revision,
    upgrade,
)
from palier.errors import Refused
from palier.house import House
from palier.jobs.telling import job_states, troubles
from palier.messages.trying import ways_out
from palier.plugins import Plugin, Registry, discover
from palier.receipts.closings import closings_missing
from palier.receipts.overdue import read_overdue
from palier.settings import Settings
from palier.sites.models import Site, SiteKind
from palier.text import _

LEAST_FREE = 500_000_000  # bytes under which the disk is called nearly full


class NotMade(Refused):
    """A command before `palier init`."""

    text = _("There is no installation here yet. Run `palier init` first.")


@dataclass(frozen=True)
class BroughtUp:
    """An installation after `init` or `upgrade`."""

    settings: Settings
    upgraded: Upgraded


@dataclass(frozen=True)
class Finding:
    """One thing the doctor looked at."""

    what: str
    well: bool
    words: str


def package_of_plugin(plugin: Plugin) -> Package:
    """Return a plugin's migrations."""
    assert plugin.folder is not None  # noqa: S101 - a working plugin has a folder
    return Package(plugin.name, plugin.folder / "migrations" / "versions")


def packages(registry: Registry) -> list[Package]:
    """Return the migrations of every working plugin, needs first."""
    return [package_of_plugin(each) for each in registry.services() if each.works]


def bring_up(settings: Settings) -> BroughtUp:
    """Make or upgrade every table. Raises `NewerDatabase`."""
    if settings.on_sqlite:
        path = make_url(settings.owner_url).database
        if path:
            settings.home.mkdir(parents=True, exist_ok=True)
    return BroughtUp(settings, upgrade(settings.owner_url, packages(discover())))


def waiting(settings: Settings) -> list[dict[str, Any]]:
    """Return which packages an upgrade would move. Raises `NewerDatabase`."""
    rows = []
    with owner_connection(settings.owner_url) as connection:
        for package in (core_package(), *packages(discover())):
            check_known(connection, package)
            found, wanted = revision(connection, package), newest(package)
            if found != wanted:
                rows.append({"package": package.name, "from": found or "-", "to": wanted})
    return rows


def quarantine_behind(house: House) -> None:
    """Set aside the plugins whose tables are not at their newest revision, or whose hooks do not fit.

    Raises `NotMade` before `init` and `NewerDatabase` after a newer version's upgrade.
    """
    path = house.database.url.database
    if house.database.on_sqlite and path and not Path(path).exists():
        raise NotMade
    with house.database.reader.connect() as connection:
        core = core_package()
        if revision(connection, core) is None:
            raise NotMade
        check_known(connection, core)
        for plugin in house.registry.services():
            if not plugin.works:
                continue
            package = package_of_plugin(plugin)
            try:
                check_known(connection, package)
            except NewerDatabase as newer:
                plugin.quarantine(newer.words)
                continue
            if revision(connection, package) != newest(package):
                words = _("Its tables are not ready. Run `palier upgrade`.")
                plugin.quarantine(words)
    # Made now, so that a hook that does not fit is known at start, and trouble travels on.
    house.hooks.registry.spread()


def examine(house: House) -> list[Finding]:
    """Look at tables, rules, services, disk and secret."""
    return list(_findings(house))


def _findings(house: House) -> Iterator[Finding]:
    settings = house.settings
    yield Finding("secret", bool(settings.secret), "made" if settings.secret else "palier init")
    behind = waiting(settings)
    names = ", ".join(str(each["package"]) for each in behind)
    yield Finding("tables", not behind, f"run palier upgrade for {names}" if behind else "newest")
    with house.database.reader.connect() as connection:
        lacking = missing(connection)
    yield Finding("rules", not lacking, ", ".join(lacking[:5]) or "all there")
    for plugin in house.registry.services():
        words = str(plugin.trouble) if plugin.trouble else plugin.version
        yield Finding(f"service {plugin.name}", plugin.works, words)
    with house.database.read() as session:
        count = session.scalar(select(func.count(Site.id))) or 0
    yield Finding("sites", count > 0, str(count))
    states = job_states(house)
    wrong = troubles(states, house.clock())
    yield Finding("jobs", not wrong, "; ".join(wrong[:3]) or f"{len(states)}, none failed")
    for what, well, words in ways_out(settings):
        yield Finding(what, well, words)
    lost = _copies_lost(house)
    yield Finding("closings", not lost, "; ".join(lost[:3]) or "every copy lies outside")
    due = list(_closings_due(house))
    yield Finding("closed", not due, "; ".join(due[:3]) or "every day, month and year")
    free = shutil.disk_usage(settings.home).free
    yield Finding("disk", free > LEAST_FREE, f"{free // 1_000_000} MB free")
    swept = AccessLog(settings.access_log).sweep(house.clock())
    yield Finding(
        "access log", True, f"{len(swept)} old files removed" if swept else "kept 12 months"
    )


def _closings_due(house: House) -> Iterator[str]:
    """Name what a site did not close, and a year without its archive."""
    with house.database.read() as session:
        slugs = list(
            session.scalars(select(Site.slug).where(Site.kind == SiteKind.LIVE).order_by(Site.slug))
        )
    for slug in slugs:
        with house.at(slug, "palier doctor", write=False) as desk:
            due = read_overdue(desk)
        if due.archive is not None:
            year = due.archive.year
            yield f"{slug}: archive of {year}, palier receipts archive --site {slug} --year {year}"
        told = [
            f"--day {due.day}" if due.day else "",
            f"--month {due.month:%Y-%m}" if due.month else "",
            f"--year {due.year.year}" if due.year else "",
        ]
        for each in filter(None, told):
            yield f"{slug}: not closed, palier receipts close --site {slug} {each}"


def _copies_lost(house: House) -> list[str]:
    """Name the copies that a site's closings folder lacks, the first three of each."""
    lost = []
    with house.database.read() as session:
        slugs = list(session.scalars(select(Site.slug).order_by(Site.slug)))
    for slug in slugs:
        with house.at(slug, "palier doctor", write=False) as desk:
            folder = desk.closings
            missing = closings_missing(desk.session, folder) if folder is not None else []
        if missing:
            names = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
            lost.append(f"{slug}: {names} missing; the next start or night writes it again")
    return lost
