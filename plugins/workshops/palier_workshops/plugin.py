"""Workshops and wishes: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable

from palier.api import (
    Card,
    Charge,
    ChargeState,
    Desk,
    Manifest,
    Panel,
    PublicBlock,
    PublicEvent,
    PublicLine,
    Resident,
    Step,
    Text,
    _,
    hooks,
    plural,
)

from . import actions, attending, queries, rules, sample, screens
from .lists import attendance_list
from .models import Enrolment, HeadCount, Kind, Mark, State, Vote, Wish, WishState, Workshop

manifest = Manifest(
    name="workshops",
    label=_("Workshops"),
    summary=_("What residents wish for, counted, and made into a workshop with seats."),
    icon="wish",
    requires_core=">=0.1",
    settings=rules.Settings,
    membership_required=attending.members_only,
    counts=(actions.WISH, attending.ATTENDANCE, attending.WORKSHOP),
    screens=(
        screens.workshops,
        screens.wishes,
        screens.votes,
        screens.enrolments,
        screens.heads,
    ),
    pages=(screens.slip, screens.tick_list),
    panels=(
        Panel(screens.votes, Vote.wish),
        Panel(screens.workshops, Workshop.wish, rare=True),
        Panel(screens.enrolments, Enrolment.workshop),
        Panel(screens.heads, HeadCount.workshop, rare=True),
        Panel(screens.votes, Vote.resident, title=_("Wished for"), rare=True),
        Panel(screens.enrolments, Enrolment.resident, title=_("Workshops"), rare=True),
    ),
    forms={attending.check_in: attendance_list},
)


@hooks.desk_cards
def seats_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    for each in queries.coming(desk, resident):
        yield _comes(desk, each)
    for vote, workshop in queries.kept_for(desk, resident):
        words = _("Wished for “%(what)s”, %(start)s: seats are kept until %(until)s.")
        text = words.fill(what=workshop.title, start=workshop.starts_at, until=workshop.first_until)
        yield Card(text, attending.enrol_voter.on(vote, workshop=workshop.id), kind="soon")


def _comes(desk: Desk, enrolment: Enrolment) -> Card:
    what = {"what": enrolment.workshop.title, "start": enrolment.workshop.starts_at}
    if enrolment.mark is Mark.PRESENT:
        return Card(_("Is at “%(what)s”, %(start)s.").fill(**what))
    if enrolment.mark is Mark.CALLED_OFF:
        words = _("“%(what)s”, %(start)s: cancelled by us and paid. Give the money back.")
        return Card(words.fill(**what), kind="late")
    text = _("Enrolled: “%(what)s”, %(start)s.").fill(**what)
    if enrolment.held_on > desk.today:
        return Card(text, attending.excuse.on(enrolment))
    return Card(text, attending.came.on(enrolment), kind="soon")


@hooks.today
def of_today(desk: Desk) -> Iterable[Card]:
    for each in queries.until_tonight(desk):
        yield _held(desk, each)
    enough = desk.settings(rules.Settings).enough
    for wish in queries.ripe(desk, enough):
        words = _("Wish %(number)s, “%(wish)s”: %(votes)s households. Make it a workshop?")
        text = words.fill(number=wish.number, wish=wish.title, votes=wish.votes)
        yield Card(text, actions.make_workshop.on(wish), order=70)


def _held(desk: Desk, workshop: Workshop) -> Card:
    text = _("“%(what)s”, %(start)s.").fill(what=workshop.title, start=workshop.starts_at)
    if desk.local(workshop.starts_at).date() < desk.today:
        text = _("“%(what)s” of %(start)s is not closed.")
        text = text.fill(what=workshop.title, start=workshop.starts_at)
        return Card(text, attending.check_in.on(workshop), kind="late")
    words = plural(
        "%(n)s seat taken, of %(seats)s.", "%(n)s seats taken, of %(seats)s.", workshop.taken
    )
    detail = words.fill(seats=workshop.seats)
    return Card(text, attending.check_in.on(workshop), detail=detail, kind="soon")


@hooks.public_blocks
def for_everyone(desk: Desk) -> Iterable[PublicBlock]:
    sessions = [_session(desk, each) for each in queries.to_come(desk)]
    yield PublicBlock(sessions, _("Workshops to come"), order=20)
    enough = desk.settings(rules.Settings).enough
    wishes = [_wish(each, enough) for each in queries.on_the_wall(desk)]
    yield PublicBlock(wishes, _("What neighbours wish for"), order=30)


@hooks.public_events
def sessions(desk: Desk) -> Iterable[PublicEvent]:
    for each in queries.lately_and_to_come(desk):
        yield PublicEvent(
            each,
            each.title,
            each.starts_at,
            each.ends_at,
            place=each.place,
            called_off=each.state is State.CANCELLED,
        )


def _session(desk: Desk, workshop: Workshop) -> PublicLine:
    words = _("%(start)s, %(place)s. %(seats)s") if workshop.place else _("%(start)s. %(seats)s")
    detail = words.fill(start=workshop.starts_at, place=workshop.place, seats=_seats(workshop))
    day = desk.local(workshop.starts_at).date()
    return PublicLine(workshop.title, detail, day=day, event=workshop)


def _seats(workshop: Workshop) -> Text:
    left = workshop.seats - workshop.taken
    return plural("%(n)s seat left.", "%(n)s seats left.", left) if left > 0 else _("Full.")


def _wish(wish: Wish, enough: int) -> PublicLine:
    votes = plural("%(n)s household wishes for it.", "%(n)s households wish for it.", wish.votes)
    if wish.state is WishState.PLANNED:
        return PublicLine(wish.title, _("%(votes)s It is planned.").fill(votes=votes))
    if wish.kind is Kind.SERVICE:
        return PublicLine(wish.title, votes)
    if wish.votes >= enough:
        return PublicLine(wish.title, votes, dots=(enough, enough))
    left = plural(
        "%(n)s more makes a workshop.", "%(n)s more make a workshop.", enough - wish.votes
    )
    detail = _("%(votes)s %(left)s").fill(votes=votes, left=left)
    return PublicLine(wish.title, detail, dots=(wish.votes, enough))


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    enrolment = desk.from_slip(Enrolment, code)
    if enrolment is not None:
        return Step(attending.came, enrolment, _on_slip(desk, enrolment))
    workshop = desk.from_slip(Workshop, code)
    if workshop is not None:
        return attending.check_in.on(workshop)
    typed = rules.read_typed(code)
    wish = queries.wish_numbered(desk, typed.number) if typed is not None else None
    return _on_wish(wish, typed) if wish is not None and typed is not None else None


def _on_slip(desk: Desk, enrolment: Enrolment) -> Text | None:
    """Say what is in the way of checking someone in, if anything is."""
    if enrolment.mark is not Mark.ENROLLED:
        return enrolment.mark.label
    if enrolment.held_on > desk.today:
        return _("It takes place on %(day)s.").fill(day=enrolment.held_on)
    return None


def _on_wish(wish: Wish, typed: rules.Typed) -> Step:
    if wish.number != typed.number:
        words = _("Wish %(number)s was merged into this one.").fill(number=typed.number)
        return Step(actions.vote, wish, words)
    if not rules.is_open(wish):
        return Step(actions.vote, wish, wish.state.label)
    if typed.households is None:
        return actions.vote.on(wish)
    return actions.add_dots.on(wish, households=typed.households)


@hooks.charge_ended
def unpaid_seat(desk: Desk, charge: Charge) -> None:
    enrolment = charge.source(desk, Enrolment)
    if enrolment is not None and charge.state is ChargeState.CANCELLED:
        attending.free_unpaid(desk, enrolment)


@hooks.demo
def sample_wishes(desk: Desk) -> None:
    sample.make_wishes(desk)
