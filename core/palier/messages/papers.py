"""Papers for the letterboxes: A6, by street, door, stairwell and floor, folded so nobody reads them."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier.context import Context
from palier.messages.composing import as_paper
from palier.messages.models import Message, MessageState, PaperRun
from palier.messages.rules import receiver_of
from palier.residents.models import Address, Household, Resident
from palier.text import _, direction

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("papers.typ")
FAMILY = "Atkinson Hyperlegible"
_one_at_a_time = Lock()  # a compiler breaks when threads share it freely


def papers_of(desk: Context, run: PaperRun) -> list[Message]:
    """Return what a run carries, in the order of the walk; what was withdrawn since is left out."""
    home = joinedload(Resident.household).joinedload(Household.address)
    via = joinedload(Resident.contact_via).joinedload(Resident.household)
    query = (
        select(Message)
        .where(Message.run == run, Message.state != MessageState.WITHDRAWN)
        .options(joinedload(Message.resident).options(home, via.joinedload(Household.address)))
    )
    return sorted(desk.session.scalars(query).unique(), key=_on_the_walk)


def _on_the_walk(message: Message) -> tuple[Any, ...]:
    door = _door(message)
    if door is None:
        return ("", 0, "", "", "", message.id)
    digits = "".join(each for each in door.number if each.isdigit())
    number = int(digits or 0), door.number
    return (door.street, *number, door.stairwell or "", door.floor or "", message.id)


def _door(message: Message) -> Address | None:
    who = receiver_of(message.resident) if message.resident is not None else None
    home = who.household if who is not None else None
    return home.address if home is not None else None


def papers_pdf(desk: Context, run: PaperRun, fonts: Path, *, four_on_a_sheet: bool = True) -> bytes:
    """Return the papers of a run as a tagged PDF: four on each A4 sheet, or one on each A6 page."""
    import typst

    sheet = {
        "site": desk.site.name,
        "lang": desk.site.locale,
        "title": str(_("Papers for the letterboxes")),
        "fold": [str(_("1. Fold up")), str(_("2. Fold back"))],
        "mark": "" if desk.site.kind == "live" else str(_("Training: not to be carried round")),
        "four": four_on_a_sheet,
        "papers": [_paper(desk, each) for each in papers_of(desk, run)],
    }
    inputs = {"sheet": json.dumps(sheet), "family": FAMILY}
    with _one_at_a_time:
        compiler = _compiler(fonts)
        try:
            return _compiled(compiler, inputs, ["a-2a", "ua-1"])
        except typst.TypstError:
            return _compiled(compiler, inputs, [])


def _paper(desk: Context, message: Message) -> dict[str, Any]:
    who = receiver_of(message.resident) if message.resident is not None else None
    here, also, locale = as_paper(message, desk.site, desk.today.year)
    return {
        "to": _lines(str(who or ""), _door(message)),
        "words": here,
        "also": also,
        "also_lang": locale.partition("-")[0],
        "also_dir": direction(locale) if locale else "ltr",
        "large": bool(who and who.large_type),
    }


def _lines(name: str, door: Address | None) -> Sequence[str]:
    if door is None:
        return [name]
    lines = [name, f"{door.number} {door.street}"]
    if door.stairwell:
        lines.append(str(_("Stairwell %(name)s").fill(name=door.stairwell)))
    if door.floor:
        lines.append(str(_("Floor %(name)s").fill(name=door.floor)))
    return lines


@lru_cache(maxsize=1)
def _compiler(fonts: Path) -> "typst.Compiler":
    import typst

    return typst.Compiler(TEMPLATE, font_paths=[fonts])


def _compiled(
    compiler: "typst.Compiler", inputs: dict[str, str], standards: "list[typst.PDFStandard]"
) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
