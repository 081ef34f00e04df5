"""Who came, hour by hour: a query over counted acts, and nothing typed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from palier.context import Context
from palier.sites.hours import open_spans
from palier.sites.models import Opening
from palier.trail import ActRow
from palier.visits.models import Visit, VisitReason
from palier.visits.visiting import VISIT

USUAL_HOURS = range(9, 18)  # where neither hours nor visits say otherwise
ANY = -1


@dataclass(frozen=True)
class Hours:
    """Visits of some days: how many at each hour of each day, for each reason.

    A reason is its row, None where nobody said one. `hours` are those of the site's clock from the
    first open or counted one to the last.
    """

    days: tuple[date, ...]
    reasons: tuple[VisitReason | None, ...]
    hours: tuple[int, ...]
    by: Counter[tuple[date, int, int | None]]

    def count(self, *, day: date | None = None, hour: int = ANY, reason: int | None = ANY) -> int:
        """Return how many of one day, hour or reason, where they are named; else of all."""
        return sum(
            count
            for (on, at, why), count in self.by.items()
            if day in {None, on} and hour in {ANY, at} and reason in {ANY, why}
        )

    def people(self, *, day: date | None = None, hour: int = ANY) -> int:
        """Return how many visitors: all but those that are counted apart."""
        apart = [each.id for each in self.reasons if each is not None and each.apart]
        others = sum(self.count(day=day, hour=hour, reason=each) for each in apart)
        return self.count(day=day, hour=hour) - others


def count_hours(desk: Context, days: Sequence[date]) -> Hours:
    """Count the visits of these days. Three statements, however many days."""
    by: Counter[tuple[date, int, int | None]] = Counter()
    for on, at, reason_id, quantity in desk.session.execute(counted_visits(days)):
        by[on, desk.local(at).hour, reason_id] += quantity
    return Hours(tuple(days), _reasons(desk, by), _hours(desk, days, by), by)


def counted_visits(days: Sequence[date]) -> Select[date, datetime, int | None, int]:
    """Return the query of every counted visit of these days: its day, instant, reason, quantity.

    It stands on the acts that count as a visit and that no other act cancels.
    """
    undone = aliased(ActRow)
    same = undone.subject_type == ActRow.subject_type, undone.subject_id == ActRow.subject_id
    cancelled = exists().where(*same, undone.cancels_id == ActRow.id)
    of_visit = and_(ActRow.subject_type == Visit.__tablename__, ActRow.subject_id == Visit.id)
    return (
        select(Visit.on, Visit.at, Visit.reason_id, ActRow.quantity)
        .join(ActRow, of_visit)
        .where(Visit.on >= days[0], Visit.on <= days[-1], ActRow.counted == VISIT, ~cancelled)
    )


def _reasons(
    desk: Context, by: Counter[tuple[date, int, int | None]]
) -> tuple[VisitReason | None, ...]:
    """Return the reasons to show: those on the keypad and those that were counted."""
    used = {reason_id for _on, _hour, reason_id in by}
    wanted = or_(VisitReason.active, VisitReason.id.in_([each for each in used if each]))
    order = VisitReason.apart, VisitReason.active.desc(), VisitReason.key, VisitReason.id
    found: list[VisitReason | None] = list(
        desk.all(select(VisitReason).where(wanted).order_by(*order))
    )
    if None in used:
        first_apart = next((i for i, each in enumerate(found) if each and each.apart), len(found))
        found.insert(first_apart, None)
    return tuple(found)


def _hours(
    desk: Context, days: Sequence[date], by: Counter[tuple[date, int, int | None]]
) -> tuple[int, ...]:
    openings = list(desk.session.scalars(select(Opening)))
    spans = [span for day in days for span in open_spans(openings, day, desk.site.zone)]
    hours = {hour for _on, hour, _reason in by}
    hours |= {desk.local(each.starts_at).hour for each in spans}
    # The last hour is the one that begins before closing.
    hours |= {
        (desk.local(each.ends_at).hour - (not desk.local(each.ends_at).minute)) for each in spans
    }
    hours = {each for each in hours if each >= 0} or set(USUAL_HOURS)
    return tuple(range(min(hours), max(hours) + 1))
