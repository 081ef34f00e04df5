"""What a caretaker does at the till: one function, one transaction."""

from datetime import date, time
from typing import Annotated

from palier.acts import Count, act
from palier.context import Context, Role
from palier.dated import today
from palier.providers.models import Provider
from palier.receipts import booklet, closings, rules
from palier.receipts.articles import charge_article, sell_now
from palier.receipts.charging import basket_of, cancel, waive
from palier.receipts.copies import take_copy
from palier.receipts.issuing import Buyer
from palier.receipts.ledgers import make_fund, pay_in, take_back
from palier.receipts.models import (
    Article,
    Charge,
    Fund,
    Funder,
    LedgerEntry,
    PaperShape,
    PayMode,
    Price,
    Priced,
    PriceOf,
    Receipt,
    ReceiptLine,
    ReceiptPrint,
    RefundReason,
    Tab,
    Unit,
    VatClass,
    WaiveReason,
)
from palier.receipts.models.owed import ONE
from palier.receipts.portions import way_back
from palier.receipts.price_list import (
    set_price,
    set_reduced_price,
    set_tariff,
    tariffs_of,
)
from palier.receipts.selling import refund_lines, sell
from palier.receipts.tabs import agree_cap, settle
from palier.receipts.tenders import Tender, tendered
from palier.residents.languages import Language
from palier.residents.models import Bracket, Resident
from palier.signature import ask
from palier.text import Cents, _
from palier.visits.models import Visit
from palier.visits.rules import is_open
from palier.visits.visiting import enter

SALE = Count("sale", _("Sales"))


NUMBER = _("Number of the cheque or voucher")
REST = _("Leave it empty for the rest")
# How something is paid, in up to three parts: the same of a resident's basket and of a nameless one.
PaidBy = Annotated[PayMode, ask(_("Paid by"))]
Given = Annotated[
    Cents | None, ask(_("Given"), min=0, help=_("Leave it empty for the exact amount"))
]
Number = Annotated[str | None, ask(NUMBER, max=30)]
SecondBy = Annotated[PayMode | None, ask(_("Second part by"))]
ThirdBy = Annotated[PayMode | None, ask(_("Third part by"))]
PartGiven = Annotated[Cents | None, ask(_("Amount of it"), min=0, help=REST)]
TotalShown = Annotated[Cents | None, ask(_("Total that was shown"), min=0, hidden=True)]


@act(_("Take payment"), counts=SALE, meets=True)
def pay(
    desk: Context,
    resident: Resident,
    *,
    mode: PaidBy = PayMode.CASH,
    given: Given = None,
    reference: Number = None,
    second_mode: SecondBy = None,
    second_given: PartGiven = None,
    second_reference: Number = None,
    third_mode: ThirdBy = None,
    third_given: PartGiven = None,
    third_reference: Number = None,
    shown: TotalShown = None,
) -> Receipt:
    """Put everything in the basket on one receipt, paid now, in one part or several."""
    tenders = tendered(
        (mode, given, reference),
        (second_mode, second_given, second_reference),
        (third_mode, third_given, third_reference),
    )
    buyer = Buyer(resident, resident.household)
    return sell(desk, basket_of(desk, resident), tenders, buyer=buyer, shown=shown)


@act(_("Take payment"), when=is_open, counts=SALE)
def pay_visit(
    desk: Context,
    visit: Visit,
    *,
    mode: PaidBy = PayMode.CASH,
    given: Given = None,
    reference: Number = None,
    second_mode: SecondBy = None,
    second_given: PartGiven = None,
    second_reference: Number = None,
    third_mode: ThirdBy = None,
    third_given: PartGiven = None,
    third_reference: Number = None,
    shown: TotalShown = None,
) -> Receipt:
    """Put the basket of a visit without a name on one receipt, paid now, in one part or several."""
    mine = enter(desk, visit.id)
    tenders = tendered(
        (mode, given, reference),
        (second_mode, second_given, second_reference),
        (third_mode, third_given, third_reference),
    )
    return sell(desk, Charge.visit_id == mine.id, tenders, buyer=Buyer(), shown=shown)


@act(_("Add an article"), when=is_open)
def take_article_in(
    desk: Context,
    visit: Visit,
    *,
    article: Annotated[Article, ask(_("Article"))],
    quantity: Annotated[int, ask(_("Quantity"), min=1)] = 1,
) -> Charge:
    """Put a small thing of the price list into the basket of a visit without a name."""
    enter(desk, visit.id)
    return charge_article(desk, article, quantity)


@act(_("Settle the tab"))
def settle_tab(
    desk: Context,
    resident: Resident,
    *,
    cents: Annotated[
        Cents | None, ask(_("Amount"), min=1, help=_("Leave it empty for all of it"))
    ] = None,
) -> Charge:
    """Put what is on the household's tab into the basket, all of it or a part."""
    return settle(desk, resident, cents)


@act(_("Agree on another cap"), least=Role.MANAGER)
def agree_on_cap(desk: Context, tab: Tab, *, agreed_cents: Cents | None = None) -> None:
    """Give this household a cap of its own; left empty, the site's cap holds again."""
    agree_cap(desk, tab, agreed_cents)


@act(_("Give the money back"), when=rules.is_sale, least=Role.MANAGER)
def refund(
    desk: Context,
    receipt: Receipt,
    *,
    mode: Annotated[
        PayMode | None, ask(_("Given back by"), help=_("Leave it empty for the way it was paid"))
    ] = None,
    line: Annotated[ReceiptLine | None, ask(_("Only this line"), among=rules.on_receipt)] = None,
    quantity: Annotated[int | None, ask(_("Only so many of it"), min=1)] = None,
    reason: Annotated[RefundReason, ask(_("Reason"))] = RefundReason.OUR_MISTAKE,
    reference: Annotated[str | None, ask(_("Cheque number"), max=20)] = None,
) -> Receipt:
    """Make the opposite of this receipt, whole, one line of it, or some of a line."""
    tender = Tender(mode or way_back(desk, receipt), None, reference)
    return refund_lines(desk, receipt, tender, line, quantity=quantity, reason=reason)


@act(_("Print"), then="printed")
def print_receipt(
    desk: Context,
    receipt: Receipt,
    *,
    shape: PaperShape = PaperShape.TICKET,
    language: Language | None = None,
) -> ReceiptPrint:
    """Make a paper of this receipt, because the person asks for it; a second one says so."""
    return take_copy(desk, receipt, shape, language)


@act(_("Sell"), counts=SALE)
def sell_article(
    desk: Context,
    article: Article,
    *,
    quantity: Annotated[int, ask(_("Quantity"), min=1)] = 1,
    mode: PaidBy = PayMode.CASH,
    given: Given = None,
    reference: Annotated[str | None, ask(_("Cheque number"), max=20)] = None,
) -> Receipt:
    """Sell it to someone who only passes by: paid now, on a receipt for nobody."""
    return sell_now(desk, article, quantity, Tender(mode, given, reference))


SORT = _("A service or goods")
KEPT = _("Leave it open to keep what it was")


@act(_("Set its price"), least=Role.MANAGER)
def set_its_price(
    desk: Context,
    priced: Priced,
    *,
    tariff: Annotated[str, ask(_("What for"), offers=tariffs_of)] = ONE,
    cents: Annotated[Cents, ask(_("Price"), min=0)],
    vat_class: Annotated[VatClass | None, ask(_("VAT"), help=KEPT)] = None,
    valid_from: Annotated[date, ask(_("From"), start=today)],
) -> Price:
    """Say what it costs from a day on; what was sold before keeps its price."""
    return set_tariff(desk, priced, tariff, cents, valid_from=valid_from, vat_class=vat_class)


@act(_("Add an article"))
def take_article(
    desk: Context,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    article: Annotated[Article, ask(_("Article"))],
    quantity: Annotated[int, ask(_("Quantity"), min=1)] = 1,
) -> Charge:
    """Put a small thing of the price list into someone's basket."""
    return charge_article(desk, article, quantity, resident)


@act(_("Key the paper receipt"), counts=SALE)
def key_paper(
    desk: Context,
    *,
    number: Annotated[int, ask(_("Number on the paper"), min=1, max=999999)],
    day: Annotated[date, ask(_("Day"), start=today)],
    at: Annotated[time, ask(_("Time on the paper"))],
    what: Annotated[
        str, ask(_("Articles: key and number"), max=80, help=_("b2 p: two of b, one of p"))
    ],
    mode: PaidBy = PayMode.CASH,
    reference: Annotated[str | None, ask(_("Cheque number"), max=20)] = None,
) -> Receipt:
    """Put a receipt of the paper book into the books, with its own number and time."""
    tender = Tender(mode, None, reference)
    return booklet.key_receipt(desk, booklet.Written(number, day, at, what, tender))


@act(_("Paper spoiled or lost"))
def paper_unused(
    desk: Context,
    *,
    number: Annotated[int, ask(_("Number on the paper"), min=1, max=999999)],
    reason: Annotated[booklet.UnusedReason, ask(_("Reason"))],
) -> None:
    """Say that nobody got this paper receipt, so that no number is missing."""
    booklet.note_unused(desk, number, reason)


@act(_("Take out of the basket"), when=rules.is_open)
def cancel_charge(desk: Context, charge: Charge) -> None:
    """Take this out of the basket and undo what was done for it."""
    cancel(desk, charge)


@act(_("Waive"), when=rules.may_be_waived, least=Role.MANAGER)
def waive_charge(desk: Context, charge: Charge, *, reason: WaiveReason) -> None:
    """Let this go unpaid, for a reason."""
    waive(desk, charge, reason)


@act(_("Open a fund"), least=Role.MANAGER)
def open_fund(desk: Context, *, label: Annotated[str, ask(_("Name"), max=120)]) -> Fund:
    """Make a fund that pays what brackets take off the prices. It begins empty."""
    return make_fund(desk, label)


@act(_("Put money in"), least=Role.MANAGER)
def put_in(
    desk: Context, fund: Fund, *, cents: Annotated[Cents, ask(_("Amount"), min=1)], funder: Funder
) -> LedgerEntry:
    """Write down what an organisation gives into this fund."""
    return pay_in(desk, fund, cents, funder)


@act(_("Correct by an opposite entry"), when=rules.may_be_taken_back, least=Role.MANAGER)
def correct(desk: Context, entry: LedgerEntry) -> LedgerEntry:
    """Write the opposite of this entry. Both stay to be read."""
    return take_back(desk, entry)


@act(_("Close a day"))
def close_day(desk: Context, *, day: Annotated[date, ask(_("Day"), start=today)]) -> None:
    """Write the day's total into the journal, once. Days forgotten before it are closed first."""
    closings.close_day(desk, day)


@act(_("Close a month"), least=Role.MANAGER)
def close_month(
    desk: Context,
    *,
    month: Annotated[date, ask(_("A day of the month"), start=today)],
) -> None:
    """Write the month's total into the journal, its missing days first."""
    closings.close_month(desk, month.year, month.month)


@act(_("Close a year"), least=Role.MANAGER)
def close_year(desk: Context, *, year: Annotated[int, ask(_("Year"), min=2000, max=2200)]) -> None:
    """Write the year's total into the journal, its missing months first."""
    closings.close_year(desk, year)


@act(_("Add a price"), least=Role.MANAGER, rare=True)
def add_price(
    desk: Context,
    *,
    label: str,
    item: str,
    cents: Cents,
    unit: Unit,
    vat_class: VatClass,
    valid_from: Annotated[date, ask(start=today)],
    provider: Provider | None = None,
    sort: Annotated[
        PriceOf | None, ask(SORT, help=_("Leave it open to go by its unit and its VAT"))
    ] = None,
) -> Price:
    """Say what one unit costs from a day on."""
    return set_price(
        desk,
        item,
        cents,
        valid_from=valid_from,
        unit=unit,
        vat_class=vat_class,
        label=label,
        provider=provider,
        is_service=rules.is_service(sort),
    )


@act(_("Change the price"), least=Role.MANAGER)
def change_price(
    desk: Context,
    price: Price,
    *,
    cents: Cents,
    valid_from: Annotated[date, ask(start=today)],
    sort: Annotated[PriceOf | None, ask(SORT, help=KEPT)] = None,
) -> Price:
    """Say what it costs from a day on; what was sold before keeps its price."""
    if price.bracket is not None and price.fund_ledger is not None:
        return add_reduced_price(
            desk,
            price,
            bracket=price.bracket,
            cents=cents,
            fund_ledger=price.fund_ledger,
            valid_from=valid_from,
        )
    return set_price(
        desk,
        price.item,
        cents,
        valid_from=valid_from,
        unit=price.unit,
        vat_class=price.vat_class,
        provider=price.provider,
        is_service=rules.is_service(sort),
    )


@act(_("Add the price of a bracket"), when=rules.is_full_price, least=Role.MANAGER)
def add_reduced_price(
    desk: Context,
    price: Price,
    *,
    bracket: Bracket,
    cents: Annotated[
        Cents, ask(help=_("What the household pays for one; the fund pays the rest."))
    ],
    fund_ledger: Fund,
    valid_from: Annotated[date, ask(start=today)],
) -> Price:
    """Say what a bracket pays from a day on, and which fund pays the rest."""
    return set_reduced_price(
        desk, price, cents, bracket=bracket, fund=fund_ledger, valid_from=valid_from
    )
