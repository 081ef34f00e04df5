"""What runs by itself: a job with its rhythm on the site's clock, and the row that remembers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Index, String, update
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.records import Base
from palier.db.types import Instant, Key
from palier.settings import Settings

if TYPE_CHECKING:
    from palier.context import Context

T = TypeVar("T")
A_DAY = timedelta(days=1)
SHUT = time(18)  # on a day when the desk does not open, what comes after closing comes then


@dataclass(frozen=True)
class SiteClock:
    """A site's clock: its zone, and the instant at which the desk closes on a day, None when shut."""

    zone: ZoneInfo
    closes: Callable[[date], datetime | None] = lambda _day: None

    def at(self, day: date, hour: time) -> datetime:
        """Return an hour of that day in UTC; of one that comes twice the first is meant."""
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


class Rhythm(Protocol):
    """When a job runs again."""

    def after(self, now: datetime, clock: SiteClock) -> datetime:
        """Return the first instant after `now`, in UTC."""
        ...


@dataclass(frozen=True)
class Every:
    """Again after so many minutes."""

    minutes: int

    def after(self, now: datetime, _clock: SiteClock) -> datetime:
        """Return the instant so many minutes from now."""
        return now.astimezone(UTC) + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class At:
    """Once a day, at an hour of the site's clock; one the clock leaves out comes an hour later."""

    hour: time

    def after(self, now: datetime, clock: SiteClock) -> datetime:
        """Return the next time the clock shows that hour."""
        return _next(now, clock, lambda day: clock.at(day, self.hour))


@dataclass(frozen=True)
class AfterClosing:
    """Once a day, when the desk closes for the day; at 18:00 on a day when it does not open."""

    def after(self, now: datetime, clock: SiteClock) -> datetime:
        """Return the next closing."""
        return _next(now, clock, lambda day: clock.closes(day) or clock.at(day, SHUT))


def _next(now: datetime, clock: SiteClock, moment: Callable[[date], datetime]) -> datetime:
    """Return the first of these moments, one a day, that is still to come."""
    # A desk that closes at midnight closes on the day after: begin a day early.
    day = now.astimezone(clock.zone).date() - A_DAY
    while (found := moment(day)) <= now:
        day += A_DAY
    return found


class Turn(Protocol):
    """One run of a job at one site, or of the installation's own. It may outlive a transaction."""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        ...

    @property
    def now(self) -> datetime:
        """This instant."""
        ...

    def does(self, work: "Callable[[Context], T]") -> T:
        """Run this in a write transaction of the site, again as a whole after a conflict."""
        ...

    def looks(self, work: "Callable[[Context], T]") -> T:
        """Run this in a read transaction of the site."""
        ...


@dataclass(frozen=True)
class Job:
    """Something a package does by itself, at each site where it is on. Listed in the manifest.

    It may run again at any moment, and then changes nothing that is done already.
    """

    name: str
    rhythm: Rhythm
    function: Callable[[Turn], Any]


class JobRow(Base):
    """When a job runs next at a site, who runs it now, and how it went. Site 0: the installation."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_next_at", "next_at"),)
    package: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    site_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    next_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None] = mapped_column(String(80))
    last_ok_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)


def soon(desk: "Context", package: str, name: str) -> None:
    """Let a job of the desk's site run at the next look, once, besides its rhythm."""
    mine = JobRow.package == package, JobRow.name == name, JobRow.site_id == desk.site.id
    desk.session.execute(update(JobRow).where(*mine).values(next_at=desk.now))
