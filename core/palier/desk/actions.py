"""What a caretaker does at the desk itself: hand the day over, and take it over."""

from typing import Annotated

from palier.acts import act
from palier.context import Context, Role
from palier.desk import handover
from palier.desk.models import HandoverItem
from palier.errors import Refused
from palier.signature import ask
from palier.text import _
from palier.visits.visiting import close_all


class NothingToRead(Refused):
    text = _("The note was read already. There is nothing else to read.")


@act(_("Add a line to the note"), least=Role.TRAINEE)
def add_line(
    desk: Context,
    *,
    text: Annotated[
        str,
        ask(
            _("For tomorrow"),
            max=200,
            help=_("What the next person should know. No names: who it is about has a card."),
        ),
    ],
) -> HandoverItem:
    """Say something to whoever opens the desk next."""
    return handover.add_by_hand(desk, text)


@act(_("Write the note"), least=Role.TRAINEE)
def close_desk(
    desk: Context, *, text: Annotated[str | None, ask(_("For tomorrow"), max=200)] = None
) -> None:
    """End the visits that owe nothing and write the rest into the note, with a line of one's own."""
    close_all(desk)
    if text:
        handover.add_by_hand(desk, text)
    handover.write_note(desk)


@act(_("I have read it"), least=Role.TRAINEE)
def read_note(desk: Context) -> None:
    """Tick the note that the last day left; it stays in the list."""
    read = 0
    for item in handover.to_read(desk):
        item.done_at, item.done_by = desk.now, handover.signed(desk)
        read += 1
    if not read:
        raise NothingToRead
    desk.session.flush()
