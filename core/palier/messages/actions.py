"""What a caretaker does with messages: one function, one transaction."""

from datetime import datetime, timedelta
from typing import Annotated

from sqlalchemy import select, update

from palier.acts import Count, act
from palier.context import Context, Role
from palier.messages import rules
from palier.messages.bouncing import came_back
from palier.messages.calls import take, taken
from palier.messages.models import Message, MessageState, PaperRun, Reply
from palier.messages.telling import go_on, test_to
from palier.residents.models import Resident
from palier.signature import ask
from palier.text import _

REACHED = Count("message_reached", _("People reached by telephone"))
S = MessageState


def in_two_hours(desk: Context) -> datetime:
    return desk.local(desk.now) + timedelta(hours=2)


@act(_("Call"), when=rules.is_call)
def call(desk: Context, message: Message) -> None:
    """Keep this person to your desk, and show the number."""
    take(desk, message)


@act(_("Reached"), when=rules.is_call, counts=REACHED, meets=True)
def reached(desk: Context, message: Message, *, reply: Reply | None = None) -> None:
    """The person was told everything that stands here; a question has its yes or no."""
    told = taken(desk, message)
    if reply is not None and not message.asks:
        raise rules.NotToBeAsked
    done = [each for each in told if each is message or not each.asks]
    for each in done:
        each.state, each.done_at = S.REACHED, desk.now
        each.taken_by = each.taken_until = None
    message.reply = reply
    desk.counts(len(done))


@act(_("Word was left"), when=rules.is_call)
def left_word(
    desk: Context,
    message: Message,
    *,
    again_at: Annotated[datetime, ask(_("Call again at"), start=in_two_hours)],
) -> None:
    """Someone else or a machine took the words; call again at that hour."""
    _later(desk, message, again_at, S.LEFT_WORD)


@act(_("Call again later"), when=rules.is_call)
def call_again(
    desk: Context,
    message: Message,
    *,
    again_at: Annotated[datetime, ask(_("Call again at"), start=in_two_hours)],
) -> None:
    """Nobody answered; call again at that hour."""
    _later(desk, message, again_at, S.TO_CALL)


def _later(desk: Context, message: Message, again_at: datetime, state: MessageState) -> None:
    if again_at <= desk.now:
        raise rules.AgainInThePast
    for each in taken(desk, message):
        each.state, each.next_at = state, again_at
        each.tries += 1
        each.taken_by = each.taken_until = None


@act(_("Give up"), when=rules.is_call, rare=True)
def give_up(desk: Context, message: Message) -> None:
    """Nobody can be reached by telephone; the next way of the person follows, if there is one."""
    for each in taken(desk, message):
        each.state, each.done_at = S.GIVEN_UP, desk.now
        each.taken_by = each.taken_until = None
        go_on(desk, each)


@act(_("Mail came back"), when=rules.has_mail, rare=True)
def mail_came_back(desk: Context, resident: Resident) -> None:
    """Note that this address takes no mail; what went there this week goes by the next way."""
    came_back(desk, resident)


@act(_("Send a test"), least=Role.MANAGER)
def send_test(
    desk: Context, *, to: Annotated[str, ask(_("Number or address"), max=120)]
) -> Message:
    """Send a few words to a number or an address; what came of it stands here within a minute."""
    return test_to(desk, to)


@act(_("Send again"), when=rules.may_go_again, least=Role.MANAGER)
def send_again(desk: Context, message: Message) -> None:
    """Let it leave once more, by the same way."""
    message.state, message.next_at, message.tries = S.QUEUED, desk.now, 0
    message.trouble = message.trouble_code = message.over_at = message.done_at = None


@act(_("Withdraw"), when=rules.is_waiting, rare=True)
def take_off(desk: Context, message: Message) -> None:
    """It is no longer needed: it does not leave, nobody calls, no paper is carried round."""
    message.state, message.done_at = S.WITHDRAWN, desk.now


@act(_("Print the papers"), then="papers")
def print_papers(desk: Context) -> PaperRun:
    """Put every paper that waits into one print run."""
    waiting = select(Message).where(Message.state == S.TO_PRINT).with_for_update(of=Message)
    papers = list(desk.session.scalars(waiting))
    if not papers:
        raise rules.NothingToPrint
    run = desk.add(
        PaperRun(made_at=desk.now, papers=len(papers), person_code=desk.actor.person_code)
    )
    for each in papers:
        each.state, each.run = S.PRINTED, run
    return run


@act(_("Print again"), when=rules.is_printed, then="papers")
def print_again(desk: Context, run: PaperRun) -> PaperRun:
    """Give the same papers once more, but for those no longer needed."""
    run.copies += 1
    return run


@act(_("They are in the letterboxes"), when=rules.is_printed)
def post(desk: Context, run: PaperRun) -> None:
    """The papers of this run were carried round."""
    run.posted_at = desk.now
    these = update(Message).where(Message.run == run, Message.state == S.PRINTED)
    values = {"state": S.POSTED, "done_at": desk.now, "version": Message.version + 1}
    desk.session.execute(these.values(values), execution_options={"synchronize_session": False})
