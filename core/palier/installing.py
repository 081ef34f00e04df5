"""Bringing an installation up, and examining it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version
from sqlalchemy import Connection, func, inspect, make_url, select

from palier.access import AccessLog
from palier.asking import Hooks, Use
from palier.db.guards import missing
from palier.db.migrations import (
    CORE,
    NewerDatabase,
    Package,
    Upgraded,
    check_known,
    core_package,
    newest,
    owner_connection,
    owner_of,
    revision,
    upgrade,
)
from palier.db.records import Base, leave_out
from palier.errors import Refused
from palier.hookspecs import FIRST
from palier.house import House
from palier.jobs.telling import job_states, troubles
from palier.messages.trying import ways_out
from palier.plugins import Plugin, Registry, discover
from palier.receipts.closings import closings_missing
from palier.receipts.overdue import read_overdue
from palier.settings import Settings
from palier.sites.models import Site, SiteKind
from palier.text import Text, _

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


@dataclass(frozen=True)
class Standing:
    """Where a package stands before an upgrade: its tables, and whether it fits this core.

    `accepts` are the versions of the core that it says it works with, `hooks` what it has to know:
    each hook it answers that changed since the oldest of them, or will change.
    """

    package: str
    found: str | None
    wanted: str | None
    accepts: str = ""
    hooks: tuple[str, ...] = ()
    trouble: Text | None = None

    @property
    def waits(self) -> bool:
        """Whether an upgrade would move its tables."""
        return self.trouble is None and self.found != self.wanted


def standings(settings: Settings) -> list[Standing]:
    """Say of the core and of every installed service where it stands. Raises `NewerDatabase`."""
    hooks = Hooks(discover())
    core = core_package()
    with owner_connection(settings.owner_url) as connection:
        check_known(connection, core)
        found = [Standing(core.name, revision(connection, core), newest(core))]
        return found + [_standing(connection, hooks, p) for p in hooks.registry.services()]


def _standing(connection: Connection, hooks: Hooks, plugin: Plugin) -> Standing:
    accepts = plugin.accepts or "any"
    if not plugin.works:
        return Standing(plugin.name, None, None, accepts, trouble=plugin.trouble)
    package = package_of_plugin(plugin)
    at, wanted = revision(connection, package), newest(package)
    told = tuple(_told(use) for use in hooks.uses(plugin) if _is_news(use))
    try:
        check_known(connection, package)
    except NewerDatabase as newer:
        return Standing(plugin.name, at, wanted, accepts, told, newer.words)
    return Standing(plugin.name, at, wanted, accepts, told)


def _is_news(use: Use) -> bool:
    """Whether a plugin may have been written for a core that asked this hook in another way."""
    return bool(use.hook.warns) or Version(use.hook.changed) > oldest_accepted(use.plugin.accepts)


def _told(use: Use) -> str:
    changed = f"{use.hook.name} changed in {use.hook.changed}"
    how = f"{use.hook.name} will change: {use.hook.warns}" if use.hook.warns else changed
    return f"{how} ({use.place})"


def oldest_accepted(accepts: str) -> Version:
    """Return the oldest core that a manifest's `requires_core` accepts, `FIRST` where it says none."""
    least = [
        Version(each.version.removesuffix(".*"))
        for each in SpecifierSet(accepts)
        if each.operator in {">=", ">", "==", "~="}
    ]
    return max(least, default=Version(FIRST))


def waiting(settings: Settings) -> list[Standing]:
    """Return which packages an upgrade would move. Raises `NewerDatabase`."""
    return [each for each in standings(settings) if each.waits]


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
        leave_out(_tables_lacking(connection))
    # Made now, so that a hook that does not fit is known at start, and trouble travels on.
    house.hooks.registry.spread()


def _tables_lacking(connection: Connection) -> set[str]:
    """Return the tables of services that are not in the database."""
    there = set(inspect(connection).get_table_names())
    owned = {m.local_table.name for m in Base.registry.mappers if owner_of(m.class_) != CORE}  # type: ignore[attr-defined]  # mapped to tables, all of them
    return owned - there


def examine(house: House) -> list[Finding]:
    """Look at tables, rules, services, disk and secret."""
    return list(_findings(house))


def _findings(house: House) -> Iterator[Finding]:
    settings = house.settings
    yield Finding("secret", bool(settings.secret), "made" if settings.secret else "palier init")
    behind = waiting(settings)
    names = ", ".join(each.package for each in behind)
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
