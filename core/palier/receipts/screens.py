"""What is shown of the till: receipts, deposits, prices, what is owed."""

from typing import Annotated

from palier.acts import ask, page
from palier.context import Context, Role
from palier.receipts.actions import (
    add_price,
    cancel_charge,
    change_price,
    close_day,
    refund,
    waive_charge,
)
from palier.receipts.models import Charge, Deposit, Payment, Price, Receipt, ReceiptLine
from palier.receipts.printing import sheet_of
from palier.screens.declared import Page, Screen
from palier.text import _

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
    acts=(refund, close_day),
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
    icon="cheque",
    help=_("What is held here is what lies in the box. It is never income."),
)

prices = Screen(
    Price,
    _("Prices"),
    columns=(
        Price.label,
        Price.cents,
        Price.unit,
        Price.vat_class,
        Price.valid_from,
        Price.valid_to,
        Price.item,
    ),
    newest_first=Price.valid_from,
    acts=(add_price, change_price),
    least=Role.CARETAKER,
    icon="coins",
    help=_("A change is a new line from a day on: what was sold before keeps its price."),
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


@page(_("Receipt"))
def paper(
    desk: Context,
    *,
    receipt: Annotated[Receipt, ask(_("Receipt"))],
    large: Annotated[bool, ask(_("In large letters"))] = False,
) -> Page:
    """Show a receipt as it is printed."""
    desk.noted.append((receipt.path, receipt.id))
    sheet = sheet_of(desk, receipt, large=large)
    record_href = f"/{desk.site.slug}/desk/receipts/receipt/{receipt.id}"
    return Page("receipts/receipt.html", sheet=sheet, record_href=record_href)
