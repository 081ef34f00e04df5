"""What is shown of messages: the outbox, the call list, the print runs."""

from dataclasses import dataclass
from typing import Annotated

from palier.acts import page
from palier.context import Context
from palier.errors import NotThere
from palier.messages import actions, calls, composing
from palier.messages.models import Message, PaperRun
from palier.messages.papers import papers_pdf
from palier.messages.rules import Settings, receiver_of
from palier.messages.sending import spent
from palier.messages.telling import LIVE
from palier.residents.contact import show_phone
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Panel, Screen
from palier.screens.views import Block, Line, Note
from palier.signature import ask
from palier.text import Text, _, plural
from palier.web.asked import Answer, new_key

outbox = Screen(
    Message,
    _("Messages"),
    columns=(
        Message.said,
        Message.resident,
        Message.channel,
        Message.state,
        Message.made_at,
        Message.trouble,
    ),
    filters=(Message.state, Message.channel, Message.made_at),
    newest_first=Message.made_at,
    sections={
        _("Message"): (
            Message.resident,
            Message.said,
            Message.language,
            Message.asks,
            Message.reply,
        ),
        _("How it goes"): (
            Message.channel,
            Message.state,
            Message.made_at,
            Message.next_at,
            Message.tries,
            Message.trouble,
            Message.trouble_code,
            Message.address,
            Message.done_at,
            Message.follows,
            Message.run,
        ),
    },
    acts=(
        actions.reached,
        actions.call,
        actions.left_word,
        actions.call_again,
        actions.give_up,
        actions.send_again,
        actions.take_off,
        actions.send_test,
    ),
    help=_("What fails goes on by the person's next way, at last to the call list."),
    icon="phone",
)

runs = Screen(
    PaperRun,
    _("Papers for the letterboxes"),
    columns=(
        PaperRun.made_at,
        PaperRun.papers,
        PaperRun.copies,
        PaperRun.posted_at,
        PaperRun.person_code,
    ),
    newest_first=PaperRun.made_at,
    acts=(actions.print_papers, actions.print_again, actions.post),
    icon="paper",
)

panels = (Panel(outbox, Message.resident), Panel(outbox, Message.run))


@dataclass(frozen=True, slots=True)
class ToRing:
    """Who is to be called and why, and the form that begins the call."""

    name: str
    why: Text
    begins: str
    hidden: dict[str, str]


def _root(desk: Context) -> str:
    return f"{Paths(desk.site.slug).root}/messages"


@page(_("Papers as a PDF"))
def papers(
    desk: Context,
    *,
    made: Annotated[int, ask(_("Print run"))],
    one_by_one: Annotated[bool, ask(_("One A6 page each"))] = False,
) -> Answer:
    """Give the papers of a run as a file that any printer takes, in the order of the walk."""
    run = desk.find(PaperRun, made)
    if run is None or desk.fonts is None:
        raise NotThere
    body = papers_pdf(desk, run, desk.fonts, four_on_a_sheet=not one_by_one)
    return Answer.file(body, f"papers-{run.id}.pdf")


@page(_("Call list"))
def call_list(desk: Context) -> Page:
    """Show who is to be called, one after the other; the number only when it is opened."""
    root = _root(desk)
    people = [_to_ring(desk, each, root) for each in calls.call_list(desk)]
    lines = tuple(Line(each.name, each.why, icon="phone") for each in people)
    block = Block(_("To call"), "phone", lines, _("Nobody waits for a call."), count=len(lines))
    budget = _("%(spent)s of %(budget)s text messages this month.").fill(
        spent=spent(desk), budget=desk.settings(Settings).sms_budget
    )
    return Page(
        "messages/calls.html",
        block=block,
        budget=budget,
        people=people if desk.may(actions.call) else [],
        lacking=_lacking(desk),
    )


def _lacking(desk: Context) -> Note | None:
    """Say what can't be sent here, and who changes it; nothing at a site that sends nothing."""
    lacking = [way for way in ("sms", "mail") if way not in desk.ways_out]
    if not lacking or desk.site.kind != LIVE:
        return None
    words = {
        "sms": _("No gateway is set up: whoever wanted a text message is on this list."),
        "mail": _("No mail server is set up: e-mail goes by each person's next way."),
    }
    todo = _("Whoever runs Palier names it in the settings, then tries it: palier messages test.")
    return Note("info", words[lacking[0]], todo)


def _to_ring(desk: Context, message: Message, root: str) -> ToRing:
    who = receiver_of(message.resident) if message.resident else None
    goes_on = f"{root}/calling?message={message.id}"
    return ToRing(
        name=str(who or ""),
        why=composing.text_of(message, who),
        begins=f"{root}/message/{message.id}/call",
        hidden={"csrf": desk.csrf, "key": new_key(), "back": goes_on},
    )


def _tried(message: Message) -> Text | None:
    """Say what was tried before the call, and why it is called for now."""
    before = message.follows
    if before is None or before.trouble is None:
        return None
    words = _("%(way)s: %(why)s. Call instead.")
    return words.fill(way=before.channel.label, why=before.trouble.label)


@page(_("A call"))
def calling(desk: Context, *, message: Annotated[int, ask(_("Message"))]) -> Page:
    """Show the number, what to say, and how it ended."""
    found = desk.find(Message, message)
    if found is None or found.resident is None:
        raise NotThere
    who = receiver_of(found.resident)
    desk.noted.append((who.path, who.id))
    mine = found.taken_by == calls.caller(desk)
    root = _root(desk)
    told = list(desk.session.scalars(calls.of_same_person(desk, found)).unique())
    return Page(
        "messages/calling.html",
        who=str(who),
        phone=show_phone(who.phone) if who.phone and mine else "",
        mine=mine,
        language=who.language.label,
        told=[(each, composing.text_of(each, who), _tried(each)) for each in told],
        root=root,
        back=f"{root}/call_list",
        hidden={"csrf": desk.csrf, "key": new_key(), "back": f"{root}/call_list"},
        left=plural("%(n)s person to call", "%(n)s people to call", calls.how_many(desk)),
    )
