"""What the desk says in the morning: hours, people on duty, what is due, what is to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from palier.accounts.models import Staff
from palier.bookings.booking import WITH_WHO, who_has
from palier.bookings.models import BookingLine, LineState, occupies
from palier.bookings.rules import is_late
from palier.context import Context
from palier.desk.figures import Figures
from palier.desk.offering import Offers, Said
from palier.desk.saying import due_words, thing_of
from palier.rosters.models import AWAY, ON_SHIFT, Absence, Post, Shift, ShiftState
from palier.rosters.rules import day_span, without
from palier.screens.views import Block, Cell, Line, Link
from palier.sites.hours import Span, read_hours
from palier.text import Money, Text, _, plural, say_date, show_time

SHOWN = 5
DUE, BOOKED = "due", "booked"


@dataclass(frozen=True)
class OnDuty:
    """Someone who works here today, with what is left of the day."""

    initials: str
    name: str
    detail: Text
    away: bool = False


def title_of(day: date) -> str:
    """Say the day as a title: "Mardi 6 octobre"."""
    said = say_date(day, "EEEE d MMMM")
    return said[:1].upper() + said[1:]


def hours_tag(desk: Context) -> Cell:
    """Say whether the service is open, and until or from when. One statement."""
    spans = read_hours(desk).spans(desk.today)
    left = [each for each in spans if each.ends_at > desk.now]
    if not left:
        return Cell(_("Closed today") if not spans else _("Closed for today"), kind="state")
    first = left[0]
    if first.starts_at <= desk.now:
        words = _("Open until %(hour)s").fill(hour=show_time(first.ends_at))
        return Cell(words, kind="state", state="ok")
    words = _("Opens at %(hour)s").fill(hour=show_time(first.starts_at))
    return Cell(words, kind="state", state="wait")


def people_today(desk: Context) -> list[OnDuty]:
    """Return who works here today, those at the desk now first. One statement."""
    span = day_span(desk.today, desk.site.zone)
    meets = and_(Absence.from_at < span.ends_at, Absence.to_at > span.starts_at)
    query = (
        select(Staff, Shift, Absence)
        .select_from(Shift)
        .join(Shift.staff)
        .outerjoin(Absence, and_(AWAY == ON_SHIFT, meets))
        .where(
            Shift.starts_at < span.ends_at,
            Shift.ends_at > desk.now,
            Shift.state == ShiftState.PUBLISHED,
        )
        .order_by(Shift.starts_at, Staff.name, Shift.id)
    )
    shifts: dict[Staff, dict[Shift, list[Span]]] = {}
    for staff, shift, absence in desk.session.execute(query):
        away = shifts.setdefault(staff, {}).setdefault(shift, [])
        if absence is not None:
            away.append(Span(absence.from_at, absence.to_at))
    return [_on_duty(desk, staff, mine) for staff, mine in shifts.items()]


def _on_duty(desk: Context, staff: Staff, shifts: dict[Shift, list[Span]]) -> OnDuty:
    spans: list[Span] = []
    posts: list[Text] = []
    for shift, away in shifts.items():
        part = Span(max(shift.starts_at, desk.now), shift.ends_at)
        here = without(part, away)
        spans += here
        if here and shift.post is not Post.DESK and shift.post.label not in posts:
            posts.append(shift.post.label)
    initials = "".join(each[:1] for each in staff.name.split())[:2].upper()
    if not spans:
        return OnDuty(initials, staff.name, _("Away today"), away=True)
    words = _hours(desk, spans)
    if posts:
        words = _("%(post)s, %(hours)s").fill(post=posts[0], hours=words)
    return OnDuty(initials, staff.name, words)


def _hours(desk: Context, spans: Sequence[Span]) -> Text:
    """Say "until 12 h 30, then 14 h 00 to 18 h 30"."""
    said = [_span(desk, each) for each in spans]
    words = said[0]
    for each in said[1:]:
        words = _("%(first)s, then %(next)s").fill(first=words, next=each)
    return words


def _span(desk: Context, span: Span) -> Text:
    end = show_time(span.ends_at)
    if span.starts_at <= desk.now:
        return _("until %(end)s").fill(end=end)
    return _("%(start)s to %(end)s").fill(start=show_time(span.starts_at), end=end)


def due_and_booked(desk: Context, offers: Offers, said: list[Said]) -> tuple[Block, Block]:
    """Return what is out and due back by tonight, and what is booked to begin today.

    The latest first, and at most five of each. One statement.
    """
    span = day_span(desk.today, desk.site.zone)
    due = and_(BookingLine.state == LineState.OUT, BookingLine.ends_at < span.ends_at)
    begins = and_(
        occupies(desk.now),
        BookingLine.state != LineState.OUT,
        BookingLine.starts_at >= span.starts_at,
        BookingLine.starts_at < span.ends_at,
    )
    parts = _first(due, BookingLine.ends_at, DUE), _first(begins, BookingLine.starts_at, BOOKED)
    found = union_all(*(select(each) for each in parts)).subquery()
    query = (
        select(BookingLine, found.c.part, found.c.of)
        .join(found, found.c.id == BookingLine.id)
        .order_by(found.c.by, BookingLine.id)
        .options(*WITH_WHO)
    )
    rows = desk.session.execute(query).all()
    due_rows, booked = ([row for row in rows if row.part == part] for part in (DUE, BOOKED))
    return _due_back(desk, offers, said, due_rows), _booked_today(offers, said, booked)


def _first(where: ColumnElement[bool], by: InstrumentedAttribute[datetime], part: str) -> Subquery:
    """Return the first few lines that fit, with how many there are."""
    columns = BookingLine.id, by.label("by"), literal(part).label("part")
    query = select(*columns, func.count().over().label("of")).where(where)
    return query.order_by(by, BookingLine.id).limit(SHOWN).subquery()


def _due_back(desk: Context, offers: Offers, said: list[Said], rows: Sequence[Any]) -> Block:
    count = rows[0].of if rows else 0
    drawn = [_at(row[0], said) or _due_line(desk, offers, row[0]) for row in rows]
    return Block(
        _("Due back"),
        "undo",
        tuple(drawn),
        empty=_("Everything is back."),
        count=count,
        more=others(count - SHOWN, f"{offers.paths.root}/bookings/lines?state=out"),
    )


def _booked_today(offers: Offers, said: list[Said], rows: Sequence[Any]) -> Block:
    count, timeline = rows[0].of if rows else 0, f"{offers.paths.root}/bookings/timeline"
    return Block(
        _("Booked today"),
        "calendar",
        tuple(_booked_line(offers, row[0], _at(row[0], said)) for row in rows),
        empty=_("Nothing is booked for today."),
        count=count,
        more=others(count - SHOWN, timeline) or Link(_("All bookings"), timeline),
    )


def _at(line: BookingLine, said: list[Said]) -> Line | None:
    """Take out of `said` what a service says of this booking: it stands here, not twice."""
    found = next((each for each in said if each.about == line.id), None)
    if found is not None:
        said.remove(found)
    return found.line if found else None


def _due_line(desk: Context, offers: Offers, line: BookingLine) -> Line:
    text = _("%(thing)s, %(who)s").fill(thing=thing_of(line), who=who_has(line))
    return Line(
        text,
        due_words(desk, line),
        icon=offers.icon_of(line.booking.service),
        kind="late" if is_late(line, desk.now) else "",
        href=offers.record(line),
    )


def _booked_line(offers: Offers, line: BookingLine, said: Line | None) -> Line:
    when = show_time(line.starts_at)
    if said is not None:
        return Line(said.text, said.detail, said.icon, said.kind, when, said.href, said.act)
    text = _("%(thing)s, %(who)s").fill(thing=thing_of(line), who=who_has(line))
    detail = _("Until %(when)s").fill(when=line.ends_at)
    return Line(text, detail, when=when, href=offers.record(line))


def others(left: int, href: str) -> Link | None:
    """Return the way to those that a block leaves out, where there are any."""
    if left <= 0:
        return None
    return Link(plural("See the other one", "See the %(n)s others", left), href)


def said_today(offers: Offers, said: list[Said], *, all_of_it: bool) -> Block:
    """Return what the services say of today, but for what already stands at its booking."""
    lines = tuple(each.line for each in said)
    shown = lines if all_of_it else lines[:SHOWN]
    more = (
        others(len(lines) - SHOWN, f"{offers.paths.root}?all=1")
        if len(shown) < len(lines)
        else None
    )
    return Block(
        _("Today"),
        "calendar",
        shown,
        empty=_("Nothing else waits for you today."),
        count=len(lines) or None,
        more=more,
    )


def on_duty(desk: Context, roster: str) -> tuple[Block, list[OnDuty]]:
    """Return the block of who works here today, and those people. One statement."""
    empty = _("Nobody is on duty any more today.")
    block = Block(_("On duty"), "roster", empty=empty, more=Link(_("Roster"), roster))
    return block, people_today(desk)


def to_pay(figures: Figures, offers: Offers) -> Block:
    """Return how much is still to be paid, and where."""
    count, cents = figures["receipts.open"], figures["receipts.open_cents"]
    line = Line(
        plural("%(n)s thing to pay", "%(n)s things to pay", count),
        _("%(sum)s in all").fill(sum=Money(int(cents))),
        icon="basket",
        href=f"{offers.paths.root}/receipts/charge?state=open",
    )
    return Block(
        _("Still to pay"),
        "till",
        (line,) if count else (),
        empty=_("Everything is paid."),
        count=count,
    )
