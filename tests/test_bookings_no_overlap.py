"""Whatever is done in whatever order, nobody has a thing twice: compared with a simple calendar."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from palier.bookings import booking
from palier.bookings.models import OCCUPYING, Bookable, BookingLine
from palier.bookings.rules import overlap
from palier.context import Context
from palier.errors import Refused
from palier.testing.plugin import NOW, At

HOUR = timedelta(hours=1)
codes = count(1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.integers(0, 12), st.integers(-1, 6)),
        st.tuples(st.sampled_from(["out", "back", "cancel"]), st.integers(0, 5), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=12,
)


@dataclass
class Line:
    start: datetime
    end: datetime
    state: str = "booked"


@dataclass
class Calendar:
    """One thing's life, by the book: what may be done, and what then holds."""

    lines: list[Line] = field(default_factory=list)

    def book(self, start: datetime, end: datetime, now: datetime) -> bool:
        late = self.is_out() and start <= now
        allowed = start < end and end > now and not late and not self.meets(start, end)
        if allowed:
            self.lines.append(Line(start, end))
        return allowed

    def out(self, line: Line, now: datetime) -> bool:
        begin = min(line.start, now)
        free = not self.is_out() and line.end > now and not self.meets(begin, line.end, line)
        if line.state != "booked" or not free:
            return False
        line.start, line.state = begin, "out"
        return True

    def back(self, line: Line, now: datetime) -> bool:
        if line.state != "out":
            return False
        line.end, line.state = min(line.end, now), "back"
        return True

    def cancel(self, line: Line, _now: datetime) -> bool:
        if line.state != "booked":
            return False
        line.state = "cancelled"
        return True

    def occupying(self) -> list[Line]:
        return [each for each in self.lines if each.state in {"booked", "out"}]

    def is_out(self) -> bool:
        return any(each.state == "out" for each in self.lines)

    def meets(self, start: datetime, end: datetime, but: Line | None = None) -> bool:
        others = (each for each in self.occupying() if each is not but)
        return any(overlap(start, end, each.start, each.end) for each in others)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_no_two_lines_of_a_thing_overlap(at: At, wanted: list[tuple[str, int, int]]) -> None:
    with at() as desk:
        thing = desk.add(Bookable(code=f"V{next(codes)}"))
        calendar, lines = Calendar(), list[BookingLine]()
        for number, (what, first, second) in enumerate(wanted):
            desk.now = NOW + number * HOUR / 2
            expected = _expected(calendar, what, first, second, desk.now)

            assert _done(desk, thing, lines, what, first, second) == expected

        query = select(BookingLine).where(BookingLine.resource == thing)
        stored = desk.session.scalars(query.where(BookingLine.state.in_(OCCUPYING))).all()
        spans = sorted((each.busy_from, each.busy_to) for each in stored)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert len(spans) == len(calendar.occupying())


def _expected(calendar: Calendar, what: str, first: int, second: int, now: datetime) -> bool:
    if what == "book":
        return calendar.book(NOW + first * HOUR, NOW + (first + second) * HOUR, now)
    if first >= len(calendar.lines):
        return False
    done: bool = getattr(calendar, what)(calendar.lines[first], now)
    return done


def _done(
    desk: Context, thing: Bookable, lines: list[BookingLine], what: str, first: int, second: int
) -> bool:
    try:
        if what == "book":
            start, end = NOW + first * HOUR, NOW + (first + second) * HOUR
            lines.append(booking.book_thing(desk, thing, start, end, None))
        elif first >= len(lines):
            return False
        elif what == "out":
            booking.hand_out(desk, lines[first])
        elif what == "back":
            booking.take_back(desk, lines[first], desk.now)
        else:
            booking.cancel(desk, lines[first])
    except Refused:
        return False
    return True
