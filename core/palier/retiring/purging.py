"""Taking a service away for good: its rows at a site, or its tables everywhere."""

from sqlalchemy import Connection, Table, delete, update
from sqlalchemy.exc import DBAPIError

from palier.accounts.models import PermissionOverride
from palier.bookings.models import Bookable, ThingState
from palier.db.migrations import owner_connection
from palier.errors import Refused
from palier.house import House
from palier.retiring.archiving import site_ids
from palier.retiring.dropping import drop_tables, tables_of
from palier.retiring.planning import FRESH, Plan, things_of
from palier.site_settings import SiteSetting
from palier.sites.models import SitePlugin
from palier.sites.switching import grow
from palier.text import _
from palier.trail import note


class NoFreshBackup(Refused):
    text = _(
        "There is no backup from the last 24 hours. Make one with palier backup FILE, or say"
        " --yes-without-backup."
    )


class IssuedStays(Refused):
    text = _(
        "Some of its rows were issued, and the database keeps them at this site. Archive it, or purge"
        " it everywhere once it is off."
    )


def purge_site(house: House, plan: Plan, *, without_backup: bool) -> int:
    """Delete a service's rows at one site; return how many went.

    Raises `InTheWay`, `NoFreshBackup`, `IssuedStays`.
    """
    _check(house, plan, without_backup=without_backup)
    _note(house, plan)
    ids = list(site_ids(house.database, plan.sites).values())
    try:
        with house.database.across_sites("palier plugin purge", write=True) as session:
            return _empty(session.connection(), plan, ids)
    except DBAPIError as error:
        if "append-only" in str(error.orig):
            raise IssuedStays from error
        raise


def purge(house: House, plan: Plan, *, without_backup: bool) -> int:
    """Drop a service's tables, everywhere; return how many rows went.

    What the core wrote of it stays: acts, receipts and messages name it by its word. Raises
    `InTheWay`, `NoFreshBackup`.
    """
    _check(house, plan, without_backup=without_backup)
    _note(house, plan)
    ids = list(site_ids(house.database, plan.sites).values())
    with owner_connection(house.settings.owner_url) as connection:
        _leave(connection, plan, ids)
        drop_tables(connection, plan.package)
    return plan.count


def _check(house: House, plan: Plan, *, without_backup: bool) -> None:
    plan.check()
    made = plan.backup_at
    if not without_backup and (made is None or house.clock() - made > FRESH):
        raise NoFreshBackup


def _note(house: House, plan: Plan) -> None:
    """Write into each site's trail what goes, before it goes."""
    for slug in plan.sites:
        with house.at(slug, "palier plugin purge") as desk:
            grow(desk)
            if count := sum(each.rows for each in plan.rows if each.site == slug):
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
    """Let what the core keeps of it stand by itself: things are plain ones that are gone."""
    if own := things_of(plan.name):
        things = Bookable.__table__
        assert isinstance(things, Table)  # noqa: S101 - a record has a table of its own
        connection.execute(
            update(things)
            .where(things.c.site_id.in_(ids), things.c.what.in_(own))
            .values(what=Bookable.__tablename__, state=ThingState.GONE)
        )
    name = plan.name
    for model, mine in (
        (SiteSetting, SiteSetting.package == name),
        (PermissionOverride, PermissionOverride.permission.startswith(f"{name}.", autoescape=True)),
        (SitePlugin, SitePlugin.name == name),
    ):
        table = model.__table__
        assert isinstance(table, Table)  # noqa: S101 - each has a table of its own
        connection.execute(delete(table).where(mine, table.c.site_id.in_(ids)))
