"""A service's rows in a file of their own, which is read with nothing but a text editor."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Table, select, update

from palier.backup.archive import Counted, Writer, new_archive
from palier.db.engine import Database
from palier.db.migrations import newest
from palier.errors import Refused
from palier.house import House
from palier.retiring.dropping import tables_of
from palier.retiring.planning import Plan, kept_by_core
from palier.sites.models import Site, SitePlugin
from palier.sites.switching import grow
from palier.text import _
from palier.trail import note

FORMAT = 1
AT_ONCE = 1000
READ_ME = """\
Rows of the service {name}, written by Palier {palier} on {day}.

Each file under tables/ holds one row a line, as JSON: the column's name and what it held. Days and
instants are ISO 8601, instants in UTC; amounts are whole cents. manifest.json says how many rows each
file has, and the SHA-256 of the file. A number that ends in _id is the id of a row of that table, or of
a table of Palier's own (resident, booking_line). These files hold personal data: keep them locked, and
no longer than the register of processing says.
"""


class CannotKeep(Refused):
    text = _("%(file)s could not be written: %(why)s. Nothing was changed.")


class Told(msgspec.Struct, frozen=True):
    """What an archive says of itself."""

    format: int
    palier: str
    service: str
    version: str
    revision: str
    made_at: datetime
    sites: dict[str, int]
    tables: dict[str, Counted]


def archive(house: House, plan: Plan, file: Path) -> Told:
    """Write a service's rows to a new file, then call it archived at these sites.

    Raises `InTheWay`, `FileThere`, `CannotKeep`.
    """
    plan.check()
    told = _write(house, plan, file)
    for slug in plan.sites:
        with house.at(slug, "palier plugin archive") as desk:
            rows = desk.session.execute(
                update(SitePlugin)
                .where(SitePlugin.name == plan.name)
                .values(state="archived", since_at=desk.now)
                .returning(SitePlugin.name)
            )
            if rows.first() is not None:
                grow(desk)
                count = sum(each.rows for each in plan.rows if each.site == slug)
                note(desk, f"{plan.name}.archived", None, quantity=count)
    return told


def _write(house: House, plan: Plan, file: Path) -> Told:
    try:
        with new_archive(file) as writer:
            return _fill(house, plan, writer)
    except OSError as error:
        raise CannotKeep(file=file, why=error.strerror) from error


def _fill(house: House, plan: Plan, writer: Writer) -> Told:
    ids = site_ids(house.database, plan.sites)
    kept: dict[str, Counted] = {}
    with house.database.across_sites("palier plugin archive") as session:
        for table, query in _queries(plan, list(ids.values())):
            part, count = f"tables/{table.name}.jsonl", 0
            with writer.part(part) as out:
                rows = session.connection().execution_options(yield_per=AT_ONCE).execute(query)
                for row in rows.mappings():
                    out.write(msgspec.json.encode(dict(row), enc_hook=_plain) + b"\n")
                    count += 1
            kept[table.name] = Counted(count, writer.files[part])
    plugin = house.registry.plugins[plan.name]
    told = Told(
        FORMAT, version("palier"), plan.name, plugin.version, newest(plan.package) or "",
        house.clock(), ids, kept,
    )  # fmt: skip
    writer.zipped.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(told)))
    day = told.made_at.date().isoformat()
    text = READ_ME.format(name=plan.name, palier=told.palier, day=day)
    writer.zipped.writestr("README.txt", text)
    return told


def _queries(plan: Plan, ids: Sequence[int]) -> Iterator[tuple[Table, Any]]:
    for table in reversed(tables_of(plan.package)):
        yield table, select(table).where(table.c.site_id.in_(ids)).order_by(*table.primary_key)
    for table, mine in kept_by_core(plan.name):
        yield table, select(table).where(table.c.site_id.in_(ids), mine).order_by(table.c.id)


def site_ids(database: Database, slugs: Sequence[str]) -> dict[str, int]:
    with database.read() as session:
        rows = session.execute(select(Site.slug, Site.id).where(Site.slug.in_(slugs)))
        return {str(slug): int(id) for slug, id in rows}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset | set) else str(value)
