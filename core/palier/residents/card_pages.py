"""The pages on which member cards are printed, part by part, and the lists behind them."""

from dataclasses import dataclass
from typing import Annotated

from palier.acts import page
from palier.context import Context, Role
from palier.errors import NotThere
from palier.residents.card_paper import cards_pdf
from palier.residents.cards import PART, SHEET, cards_printed, has_more, whose_card
from palier.residents.models import CardRun, ReplacedCard
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Screen
from palier.screens.views import Link
from palier.signature import ask
from palier.text import Text, _, plural
from palier.web.asked import Answer, new_key

card_runs = Screen(
    CardRun,
    _("Cards printed"),
    columns=(CardRun.made_at, CardRun.cards, CardRun.printed, CardRun.person_code),
    newest_first=CardRun.made_at,
    acts=(cards_printed,),
    least=Role.CARETAKER,
    menu=False,
    icon="key",
)

replaced_cards = Screen(
    ReplacedCard,
    _("Replaced cards"),
    columns=(
        ReplacedCard.replaced_on,
        ReplacedCard.code,
        ReplacedCard.resident,
        ReplacedCard.household,
    ),
    newest_first=ReplacedCard.replaced_on,
    acts=(whose_card,),
    least=Role.CARETAKER,
    menu=False,
    icon="key",
)


@dataclass(frozen=True)
class PartView:
    """Some sheets of a run: the file of them, and whether they are printed."""

    words: Text
    file: Link
    is_printed: bool
    is_next: bool


@page(_("Member cards"), least=Role.CARETAKER)
def cards(desk: Context, *, made: Annotated[int, ask(_("Cards printed in one go"))]) -> Page:
    """Show the files of a run, and how far the printing is."""
    run = _run(desk, made)
    paths = Paths(desk.site.slug)
    here = f"{paths.root}/residents/cards?made={run.id}"
    files = f"{paths.root}/residents/cards_file?made={run.id}"
    return Page(
        "residents/cards.html",
        run=run,
        done=plural(
            "%(n)s of %(cards)s card is printed.",
            "%(n)s of %(cards)s cards are printed.",
            run.printed,
        ).fill(cards=run.cards),
        parts=[_part(run, at, files) for at in range(-(-run.cards // PART))],
        alone_href=f"{files}&alone=1",
        printed_href=f"{paths.record(card_runs, run.id)}/{cards_printed.name}"
        if has_more(run)
        else "",
        printed_label=cards_printed.label,
        hidden_values={"csrf": desk.csrf, "key": new_key(), "back": here},
        people=Link(_("All residents"), f"{paths.root}/residents/resident"),
        runs=Link(card_runs.title, paths.screen(card_runs)),
    )


def _part(run: CardRun, at: int, files: str) -> PartView:
    first = at * PART // SHEET + 1
    last = -(-min(run.cards, (at + 1) * PART) // SHEET)
    words = _("Sheets %(first)s to %(last)s").fill(first=first, last=last)
    if first == last:
        words = _("Sheet %(first)s").fill(first=first)
    return PartView(
        words,
        Link(_("Open the PDF"), f"{files}&part={at}"),
        is_printed=run.printed >= min(run.cards, (at + 1) * PART),
        is_next=run.printed // PART == at and has_more(run),
    )


@page(_("Member cards as a PDF"), least=Role.CARETAKER)
def cards_file(
    desk: Context,
    *,
    made: Annotated[int, ask(_("Cards printed in one go"))],
    part: Annotated[int, ask(_("Part"), min=0, max=99)] = 0,
    alone: Annotated[bool, ask(_("One card on a page"))] = False,
) -> Answer:
    """Give a part of a run as a file that any printer takes."""
    run = _run(desk, made)
    if desk.fonts is None or part * PART >= run.cards:
        raise NotThere
    body = cards_pdf(desk, run, part, desk.fonts, alone=alone)
    return Answer.file(body, f"cards-{run.id}-{part + 1}.pdf")


def _run(desk: Context, id: int) -> CardRun:
    found = desk.find(CardRun, id)
    if found is None:
        raise NotThere
    return found
