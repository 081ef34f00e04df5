"""The page of a visit without a name: someone who passes by, with a basket of their own."""

from dataclasses import replace
from typing import Annotated

from sqlalchemy import select

from palier.acts import page
from palier.context import Context
from palier.desk.basket import read_visit_basket
from palier.desk.offering import Offers
from palier.errors import NotThere
from palier.receipts.actions import take_article_in
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.screens.views import Cell
from palier.signature import ask
from palier.text import Cents, _, show_time
from palier.visits.actions import close, describe
from palier.visits.models import Visit
from palier.visits.rules import is_open
from palier.web.asked import Answer, new_key, redirect


@page(_("Visit"))
def visit(
    desk: Context,
    *,
    visit: Annotated[int, ask(_("Visit"))],
    given: Annotated[Cents | None, ask(_("Given"), min=0)] = None,
) -> Page | Answer:
    """Show a visit without a name and its basket; a resident's visit is on their card."""
    found = desk.session.scalars(select(Visit).where(Visit.id == visit)).first()
    if found is None:
        raise NotThere
    if found.resident_id is not None:
        root = Paths(desk.site.slug).root
        return redirect(f"{root}/desk/card?resident={found.resident_id}")
    return visit_page(desk, found, given)


def visit_page(desk: Context, found: Visit, given: Cents | None = None) -> Page:
    """Return the page of a visit without a name."""
    root = Paths(desk.site.slug).root
    offers = Offers(desk, f"{root}/desk/visit?visit={found.id}")
    basket = read_visit_basket(desk, offers, found, given)
    keys = (take_article_in, "a"), (describe, "d"), (close, "x")
    buttons = [(offers.button(act, found), key) for act, key in keys]
    return Page(
        "desk/visit.html",
        form=None,
        typed={},
        title=_("Someone without a name"),
        since=_("Visit since %(hour)s").fill(hour=show_time(found.at)),
        state=None if is_open(found) else Cell(found.state.label, kind="state"),
        acts=[
            replace(each, key=key, primary=key == "a" and not basket.items)
            for each, key in buttons
            if each is not None
        ],
        basket=basket,
        hidden={
            "csrf": desk.csrf,
            "key": new_key(),
            "back": f"{root}/desk/receipt?receipt={{made}}",
        },
    )
