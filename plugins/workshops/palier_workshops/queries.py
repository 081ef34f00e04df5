"""Questions that acts, pages and hooks of workshops share: one statement each."""

from datetime import datetime, time, timedelta
from typing import Any

from palier.api import Charge, ChargeState, Desk, Resident, and_, func, or_, select, units_paid

from .models import Enrolment, HeadCount, Kind, Mark, State, Vote, Wish, WishState, Workshop

COMES = (Mark.ENROLLED, Mark.PRESENT)
SHOWN = 8  # workshops that everyone reads of
ON_WALL = 5  # wishes
IN_CALENDAR, LATELY = 500, timedelta(days=90)


def end_of_today(desk: Desk) -> datetime:
    """Return the midnight that ends the site's day."""
    return datetime.combine(desk.today + timedelta(days=1), time(), desk.site.zone)


# wishes


def held_wish(desk: Desk, wish: Wish) -> Wish:
    """Return the wish, fresh, ours until the act ends."""
    return desk.lock(select(Wish).where(Wish.id == wish.id)) or wish


def held_wishes(desk: Desk, *ids: int) -> dict[int, Wish]:
    """Hold several wishes, in the order of their ids."""
    query = select(Wish).where(Wish.id.in_(ids)).order_by(Wish.id)
    held = query.with_for_update(of=Wish).execution_options(populate_existing=True)
    return {each.id: each for each in desk.session.scalars(held)}


def next_number(desk: Desk) -> int:
    """Return the number of the next wish; who notes one meanwhile waits for us."""
    desk.lock(select(Wish).order_by(Wish.number.desc()))
    return 1 + (desk.session.scalar(select(func.max(Wish.number))) or 0)


def wish_numbered(desk: Desk, number: int) -> Wish | None:
    """Return the wish of this number, or the one that it was merged into."""
    own = select(Wish.merged_into).where(Wish.number == number).scalar_subquery()
    query = select(Wish).where(or_(Wish.number == number, Wish.number == own))
    found = desk.all(query.order_by(Wish.merged_into.is_not(None), Wish.id))
    return next(iter(found), None)


def voters(desk: Desk, wish: Wish) -> list[Vote]:
    query = select(Vote).where(Vote.wish == wish).order_by(Vote.id)
    return desk.all(query, Vote.resident, Vote.wish)


def named_households(desk: Desk, wish: Wish) -> int:
    """Return how many households have a voter; who lives in none is one of their own."""
    own: Any = vars(Vote)["resident_id"]
    home: Any = vars(Resident)["household_id"]
    query = (
        select(func.count(func.distinct(func.coalesce(home, -Resident.id))))
        .select_from(Vote)
        .join(Resident, own == Resident.id)
        .where(Vote.wish == wish)
    )
    return desk.session.scalar(query) or 0


def has_wished(desk: Desk, wish: Wish, resident: Resident) -> bool:
    """Whether someone of this person's household voted for it."""
    own: Any = vars(Vote)["resident_id"]
    home: Any = vars(Resident)["household_id"]
    of_home: Any = vars(resident)["household_id"]
    theirs = Resident.id == resident.id
    if of_home is not None:
        theirs = or_(theirs, home == of_home)
    query = select(Vote.id).join(Resident, own == Resident.id).where(Vote.wish == wish, theirs)
    return desk.session.scalar(query.limit(1)) is not None


def merged_into(desk: Desk, wish: Wish) -> list[Wish]:
    """Return the wishes that were merged into this one."""
    return desk.all(select(Wish).where(Wish.merged_into == wish.number).order_by(Wish.id))


def would_host(desk: Desk, wish: Wish) -> list[Resident]:
    query = select(Vote).where(Vote.wish == wish, Vote.would_host).order_by(Vote.id)
    return [each.resident for each in desk.all(query, Vote.resident)]


def ripe(desk: Desk, enough: int) -> list[Wish]:
    """Return the wishes that have enough votes and wait for their workshop."""
    query = select(Wish).where(
        Wish.state == WishState.OPEN, Wish.kind == Kind.WORKSHOP, Wish.votes >= enough
    )
    return desk.all(query.order_by(Wish.votes.desc(), Wish.id).limit(3))


def on_the_wall(desk: Desk) -> list[Wish]:
    """Return what most households wish for, and what became of it lately."""
    query = select(Wish).where(Wish.state.in_((WishState.OPEN, WishState.PLANNED)))
    return desk.all(query.order_by(Wish.votes.desc(), Wish.id).limit(ON_WALL))


# workshops


def held(desk: Desk, workshop: Workshop) -> Workshop:
    """Return the workshop, fresh, its seats ours until the act ends."""
    return desk.lock(select(Workshop).where(Workshop.id == workshop.id)) or workshop


def enrolments(desk: Desk, workshop: Workshop) -> list[Enrolment]:
    """Return a workshop's list, by family name."""
    query = select(Enrolment).where(Enrolment.workshop == workshop)
    found = desk.all(query, Enrolment.resident, Enrolment.workshop)
    return sorted(found, key=lambda e: (e.resident.family_name, e.resident.given_name, e.id))


def enrolment_of(desk: Desk, workshop: Workshop, resident: Resident) -> Enrolment | None:
    query = select(Enrolment).where(Enrolment.workshop == workshop, Enrolment.resident == resident)
    return next(iter(desk.all(query.order_by(Enrolment.id))), None)


def enrolment_coded(desk: Desk, workshop: Workshop, code: str) -> Enrolment | None:
    """Return who is on this list by the code of their card."""
    own: Any = vars(Enrolment)["resident_id"]
    query = (
        select(Enrolment)
        .join(Resident, own == Resident.id)
        .where(Enrolment.workshop == workshop, Resident.card_code == code.strip().upper())
    )
    return next(iter(desk.all(query, Enrolment.resident)), None)


def coming(desk: Desk, resident: Resident) -> list[Enrolment]:
    """Return what someone is enrolled for, today and later, and what we cancelled and they paid."""
    query = select(Enrolment).where(
        Enrolment.resident == resident,
        or_(
            and_(Enrolment.held_on >= desk.today, Enrolment.mark.in_(COMES)),
            and_(Enrolment.mark == Mark.CALLED_OFF, units_paid(Enrolment) > 0),
        ),
    )
    links = Enrolment.workshop, Enrolment.resident
    return desk.all(query.order_by(Enrolment.held_on, Enrolment.id), *links)


def kept_for(desk: Desk, resident: Resident) -> list[tuple[Vote, Workshop]]:
    """Return the workshops that someone wished for and has not enrolled in, their days of it open."""
    wished: Any = vars(Vote)["wish_id"]
    made_of: Any = vars(Workshop)["wish_id"]
    enrolled_in: Any = vars(Enrolment)["workshop_id"]
    is_on = select(Enrolment.id).where(enrolled_in == Workshop.id, Enrolment.resident == resident)
    query = (
        select(Vote, Workshop)
        .join(Workshop, made_of == wished)
        .where(
            Vote.resident == resident,
            Workshop.state == State.OPEN,
            Workshop.first_until >= desk.today,
            ~is_on.exists(),
        )
        .order_by(Workshop.starts_at, Vote.id)
    )
    return [(vote, workshop) for vote, workshop in desk.session.execute(query)]


def until_tonight(desk: Desk) -> list[Workshop]:
    """Return today's workshops, and those before that nobody closed."""
    query = select(Workshop).where(
        Workshop.state == State.OPEN, Workshop.starts_at < end_of_today(desk)
    )
    return desk.all(query.order_by(Workshop.starts_at, Workshop.id))


def to_come(desk: Desk) -> list[Workshop]:
    """Return the next workshops, the soonest first."""
    query = select(Workshop).where(Workshop.state == State.OPEN, Workshop.starts_at > desk.now)
    return desk.all(query.order_by(Workshop.starts_at, Workshop.id).limit(SHOWN))


def lately_and_to_come(desk: Desk) -> list[Workshop]:
    """Return the workshops of the last months and those to come, called off or not."""
    query = select(Workshop).where(Workshop.starts_at > desk.now - LATELY)
    return desk.all(query.order_by(Workshop.starts_at, Workshop.id).limit(IN_CALENDAR))


def heads(desk: Desk, workshop: Workshop) -> list[HeadCount]:
    query = select(HeadCount).where(HeadCount.workshop == workshop, HeadCount.people > 0)
    return desk.all(query.order_by(HeadCount.sex, HeadCount.band))


def unpaid(desk: Desk, *rows: Enrolment) -> list[Charge]:
    """Return the prices of these seats that are still in a basket."""
    if not rows:
        return []
    ids = [each.id for each in rows]
    query = select(Charge).where(Charge.source_type == rows[0].path, Charge.source_id.in_(ids))
    return desk.all(query.where(Charge.state == ChargeState.OPEN).order_by(Charge.id))


def paid_for(desk: Desk, *rows: Enrolment) -> set[int]:
    """Return the ids of those of these seats that are paid, the money not given back."""
    paid = select(Enrolment.id).where(
        Enrolment.id.in_([each.id for each in rows]), units_paid(Enrolment) > 0
    )
    return set(desk.session.scalars(paid))


def to_give_back(desk: Desk, workshop_id: int) -> list[Resident]:
    """Return who paid for a seat that we cancelled and still has to get the money back."""
    at: Any = vars(Enrolment)["workshop_id"]
    query = select(Enrolment).where(
        at == workshop_id, Enrolment.mark == Mark.CALLED_OFF, units_paid(Enrolment) > 0
    )
    return [each.resident for each in desk.all(query.order_by(Enrolment.id), Enrolment.resident)]
