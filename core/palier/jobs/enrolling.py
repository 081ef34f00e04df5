"""Which jobs there are: those of the packages that are on at each site, and the installation's own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from palier import hookspecs
from palier.context import Context
from palier.db.scope import SiteSession
from palier.house import House
from palier.jobs.own import OWN
from palier.plugins import Registry
from palier.rhythm import AfterClosing, Job, JobRow, SiteClock
from palier.sites.hours import open_spans
from palier.sites.models import Opening, Site, SitePlugin, SiteState

NOWHERE = SiteClock(ZoneInfo("UTC"))
INSTALLATION = 0  # the site of the installation's own jobs
WORKING = (SiteState.DRAFT, SiteState.OPEN)
OURS = "palier"
DAILY = "daily"
Keyed = tuple[str, str, int]


@dataclass(frozen=True)
class Here:
    """One site with its clock, and what is on there."""

    id: int
    slug: str
    clock: SiteClock
    on: frozenset[str]


def enrol(house: House, now: datetime) -> None:
    """Make a row for each job of each site, and take away those of what is off. Again: no change."""
    with house.database.across_sites("which jobs there are", write=True) as session:
        known = {
            (row.package, row.name, row.site_id): row for row in session.scalars(select(JobRow))
        }
        wanted = dict(_wanted(house, sites_of(session)))
        for key, (job, clock) in wanted.items():
            if key not in known:
                package, name, site_id = key
                next_at = job.rhythm.after(now, clock)
                session.add(JobRow(package=package, name=name, site_id=site_id, next_at=next_at))
        for key in known.keys() - wanted.keys():
            session.delete(known[key])


def _wanted(house: House, sites: Sequence[Here]) -> Iterator[tuple[Keyed, tuple[Job, SiteClock]]]:
    each_day = house.hooks.answering(hookspecs.daily)
    for job in OWN:
        yield (OURS, job.name, INSTALLATION), (job, NOWHERE)
    for site in sites:
        for plugin in house.registry.on(site.on):
            for job in plugin.manifest.jobs:
                yield (plugin.name, job.name, site.id), (job, site.clock)
            if plugin.name in each_day:
                yield (plugin.name, DAILY, site.id), (daily_job(plugin.name), site.clock)


def daily_job(name: str) -> Job:
    """Return the job that asks one plugin's `daily` hook: the failure of one is not the others'."""

    def ask(desk: Context) -> None:
        if desk.hooks is not None:
            desk.hooks.answer(hookspecs.daily, desk, only=name)

    return Job(DAILY, AfterClosing(), lambda turn: turn.does(ask))


def find_job(registry: Registry, package: str, name: str) -> Job | None:
    """Return what a row stands for; None where its package is gone or set aside."""
    if package == OURS:
        return next((each for each in OWN if each.name == name), None)
    if name == DAILY:
        return daily_job(package)
    plugin = registry.plugins.get(package)
    jobs = plugin.manifest.jobs if plugin is not None and plugin.works else ()
    return next((each for each in jobs if each.name == name), None)


def sites_of(session: SiteSession, *, only: int | None = None) -> list[Here]:
    """Return the sites that work, or one of them. Two statements, or three."""
    query = select(Site.id, Site.slug, Site.timezone).where(Site.state.in_(WORKING))
    if only is not None:
        query = query.where(Site.id == only)
    rows = session.execute(query.order_by(Site.id)).all()
    ids = [row.id for row in rows]
    on: dict[int, set[str]] = {id: set() for id in ids}
    switched = select(SitePlugin).where(SitePlugin.state == "on", SitePlugin.site_id.in_(ids))
    for each in session.scalars(switched):
        on[each.site_id].add(each.name)
    hours: dict[int, list[Opening]] = {id: [] for id in ids}
    for opening in session.scalars(select(Opening).where(Opening.site_id.in_(ids))):
        hours[opening.site_id].append(opening)
    return [_here(row, frozenset(on[row.id]), hours[row.id]) for row in rows]


def _here(row: Any, on: frozenset[str], hours: list[Opening]) -> Here:
    zone = ZoneInfo(row.timezone)
    return Here(row.id, row.slug, SiteClock(zone, _closing(hours, zone)), on)


def _closing(hours: list[Opening], zone: ZoneInfo) -> Callable[[date], datetime | None]:
    def closes(day: date) -> datetime | None:
        spans = open_spans(hours, day, zone)
        return spans[-1].ends_at if spans else None

    return closes


def mark(session: SiteSession) -> tuple[int, ...]:
    """Return figures that change whenever a site is made, closed or switches a service."""
    figures = func.count(Site.id), func.sum(Site.revision), func.max(Site.id)
    working = func.count(Site.id).filter(Site.state.in_(WORKING))
    row = session.execute(select(*figures, working)).one()
    return tuple(int(each or 0) for each in row)
