"""What is done with a till: opened, counted, cash moved in between."""

from datetime import date
from typing import Annotated

from palier.acts import act
from palier.context import Context, Role
from palier.dated import today
from palier.errors import Refused
from palier.providers.models import VatRegime
from palier.receipts import box, coins, drawer, rules
from palier.receipts.counting import Beside
from palier.receipts.decided import Settings
from palier.receipts.models import (
    BoxCount,
    ByHand,
    CashMove,
    MoveReason,
    TillSession,
    VatClass,
    WhyAmiss,
    WhyOther,
)
from palier.receipts.rates import change_rate
from palier.receipts.regimes import change_regime
from palier.signature import ask
from palier.text import Cents, _

COINS = ask(
    _("Coins and notes"), max=250, help=_("How many of each: 5000x2 means two notes of 50 euros")
)
EITHER = _("Or count each coin and note; the total follows")


def _counted(
    desk: Context, total: Cents | None, typed: str | None, field: str
) -> tuple[Cents, str | None]:
    currency = coins.currency_on(desk.settings(Settings).currency, desk.today)
    return coins.agreed_total(total, typed, currency, field=field)


@act(_("Open the till"))
def open_till(
    desk: Context,
    *,
    float_cents: Annotated[
        Cents | None, ask(_("Counted in the drawer"), min=0, help=EITHER)
    ] = None,
    float_coins: Annotated[str | None, COINS] = None,
    float_reason: WhyOther | None = None,
) -> TillSession:
    """Count the float; from then on cash can be taken."""
    cents, kept = _counted(desk, float_cents, float_coins, "float_cents")
    return drawer.open_drawer(desk, cents, float_reason, kept)


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
    counted_cents: Annotated[
        Cents | None, ask(_("Counted in the drawer"), min=0, help=EITHER)
    ] = None,
    reason: WhyOther | None = None,
    left_cents: Annotated[
        Cents | None, ask(help=_("Leave it empty to leave the float of this opening"))
    ] = None,
    counted_coins: Annotated[str | None, COINS] = None,
    cheques: Annotated[
        str | None, ask(_("Cheques that are there"), max=2000, help=_("Ids, with commas between"))
    ] = None,
    cheque_reason: Annotated[WhyAmiss | None, ask(_("Why a cheque is missing"))] = None,
    vouchers: Annotated[int | None, ask(_("Vouchers counted"), min=0, max=9999)] = None,
    voucher_reason: Annotated[WhyAmiss | None, ask(_("Why the vouchers differ"))] = None,
    card_cents: Annotated[Cents | None, ask(_("Total of the terminal's slip"))] = None,
    card_reason: Annotated[WhyAmiss | None, ask(_("Why the slip differs"))] = None,
) -> TillSession:
    """Count the cash and close the till; a difference is explained, never turnover."""
    cash, kept = _counted(desk, counted_cents, counted_coins, "counted_cents")
    beside = Beside(cheques, cheque_reason, vouchers, voucher_reason, card_cents, card_reason)
    return drawer.close_drawer(
        desk, till_session, drawer.Count(cash, reason, left_cents, kept, beside)
    )


@act(_("Cash in or out"), when=rules.is_open_till)
def move_cash(
    desk: Context,
    till_session: TillSession,
    *,
    reason: Annotated[ByHand, ask(_("What for"))],
    cents: Annotated[Cents, ask(min=1)],
    number: str,
) -> CashMove:
    """Take cash to the bank, top the float up, or pay a small expense."""
    return drawer.move(desk, till_session, MoveReason[reason.name], cents, number)


@act(_("Count the box"), then="box")
def count_box(
    desk: Context,
    *,
    there: Annotated[
        str | None, ask(_("In the box"), max=2000, help=_("Ids, with commas between"))
    ] = None,
    others: Annotated[str | None, ask(_("Cheques that are not on the list"), max=200)] = None,
    reason: Annotated[WhyAmiss | None, ask(_("Why it differs"))] = None,
) -> BoxCount:
    """Tick what lies in the box. The count is kept, right or not; a deposit is never income."""
    return box.count_box(desk, there or "", others or "", reason)


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


@act(_("Change a VAT rate"), least=Role.MANAGER)
def change_vat_rate(
    desk: Context,
    *,
    vat_class: Annotated[VatClass, ask(_("VAT"))],
    rate: Annotated[str, ask(_("Rate in per cent"), max=6)],
    valid_from: Annotated[date, ask(_("From"), start=today)],
    source: Annotated[str, ask(_("Source"), max=120, help=_("The law or decision behind it"))],
) -> None:
    """Write a new rate of the law from a day on, at every site of the operator."""
    change_rate(desk, vat_class, rate, valid_from, source)
