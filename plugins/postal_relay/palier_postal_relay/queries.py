"""Questions that the acts, the pages and the hooks of the relay share: one statement each."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from palier.api import ColumnElement, Desk, Resident, and_, func, or_, select

from .models import Carrier, Drop, Parcel, Place, Rule, Stage, State
from .rules import HERE, WAITING, AnyRule, rule_on
from .shipped import shipped_rule

COLUMNS = Parcel.__table__.c
LINKS = (Parcel.carrier, Parcel.place, Parcel.resident)


def rule_of(desk: Desk, carrier: Carrier, day: date) -> AnyRule | None:
    """Return what a carrier asks on a day; None where nobody has written it down."""
    own = desk.all(select(Rule).where(Rule.carrier == carrier))
    return rule_on(own, shipped_rule(carrier.word, day), day)


def ordinary(_desk: object) -> ColumnElement[bool]:
    """What everyone at the desk may see."""
    return Parcel.registered.is_(False)


def registered_only(_desk: object) -> ColumnElement[bool]:
    return Parcel.registered.is_(True)


def still_to_end() -> ColumnElement[bool]:
    """What has not left for good."""
    return Parcel.state.in_(HERE | {State.EXPECTED})


def places(desk: Desk) -> list[Place]:
    return desk.all(select(Place).where(Place.locked.is_(False)).order_by(Place.code))


def carriers(desk: Desk) -> list[Carrier]:
    return desk.all(select(Carrier).order_by(Carrier.id))


def place_called(desk: Desk, code: str) -> Place | None:
    return next(iter(desk.all(select(Place).where(Place.code == code.strip().upper()))), None)


def free_places(desk: Desk, *, locked: bool) -> list[Place]:
    """Return the places with room left, by their code; the drawer only, or all but the drawer."""
    here = and_(COLUMNS.place_id == Place.id, Parcel.state.in_(HERE))
    lying = select(func.count(Parcel.id)).where(here).scalar_subquery()
    query = select(Place).where(Place.locked.is_(locked), lying < Place.room)
    return desk.all(query.order_by(Place.code))


def newest(desk: Desk, number: str, *, of: Collection[State] = ()) -> Parcel | None:
    """Return the item with this number that came last: numbers are used again after a year."""
    query = select(Parcel).where(Parcel.number == number)
    if of:
        query = query.where(Parcel.state.in_(of))
    rows = desk.all(query.order_by(Parcel.id.desc()).limit(1), *LINKS, Parcel.drop)
    return next(iter(rows), None)


def of_drop(desk: Desk, drop: Drop) -> list[Parcel]:
    """Return a drop's items: what came, the last scanned first, then what is still expected."""
    query = select(Parcel).where(Parcel.drop == drop)
    order = Parcel.received_at.is_(None), Parcel.received_at.desc(), Parcel.id.desc()
    return desk.all(query.order_by(*order), *LINKS)


def last_scanned(desk: Desk, drop: Drop) -> Parcel | None:
    query = select(Parcel).where(Parcel.drop == drop, Parcel.state == State.RECEIVED)
    rows = desk.all(query.order_by(Parcel.received_at.desc(), Parcel.id.desc()).limit(1), *LINKS)
    return next(iter(rows), None)


def waiting_for(desk: Desk, resident: Resident, *, registered: bool) -> list[Parcel]:
    """Return what waits for someone, the first to go back first; registered items where seen."""
    query = select(Parcel).where(Parcel.resident == resident, Parcel.state.in_(WAITING))
    if not registered:
        query = query.where(Parcel.registered.is_(False))
    return desk.all(query.order_by(Parcel.until, Parcel.id), Parcel.carrier, Parcel.place)


def on_the_shelf(desk: Desk, place: Place | None) -> list[Parcel]:
    """Return what should lie on the shelf, the drawer left out, or at one place of it."""
    query = select(Parcel).where(Parcel.state.in_(HERE), Parcel.registered.is_(False))
    if place is not None:
        query = query.where(Parcel.place == place)
    return desk.all(query.order_by(Parcel.id), *LINKS)


def to_send_back(desk: Desk, carrier: Carrier, *, registered: bool) -> list[Parcel]:
    """Return what a carrier's next driver takes along, ours until the act ends."""
    mine = Parcel.carrier == carrier, Parcel.registered.is_(registered)
    query = select(Parcel).where(*mine, _goes_back(desk.today)).order_by(Parcel.id)
    fresh = query.with_for_update(of=Parcel).execution_options(populate_existing=True)
    return list(desk.session.scalars(fresh))


def _goes_back(today: date) -> ColumnElement[bool]:
    over = and_(Parcel.state.in_(WAITING), Parcel.last_day < today)
    return or_(over, Parcel.state == State.REFUSED)


class Returns(NamedTuple):
    """What of one carrier goes back, and what waits for the last time."""

    carrier: Carrier
    registered: bool
    today: int
    tomorrow: int
    last_chance: int


def returns_by_carrier(desk: Desk, *, registered: bool) -> list[Returns]:
    """Return what goes back today or after it, carrier by carrier. One statement."""
    today = desk.today
    waits = Parcel.state.in_(WAITING)
    back = func.count(Parcel.id).filter(_goes_back(today))
    tomorrow = func.count(Parcel.id).filter(waits, Parcel.last_day == today)
    chance = func.count(Parcel.id).filter(waits, Parcel.until == today, Parcel.last_day > today)
    last = or_(Parcel.until == today, Parcel.last_day == today)
    query = (
        select(Carrier, Parcel.registered, back, tomorrow, chance)
        .select_from(Parcel)
        .join(Parcel.carrier)
        .where(or_(_goes_back(today), and_(waits, last)))
        .group_by(Carrier.id, Parcel.registered)
        .order_by(Carrier.id, Parcel.registered)
    )
    if not registered:
        query = query.where(Parcel.registered.is_(False))
    return [Returns(*row) for row in desk.session.execute(query)]


class OpenDrop(NamedTuple):
    """A drop that is announced or being scanned, with how much came so far."""

    drop: Drop
    carrier: Carrier
    came: int


def open_drops(desk: Desk) -> list[OpenDrop]:
    """Return the drops that are not closed."""
    scanned = Parcel.received_at.is_not(None)
    came = select(func.count(Parcel.id)).where(COLUMNS.drop_id == Drop.id, scanned)
    query = select(Drop, Carrier, came.scalar_subquery()).join(Drop.carrier)
    rows = desk.session.execute(query.where(Drop.closed_at.is_(None)).order_by(Drop.id))
    return [OpenDrop(*row) for row in rows]


def to_remind(desk: Desk) -> list[Parcel]:
    """Return what people were told of and have not collected."""
    query = select(Parcel).where(Parcel.state == State.NOTIFIED, Parcel.until > desk.today)
    return desk.all(query.order_by(Parcel.id), Parcel.carrier, Parcel.resident)


def never_came(desk: Desk, before: date) -> list[Parcel]:
    """Return what was announced in drops that were closed before that day, and did not come."""
    query = select(Parcel).join(Parcel.drop).where(Parcel.state == State.EXPECTED)
    return [
        each
        for each in desk.all(query, Parcel.drop)
        if each.drop.closed_at is not None and desk.local(each.drop.closed_at).date() < before
    ]


def stages_of(desk: Desk, parcel: Parcel) -> list[Stage]:
    return desk.all(select(Stage).where(Stage.parcel == parcel).order_by(Stage.id))
