"""What a caretaker does with wishes: one function, one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from palier.api import (
    Count,
    Desk,
    Provider,
    Resident,
    Step,
    _,
    act,
    ask,
)

from . import queries, rules
from .attending import TWO_HOURS, HowLong, add, usual_seats, usual_start
from .models import Kind, Vote, Wish, WishState, Workshop
from .telling import tell_first, tell_host, tell_voters

WISH = Count("wish", _("Wishes"))
Households = Annotated[int, ask(_("Households on paper"), min=1, max=500)]


@act(_("Note a wish"), counts=WISH, meets=True)
def wish_for(
    desk: Desk,
    *,
    title: str,
    kind: Kind = Kind.WORKSHOP,
    resident: Annotated[Resident | None, ask(_("Who wishes it"))] = None,
    households: Annotated[int, ask(_("Households on paper"), min=0, max=500)] = 0,
) -> Wish:
    """Note what residents wish for: a workshop, an outing or a service. It gets a number."""
    wish = desk.add(
        Wish(
            number=queries.next_number(desk), title=title, kind=kind, asked_on=desk.today,
            households=households,
        )
    )  # fmt: skip
    if resident is not None:
        desk.add(Vote(wish=wish, resident=resident, voted_on=desk.today))
    _recount(desk, wish)
    return wish


@act(_("Add a vote"), when=rules.is_open, meets=True)
def vote(
    desk: Desk,
    wish: Wish,
    *,
    resident: Resident,
    would_host: bool = False,
) -> Vote:
    """Note that a resident wishes for it too. A household counts once."""
    return _vote(desk, wish, resident, would_host=would_host)


@act(_("Vote for a wish"), meets=True)
def vote_for(
    desk: Desk,
    *,
    resident: Resident,
    number: Annotated[int, ask(_("Number of the wish"), min=1)],
    would_host: bool = False,
) -> Vote:
    """Note that a resident wishes for it too, by the number on the wall."""
    wish = queries.wish_numbered(desk, number)
    if wish is None:
        raise rules.NoSuchWish(number=number)
    return _vote(desk, wish, resident, would_host=would_host)


def _vote(desk: Desk, wish: Wish, resident: Resident, *, would_host: bool) -> Vote:
    mine = queries.held_wish(desk, wish)
    rules.check_open(mine)
    if any(each.resident is resident for each in queries.voters(desk, mine)):
        raise rules.VotedAlready(who=resident)
    made = desk.add(Vote(wish=mine, resident=resident, would_host=would_host, voted_on=desk.today))
    _recount(desk, mine)
    return made


@act(_("Take the vote back"), rare=True)
def unvote(desk: Desk, vote: Vote) -> None:
    """Take a vote away that was noted by mistake, or that the person takes back."""
    mine = queries.held_wish(desk, vote.wish)
    rules.check_open(mine)
    desk.session.delete(vote)
    desk.session.flush()
    _recount(desk, mine)


def when_enough(desk: Desk, wish: Wish, _made: object) -> Step | None:
    """Return the workshop that a wish becomes, once enough households wish for it."""
    enough = desk.settings(rules.Settings).enough
    ripe = rules.may_become_workshop(wish) and wish.votes >= enough
    return make_workshop.on(wish) if ripe else None


@act(_("Key votes from paper"), when=rules.is_open, then=when_enough)
def add_dots(desk: Desk, wish: Wish, *, households: Households) -> None:
    """Add the households that put a dot on the wall sheet, then cross the dots out."""
    mine = queries.held_wish(desk, wish)
    rules.check_open(mine)
    mine.households += households
    _recount(desk, mine)


@act(_("Take votes on paper back"), when=rules.has_paper, rare=True)
def take_dots(desk: Desk, wish: Wish, *, households: Households) -> None:
    """Take away households that were keyed by mistake."""
    mine = queries.held_wish(desk, wish)
    if households > mine.households:
        raise rules.FewerThanNamed(n=mine.households)
    mine.households -= households
    _recount(desk, mine)


def _recount(desk: Desk, wish: Wish) -> None:
    wish.votes = queries.named_households(desk, wish) + wish.households


@act(_("Merge into another"), when=rules.is_open, rare=True)
def merge(
    desk: Desk,
    wish: Wish,
    *,
    into: Annotated[Wish, ask(_("The wish that stays"))],
    on_both: Annotated[
        int,
        ask(_("Households with a dot on both sheets"), min=0, max=500, help=_("They count once.")),
    ] = 0,
) -> Wish:
    """Merge a wish that is there twice: its voters and dots move, nobody counts twice."""
    if wish is into:
        raise rules.SameWish
    held = queries.held_wishes(desk, wish.id, into.id)
    gone, stays = held[wish.id], held[into.id]
    rules.check_open(gone)
    rules.check_open(stays)
    rules.check_on_both(on_both, gone, stays)
    _move_voters(desk, gone, stays)
    for merged in queries.merged_into(desk, gone):
        merged.merged_into = stays.number
    stays.households += gone.households - on_both
    gone.households, gone.state, gone.merged_into = 0, WishState.MERGED, stays.number
    _recount(desk, gone)
    _recount(desk, stays)
    return stays


def _move_voters(desk: Desk, gone: Wish, stays: Wish) -> None:
    there = {each.resident.id: each for each in queries.voters(desk, stays)}
    for each in queries.voters(desk, gone):
        same = there.get(each.resident.id)
        if same is None:
            each.wish = stays
        else:
            same.would_host = same.would_host or each.would_host
            desk.session.delete(each)
    desk.session.flush()


@act(_("Make it a workshop"), when=rules.may_become_workshop)
def make_workshop(
    desk: Desk,
    wish: Wish,
    *,
    starts_at: Annotated[datetime, ask(_("Begins"), start=usual_start)],
    lasts: HowLong = TWO_HOURS,
    seats: Annotated[int, ask(_("Seats"), min=1, max=500, start=usual_seats)],
    place: Annotated[str, ask(_("Where it is"), max=80)] = "",
    provider: Annotated[Provider | None, ask(_("Partner or venue"))] = None,
    host: Annotated[Resident | None, ask(_("Resident who leads it"))] = None,
) -> Workshop:
    """Fix day and seats; who wished for it is told, and has the seats to themselves at first."""
    mine, settings = queries.held_wish(desk, wish), desk.settings(rules.Settings)
    rules.check_open(mine)
    rules.check_enough(mine.votes, settings.enough)
    day = desk.local(starts_at).date()
    first = rules.first_until(desk.today, day, settings.first_days)
    made = add(
        desk,
        Workshop(
            title=mine.title, wish=mine, starts_at=starts_at, seats=seats, place=place,
            ends_at=rules.end_of(starts_at, lasts), provider=provider, host=host,
            first_until=first,
        ),
    )  # fmt: skip
    mine.state = WishState.PLANNED
    tell_first(desk, made, mine)
    if host is not None:
        tell_host(desk, made, host)
    return made


@act(_("It is planned"), when=rules.may_be_planned)
def plan(desk: Desk, wish: Wish) -> None:
    """Note that the service will come; everyone who wished for it is told."""
    _step(desk, wish, WishState.PLANNED, rules.may_be_planned)
    tell_voters(desk, wish, _("Your wish “%(wish)s” is planned. We tell you when it is there."))


@act(_("It is there"), when=rules.may_be_fulfilled)
def fulfil(desk: Desk, wish: Wish) -> None:
    """Note that the service is there; everyone who wished for it is told."""
    _step(desk, wish, WishState.DONE, rules.may_be_fulfilled)
    tell_voters(desk, wish, _("Your wish “%(wish)s” was fulfilled."))


@act(_("It can't be met"), when=rules.is_open, rare=True)
def decline(
    desk: Desk,
    wish: Wish,
    *,
    reason: Annotated[str, ask(_("Why, as the voters will read it"), max=120)],
) -> None:
    """Say why a wish can't be met; everyone who wished for it is told."""
    _step(desk, wish, WishState.DECLINED, rules.is_open)
    words = _("Your wish “%(wish)s” can't be met: %(reason)s")
    tell_voters(desk, wish, words.fill(reason=reason))


@act(_("Open it again"), when=rules.is_declined, rare=True)
def reopen(desk: Desk, wish: Wish) -> None:
    """Open a wish again; everyone who wished for it is told."""
    _step(desk, wish, WishState.OPEN, rules.is_declined)
    tell_voters(desk, wish, _("Your wish “%(wish)s” is open again."))


def _step(desk: Desk, wish: Wish, state: WishState, allowed: Callable[[Wish], bool]) -> None:
    mine = queries.held_wish(desk, wish)
    rules.check_step(mine, allowed)
    mine.state = state
