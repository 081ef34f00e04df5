"""Someone nobody here knows yet: the words that were typed become their names, in few keys."""

from typing import Annotated
from urllib.parse import urlencode

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from palier.acts import page
from palier.context import Context
from palier.db.search import matching
from palier.desk.coded import HERE
from palier.desk.offering import Offers
from palier.residents.actions import add_household, add_resident
from palier.residents.models import Address, Household, Resident
from palier.screens.acting import MADE
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.screens.views import ActView, Block, Line
from palier.signature import ask
from palier.text import _

MOST = 12


def newcomer_href(root: str, given_name: str, family_name: str) -> str:
    """Return where the household of someone new is chosen."""
    names = {"given_name": given_name, "family_name": family_name}
    return f"{root}/desk/newcomer?{urlencode(names)}"


def new_home(desk: Context, given_name: str, family_name: str) -> ActView | None:
    """Return the way through a new household, then the person's form, to their card."""
    root = Paths(desk.site.slug).root
    names = {"given_name": given_name, "family_name": family_name, "back": _card(root)}
    path = f"{root}/residents/household/{MADE}/{add_resident.name}?{urlencode(names)}"
    return Offers(desk, path).button(add_household)


def _card(root: str) -> str:
    return f"{root}/desk/card?resident={MADE}"


@page(_("New resident"))
def newcomer(
    desk: Context,
    *,
    given_name: Annotated[str, ask(_("Given name"), max=60)] = "",
    family_name: Annotated[str, ask(_("Family name"), max=60)] = "",
    home: Annotated[str, ask(_("Household"), max=80)] = "",
) -> Page:
    """Ask where someone new lives: with whom, behind which door, or in a household to be added."""
    found = _homes(desk, home or family_name)
    root = Paths(desk.site.slug).root
    offers = Offers(desk, _card(root))
    names = {"given_name": given_name, "family_name": family_name}
    lines = tuple(
        Line(
            str(each.address or each.code),
            ", ".join([each.code, *people]),
            icon="door",
            href=offers.href(add_resident, each, **names) or None,
        )
        for each, people in found[:MOST]
    )
    return Page(
        "desk/newcomer.html",
        names=names,
        who=" ".join(each for each in names.values() if each),
        home=home,
        found=Block(
            _("Households"), "door", lines, _("No household fits: add it, or try fewer letters.")
        ),
        more=len(found) > MOST,
        new_household=new_home(desk, given_name, family_name),
    )


def _homes(desk: Context, words: str) -> list[tuple[Household, list[str]]]:
    """Return the households with this code or door, or where someone of this name lives."""
    if not words.strip():
        return []
    session = desk.session
    living = select(Resident.household_id).where(HERE, matching(session, Resident, words))
    doors = select(Address.id).where(matching(session, Address, words))
    fits = or_(
        Household.id.in_(living),
        Household.address.has(Address.id.in_(doors)),
        matching(session, Household, words),
    )
    query = select(Household).where(fits, Household.merged_into_id.is_(None))
    query = query.options(joinedload(Household.address)).order_by(Household.id).limit(MOST + 1)
    homes = list(session.scalars(query))
    ids = [each.id for each in homes]
    people = desk.all(select(Resident).where(HERE, Resident.household_id.in_(ids)))
    return [(home, [str(p) for p in people if p.household_id == home.id]) for home in homes]
