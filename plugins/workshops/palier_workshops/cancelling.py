"""A workshop that does not take place: everyone is told, nothing is owed, the wish is open again."""

from palier.api import Desk, _, act, cancel_charge, withdraw

from . import queries, rules
from .models import Enrolment, Mark, State, Wish, WishState, Workshop
from .telling import tell_voters


@act(_("Cancel the workshop"), when=rules.is_to_come, rare=True)
def cancel_workshop(desk: Desk, workshop: Workshop) -> None:
    """Cancel it: everyone enrolled is told, unpaid prices leave the basket, the wish is open again."""
    mine = queries.held(desk, workshop)
    rows = [each for each in queries.enrolments(desk, mine) if each.mark in rules.SEATED]
    if any(each.mark is Mark.PRESENT for each in rows) or queries.heads(desk, mine):
        raise rules.SomeoneCame
    paid = queries.paid_for(desk, *rows)
    withdraw(desk, mine)
    for each in rows:
        _tell_cancelled(desk, each, has_paid=each.id in paid)
        each.mark, each.marked_at = Mark.CALLED_OFF, desk.now
    mine.state, mine.taken = State.CANCELLED, 0
    for owed in queries.unpaid(desk, *rows):
        cancel_charge(desk, owed)
    _reopen_wish(desk, mine.wish)


def _reopen_wish(desk: Desk, wish: Wish | None) -> None:
    held = queries.held_wish(desk, wish) if wish is not None else None
    if held is not None and held.state is WishState.PLANNED:
        held.state = WishState.OPEN
        tell_voters(desk, held, _("“%(wish)s” does not take place yet. Your wish stays open."))


def _tell_cancelled(desk: Desk, enrolment: Enrolment, *, has_paid: bool) -> None:
    withdraw(desk, enrolment)
    words = _("“%(what)s” on %(start)s does not take place.")
    if has_paid:
        words = _(
            "“%(what)s” on %(start)s does not take place. You get your money back at the desk."
        )
    told = words.fill(what=enrolment.workshop.title, start=enrolment.workshop.starts_at)
    desk.tell(enrolment.resident, told, kind="cancelled", about=enrolment.workshop)
