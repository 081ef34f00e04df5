"""The sale and its opposite: receipt, lines, payments and journal, all in one transaction."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from palier.context import Context
from palier.errors import Refused
from palier.providers.models import Provider
from palier.receipts.charging import Owed, lock_funds, lock_owed, tell_end, total_of
from palier.receipts.issuing import Buyer, Heading, Item, OnPaper, issue
from palier.receipts.ledgers import enter
from palier.receipts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    EntryReason,
    Fund,
    LedgerEntry,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    RefundReason,
)
from palier.receipts.notes import Customer, ensure_notes
from palier.receipts.portions import Portion, amounts_of, given_before, portions_of
from palier.receipts.rates import rate_at
from palier.receipts.tabs import lock_tab, move_tab, ready_tab
from palier.receipts.tenders import Part, Tender, parts_of, reference_of
from palier.receipts.vat import Regime, rate_text
from palier.residents.models import Household
from palier.sites.letterhead import regimes_of
from palier.text import Cents, Money, _, show_time


class NothingToPay(Refused):
    text = _("There is nothing to pay: the basket is empty.")


class PaidMeanwhile(NothingToPay):
    text = _("%(who)s took this payment at %(hour)s: receipt %(number)s. Nothing more was taken.")


class BasketChanged(Refused):
    text = _("The basket changed: it was %(shown)s, it is now %(now)s. Look at it again.")


class FundRanOut(BasketChanged):
    text = _(
        "The fund has not enough left any more: it was %(shown)s, it is now %(now)s. Look at it"
        " again."
    )


class NoVatRegime(Refused):
    text = _("Nobody has said yet how the operator stands towards VAT. The administrator does.")


class NoVoucherBack(Refused):
    text = _("A voucher is not given back: choose another way.")
    field = "mode"


def sell(
    desk: Context,
    which: ColumnElement[bool],
    tenders: Sequence[Tender],
    *,
    buyer: Buyer,
    shown: Cents | None = None,
    paper: OnPaper | None = None,
) -> Receipt:
    """Take the money for the open charges among `which` and issue their receipt.

    Charges are locked and priced again first, then funds and tab, the register last. `shown` is
    the total in cents on the screen, `paper` the receipt written by hand. Raises `NothingToPay`,
    `BasketChanged`, `TabFull`, `VoucherUsed`, `NoVatRegime`, what `parts_of` or a service refuses.
    """
    if any(each.mode is PayMode.TAB for each in tenders) and buyer.household is not None:
        desk.lock(select(Household).where(Household.id == buyer.household.id))
    owed = lock_owed(desk, which)
    if not owed:
        raise _paid_meanwhile(desk, which)
    charges = [each.charge for each in owed]
    due = total_of(charges)
    _check_shown(owed, due, shown)
    parts = parts_of(tenders, due)
    later, settled = _on_tab(parts), _settled(charges)
    tab = ready_tab(desk, buyer.household, due, later, settled)
    regime = regime_on(desk)
    items = [_sold(desk, each, regime) for each in charges]
    if paper is None:
        ensure_notes(desk, Customer.of(buyer.resident), charges, regime)
    heading = Heading(_kind_of(charges), regime, buyer, paper=paper)
    receipt, lines = issue(desk, heading, items, parts)
    _use_funds(desk, owed, lines)
    if tab is not None:
        move_tab(desk, tab, receipt, Cents(-settled), later)
    for each in charges:
        each.state = ChargeState.RECEIPTED
    for each in charges:
        tell_end(desk, each)
    return receipt


def pay_at_once(
    desk: Context,
    charge: Charge,
    mode: PayMode = PayMode.CASH,
    given: Cents | None = None,
    reference: str | None = None,
) -> Receipt:
    """Take the money for one thing that someone without a name buys: no basket, a receipt at once.

    `given` is what was put down, in cents; nothing means exactly what is due. Raises what `sell`
    raises.
    """
    tender = Tender(mode, given, reference)
    return sell(desk, Charge.id == charge.id, [tender], buyer=Buyer())


def _paid_meanwhile(desk: Context, which: ColumnElement[bool]) -> NothingToPay:
    """Return why nothing is left: another desk was faster, or there never was anything."""
    query = (
        select(Receipt)
        .join(ReceiptLine, ReceiptLine.receipt_id == Receipt.id)
        .join(Charge, Charge.id == ReceiptLine.charge_id)
        .where(which, Charge.state == ChargeState.RECEIPTED, Receipt.sold_on == desk.today)
        .order_by(Receipt.id.desc())
        .limit(1)
    )
    last = desk.session.scalars(query).first()
    if last is None:
        return NothingToPay()
    return PaidMeanwhile(who=last.person_code, hour=show_time(last.at), number=last.number)


def _kind_of(charges: Sequence[Charge]) -> ReceiptKind:
    settled = all(each.kind is ChargeKind.TAB_SETTLED for each in charges)
    return ReceiptKind.SETTLEMENT if settled else ReceiptKind.SALE


def _on_tab(parts: Sequence[Part]) -> Cents:
    return Cents(sum(each.cents for each in parts if each.mode is PayMode.TAB))


def _settled(of: Sequence[Charge] | Sequence[ReceiptLine]) -> Cents:
    settled = ChargeKind.TAB_SETTLED
    return Cents(sum(each.total_cents for each in of if each.kind is settled))


def _check_shown(owed: Sequence[Owed], due: Cents, shown: Cents | None) -> None:
    """Raise `BasketChanged`, or `FundRanOut` where that is why, for another total than shown."""
    if shown is None or shown == due:
        return
    short = any(each.quote and each.quote.is_short for each in owed)
    raise (FundRanOut if short else BasketChanged)(shown=Money(shown), now=Money(due))


def _use_funds(desk: Context, owed: Sequence[Owed], lines: Sequence[ReceiptLine]) -> None:
    """Let the funds, locked before, pay what brackets take off these lines."""
    for (_charge, quote), line in zip(owed, lines, strict=True):
        if quote is None or not quote.fund_cents:
            continue
        fund = desk.session.get_one(Fund, quote.fund_ledger_id)
        about = {"receipt": line.receipt, "line": line}
        enter(desk, fund, -quote.fund_cents, EntryReason.REDUCTION, **about)


def refund_lines(
    desk: Context,
    receipt: Receipt,
    tender: Tender,
    line: ReceiptLine | None = None,
    *,
    quantity: int | None = None,
    reason: RefundReason | None = None,
) -> Receipt:
    """Issue the opposite of a receipt, of a line, or of some of its units; never more than was sold.

    Raises what `portions_of` refuses, `NoVoucherBack`, `TabSmaller`, and what a cheque's number is
    refused for.
    """
    if tender.mode is PayMode.VOUCHER:
        raise NoVoucherBack
    desk.lock(select(Receipt).where(Receipt.id == receipt.id))
    portions = portions_of(desk, receipt, line, quantity)
    left = [each.line for each in portions]
    helped = _helped(desk, left)
    items = [_opposite(each) for each in portions]
    buyer = Buyer(receipt.resident, receipt.household)
    regime = Regime(receipt.vat_regime)
    before = [each for each in given_before(desk, receipt) if each.kind is ChargeKind.SALE]
    heading = Heading(
        ReceiptKind.REFUND, regime, buyer, receipt, reason, given_before=amounts_of(before)
    )
    back = Cents(sum(each.signed().total_cents for each in items))
    parts = (Part(tender.mode, back, reference_of(tender)),) if back else ()
    again, less = _settled(left), _on_tab(parts)
    tab = lock_tab(desk, receipt.household) if again or less else None
    refund, lines = issue(desk, heading, items, parts)
    if tab is not None:
        move_tab(desk, tab, refund, again, less)
    for each in lines:
        if entry := helped.get(each.refunds_line_id):
            about = {"receipt": refund, "line": each}
            enter(desk, entry.ledger, -entry.cents, EntryReason.UNUSED, **about)
    return refund


def _helped(desk: Context, lines: Sequence[ReceiptLine]) -> dict[int | None, LedgerEntry]:
    """Return what funds paid for these lines, by line; the funds are locked."""
    ids = [each.id for each in lines if each.full_cents != each.total_cents]
    if not ids:
        return {}
    paid = select(LedgerEntry).where(LedgerEntry.line_id.in_(ids))
    found = desk.all(paid.where(LedgerEntry.reason == EntryReason.REDUCTION))
    lock_funds(desk, sorted({each.ledger_id for each in found}))
    return {each.line_id: each for each in found}


def regime_on(desk: Context) -> Regime:
    """Return how the site's operator stands towards VAT today. Raises `NoVatRegime` if unsaid."""
    found = desk.session.scalars(regimes_of(desk.site.operator_id, desk.today).limit(1)).first()
    if found is None:
        raise NoVatRegime
    return Regime(found.regime)


def _opposite(portion: Portion) -> Item:
    line = portion.line
    return Item(
        line,
        line.charge,
        line.vat_rate,
        refunds=line,
        provider_name=line.provider_name,
        provider_regime=line.provider_regime,
        units=portion.units,
    )


def _sold(desk: Context, charge: Charge, regime: Regime) -> Item:
    seller = desk.find(Provider, charge.provider_id) if charge.provider_id is not None else None
    theirs = Regime(seller.vat_regime.value) if seller is not None else regime
    rate = rate_at(desk, charge.vat_class, theirs)
    return Item(
        charge,
        charge,
        None if rate is None else rate_text(rate),
        provider_name=seller.name if seller is not None else None,
        provider_regime=theirs.value if seller is not None else None,
    )
