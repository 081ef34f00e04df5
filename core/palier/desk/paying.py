"""A payment that waits: refused, or come back to, it stands on the page it came from as it was typed."""

from collections.abc import Mapping

from palier.context import Context
from palier.desk.passing import visit_page
from palier.desk.screens import card_page
from palier.residents.models import Resident
from palier.screens.declared import Page
from palier.visits.models import Visit


def at_the_card(desk: Context, resident: Resident, typed: Mapping[str, str]) -> Page:
    """Return the card with what was typed into its payment."""
    return _with(card_page(desk, resident.id), typed)


def at_the_visit(desk: Context, visit: Visit, typed: Mapping[str, str]) -> Page:
    """Return the page of a visit without a name with what was typed into its payment."""
    return _with(visit_page(desk, visit), typed)


def _with(page: Page, typed: Mapping[str, str]) -> Page:
    return Page(page.template, **{**page.values, "typed": typed})
