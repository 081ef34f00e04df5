"""What archiving or purging a service would touch, and what stands in its way: asked, not done."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Table, func, select

from palier.bookings.models import OCCUPYING, Bookable, BookingLine
from palier.context import Context
from palier.db.migrations import Package
from palier.db.records import Base, SiteRecord, all_tables
from palier.errors import Refused
from palier.house import House
from palier.installing import package_of_plugin
from palier.receipts.models import (
    Charge,
    ChargeState,
    Closing,
    Deposit,
    DepositState,
    Price,
    Receipt,
    ReceiptLine,
)
from palier.receipts.models.tills import ClosedPeriod
from palier.retiring.dropping import tables_of
from palier.sites.models import SitePlugin
from palier.sites.opening import all_sites
from palier.sites.switching import ServiceInTrouble, UnknownService
from palier.text import Text, _


class InTheWay(Refused):
    """The sentences that say what has to be settled first, all of them."""

    text = _("Nothing was done. %(why)s")


@dataclass(frozen=True)
class Rows:
    """How many rows a table has at a site."""

    site: str
    table: str
    rows: int


@dataclass(frozen=True)
class Plan:
    """What would go, and what is in the way. `sites` are those it ever was on at."""

    name: str
    package: Package
    sites: tuple[str, ...]
    rows: tuple[Rows, ...]
    why_not: tuple[Text, ...]

    @property
    def count(self) -> int:
        """How many rows there are in all."""
        return sum(each.rows for each in self.rows)

    def check(self) -> None:
        """Raise `InTheWay` with everything that has to be settled first."""
        if self.why_not:
            raise InTheWay(why=" ".join(str(each) for each in self.why_not))


def package_of(house: House, name: str) -> Package:
    """Return a service's tables. Raises `UnknownService`, and `ServiceInTrouble` where its code, which
    alone knows them, can't be read.
    """
    plugin = house.registry.plugins.get(name)
    if plugin is None or plugin.is_core:
        raise UnknownService(name=name)
    if plugin.folder is None:
        raise ServiceInTrouble(name=name, why=plugin.trouble)
    return package_of_plugin(plugin)


def plan_archive(house: House, name: str, site: str = "") -> Plan:
    """Return what an archive would hold. Raises `UnknownService`, `NoSuchSite`."""
    return _plan(house, name, site, _still_on)


def plan_purge(house: House, name: str, site: str = "") -> Plan:
    """Return what a purge would take away. Raises `UnknownService`, `NoSuchSite`."""
    plan = _plan(house, name, site, unsettled)
    needed = _needed(house, plan, whole=not site)
    return replace(plan, why_not=(*plan.why_not, *needed))


def _plan(
    house: House, name: str, site: str, asked: Callable[[Context, str], Iterable[Text]]
) -> Plan:
    package = package_of(house, name)
    wanted = [site] if site else [str(each["slug"]) for each in all_sites(house.database)]
    rows: list[Rows] = []
    why: list[Text] = []
    for slug in wanted:
        with house.at(slug, "palier plugin plan", write=False) as desk:
            rows += [Rows(slug, table, n) for table, n in _counted(desk, package) if n]
            why += asked(desk, name)
    return Plan(name, package, tuple(wanted), tuple(rows), tuple(why))


def _counted(desk: Context, package: Package) -> Iterator[tuple[str, int]]:
    for table in tables_of(package):
        query = select(func.count()).select_from(table).where(table.c.site_id == desk.site.id)
        yield table.name, int(desk.session.connection().scalar(query) or 0)


def _still_on(desk: Context, name: str) -> Iterator[Text]:
    on = select(SitePlugin.name).where(SitePlugin.name == name, SitePlugin.state == "on")
    if desk.session.scalar(on) is not None:
        words = _("It is on at %(site)s: switch it off there first.")
        yield words.fill(site=desk.site.name)


def unsettled(desk: Context, name: str) -> Iterator[Text]:
    """Yield what has to be settled at a desk's site before a service's rows may go."""
    yield from _still_on(desk, name)
    charges = select(func.count(Charge.id)).where(
        Charge.service == name, Charge.state == ChargeState.OPEN
    )
    if count := desk.session.scalar(charges):
        words = _("At %(site)s, charges of it still to be paid: %(n)s.")
        yield words.fill(site=desk.site.name, n=count)
    deposits = select(func.count(Deposit.id)).where(
        Deposit.service == name, Deposit.state == DepositState.HELD
    )
    if count := desk.session.scalar(deposits):
        words = _("At %(site)s, deposits of it still in the box: %(n)s.")
        yield words.fill(site=desk.site.name, n=count)
    if count := _unclosed(desk, name):
        words = _("At %(site)s, receipts of it in no closed year yet: %(n)s.")
        yield words.fill(site=desk.site.name, n=count)
    if count := _booked(desk, name):
        words = _("At %(site)s, things of it out or booked: %(n)s.")
        yield words.fill(site=desk.site.name, n=count)
    for title, count in _waiting(desk, name):
        words = _("At %(site)s, not ended yet: %(what)s, %(n)s.")
        yield words.fill(site=desk.site.name, what=title, n=count)


def _waiting(desk: Context, name: str) -> Iterator[tuple[Text, int]]:
    """Yield title and count of its own records for which something is still to come or to settle."""
    assert desk.hooks is not None  # noqa: S101 - a house's desks have them
    for kind in records_of(name):
        query = select(func.count()).select_from(kind).where(kind.still_open())
        if count := desk.session.scalar(query):
            yield desk.hooks.registry.title_of(kind), int(count)


def records_of(name: str) -> list[type[SiteRecord]]:
    """Return a service's records that say by themselves when something still waits for one."""
    kinds = (mapper.class_ for mapper in Base.registry.mappers)
    own = (each for each in kinds if issubclass(each, SiteRecord) and each.package == name)
    return sorted((each for each in own if not _never_waits(each)), key=lambda each: each.__name__)


def _never_waits(kind: type[SiteRecord]) -> bool:
    return kind.still_open.__func__ is SiteRecord.still_open.__func__  # type: ignore[attr-defined]


def _unclosed(desk: Context, name: str) -> int:
    """Count its receipts since the last year that was closed; training has none to keep."""
    if desk.site.kind != "live":
        return 0
    year = select(func.max(Closing.to_on)).where(Closing.period == ClosedPeriod.YEAR)
    until = desk.session.scalar(year)
    query = (
        select(func.count(func.distinct(Receipt.id)))
        .join(ReceiptLine, ReceiptLine.receipt_id == Receipt.id)
        .where(ReceiptLine.service == name)
    )
    if until is not None:
        query = query.where(Receipt.sold_on > until)
    return int(desk.session.scalar(query) or 0)


def _booked(desk: Context, name: str) -> int:
    own = things_of(name)
    query = (
        select(func.count(BookingLine.id))
        .join(Bookable, BookingLine.__table__.c.resource_id == Bookable.id)
        .where(Bookable.what.in_(own), BookingLine.state.in_(OCCUPYING))
    )
    return int(desk.session.scalar(query) or 0) if own else 0


def things_of(name: str) -> list[str]:
    """Return the words by which the core knows a service's bookable things."""
    known = Bookable.__mapper__.polymorphic_map.items()
    return [str(word) for word, mapper in known if mapper.class_.package == name]


def kept_by_core(name: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the core's tables that hold a part of a service, and which rows: its things, its prices."""
    things, prices = table_of(Bookable), table_of(Price)
    yield things, things.c.what.in_(things_of(name))
    yield prices, prices.c.item.startswith(f"{name}.", autoescape=True)


def table_of(model: type[Base]) -> Table:
    """Return the table that a class has for itself."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - no class here is made of a query
    return table


def _needed(house: House, plan: Plan, *, whole: bool) -> Iterator[Text]:
    """Say who needs it: for its tables when they are dropped, for its rows where they are used."""
    if whole:
        for other in house.registry.needing(plan.name):
            yield _("The service %(other)s needs it: purge or uninstall that first.").fill(
                other=other
            )
    for table in referring(plan.package):
        yield _("The table %(table)s refers to its rows.").fill(table=table.name)


def referring(package: Package) -> Sequence[Table]:
    """Return the tables of other packages that refer to those of this one."""
    own = package.tables
    return [
        table
        for table in all_tables()
        if table.name not in own and any(key.column.table.name in own for key in table.foreign_keys)
    ]
