"""Taking a service away for good: its rows at a site, or its tables everywhere."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, String, cast, delete, func, update
from sqlalchemy.exc import DBAPIError

from palier.accounts.models import PermissionOverride
from palier.backup.making import make_backup
from palier.bookings.models import Bookable, ThingState
from palier.context import Context
from palier.db.migrations import owner_connection
from palier.errors import Refused
from palier.house import House
from palier.retiring.archiving import CannotKeep, site_ids
from palier.retiring.dropping import drop_tables, tables_of
from palier.retiring.planning import Plan, kept_by_core, table_of, unsettled
from palier.site_settings import SiteSetting
from palier.sites.models import SitePlugin
from palier.sites.switching import grow
from palier.text import _
from palier.trail import note


class IssuedStays(Refused):
    text = _(
        "Some of its rows were issued, and the database keeps them at this site. Archive it, or purge"
        " it everywhere once it is off."
    )


def purge_site(house: House, plan: Plan, *, backup: Path | None) -> int:
    """Delete a service's rows at one site; return how many went.

    Everything is saved to the file `backup` before; None goes without. Raises `InTheWay`,
    `IssuedStays`, `FileThere`, `CannotKeep`, `NotTheOwner`.
    """
    _save(house, plan, backup)
    (slug,) = plan.sites
    try:
        with house.at(slug, "palier plugin purge") as desk:
            _check_again(desk, plan)
            count = _empty(desk.session.connection(), plan, [desk.site.id])
            _note(desk, plan, count)
            return count
    except DBAPIError as error:
        if "append-only" in str(error.orig):
            raise IssuedStays from error
        raise


def purge(house: House, plan: Plan, *, backup: Path | None) -> int:
    """Drop a service's tables, everywhere; return how many rows went.

    Everything is saved to the file `backup` before; None goes without. What the core wrote of it
    stays: acts, receipts and messages name it by its word. Raises `InTheWay`, `FileThere`,
    `CannotKeep`, `NotTheOwner`.
    """
    _save(house, plan, backup)
    for slug in plan.sites:
        with house.at(slug, "palier plugin purge") as desk:
            _check_again(desk, plan)
            _note(desk, plan, sum(each.rows for each in plan.rows if each.site == slug))
    ids = list(site_ids(house.database, plan.sites).values())
    with owner_connection(house.settings.owner_url) as connection:
        _leave(connection, plan, ids)
        drop_tables(connection, plan.package)
    return plan.count


def _save(house: House, plan: Plan, backup: Path | None) -> None:
    plan.check()
    if backup is None:
        return
    try:
        make_backup(house, backup, say=lambda _part: None)
    except OSError as error:
        raise CannotKeep(file=backup, why=error.strerror) from error


def _check_again(desk: Context, plan: Plan) -> None:
    """Ask once more in the transaction that takes the rows away: the desks are at work."""
    replace(plan, why_not=tuple(unsettled(desk, plan.name))).check()


def _note(desk: Context, plan: Plan, count: int) -> None:
    """Write into the site's trail how many rows went."""
    grow(desk)
    if count:
        note(desk, f"{plan.name}.purged", None, quantity=count)


def _empty(connection: Connection, plan: Plan, ids: list[int]) -> int:
    count = 0
    for table in tables_of(plan.package):
        here = table.c.site_id.in_(ids)
        for column in table.c:
            if any(key.column.table is table for key in column.foreign_keys) and column.nullable:
                connection.execute(update(table).where(here).values({column.name: None}))
        count += connection.execute(delete(table).where(here)).rowcount
    _leave(connection, plan, ids)
    return count


def _leave(connection: Connection, plan: Plan, ids: list[int]) -> None:
    """Let what the core keeps of it stand by itself: its things are plain ones that are gone.

    Their tags and its prices are free again: a record that is made later may have the same number.
    """
    (things, its_things), (prices, its_prices) = kept_by_core(plan.name)
    old_tag = func.substr(things.c.code, 1, 9) + "~" + cast(things.c.id, String(10))
    connection.execute(
        update(things)
        .where(things.c.site_id.in_(ids), its_things)
        .values(what=Bookable.__tablename__, state=ThingState.GONE, code=old_tag)
    )
    name = plan.name
    for table, mine in (
        (prices, its_prices),
        (table_of(SiteSetting), SiteSetting.package == name),
        (
            table_of(PermissionOverride),
            PermissionOverride.permission.startswith(f"{name}.", autoescape=True),
        ),
        (table_of(SitePlugin), SitePlugin.name == name),
    ):
        connection.execute(delete(table).where(mine, table.c.site_id.in_(ids)))
