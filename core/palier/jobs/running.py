"""The loop: takes what is due, holds it under a lease while it runs, and notes how it went."""

import os
import secrets
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, TypeVar

import structlog
from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from palier.context import Context
from palier.errors import PluginFailed, Refused
from palier.house import House
from palier.jobs.enrolling import INSTALLATION, NOWHERE, Here, enrol, find_job, mark, sites_of
from palier.rhythm import Job, JobRow
from palier.settings import Settings
from palier.text import Reader, read_by

T = TypeVar("T")
log = structlog.get_logger("palier.jobs")
LEASE = timedelta(minutes=2)
PAUSE = 5.0  # seconds between two looks for something due
AGAIN = timedelta(minutes=1)  # after a failure; twice as long after each other one
LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Run:
    """One run of a job at a site: the turn that its function is given."""

    house: House
    slug: str
    origin: str

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self.house.settings

    @property
    def now(self) -> datetime:
        """This instant, on the house's clock."""
        return self.house.clock()

    def does(self, work: Callable[[Context], T]) -> T:
        """Run this in a write transaction of the site, again as a whole after a conflict."""
        return self.house.database.again(lambda: self._opened(work, write=True))

    def looks(self, work: Callable[[Context], T]) -> T:
        """Run this in a read transaction of the site."""
        return self._opened(work, write=False)

    def _opened(self, work: Callable[[Context], T], *, write: bool) -> T:
        with (
            self.house.at(self.slug, self.origin, write=write) as desk,
            read_by(Reader(desk.site.locale, desk.site.zone, desk.today.year)),
        ):
            return work(desk)


@dataclass
class Loop:
    """Runs the jobs of one installation, one after the other; several processes share them."""

    house: House
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    )
    _enrolled: tuple[int, ...] = ()

    def forever(self, stop: Event) -> None:
        """Run what is due until told to stop. No failure ends it."""
        log.info("jobs", by=self.name)
        while not stop.is_set():
            try:
                self.once()
            except Exception:  # the database is away, the disk is full: it may be back in a moment
                log.exception("jobs can't be read")
            stop.wait(PAUSE)

    def once(self) -> list[str]:
        """Run each job that is due now, at most once; return their names."""
        self._enrol()
        ran: list[str] = []
        begun = self.house.clock()
        while (row := self._take(begun)) is not None:
            ran.append(f"{row.package}.{row.name}")
            self._run(row)
        return ran

    def _enrol(self) -> None:
        with self.house.database.across_sites("jobs", quietly=True) as session:
            found = mark(session)
        if found != self._enrolled:
            self.house.database.again(lambda: enrol(self.house, self.house.clock()))
            self._enrolled = found

    def _take(self, begun: datetime) -> JobRow | None:
        """Take a lease on the job that has been due for longest."""
        with self.house.database.across_sites("jobs", quietly=True) as session:
            if session.scalars(_due(begun, self.house.clock())).first() is None:
                return None  # nothing was written, nobody had to wait
        return self.house.database.again(lambda: self._leased(begun))

    def _leased(self, begun: datetime) -> JobRow | None:
        now = self.house.clock()
        with self.house.database.across_sites("jobs", write=True, quietly=True) as session:
            query = _due(begun, now).with_for_update(skip_locked=True)
            row = session.scalars(query).first()
            if row is not None:
                row.lease_until, row.lease_by = now + LEASE, self.name
                session.flush()
                session.expunge(row)
        return row

    def _run(self, row: JobRow) -> None:
        job, site = find_job(self.house.registry, row.package, row.name), self._site(row.site_id)
        if job is None or not self._is_on(row, site):
            put_off = {"next_at": self.house.clock() + LONGEST}
            self.house.database.again(lambda: self._finish(row, put_off))
            return
        with self._renewed(row):
            error = self._tried(job, row, site)
        now = self.house.clock()
        next_at = job.rhythm.after(now, site.clock if site else NOWHERE)
        values = _well(now, next_at) if not error else _badly(now, next_at, row.failures + 1, error)
        self.house.database.again(lambda: self._finish(row, values))

    def _site(self, site_id: int) -> Here | None:
        with self.house.database.across_sites("jobs", quietly=True) as session:
            return next(iter(sites_of(session, only=site_id)), None)

    def _is_on(self, row: JobRow, site: Here | None) -> bool:
        if row.site_id == INSTALLATION:
            return True
        plugin = self.house.registry.plugins[row.package]
        return site is not None and (plugin.is_core or plugin.name in site.on)

    def _tried(self, job: Job, row: JobRow, site: Here | None) -> str:
        """Run a job; return what went wrong, in words that name no value."""
        origin = f"job {row.package}.{row.name}"
        try:
            job.function(Run(self.house, site.slug if site else "", origin))
        except Exception as error:  # one job's fault, whatever it is, is not the others'
            log.exception("job failed", job=origin, site=row.site_id)
            return in_words(error)
        return ""

    def _finish(self, row: JobRow, values: Mapping[str, Any]) -> None:
        with self.house.database.across_sites("jobs", write=True, quietly=True) as session:
            done = update(JobRow).where(self._mine(row))
            session.execute(done.values(lease_until=None, lease_by=None, **values))

    def _mine(self, row: JobRow) -> Any:
        same = and_(JobRow.package == row.package, JobRow.name == row.name)
        return and_(same, JobRow.site_id == row.site_id, JobRow.lease_by == self.name)

    @contextmanager
    def _renewed(self, row: JobRow) -> Iterator[None]:
        """Hold the lease for as long as the block takes."""
        ended = Event()
        thread = Thread(target=self._renew, args=(row, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew(self, row: JobRow, ended: Event) -> None:
        while not ended.wait(LEASE.total_seconds() / 3):
            try:
                self.house.database.again(lambda: self.renew(row))
            except (SQLAlchemyError, Refused):
                log.exception("lease not renewed", job=row.name)

    def renew(self, row: JobRow) -> None:
        """Keep a job that this loop runs for another two minutes."""
        with self.house.database.across_sites("jobs", write=True, quietly=True) as session:
            until = self.house.clock() + LEASE
            session.execute(update(JobRow).where(self._mine(row)).values(lease_until=until))


def _due(begun: datetime, now: datetime) -> Select[JobRow]:
    free = or_(JobRow.lease_until.is_(None), JobRow.lease_until <= now)
    return select(JobRow).where(JobRow.next_at <= begun, free).order_by(JobRow.next_at).limit(1)


def _well(now: datetime, next_at: datetime) -> dict[str, Any]:
    return {"next_at": next_at, "last_ok_at": now, "last_error": None, "failures": 0}


def _badly(now: datetime, next_at: datetime, failures: int, error: str) -> dict[str, Any]:
    again = now + min(AGAIN * 2 ** min(failures - 1, 10), LONGEST)
    return {"next_at": min(next_at, again), "last_error": error, "failures": failures}


def in_words(error: BaseException) -> str:
    """Say what went wrong and where; values may be about people, so none is in it."""
    if isinstance(error, PluginFailed) and error.__cause__ is not None:
        return in_words(error.__cause__)
    if isinstance(error, Refused):
        return str(error)[:200]
    frames = traceback.extract_tb(error.__traceback__)
    where = next((f for f in reversed(frames) if "palier" in f.filename), None)
    place = f", {where.filename.rsplit('/', 2)[-1]} line {where.lineno}" if where else ""
    return f"{type(error).__name__}{place}"[:200]
