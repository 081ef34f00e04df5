"""The operator's turnover of two years, beside what the law allows without VAT."""

from collections.abc import Iterator

from palier.acts import page
from palier.context import Context, Role
from palier.db.types import chosen
from palier.providers.models import VatRegime
from palier.receipts.regimes import (
    KINDS,
    Turnover,
    near_threshold,
    read_turnover,
    threshold_at,
    watched,
)
from palier.screens.declared import Page
from palier.screens.views import Cell, Note, Section
from palier.sites.letterhead import regimes_of
from palier.text import Text, _, show_money

Facts = Iterator[tuple[Text, Cell]]


@page(_("Turnover of the year"), least=Role.MANAGER)
def turnover(desk: Context) -> Page:
    """Add up what the operator sold at all its sites this year and the last, and say what follows.

    Two years of lines are summed here, where someone asks for it, and on no other page.
    """
    held = desk.session.scalars(regimes_of(desk.site.operator_id, desk.today).limit(1)).first()
    regime, told = held.regime if held is not None else "", read_turnover(desk)
    near = near_threshold(desk, regime, told)
    limits = tuple(_limits(desk, regime))
    allowed = (Section(_("Without VAT up to"), limits, "note"),) if limits else ()
    vat = chosen(VatRegime, regime).label if regime else _("Not said yet")
    return Page(
        "receipts/turnover.html",
        sections=(Section(_("At all sites"), tuple(_sums(desk, told)), "coins"), *allowed),
        vat=_("VAT: %(regime)s").fill(regime=vat),
        near=Note("wait", near) if near is not None else None,
    )


def _sums(desk: Context, told: Turnover) -> Facts:
    sold, services = _("%(year)s, all that is sold"), _("%(year)s, of it services")
    this = desk.today.year
    for year, cents, of_it in (
        (this, told.this, told.services_this),
        (this - 1, told.last, told.services_last),
    ):
        yield sold.fill(year=str(year)), _amount(cents)
        yield services.fill(year=str(year)), _amount(of_it)


def _limits(desk: Context, regime: str) -> Facts:
    limit, higher = _("Limit, %(kind)s"), _("Higher limit, %(kind)s")
    for kind in watched(regime):
        of = threshold_at(desk, kind)
        if of is None:
            continue
        yield limit.fill(kind=KINDS[kind]), _amount(of.limit * 100)
        if of.higher != of.limit:
            yield higher.fill(kind=KINDS[kind]), _amount(of.higher * 100)


def _amount(cents: int) -> Cell:
    return Cell(show_money(cents), kind="money")
