"""Papers of a workshop: the slip that someone takes home, and the list that is ticked."""

from palier.api import Desk, Page, Text, ToSign, _, paper_of, slip_code

from . import queries, rules
from .models import Enrolment, Workshop


def slip_of(enrolment: Enrolment) -> ToSign:
    """Return what someone enrolled for: the code on it checks them in."""
    workshop = enrolment.workshop
    facts: list[tuple[Text, object]] = [
        (_("Name"), str(enrolment.resident)),
        (_("Workshop"), workshop.title),
        (_("Begins"), workshop.starts_at),
        (_("Ends"), workshop.ends_at),
    ]
    if workshop.place:
        facts.append((_("Where it is"), workshop.place))
    terms = (_("Bring this slip. If you can't come, tell the desk: someone else gets the seat."),)
    return ToSign(_("Your seat"), enrolment, facts, terms, ())


def list_page(desk: Desk, workshop: Workshop) -> Page:
    """Return the list to be ticked, with the code that opens it at the desk."""
    paper, code = paper_of(desk), slip_code(workshop)
    rows = [e for e in queries.enrolments(desk, workshop) if e.mark in rules.SEATED]
    back = f"/{desk.site.slug}/desk/workshops/workshop/{workshop.id}"
    return Page(
        "workshops/tick_list.html",
        paper=paper, workshop=workshop, rows=rows, code=code, drawn=paper.code(code), back=back,
    )  # fmt: skip
