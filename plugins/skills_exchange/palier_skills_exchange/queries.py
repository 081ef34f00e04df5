"""Questions that the acts, the pages and the hooks of the exchange share: one statement each."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from palier.api import Desk, Resident, and_, func, or_, select

from .models import (
    Category,
    Entry,
    Exchange,
    Hint,
    Kind,
    Listing,
    ListingState,
    Member,
    Series,
    Side,
    Suggestion,
    SuggestionState,
    Voucher,
)
from .rules import Given

YEAR = timedelta(days=365)
_CODE = re.compile(r"(BON|ANN)-?0*([1-9][0-9]{0,8})", re.IGNORECASE)
GOES_ON = (SuggestionState.OPEN, SuggestionState.AGREED)


def balance_of(desk: Desk, resident: Resident) -> int:
    """Return someone's balance in minutes."""
    return desk.total(Entry.minutes, Entry.resident == resident)


def lock_two(desk: Desk, *people: Resident) -> None:
    """Hold the accounts of these people until the act ends, in the order of their ids."""
    ids = sorted({each.id for each in people})
    held = select(Resident).where(Resident.id.in_(ids)).order_by(Resident.id)
    list(desk.session.scalars(held.with_for_update(of=Resident)).unique())


def membership_of(desk: Desk, resident: Resident) -> Member | None:
    """Return the membership that goes on, else the last one that ended."""
    query = select(Member).where(Member.resident == resident)
    query = query.order_by(Member.left_on.is_not(None), Member.left_on.desc(), Member.id).limit(1)
    return next(iter(desk.all(query)), None)


def open_memberships(desk: Desk, resident: Resident) -> list[Member]:
    """Return those that go on: two, where two records turned out to be one person."""
    query = select(Member).where(Member.resident == resident, Member.left_on.is_(None))
    return desk.all(query)


def listings_of(desk: Desk, resident: Resident) -> list[Listing]:
    """Return what someone offers and asks for, offers first."""
    query = select(Listing).where(Listing.resident == resident, *in_catalogue(desk))
    return desk.all(query.order_by(Listing.side, Listing.id), Listing.resident)


def in_catalogue(desk: Desk) -> tuple[Any, ...]:
    return Listing.state == ListingState.ACTIVE, Listing.ends_on > desk.today


def printed_listings(desk: Desk) -> list[Listing]:
    """Return what stands in the printed catalogue: of those alone who agreed to it."""
    query = select(Listing).where(Listing.printed, *in_catalogue(desk))
    order = Listing.side, Listing.category, Listing.id
    return desk.all(query.order_by(*order), Listing.resident)


def count_listings(desk: Desk) -> dict[Side, int]:
    """Return how many offers and wants there are now."""
    query = select(Listing.side, func.count(Listing.id)).where(*in_catalogue(desk))
    rows: Any = desk.session.execute(query.group_by(Listing.side))
    return dict(rows.all())


def to_warn(desk: Desk) -> list[Listing]:
    """Return what ends soon, and what is over and still stands as active."""
    query = select(Listing).where(
        Listing.state == ListingState.ACTIVE, Listing.warn_on <= desk.today
    )
    return desk.all(query.order_by(Listing.ends_on, Listing.id), Listing.resident)


def sides(desk: Desk) -> tuple[list[tuple[int, Category]], list[tuple[int, Category]]]:
    """Return who offers and who asks for which category, by the ids of residents."""
    columns: Any = vars(Listing)["resident_id"]
    query = select(columns, Listing.category, Listing.side).where(*in_catalogue(desk))
    rows = list(desk.session.execute(query.order_by(columns, Listing.category)))
    offers, wants = (
        [(who, category) for who, category, side in rows if side is wanted]
        for wanted in (Side.OFFER, Side.WANT)
    )
    return offers, wants


def has_exchanged() -> Any:
    """Return the condition that a member gave or received something."""
    own: Any = vars(Member)["resident_id"]
    gave: Any = vars(Exchange)["giver_id"]
    received: Any = vars(Exchange)["receiver_id"]
    took_part = or_(gave == own, received == own)
    return select(Exchange.id).where(took_part, Exchange.kind != Kind.LEFT).exists()


def never_exchanged() -> Any:
    """Return the condition that a member takes part and never exchanged anything."""
    return Member.left_on.is_(None) & ~has_exchanged()


def given_by(desk: Desk, giver: Resident) -> list[Given]:
    """Return what someone gave in 12 months, the newest first."""
    receiver: Any = vars(Exchange)["receiver_id"]
    query = select(receiver, Exchange.category).where(Exchange.giver == giver, *_in_a_year(desk))
    rows = desk.session.execute(query.order_by(Exchange.at.desc(), Exchange.id.desc()))
    return [Given(*row) for row in rows]


def hints_today(desk: Desk, giver: Resident) -> list[Hint]:
    """Return what there was to say of what someone gave today."""
    since = datetime.combine(desk.today, time(), desk.site.zone)
    query = select(Exchange.hint).where(
        Exchange.giver == giver, Exchange.at >= since, Exchange.hint != Hint.NONE
    )
    return sorted(set(desk.session.scalars(query)))


def _in_a_year(desk: Desk) -> tuple[Any, ...]:
    return (
        Exchange.at > desk.now - YEAR,
        Exchange.kind != Kind.LEFT,
        Exchange.is_correction.is_(False),
        Exchange.corrected_at.is_(None),
    )


def exchanges_of(desk: Desk, resident: Resident) -> list[Exchange]:
    """Return what someone gave and received in 12 months, the newest first."""
    mine = or_(Exchange.giver == resident, Exchange.receiver == resident)
    query = select(Exchange).where(mine, Exchange.at > desk.now - YEAR)
    return desk.all(
        query.order_by(Exchange.at.desc(), Exchange.id.desc()), Exchange.giver, Exchange.receiver
    )


def voucher_coded(desk: Desk, code: str) -> Voucher | None:
    number = _number(code, "BON")
    query = select(Voucher).where(Voucher.number == number)
    found = desk.all(query, Voucher.giver, Voucher.receiver) if number else []
    return next(iter(found), None)


def listing_coded(desk: Desk, code: str) -> Listing | None:
    number = _number(code, "ANN")
    query = select(Listing).where(Listing.id == number)
    return next(iter(desk.all(query, Listing.resident)), None) if number else None


def _number(code: str, word: str) -> int | None:
    found = _CODE.fullmatch(code)
    return int(found[2]) if found and found[1].upper() == word else None


def last_number(desk: Desk) -> int:
    """Return the highest number of a voucher at this site; who prints next waits for us."""
    desk.one(Series(name="voucher"))
    query = select(Voucher.number).order_by(Voucher.number.desc()).limit(1)
    return desk.session.scalar(query) or 0


def vouchers_of(desk: Desk, sheet: object) -> list[Voucher]:
    query = select(Voucher).where(Voucher.sheet == sheet).order_by(Voucher.number)
    return desk.all(query, Voucher.giver, Voucher.receiver)


def unused_vouchers(desk: Desk, resident: Resident) -> list[Voucher]:
    """Return the vouchers made out to someone that nobody has used."""
    theirs = or_(Voucher.giver == resident, Voucher.receiver == resident)
    return desk.all(select(Voucher).where(theirs, Voucher.ended_at.is_(None)))


def voucher_behind(desk: Desk, exchange: Exchange) -> Voucher | None:
    return next(iter(desk.all(select(Voucher).where(Voucher.exchange == exchange))), None)


def suggestions(desk: Desk, *states: SuggestionState) -> list[Suggestion]:
    query = select(Suggestion).where(Suggestion.state.in_(states))
    links = Suggestion.first, Suggestion.second, Suggestion.third, Suggestion.left
    return desk.all(query.order_by(Suggestion.made_on, Suggestion.id), *links)


def suggestions_keyed(desk: Desk, keys: Iterable[str]) -> dict[str, Suggestion]:
    """Return what was suggested before, by its key."""
    query = select(Suggestion).where(Suggestion.key.in_(list(keys)))
    return {each.key: each for each in desk.all(query) if each.key}


def suggested_with(desk: Desk, resident: Resident) -> list[Suggestion]:
    """Return what goes on with someone in it."""
    ways = (Suggestion.first, Suggestion.second, Suggestion.third)
    theirs = or_(*(each == resident for each in ways))
    return desk.all(select(Suggestion).where(theirs, Suggestion.state.in_(GOES_ON)))


def newcomers(desk: Desk) -> set[int]:
    """Return the ids of members who never exchanged anything."""
    own: Any = vars(Member)["resident_id"]
    return set(desk.session.scalars(select(own).where(never_exchanged())))


def taking_part(desk: Desk, resident: Resident) -> tuple[Member | None, list[Listing]]:
    """Return someone's running membership, and what they offer and ask for."""
    own: Any = vars(Member)["resident_id"]
    theirs: Any = vars(Listing)["resident_id"]
    query = (
        select(Member, Listing)
        .outerjoin(Listing, and_(theirs == own, *in_catalogue(desk)))
        .where(Member.resident == resident, Member.left_on.is_(None))
        .order_by(Member.id, Listing.side, Listing.id)
    )
    rows = list(desk.session.execute(query))
    member = rows[0][0] if rows else None
    return member, [each for found, each in rows if found is member and each is not None]
