"""What a caretaker sees of wishes and workshops."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from palier.api import Desk, Page, Role, Screen, Text, _, ask, page, page_to_sign

from . import actions, attending, cancelling, papers, queries
from .lists import attendance_list
from .models import Enrolment, HeadCount, State, Vote, Wish, WishState, Workshop

GOING = (WishState.OPEN, WishState.PLANNED)


def leaders(desk: Desk, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return who of the voters would lead it, beside a wish."""
    found: dict[int, object] = {}
    for each in [desk.find(Wish, id) for id in ids[:1]]:  # a record's page shows one
        if each is not None and (names := queries.would_host(desk, each)):
            found[each.id] = ", ".join(map(str, names))
    return {_("Would lead it"): found} if found else {}


def owed_back(desk: Desk, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return who has to get money back, beside a workshop."""
    found: dict[int, object] = {}
    for id in ids[:1]:  # a record's page shows one
        if names := queries.to_give_back(desk, id):
            found[id] = ", ".join(map(str, names))
    return {_("Paid, to be given back"): found} if found else {}


wishes = Screen(
    Wish,
    _("Wishes"),
    columns=(Wish.number, Wish.title, Wish.kind, Wish.votes, Wish.asked_on, Wish.state),
    sections={
        _("Wish"): (Wish.number, Wish.title, Wish.kind, Wish.state, Wish.asked_on),
        _("Votes"): (Wish.votes, Wish.households, Wish.merged_into),
    },
    filters=(Wish.kind, Wish.state),
    usual=Wish.state.in_(GOING),
    newest_first=Wish.votes,
    form=(Wish.title,),
    form_least=Role.CARETAKER,
    makes=False,
    acts=(
        actions.wish_for,
        actions.vote_for,
        actions.vote,
        actions.make_workshop,
        actions.plan,
        actions.fulfil,
        actions.add_dots,
        actions.take_dots,
        actions.merge,
        actions.decline,
        actions.reopen,
    ),
    facts=leaders,
    icon="wish",
    help=_("The most wished for first. Type w12+9 at the desk: nine households more on paper."),
)

votes = Screen(
    Vote,
    _("Voters"),
    columns=(Vote.resident, Vote.wish, Vote.would_host, Vote.voted_on),
    newest_first=Vote.voted_on,
    acts=(attending.enrol_voter, actions.unvote),
    menu=False,
)

workshops = Screen(
    Workshop,
    _("Workshops"),
    calendar=True,
    columns=(
        Workshop.title,
        Workshop.starts_at,
        Workshop.place,
        Workshop.seats,
        Workshop.taken,
        Workshop.state,
    ),
    sections={
        _("Workshop"): (
            Workshop.title,
            Workshop.starts_at,
            Workshop.ends_at,
            Workshop.place,
            Workshop.provider,
            Workshop.host,
            Workshop.wish,
        ),
        _("Seats"): (Workshop.seats, Workshop.taken, Workshop.first_until, Workshop.state),
    },
    filters=(Workshop.state, Workshop.starts_at),
    usual=Workshop.state == State.OPEN,
    sort=Workshop.starts_at,
    form=(Workshop.title, Workshop.place, Workshop.provider),
    form_least=Role.CARETAKER,
    makes=False,
    acts=(
        attending.add_workshop,
        attending.enrol,
        attending.check_in,
        attending.count_heads,
        attending.print_list,
        attending.close,
        attending.key_heads,
        attending.change_seats,
        cancelling.cancel_workshop,
    ),
    facts=owed_back,
    icon="roster",
    help=_("What takes place, with its seats. A wish with enough votes becomes one in one act."),
)

enrolments = Screen(
    Enrolment,
    _("Who comes"),
    columns=(
        Enrolment.resident,
        Enrolment.workshop,
        Enrolment.held_on,
        Enrolment.mark,
        Enrolment.came_at,
    ),
    filters=(Enrolment.mark, Enrolment.held_on),
    newest_first=Enrolment.held_on,
    acts=(
        attending.came,
        attending.excuse,
        attending.missed,
        attending.print_slip,
        attending.call_off,
        attending.unmark,
    ),
    menu=False,
)

heads = Screen(
    HeadCount,
    _("People without names"),
    columns=(HeadCount.workshop, HeadCount.sex, HeadCount.band, HeadCount.people),
    totals=(HeadCount.people,),
    sort=HeadCount.workshop,
    acts=(attending.recount,),
    menu=False,
)


@page(_("Slip of a workshop"), rare=True)
def slip(desk: Desk, *, made: Annotated[Enrolment, ask(_("Enrolment"))]) -> Page:
    """Print what someone enrolled for, to take home."""
    return page_to_sign(desk, papers.slip_of(made), made.resident)


@page(_("List of a workshop"), least=Role.CARETAKER, rare=True)
def tick_list(desk: Desk, *, made: Annotated[Workshop, ask(_("Workshop"))]) -> Page:
    """Print the names with a box and an hour for each, and room for people without names."""
    return papers.list_page(desk, made)


__all__ = [
    "attendance_list",
    "enrolments",
    "heads",
    "slip",
    "tick_list",
    "votes",
    "wishes",
    "workshops",
]
