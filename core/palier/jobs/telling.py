"""How the jobs stand: for the commands and the doctor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from palier.house import House
from palier.jobs.enrolling import INSTALLATION
from palier.rhythm import JobRow
from palier.sites.models import Site

OVERDUE = timedelta(minutes=15)


@dataclass(frozen=True)
class JobState:
    """One job at one site; `site` is empty for the installation's own."""

    job: str
    site: str
    next_at: datetime
    running: bool
    last_ok_at: datetime | None
    last_error: str


def job_states(house: House) -> list[JobState]:
    """Return every job, the next one first. Two statements."""
    now = house.clock()
    with house.database.across_sites("list of jobs") as session:
        slugs = {row.id: row.slug for row in session.execute(select(Site.id, Site.slug))}
        slugs[INSTALLATION] = ""
        rows = session.scalars(select(JobRow).order_by(JobRow.next_at, JobRow.site_id, JobRow.name))
        return [
            JobState(
                f"{row.package}.{row.name}",
                slugs.get(row.site_id, str(row.site_id)),
                row.next_at,
                row.lease_until is not None and row.lease_until > now,
                row.last_ok_at,
                row.last_error or "",
            )
            for row in rows
        ]


def troubles(states: list[JobState], now: datetime) -> list[str]:
    """Say what is wrong with the jobs, if something is."""
    failed = [f"{_where(each)}: {each.last_error}" for each in states if each.last_error]
    waiting = [each for each in states if each.next_at < now - OVERDUE and not each.running]
    if waiting:
        words = f"nobody has run {_where(waiting[0])} since {waiting[0].next_at:%d/%m %H:%M} UTC"
        failed.append(f"{words}: palier serve does on SQLite, else palier jobs run")
    return failed


def _where(state: JobState) -> str:
    return f"{state.job} at {state.site}" if state.site else state.job
