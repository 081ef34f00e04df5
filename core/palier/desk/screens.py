"""The pages of the desk: the day, what was searched, one resident, a receipt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from palier.acts import page
from palier.context import Context
from palier.desk import basket, reception
from palier.desk.actions import add_line, close_desk
from palier.desk.handover import open_things, was_written, written_today
from palier.desk.home import read_home
from palier.desk.models import HandoverItem
from palier.desk.offering import Offers
from palier.desk.visited import paid_visit
from palier.errors import NotThere
from palier.receipts.actions import print_receipt, refund
from palier.receipts.copies import prints_of
from palier.receipts.models import PaperShape, Receipt, ReceiptKind
from palier.receipts.notes import notes_of
from palier.receipts.numbering import copy_mark
from palier.receipts.printing import LOOKED_AT, sheet_of
from palier.receipts.voices import offered_languages, usual_language
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Screen
from palier.screens.views import ActView, Block, Cell, Line, Link, Option
from palier.signature import ask
from palier.text import Cents, Text, _, show_time
from palier.web.asked import Answer, new_key, redirect

SHAPES = (
    (PaperShape.TICKET, _("Print"), "p"),
    (PaperShape.LARGE, _("Print in large letters"), "l"),
    (PaperShape.PDF, _("As a PDF"), "f"),
)


@page(_("Desk"))
def home(
    desk: Context,
    *,
    all: Annotated[bool, ask(_("All of today"))] = False,
    counted: Annotated[int | None, ask(_("Visit"))] = None,
) -> Page:
    """Say what this day needs."""
    offers = Offers(desk, Paths(desk.site.slug).root)
    return Page("desk/home.html", home=read_home(desk, offers, all_of_it=all, counted=counted))


notes = Screen(
    HandoverItem,
    _("Notes"),
    columns=(
        HandoverItem.text,
        HandoverItem.on,
        HandoverItem.written_by,
        HandoverItem.done_at,
        HandoverItem.done_by,
    ),
    filters=(HandoverItem.on,),
    newest_first=HandoverItem.on,
    icon="note",
    help=_("What each day left for the next, and who read it. It is kept for three months."),
)


@page(_("Note for tomorrow"))
def handover(desk: Context) -> Page:
    """Show what is open, and what the note for tomorrow will say."""
    root = Paths(desk.site.slug).root
    offers = Offers(desk, f"{root}/desk/handover")
    lines = tuple(Line(each.text, each.written_by) for each in written_today(desk))
    things = tuple(Line(each.text) for each in open_things(desk))
    written = was_written(desk)
    return Page(
        "desk/handover.html",
        hidden_values={"csrf": desk.csrf, "key": new_key(), "back": offers.back},
        close_href=offers.href(close_desk).partition("?")[0],
        line_href=offers.href(add_line).partition("?")[0],
        tag=Cell(_("Written"), kind="state", state="ok") if written else None,
        sheets_href=f"{root}/receipts/paper_sheets",
        by_hand=Block(
            _("Written by hand"), "note", lines, empty=_("Nothing yet."), count=len(lines)
        ),
        open_now=Block(
            _("Open now, written by itself"),
            "clock",
            things,
            empty=_("Nothing is open: the note stays empty."),
            count=len(things),
        ),
    )


@page(_("Desk card"))
def card(
    desk: Context,
    *,
    resident: Annotated[int, ask(_("Resident"))],
    given: Annotated[Cents | None, ask(_("Given"), min=0)] = None,
) -> Page:
    """Show one resident: what each service says, what is in the basket."""
    return card_page(desk, resident, given)


def card_page(desk: Context, resident: int, given: Cents | None = None) -> Page:
    """Return the page of a resident at the counter. Raises `NotThere`."""
    root = Paths(desk.site.slug).root
    person, tab = reception.at_the_desk(desk, resident)
    offers = Offers(desk, f"{root}/desk/card?resident={resident}", visit_of=person.id)
    return Page(
        "desk/card.html",
        form=None,
        typed={},
        card=reception.read_card(desk, offers, person, tab, given),
        hidden={
            "csrf": desk.csrf,
            "key": new_key(),
            "back": f"{root}/desk/paid?resident={resident}",
            "visit_of": str(person.id),
        },
    )


@page(_("Paid"))
def paid(desk: Context, *, resident: Annotated[int, ask(_("Resident"))]) -> Answer:
    """Lead on from the payment: to its receipt, or back to the card while something is to pay."""
    root = Paths(desk.site.slug).root
    person = reception.resident_here(desk, resident)
    last = basket.last_receipt(desk, person)
    if last is None or basket.owes(desk, person):
        return redirect(f"{root}/desk/card?resident={resident}")
    return redirect(f"{root}/desk/receipt?receipt={last.id}")


@page(_("Receipt"))
def receipt(desk: Context, *, receipt: Annotated[int, ask(_("Receipt"))]) -> Page:
    """Show a receipt, how to hand it over, and what follows."""
    found = _receipt(desk, receipt)
    root = Paths(desk.site.slug).root
    offers = Offers(desk, f"{root}/desk/receipt?receipt={receipt}")
    given = (
        _("Given back at %(hour)s") if found.kind is ReceiptKind.REFUND else _("Paid at %(hour)s")
    )
    who = (
        Link(str(found.resident), f"{root}/desk/card?resident={found.resident.id}")
        if (found.resident)
        else None
    )
    return Page(
        "desk/receipt.html",
        sheet=sheet_of(desk, found),
        tag=Cell(given.fill(hour=show_time(found.at)), kind="state", state="ok"),
        who=who,
        next=ActView("next", _("Next person"), root),
        end=paid_visit(desk, found, root),
        looked_at=LOOKED_AT,
        papers=_papers(desk, offers, found),
        service_notes=tuple(
            Link(
                str(_("Note %(number)s").fill(number=each.number)),
                f"{root}/receipts/note?made={each.id}",
            )
            for each in notes_of(desk, found)
        ),
        mend=offers.button(refund, found),
    )


@dataclass(frozen=True)
class Papers:
    """How a receipt can be handed over, each way with its key; no `href` for who may not print."""

    href: str
    hidden: Mapping[str, str]
    shapes: tuple[tuple[PaperShape, Text, str], ...]
    made: int
    languages: tuple[Option, ...]

    @property
    def said(self) -> Text:
        """What the next paper will say."""
        words = _("Printed already: the next paper says %(mark)s.")
        return words.fill(mark=copy_mark(self.made + 1))


def _papers(desk: Context, offers: Offers, receipt: Receipt) -> Papers:
    return Papers(
        href=offers.href(print_receipt, receipt).partition("?")[0],
        hidden={"csrf": desk.csrf, "key": new_key()},
        shapes=SHAPES,
        made=prints_of(desk, receipt),
        languages=tuple(_languages(desk, receipt)),
    )


def _languages(desk: Context, receipt: Receipt) -> Iterator[Option]:
    usual = usual_language(desk, receipt.resident.language) if receipt.resident else None
    for each in offered_languages(desk):
        yield Option(each.value, each.label, each is usual)


def _receipt(desk: Context, id: int) -> Receipt:
    found = desk.find(Receipt, id)
    if found is None:
        raise NotThere
    desk.noted.append((found.path, found.id))
    return found
