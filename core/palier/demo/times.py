"""Days on which a site is open, and moments inside them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palier.demo.places import Hours
from palier.sites.models import Weekday

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """A site's hours on its own clock."""

    hours: Hours
    zone: ZoneInfo

    def at(self, day: date, hour: time) -> datetime:
        """Return the instant of an hour."""
        return datetime.combine(day, hour, self.zone)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return when it is open on a day."""
        spans = self.hours.get(list(Weekday)[day.weekday()], ())
        return [(self.at(day, opens), self.at(day, closes)) for opens, closes in spans]

    def is_open(self, day: date) -> bool:
        """Whether it opens at all."""
        return bool(self.spans(day))

    def closes(self, day: date) -> datetime:
        """Return when it closes; half past six on a day on which it stays shut."""
        spans = self.spans(day)
        return spans[-1][1] if spans else self.at(day, time(18, 30))

    def open_days(self, first: date, last: date) -> list[date]:
        """Return the open days of a span, both ends among them."""
        return [day for day in days_between(first, last) if self.is_open(day)]

    def open_from(self, day: date) -> date:
        """Return the day itself, or the next open one."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def moments(self, luck: random.Random, day: date, count: int) -> list[datetime]:
        """Return so many different minutes of a day's open hours, in order."""
        minutes = [
            opens + timedelta(minutes=each)
            for opens, closes in self.spans(day)
            for each in range(20, int((closes - opens).total_seconds()) // 60 - 5)
        ]
        return sorted(luck.sample(minutes, count))


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day, both ends among them."""
    for each in range((last - first).days + 1):
        yield first + timedelta(days=each)
