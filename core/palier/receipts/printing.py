"""A receipt in the reader's words: the sheet that the screen and the PDF both show."""

from decimal import Decimal
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select

from palier.context import Context
from palier.receipts import paper
from palier.receipts.copies import is_over, mark_of
from palier.receipts.models import (
    Charge,
    ChargeKind,
    Deposit,
    DepositState,
    Journal,
    Payment,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    ReceiptPrint,
    Unit,
)
from palier.receipts.paper import Paper, PaperLine, PaperVat
from palier.receipts.selling import lines_of
from palier.receipts.vat import Regime, mention, split
from palier.sites.models import Operator, Site
from palier.text import Money, _, reader, show, show_full_day, show_money

FAMILY = "Atkinson Hyperlegible"
LOOKED_AT = _("Seen on the screen: this is no receipt on paper")


def receipt_pdf(
    desk: Context, receipt: Receipt, fonts: Path, copy: ReceiptPrint | None = None
) -> bytes:
    """Return the receipt as a PDF in the reader's language; `fonts` is a folder of TTF files."""
    return paper.receipt_pdf(sheet_of(desk, receipt, copy), fonts=fonts, family=FAMILY)


def sheet_of(desk: Context, receipt: Receipt, copy: ReceiptPrint | None = None) -> Paper:
    """Return what stands on a receipt, in the reader's language.

    `copy` is the paper it is drawn for; without one it is only looked at.
    """
    lines = lines_of(desk, receipt)
    refund = receipt.kind is ReceiptKind.REFUND
    regime = Regime(receipt.vat_regime)
    operator = desk.session.get_one(Operator, receipt.operator_id)
    site = desk.session.get_one(Site, desk.site.id)
    siret = str(_("SIRET %(number)s").fill(number=operator.siret)) if operator.siret else ""
    about = (site.name, site.address or operator.address, siret)
    return Paper(
        lang=reader().locale,
        title=str(_("Refund") if refund else _("Receipt")),
        number=receipt.number,
        issued_at=receipt.at,
        operator=operator.legal_name,
        operator_lines=tuple(each for each in about if each),
        facts=_facts(desk, receipt),
        lines=tuple(_line(each) for each in lines),
        total=(str(_("Total")), show_money(receipt.due_cents)),
        payments=_payments(desk, receipt),
        vat=_vat(lines) if regime is Regime.TAXABLE else None,
        mention=mention(regime) or "",
        under=_deposits(desk, lines) if not refund else (),
        marks=_marks(desk, copy),
        closing_words=(_signature(desk, receipt), str(_("Thank you, and see you soon!"))),
        large=copy is not None and copy.shape.is_large,
    )


def _marks(desk: Context, copy: ReceiptPrint | None) -> tuple[str, ...]:
    marks = {
        "training": _("Training: this is no receipt"),
        "demo": _("Demonstration: this is no receipt"),
    }
    found = [str(marks[desk.site.kind])] if desk.site.kind in marks else []
    if copy is not None and is_over(desk, copy):
        return (*found, str(LOOKED_AT))
    if copy is not None and (mark := mark_of(copy)):
        found.append(mark)
    return tuple(found)


def _facts(desk: Context, receipt: Receipt) -> tuple[tuple[str, str], ...]:
    at = desk.local(receipt.at)
    facts = [
        (_("Receipt"), receipt.number),
        (_("Date"), f"{show_full_day(at.date())}, {at:%H:%M:%S}"),
        (_("Till"), receipt.register.code),
        (_("Served by"), receipt.person_code),
    ]
    if receipt.household is not None:
        facts.append((_("Household"), receipt.household.code))
    if receipt.refund_of_id is not None:
        first = desk.find(Receipt, receipt.refund_of_id)
        facts.append((_("Gives back"), first.number if first else ""))
    return tuple((str(word), value) for word, value in facts)


def _line(line: ReceiptLine) -> PaperLine:
    several = line.quantity not in {1, -1} or line.unit is not Unit.PIECE
    each = show_money(line.unit_cents)
    per = each if line.unit is Unit.PIECE else f"{each}/{line.unit.label}"
    notes = []
    if line.full_cents != line.total_cents:
        words = _("Full price: %(full)s").fill(full=Money(line.full_cents))
        notes.append(str(words))
    if line.kind is not ChargeKind.SALE:
        notes.append(str(line.kind.label))
    return PaperLine(
        label=line.label,
        total=show_money(line.total_cents),
        quantity=show(line.quantity) if several else "",
        unit_price=per if several else "",
        notes=tuple(notes),
    )


def _payments(desk: Context, receipt: Receipt) -> tuple[tuple[str, str], ...]:
    query = select(Payment).where(Payment.receipt == receipt).order_by(Payment.id)
    return tuple(
        (f"{each.mode.label} {each.reference or ''}".strip(), show_money(each.cents))
        for each in desk.all(query)
    )


def _vat(lines: list[ReceiptLine]) -> PaperVat | None:
    sold = [each for each in lines if each.kind is ChargeKind.SALE and each.vat_rate]
    parts = split((Decimal(each.vat_rate or 0), each.total_cents) for each in sold)
    if not parts:
        return None
    rows = tuple(
        (
            str(_("%(rate)s %%").fill(rate=_number(part.rate))),
            show_money(part.ht_cents),
            show_money(part.vat_cents),
        )
        for part in parts
    )
    return PaperVat((str(_("VAT rate")), str(_("Without VAT")), str(_("VAT"))), rows)


def _number(rate: Decimal) -> str:
    text = f"{rate:f}"
    return text.replace(".", ",") if reader().locale.startswith("fr") else text


def _deposits(desk: Context, lines: list[ReceiptLine]) -> tuple[str, ...]:
    """Say the deposits held for what was sold: under the total, no part of it."""
    sources = [_of(each.charge) for each in lines]
    if not sources:
        return ()
    query = select(Deposit).where(or_(*sources), Deposit.cents > 0).order_by(Deposit.id)
    held = _("Deposit held: %(cents)s, %(form)s. It is no part of the total.")
    ended = _("Deposit of %(cents)s: %(state)s.")
    return tuple(
        str(
            (held if each.state is DepositState.HELD else ended).fill(
                cents=Money(each.cents), form=each.form.label, state=each.state.label
            )
        )
        for each in desk.all(query)
    )


def _of(charge: Charge) -> ColumnElement[bool]:
    return and_(Deposit.source_type == charge.source_type, Deposit.source_id == charge.source_id)


def _signature(desk: Context, receipt: Receipt) -> str:
    query = select(Journal.mac).where(
        Journal.register_id == receipt.register_id, Journal.seq == receipt.journal_seq
    )
    mac = (desk.session.scalar(query) or "")[:12].upper()
    parts = "·".join(mac[place : place + 4] for place in (0, 4, 8))
    return str(_("Signature %(mac)s").fill(mac=parts))
