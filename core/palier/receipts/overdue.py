"""What was not closed though it is over, and last year's archive where nobody made it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, ScalarSelect, exists, func, literal, select

from palier.context import Context
from palier.receipts.models import ArchiveState, ClosedPeriod, Closing, Receipt, YearArchive
from palier.text import Text, _, show_month

NAMES = "receipts.day_due", "receipts.month_due", "receipts.year_due", "receipts.archive_due"


@dataclass(frozen=True)
class Overdue:
    """The newest day, month and year that is over, had receipts and is not closed.

    Closing it closes those before it. `archive` is the last day of a closed year without one.
    """

    day: date | None = None
    month: date | None = None
    year: date | None = None
    archive: date | None = None

    @property
    def words(self) -> Iterator[tuple[str, Text]]:
        """Yield what is due and its sentence, the shortest period first."""
        if self.day is not None:
            yield "day", _("%(day)s was not closed.").fill(day=self.day)
        if self.month is not None:
            yield (
                "month",
                _("The month %(month)s is not closed.").fill(month=show_month(self.month)),
            )
        if self.year is not None:
            yield "year", _("The year %(year)s is not closed.").fill(year=str(self.year.year))
        if self.archive is not None:
            words = _("The archive of %(year)s is missing: the law wants one each year.")
            yield "archive", words.fill(year=str(self.archive.year))


def figures(desk: Context) -> dict[str, ScalarSelect[Any]]:
    """Return the four days of `Overdue`, for one statement; what came too late is in no gap."""
    month = desk.today.replace(day=1)
    year = month.replace(month=1)
    ends = (
        (ClosedPeriod.DAY, desk.today),
        (ClosedPeriod.MONTH, month),
        (ClosedPeriod.YEAR, year),
    )
    asked = [*(_open_before(*each) for each in ends), _unarchived(year - timedelta(days=1))]
    return dict(zip(NAMES, asked, strict=True))


def overdue_of(found: Mapping[str, Any]) -> Overdue:
    """Return what is due out of the figures of the day."""
    return Overdue(*(found[name] for name in NAMES))


def read_overdue(desk: Context) -> Overdue:
    """Return what is due. One statement."""
    asked = figures(desk)
    row = desk.session.execute(select(*asked.values())).one()
    return overdue_of(dict(zip(asked, row, strict=True)))


def _open_before(period: ClosedPeriod, first: date) -> ScalarSelect[Any]:
    """Select the newest day with receipts before `first` that no closing of its length took in."""
    until = select(func.max(Closing.to_on)).where(Closing.period == period).scalar_subquery()
    since = func.coalesce(until, literal(date.min, Date))
    over = Receipt.sold_on < first, Receipt.sold_on > since
    return select(func.max(Receipt.sold_on)).where(*over).scalar_subquery()


def _unarchived(last: date) -> ScalarSelect[Any]:
    """Select the end of the year where its closing had receipts and no archive of it was made."""
    archived = exists().where(YearArchive.year == last.year, YearArchive.state == ArchiveState.DONE)
    closed = Closing.period == ClosedPeriod.YEAR, Closing.to_on == last, Closing.tickets > 0
    return select(func.max(Closing.to_on)).where(*closed, ~archived).scalar_subquery()
