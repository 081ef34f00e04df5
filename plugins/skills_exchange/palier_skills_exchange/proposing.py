"""Suggestions kept up to date with offers and wants, and listings that end."""

from palier.api import Desk, Resident, _, select

from . import matching, queries, rules
from .models import Listing, ListingState, Suggestion, SuggestionState


def refresh(desk: Desk) -> None:
    """Dissolve what no offer and want stands behind any more, and propose as many as the site wants.

    Run again it changes nothing; what was dismissed is proposed never again.
    """
    offers, wants = queries.sides(desk)
    arcs = matching.arcs_of(offers, wants)
    _dissolve(desk, set(arcs))
    running = queries.suggestions(desk, *queries.GOES_ON)
    waiting = [each for each in running if rules.is_open(each)]
    room = desk.settings(rules.Settings).suggestions - len(waiting)
    if room > 0:
        asked = {arc.giver for each in waiting for arc in arcs_in(each)}
        asked |= {arc.receiver for each in waiting for arc in arcs_in(each)}
        _propose(desk, matching.proposals(arcs, queries.newcomers(desk)), room, asked)


def _dissolve(desk: Desk, arcs: set[matching.Arc]) -> None:
    for each in queries.suggestions(desk, SuggestionState.OPEN):
        if not set(arcs_in(each)) <= arcs:
            each.state, each.ended_at = SuggestionState.DISSOLVED, desk.now


def arcs_in(suggestion: Suggestion) -> list[matching.Arc]:
    """Return who would give what to whom in it."""
    each = suggestion
    people = [who for who in (each.first, each.second, each.third) if who is not None]
    gives = [what for what in (each.first_gives, each.second_gives, each.third_gives) if what]
    nexts = [*people[1:], people[0]]
    ways = zip(people, nexts, gives, strict=False)
    return [matching.Arc(giver.id, receiver.id, what) for giver, receiver, what in ways]


def _propose(desk: Desk, found: list[matching.Proposal], room: int, asked: set[int]) -> None:
    """Make so many suggestions at most; nobody is in two that wait for an answer."""
    known = queries.suggestions_keyed(desk, (each.key for each in found))
    again = {SuggestionState.DISSOLVED, SuggestionState.SEEN}
    fresh = [e for e in found if e.key not in known or known[e.key].state in again]
    chosen: list[matching.Proposal] = []
    taken = set(asked)
    for each in fresh:
        if len(chosen) < room and taken.isdisjoint(each.people):
            chosen.append(each)
            taken.update(each.people)
    people = _people(desk, taken)
    for each in chosen:
        _keep(desk, each, people)


def _people(desk: Desk, ids: set[int]) -> dict[int, Resident]:
    query = select(Resident).where(Resident.id.in_(sorted(ids)))
    return {each.id: each for each in desk.all(query)}


def _keep(desk: Desk, proposal: matching.Proposal, people: dict[int, Resident]) -> None:
    who = [people[each] for each in proposal.people]
    gives = [each.category for each in proposal.arcs]
    made = desk.one(
        Suggestion(
            key=proposal.key,
            first=who[0],
            first_gives=gives[0],
            second=who[1],
            second_gives=gives[1] if len(gives) > 1 else None,
            third=who[2] if len(who) > 2 else None,
            third_gives=gives[2] if len(gives) > 2 else None,
            made_on=desk.today,
        )
    )
    made.state, made.left, made.ended_at = SuggestionState.OPEN, None, None


def end_and_warn(desk: Desk) -> None:
    """End what is over, and tell who offers or asks for something that it ends soon, once."""
    for listing in queries.to_warn(desk):
        if listing.ends_on <= desk.today:
            listing.state = ListingState.ENDED
        else:
            _warn(desk, listing)


def _warn(desk: Desk, listing: Listing) -> None:
    words = _("In the exchange: “%(what)s” ends on %(day)s. Do you want to keep it? Tell the desk.")
    told = words.fill(what=listing.what, day=listing.ends_on)
    desk.tell(listing.resident, told, kind="ends", about=listing, once=listing.ends_on.isoformat())
