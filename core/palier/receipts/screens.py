"""What is shown of the till: receipts, deposits, prices, what is owed."""

from typing import Annotated

from palier.acts import page
from palier.context import Context, Role
from palier.errors import NotThere
from palier.receipts.actions import (
    add_price,
    add_reduced_price,
    agree_on_cap,
    cancel_charge,
    change_price,
    correct,
    open_fund,
    print_receipt,
    put_in,
    refund,
    sell_article,
    waive_charge,
)
from palier.receipts.copies import is_over
from palier.receipts.models import (
    Article,
    Charge,
    Deposit,
    Fund,
    Funder,
    LedgerEntry,
    Payment,
    Price,
    Receipt,
    ReceiptLine,
    ReceiptPrint,
    ServiceNote,
    Tab,
)
from palier.receipts.notes import note_pdf, note_sheet, visit_of, written_with
from palier.receipts.price_list import beside_full, listed_today, when_of
from palier.receipts.printing import receipt_pdf, sheet_of
from palier.screens.declared import Page, Screen
from palier.signature import ask
from palier.text import Reader, _, read_by, show_time
from palier.web.asked import Answer

receipts = Screen(
    Receipt,
    _("Receipts"),
    columns=(
        Receipt.number,
        Receipt.at,
        Receipt.kind,
        Receipt.resident,
        Receipt.total_cents,
        Receipt.due_cents,
    ),
    filters=(Receipt.sold_on, Receipt.kind),
    newest_first=Receipt.at,
    totals=(Receipt.total_cents, Receipt.due_cents),
    sections={
        _("Receipt"): (Receipt.number, Receipt.kind, Receipt.at, Receipt.register),
        _("For"): (Receipt.resident, Receipt.household, Receipt.person_code),
        _("Amounts"): (Receipt.total_cents, Receipt.due_cents),
    },
    acts=(print_receipt, refund),
    icon="paper",
    help=_("A receipt is never changed: a mistake is given back by its opposite."),
)

lines = Screen(
    ReceiptLine,
    _("Lines"),
    columns=(
        ReceiptLine.label,
        ReceiptLine.quantity,
        ReceiptLine.unit_cents,
        ReceiptLine.total_cents,
        ReceiptLine.receipt,
    ),
    totals=(ReceiptLine.total_cents,),
    menu=False,
    icon="basket",
)

payments = Screen(
    Payment,
    _("Payments"),
    columns=(Payment.mode, Payment.cents, Payment.reference, Payment.receipt),
    filters=(Payment.mode,),
    totals=(Payment.cents,),
    menu=False,
    icon="coins",
)

deposits = Screen(
    Deposit,
    _("Deposits"),
    columns=(
        Deposit.label,
        Deposit.resident,
        Deposit.form,
        Deposit.reference,
        Deposit.cents,
        Deposit.state,
        Deposit.taken_on,
    ),
    filters=(Deposit.state, Deposit.form, Deposit.taken_on),
    newest_first=Deposit.taken_on,
    totals=(Deposit.cents,),
    menu=False,
    icon="cheque",
    help=_("What is held here is what lies in the box. It is never income."),
)

prices = Screen(
    Price,
    _("Prices"),
    columns=(Price.label, Price.cents, Price.unit, Price.valid_from, Price.provider),
    sections={
        _("Price"): (Price.label, Price.cents, Price.unit, Price.bracket, Price.fund_ledger),
        _("When and how"): (
            Price.valid_from,
            Price.vat_class,
            Price.is_service,
            Price.provider,
            Price.item,
        ),
    },
    filters=(Price.unit,),
    sort=Price.label,
    only=listed_today,
    beside=beside_full,
    acts=(change_price, add_reduced_price, add_price),
    least=Role.CARETAKER,
    icon="coins",
    help=_("A change is a new line from a day on: what was sold before keeps its price."),
)

over_time = Screen(
    Price,
    _("Price over time"),
    columns=(Price.valid_from, Price.bracket, Price.cents, Price.fund_ledger, Price.item),
    sections=prices.sections,
    filters=(Price.item, Price.bracket, Price.valid_from),
    newest_first=Price.valid_from,
    beside=when_of,
    acts=(change_price,),
    least=Role.CARETAKER,
    name="over_time",
    menu=False,
    icon="clock",
    help=_("Every line of the price list, the newest first."),
)

charges = Screen(
    Charge,
    _("To pay"),
    columns=(
        Charge.label,
        Charge.resident,
        Charge.quantity,
        Charge.total_cents,
        Charge.state,
        Charge.charged_on,
    ),
    filters=(Charge.state, Charge.charged_on),
    newest_first=Charge.charged_on,
    totals=(Charge.total_cents,),
    acts=(cancel_charge, waive_charge),
    icon="basket",
)


articles = Screen(
    Article,
    _("Articles"),
    columns=(Article.name, Article.key, Article.active),
    sort=Article.name,
    form=(Article.name, Article.key, Article.active),
    acts=(sell_article,),
    icon="basket",
    help=_("Small things sold at the desk by one key: a photocopy, a stamp."),
)

notes = Screen(
    ServiceNote,
    _("Notes of services"),
    columns=(
        ServiceNote.number,
        ServiceNote.at,
        ServiceNote.resident,
        ServiceNote.provider,
        ServiceNote.total_cents,
    ),
    filters=(ServiceNote.on,),
    newest_first=ServiceNote.on,
    totals=(ServiceNote.total_cents,),
    menu=False,
    icon="note",
    help=_("What a service cost, noted before it is paid. The second copy is kept here."),
)

prints = Screen(
    ReceiptPrint,
    _("Papers"),
    columns=(
        ReceiptPrint.copy_no,
        ReceiptPrint.at,
        ReceiptPrint.shape,
        ReceiptPrint.language,
        ReceiptPrint.person_code,
        ReceiptPrint.receipt,
    ),
    menu=False,
    icon="print",
    help=_("The first paper is unmarked, the second says DUPLICATA 1."),
)

funds = Screen(
    Fund,
    _("Funds"),
    columns=(Fund.label, Fund.balance_cents),
    acts=(open_fund, put_in),
    totals=(Fund.balance_cents,),
    least=Role.MANAGER,
    icon="coins",
    help=_("A fund pays what a bracket takes off a price. An empty one pays nothing."),
)

tabs = Screen(
    Tab,
    _("Tabs"),
    columns=(Tab.label, Tab.balance_cents, Tab.cap_cents, Tab.agreed_cents),
    totals=(Tab.balance_cents,),
    acts=(agree_on_cap,),
    least=Role.MANAGER,
    icon="note",
    help=_("What a household has still to pay. Only managers see this list."),
)

entries = Screen(
    LedgerEntry,
    _("Entries"),
    columns=(
        LedgerEntry.at,
        LedgerEntry.reason,
        LedgerEntry.cents,
        LedgerEntry.ledger,
        LedgerEntry.funder,
        LedgerEntry.receipt,
    ),
    filters=(LedgerEntry.reason, LedgerEntry.at),
    newest_first=LedgerEntry.at,
    totals=(LedgerEntry.cents,),
    acts=(correct,),
    least=Role.MANAGER,
    menu=False,
    icon="note",
    help=_("An entry is never changed: a mistake is an opposite entry."),
)

funders = Screen(
    Funder,
    _("Funders"),
    columns=(Funder.name,),
    sort=Funder.name,
    form=(Funder.name,),
    least=Role.MANAGER,
    menu=False,
    icon="people",
    help=_("Organisations that pay into a fund. Never write a person here."),
)


@page(_("Paper"))
def printed(desk: Context, *, made: Annotated[int, ask(_("Paper"))]) -> Page:
    """Show the paper that was asked for, ready to be printed."""
    copy = _copy(desk, made)
    over, root = is_over(desk, copy), f"/{desk.site.slug}/desk"
    said = _("Print this page: in most browsers with Ctrl and P.")
    if copy.shape.is_file:
        said = _("The file is ready.")
    if over:
        said = _("This paper was made at %(hour)s. Print again from the receipt.")
    return Page(
        "receipts/printed.html",
        sheet=sheet_of(desk, copy.receipt, copy),
        said=said.fill(hour=show_time(copy.at)),
        prints=not over and not copy.shape.is_file,
        file_href=f"{root}/receipts/pdf?made={made}" if copy.shape.is_file and not over else "",
        back=f"{root}/desk/receipt?receipt={copy.receipt_id}",
        back_to=_("Back to the receipt"),
        others=(),
    )


@page(_("Receipt as a PDF"))
def pdf(desk: Context, *, made: Annotated[int, ask(_("Paper"))]) -> Answer:
    """Give a paper as a file that any printer takes."""
    copy = _copy(desk, made)
    if desk.fonts is None:
        raise NotThere
    body = receipt_pdf(desk, copy.receipt, desk.fonts, copy)
    return Answer.file(body, f"{copy.receipt.number}.pdf")


def _copy(desk: Context, id: int) -> ReceiptPrint:
    found = desk.find(ReceiptPrint, id)
    if found is None:
        raise NotThere
    desk.noted.append((found.receipt.path, found.receipt.id))
    return found


@page(_("Note"))
def note(desk: Context, *, made: Annotated[int, ask(_("Note"))]) -> Page:
    """Show the note of a service, ready to be printed before it is paid."""
    found, root = _note(desk, made), f"/{desk.site.slug}/desk"
    visit_id = None if found.resident else visit_of(desk, found)
    back = f"{root}/desk/visit?visit={visit_id}" if visit_id else root
    back = f"{root}/desk/card?resident={found.resident.id}" if found.resident else back
    with read_by(Reader(desk.site.locale, desk.site.zone)):
        sheet = note_sheet(desk, found)
    said = _("Hand this note over before the payment. Print this page with Ctrl and P.")
    values = {
        "sheet": sheet,
        "said": said,
        "file_href": f"{root}/receipts/note_file?made={made}",
        "others": [
            (str(each.provider_name or _("Ours")), f"{root}/receipts/note?made={each.id}")
            for each in written_with(desk, found)
        ],
    }
    return Page(
        "receipts/printed.html", **values, prints=True, back=back, back_to=_("To the basket")
    )


@page(_("Note as a PDF"))
def note_file(desk: Context, *, made: Annotated[int, ask(_("Note"))]) -> Answer:
    """Give the note of a service as a file that any printer takes."""
    found = _note(desk, made)
    if desk.fonts is None:
        raise NotThere
    with read_by(Reader(desk.site.locale, desk.site.zone)):
        body = note_pdf(desk, found, desk.fonts)
    return Answer.file(body, f"{found.number}.pdf")


def _note(desk: Context, id: int) -> ServiceNote:
    found = desk.find(ServiceNote, id)
    if found is None:
        raise NotThere
    desk.noted.append((found.path, found.id))
    return found
