"""The pages of the scan field: what was searched, and where an act that a scan began leads on."""

from typing import Annotated

from palier.acts import page
from palier.codes.reading import normalise_scan
from palier.context import Context
from palier.desk import basket, finding
from palier.desk.newcomer import new_home, newcomer_href
from palier.desk.offering import Offers
from palier.desk.trying import scanner
from palier.residents.models import Resident
from palier.residents.rules import names_in
from palier.screens.acting import WHOSE, with_done
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.screens.views import Block, Link
from palier.signature import ask
from palier.text import _
from palier.values import is_id
from palier.web.asked import Answer, redirect


@page(_("Search"))
def find(desk: Context, *, q: Annotated[str, ask(_("Code or name"))] = "") -> Page | Answer:
    """Lead to what a code or a name stands for, or say what was searched."""
    root = Paths(desk.site.slug).root
    offers = Offers(desk, f"{root}/desk/after?resident={WHOSE}")
    readings = normalise_scan(q)
    if not readings[0].code:
        return redirect(offers.paths.root)
    found = finding.find(desk, offers, readings)
    if found.sure:
        return redirect(found.sure)
    names = names_in(readings[0].code if found.form is None else "")
    return Page(
        "desk/find.html",
        words=finding.shown(readings[0].code),
        form=found.form,
        misread=finding.misread(readings, Link(scanner.label, f"{root}/desk/{scanner.name}")),
        found=Block(_("Close to it") if found.close else _("Found"), "search", tuple(found.lines)),
        close=found.close,
        more=found.more,
        people=Link(_("All residents"), f"{offers.paths.root}/residents/resident"),
        households=Link(
            _("Into a household that is known"), newcomer_href(offers.paths.root, *names)
        ),
        new_household=new_home(desk, *names),
    )


@page(_("After a scan"))
def after(
    desk: Context,
    *,
    resident: Annotated[str, ask(_("Resident"))] = "",
    done: Annotated[str, ask(_("What was done"))] = "",
) -> Answer:
    """Lead on from an act that a scan began: to whom it was for while they owe, else to the desk."""
    root = Paths(desk.site.slug).root
    person = desk.find(Resident, int(resident)) if is_id(resident) else None
    if person is None or not basket.owes(desk, person):
        return redirect(with_done(root, done) if done else root)
    card = f"{root}/desk/card?resident={person.id}"
    return redirect(with_done(card, done) if done else card)
