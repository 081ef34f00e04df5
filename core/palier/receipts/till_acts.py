"""What is done with a till: opened, counted, cash moved in between."""

from datetime import date
from typing import Annotated

from palier.acts import act, ask
from palier.context import Context, Role
from palier.errors import Refused
from palier.providers.models import VatRegime
from palier.receipts import drawer, rules
from palier.receipts.models import CashMove, MoveReason, TillSession, WhyOther
from palier.receipts.regimes import change_regime
from palier.text import Cents, _


@act(_("Open the till"))
def open_till(
    desk: Context,
    *,
    float_cents: Annotated[Cents, ask(_("Counted in the drawer"))],
    float_reason: WhyOther | None = None,
) -> TillSession:
    """Count the float; from then on cash can be taken."""
    return drawer.open_drawer(desk, float_cents, float_reason)


class TillClosed(Refused):
    text = _(
        "The till is closed, so no cash can change hands. Open it first; a card or a cheque goes"
        " without."
    )
    step = open_till


@act(_("Count and close"), when=rules.is_open_till)
def close_till(
    desk: Context,
    till_session: TillSession,
    *,
    counted_cents: Annotated[Cents, ask(_("Counted in the drawer"))],
    reason: WhyOther | None = None,
    left_cents: Annotated[
        Cents | None, ask(help=_("Leave it empty to leave the float of this opening"))
    ] = None,
) -> TillSession:
    """Count the cash and close the till; a difference is explained, never turnover."""
    return drawer.close_drawer(desk, till_session, counted_cents, reason, left_cents)


@act(_("Cash in or out"), when=rules.is_open_till)
def move_cash(
    desk: Context,
    till_session: TillSession,
    *,
    reason: MoveReason,
    cents: Annotated[Cents, ask(min=1)],
    number: str,
) -> CashMove:
    """Take cash to the bank, top the float up, or pay a small expense."""
    return drawer.move(desk, till_session, reason, cents, number)


def today(desk: Context) -> date:
    """Start a form with the site's own day."""
    return desk.today


@act(_("Change the VAT regime"), least=Role.MANAGER)
def change_vat_regime(
    desk: Context,
    *,
    regime: Annotated[VatRegime, ask(_("Regime"))],
    valid_from: Annotated[date, ask(_("From"), start=today)],
    source: Annotated[str, ask(_("Source"), max=120, help=_("The letter or decision behind it"))],
) -> None:
    """Say how the operator stands towards VAT from a day on; receipts of that day carry it."""
    change_regime(desk, regime, valid_from, source)
