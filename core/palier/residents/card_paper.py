"""Member cards on paper: ten on an A4 sheet, or one by itself, as a tagged PDF."""

import json
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier.codes.drawing import squares
from palier.context import Context
from palier.residents.cards import PART
from palier.residents.models import CardRun, PrintedCard
from palier.sites.models import Site
from palier.text import Reader, _, read_by
from palier.typeset import FAMILY, typeset

TEMPLATE = Path(__file__).with_name("cards.typ")


def cards_pdf(desk: Context, run: CardRun, part: int, fonts: Path, *, alone: bool) -> bytes:
    """Return a part of a run as a PDF in the site's language; `part` counts from 0.

    On a card stand the site, the code, and the given name with one letter of the family name: what
    a finder needs to bring it back, and no more. A household's card names nobody.
    """
    cards = _cards(desk, run, part)
    site = desk.session.get_one(Site, desk.site.id)
    with read_by(Reader(desk.site.locale)):
        sheet = {
            "lang": desk.site.locale,
            "title": str(_("Member cards")),
            "site": site.name,
            "found": str(_("Found? Please bring it back: %(where)s.").fill(where=_where(site))),
            "mark": "" if desk.site.kind == "live" else str(_("Training")),
            "alone": alone,
            "cards": [_face(each) for each in cards],
        }
    return typeset(TEMPLATE, {"sheet": json.dumps(sheet), "family": FAMILY}, fonts=fonts)


def _cards(desk: Context, run: CardRun, part: int) -> list[PrintedCard]:
    query = select(PrintedCard).where(PrintedCard.run == run).order_by(PrintedCard.place)
    query = query.offset(part * PART).limit(PART)
    return list(
        desk.session.scalars(
            query.options(joinedload(PrintedCard.resident), joinedload(PrintedCard.household))
        )
    )


def _where(site: Site) -> str:
    return site.address or site.name


def _face(card: PrintedCard) -> dict[str, str]:
    """Say what stands on one card; nothing where its owner is no longer known."""
    if card.resident is not None:
        code, name = (
            card.resident.card_code,
            _short(card.resident.given_name, card.resident.family_name),
        )
    elif card.household is not None and card.household.card_code is not None:
        code, name = card.household.card_code, str(_("Household"))
    else:
        return {"code": "", "name": "", "drawn": ""}
    return {"code": code, "name": name, "drawn": squares(code).svg}


def _short(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name[:1]}." if family_name else given_name
