"""Questions that the acts and the hooks of bike hire share: one statement each."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from palier.api import (
    Booking,
    BookingLine,
    Cents,
    ColumnElement,
    Desk,
    LineState,
    Provider,
    ProviderState,
    Resident,
    ThingState,
    and_,
    func,
    or_,
    select,
)

from .models import RUNNING, Bike, Kind, Loan, Repair, Rhythm
from .rules import is_due


def end_of_today(desk: Desk) -> datetime:
    """Return the midnight that ends the site's day."""
    return datetime.combine(desk.today + timedelta(days=1), time(), desk.site.zone)


def fleet_of(desk: Desk) -> list[Bike]:
    return desk.all(select(Bike).where(Bike.state != ThingState.GONE).order_by(Bike.code))


def here_now(desk: Desk) -> list[tuple[str, int]]:
    """Return each kind by name, with how many of it may be lent and are in the house."""
    lent: Any = vars(BookingLine)["resource_id"]
    is_out = select(BookingLine.id).where(lent == Bike.id, BookingLine.state == LineState.OUT)
    query = (
        select(Kind.name, func.count(Bike.id))
        .join(Bike.kind)
        .where(Bike.state == ThingState.READY, ~is_out.exists())
        .group_by(Kind.id, Kind.name)
        .order_by(Kind.id)
    )
    return [(name, n) for name, n in desk.session.execute(query)]


def last_loan(desk: Desk, bike: Bike) -> Loan | None:
    """Return the loan that a bike is out with, else the last one that ended."""
    query = select(Loan).where(Loan.bike == bike).order_by(Loan.back_at.is_(None).desc())
    return next(iter(desk.all(query.order_by(Loan.back_at.desc()).limit(1))), None)


class Slip(NamedTuple):
    """What the slip of a booking leads to: the booked bike, and its loan once it has left."""

    line: BookingLine
    bike: Bike
    loan: Loan | None


def on_slip(desk: Desk, code: str) -> Slip | None:
    """Return what was booked under this code, where it is a bike."""
    query = (
        select(BookingLine, Bike, Loan)
        .join(BookingLine.booking)
        .join(BookingLine.resource.of_type(Bike))
        .outerjoin(Loan, Loan.__table__.c.line_id == BookingLine.id)
        .where(Booking.code == code.upper())
    )
    row = desk.session.execute(query).first()
    return Slip(*row) if row else None


def loans_of(desk: Desk, resident: Resident) -> list[Loan]:
    """Return what a resident has out, the first due first."""
    query = select(Loan).where(Loan.resident == resident, Loan.back_at.is_(None))
    return desk.all(query.order_by(Loan.due_at), Loan.bike)


def due_until_tomorrow(desk: Desk) -> list[Loan]:
    """Return the loans that end until tomorrow's midnight, and those that are late."""
    until = end_of_today(desk) + timedelta(days=1)
    query = select(Loan).where(Loan.back_at.is_(None), Loan.due_at < until)
    return desk.all(query.order_by(Loan.due_at), Loan.bike, Loan.resident)


class Moving(NamedTuple):
    """Something that comes back today, with its loan, or leaves today."""

    line: BookingLine
    bike: Bike
    resident: Resident
    loan: Loan | None


def moving_today(desk: Desk) -> list[Moving]:
    """Return what is due back until tonight, what is late included, then what leaves today."""
    back = and_(Loan.back_at.is_(None), Loan.due_at < end_of_today(desk))
    rows = _moving(desk, or_(back, _leaves(desk)))
    returns = (each for each in rows if each.loan is not None)
    leaving = (each for each in rows if each.loan is None)
    return [*sorted(returns, key=lambda each: each.line.ends_at), *leaving]


def to_hand_over(desk: Desk, resident: Resident) -> list[Moving]:
    """Return the bookings of one resident that begin until tonight."""
    return _moving(desk, _leaves(desk), Booking.resident == resident)


def _moving(desk: Desk, *where: ColumnElement[bool]) -> list[Moving]:
    query = (
        select(BookingLine, Bike, Resident, Loan)
        .join(BookingLine.booking)
        .join(Booking.resident)
        .join(BookingLine.resource.of_type(Bike))
        .outerjoin(Loan, Loan.__table__.c.line_id == BookingLine.id)
        .where(*where)
        .order_by(BookingLine.starts_at)
    )
    return [Moving(*row) for row in desk.session.execute(query)]


def _leaves(desk: Desk) -> ColumnElement[bool]:
    return and_(
        BookingLine.state == LineState.BOOKED,
        BookingLine.starts_at < end_of_today(desk),
        BookingLine.ends_at > desk.now,
    )


def bookings_behind(desk: Desk, bike: Bike) -> list[BookingLine]:
    """Return the coming bookings of a bike, the next first."""
    query = select(BookingLine).where(
        BookingLine.resource == bike,
        BookingLine.state == LineState.BOOKED,
        BookingLine.ends_at > desk.now,
    )
    return desk.all(query.order_by(BookingLine.starts_at), BookingLine.booking)


def today(desk: Desk) -> date:
    """Start a form with the site's own day."""
    return desk.today


def listed_workshops(_repair: Repair) -> ColumnElement[bool]:
    """Return which providers work may be given to."""
    return Provider.state == ProviderState.LISTED


class Upkeep(NamedTuple):
    """What there is to say of one thing's maintenance. The kind and the workshop are held here."""

    bike: Bike
    kind: Kind
    rhythm: Rhythm | None
    repair: Repair | None
    workshop: Provider | None
    booked_at: datetime | None  # its next booking

    def is_due(self, day: date) -> bool:
        return is_due(self.bike, self.rhythm, day)


def upkeep(desk: Desk, *where: ColumnElement[bool]) -> list[Upkeep]:
    """Return the things that are still here with what is to be done to them, by tag."""
    bikes, lines = Bike.__table__.c, BookingLine.__table__.c
    rhythms, others = Rhythm.__table__.c, Rhythm.__table__.alias()
    newest = select(func.max(others.c.valid_from)).where(
        others.c.kind_id == rhythms.kind_id, others.c.valid_from <= desk.today
    )
    booked = select(func.min(BookingLine.starts_at)).where(
        lines.resource_id == bikes.id,
        BookingLine.state == LineState.BOOKED,
        BookingLine.ends_at > desk.now,
    )
    running = and_(Repair.__table__.c.bike_id == bikes.id, Repair.state.in_(RUNNING))
    query = (
        select(Bike, Kind, Rhythm, Repair, Provider, booked.scalar_subquery())
        .join(Bike.kind)
        .outerjoin(Rhythm, and_(rhythms.kind_id == bikes.kind_id, Rhythm.valid_from <= desk.today))
        .outerjoin(Repair, running)
        .outerjoin(Repair.provider)
        .where(Bike.state != ThingState.GONE, *where)
        .where(or_(Rhythm.id.is_(None), Rhythm.valid_from == newest.scalar_subquery()))
        .order_by(Bike.code)
    )
    return [Upkeep(*row) for row in desk.session.execute(query)]


def upkeep_of(desk: Desk, bike: Bike) -> Upkeep:
    """Return what there is to say of one thing's maintenance."""
    return upkeep(desk, Bike.id == bike.id)[0]


def tagged(desk: Desk, code: str) -> Upkeep | None:
    """Return the thing with this tag."""
    return next(iter(upkeep(desk, Bike.code == code.upper())), None)


def lent_with(desk: Desk, loan: Loan) -> Upkeep | None:
    """Return the thing of a loan."""
    bike = select(Loan.__table__.c.bike_id).where(Loan.id == loan.id)
    return next(iter(upkeep(desk, Bike.id.in_(bike))), None)


def to_maintain(desk: Desk) -> list[Upkeep]:
    """Return what is in repair, due for maintenance or blocked."""
    return [
        each
        for each in upkeep(desk)
        if each.repair or each.bike.state is ThingState.BLOCKED or each.is_due(desk.today)
    ]


def behind(desk: Desk, bikes: Sequence[int]) -> dict[int, list[BookingLine]]:
    """Return the coming bookings of these things, the next first."""
    query = select(BookingLine).where(
        BookingLine.__table__.c.resource_id.in_(bikes),
        BookingLine.state == LineState.BOOKED,
        BookingLine.ends_at > desk.now,
    )
    found: dict[int, list[BookingLine]] = {}
    links = (BookingLine.booking, BookingLine.resource)
    for line in desk.all(query.order_by(BookingLine.starts_at), *links):
        found.setdefault(line.resource.id, []).append(line)
    return found


def repairs(desk: Desk, ids: Sequence[int]) -> list[Repair]:
    return desk.all(select(Repair).where(Repair.id.in_(ids)), Repair.bike)


def costs(desk: Desk, bikes: Sequence[int]) -> dict[int, Cents]:
    """Return what all repairs of these things cost, in cents."""
    of_bike = Repair.__table__.c.bike_id
    query = select(of_bike, func.sum(Repair.parts + Repair.labour)).where(of_bike.in_(bikes))
    return {
        int(id): Cents(int(total)) for id, total in desk.session.execute(query.group_by(of_bike))
    }
