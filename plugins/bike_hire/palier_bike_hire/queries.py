"""Questions that the acts and the hooks of bike hire share: one statement each."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from palier.api import (
    Booking,
    BookingLine,
    Desk,
    LineState,
    Resident,
    ThingState,
    func,
    select,
)

from .models import Bike, Kind, Loan


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


def bike_tagged(desk: Desk, code: str) -> Bike | None:
    return next(iter(desk.all(select(Bike).where(Bike.code == code.upper()))), None)


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


def due_today(desk: Desk) -> list[Loan]:
    """Return the loans that end today, and those that are late."""
    query = select(Loan).where(Loan.back_at.is_(None), Loan.due_at < end_of_today(desk))
    return desk.all(query.order_by(Loan.due_at), Loan.bike, Loan.resident)


def due_until_tomorrow(desk: Desk) -> list[Loan]:
    """Return the loans that end until tomorrow's midnight, and those that are late."""
    until = end_of_today(desk) + timedelta(days=1)
    query = select(Loan).where(Loan.back_at.is_(None), Loan.due_at < until)
    return desk.all(query.order_by(Loan.due_at), Loan.bike, Loan.resident)


class Leaving(NamedTuple):
    """A bike that someone booked and that leaves today."""

    line: BookingLine
    bike: Bike
    resident: Resident


def to_hand_over(desk: Desk, resident: Resident | None = None) -> list[Leaving]:
    """Return the bookings that begin until tonight, of everyone or of one resident."""
    query = (
        select(BookingLine, Bike, Resident)
        .join(BookingLine.booking)
        .join(Booking.resident)
        .join(BookingLine.resource.of_type(Bike))
        .where(
            BookingLine.state == LineState.BOOKED,
            BookingLine.starts_at < end_of_today(desk),
            BookingLine.ends_at > desk.now,
        )
    )
    if resident is not None:
        query = query.where(Booking.resident == resident)
    rows = desk.session.execute(query.order_by(BookingLine.starts_at))
    return [Leaving(*row) for row in rows]


def bookings_behind(desk: Desk, bike: Bike) -> list[BookingLine]:
    """Return the coming bookings of a bike, the next first."""
    query = select(BookingLine).where(
        BookingLine.resource == bike,
        BookingLine.state == LineState.BOOKED,
        BookingLine.ends_at > desk.now,
    )
    return desk.all(query.order_by(BookingLine.starts_at), BookingLine.booking)
