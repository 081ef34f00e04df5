"""A receipt in the reader's words: the sheet that the screen and the PDF both show."""

from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select

from palier.context import Context
from palier.receipts import paper
from palier.receipts.copies import is_over, mark_of
from palier.receipts.mentions import mention
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
)
from palier.receipts.paper import Paper
from palier.receipts.portions import given_before, lines_of
from palier.receipts.sections import APART, line_of, parts_of, site_marks, vat_table
from palier.receipts.vat import Regime
from palier.receipts.voices import voice_of
from palier.sites.letterhead import Letterhead, letterhead_on
from palier.text import Money, Text, _, reader, show_full_day, show_money
from palier.typeset import FAMILY
from palier.voices import Voice, Words

LOOKED_AT = _("Seen on the screen: this is no receipt on paper")


def receipt_pdf(
    desk: Context, receipt: Receipt, fonts: Path, copy: ReceiptPrint | None = None
) -> bytes:
    """Return the receipt as a PDF in the reader's language; `fonts` is a folder of TTF files."""
    return paper.receipt_pdf(sheet_of(desk, receipt, copy), fonts=fonts, family=FAMILY)


def sheet_of(desk: Context, receipt: Receipt, copy: ReceiptPrint | None = None) -> Paper:
    """Return what stands on a receipt.

    `copy` is the paper it is drawn for, in the site's language and the second one asked for;
    without one it is only looked at, in the reader's. Legal sentences stay in French.
    """
    with voice_of(desk, copy) as voice:
        return _sheet(desk, receipt, copy, voice)


def _sheet(desk: Context, receipt: Receipt, copy: ReceiptPrint | None, voice: Voice) -> Paper:
    lines = lines_of(desk, receipt)
    sold = [each for each in lines if each.kind is ChargeKind.SALE]
    refund = receipt.kind is ReceiptKind.REFUND
    first = desk.find(Receipt, receipt.refund_of_id) if receipt.refund_of_id else None
    before = given_before(desk, first, receipt) if first else []
    gone = [each for each in before if each.kind is ChargeKind.SALE]
    regime = Regime(receipt.vat_regime)
    head = letterhead_on(desk, receipt.operator_id, receipt.at)
    return Paper(
        lang=reader().locale,
        also_lang=voice.also,
        title=voice(_("Refund") if refund else _("Receipt")),
        number=receipt.number,
        issued_at=receipt.at,
        operator=head.legal_name,
        operator_lines=about_operator(head),
        facts=_facts(desk, receipt, voice, first),
        lines=tuple(line_of(each, voice) for each in lines if each.kind not in APART),
        parts=parts_of(desk, lines, voice, before),
        total=(voice(_("Total")), show_money(receipt.due_cents)),
        payments=_payments(desk, receipt, voice),
        vat=vat_table(sold, voice, gone) if regime is Regime.TAXABLE else None,
        mention=mention(regime, receipt.sold_on) or "",
        under=_deposits(desk, lines, voice) if not refund else (),
        marks=_marks(desk, copy, voice),
        closing_words=(
            _signature(desk, receipt),
            voice(_("Thank you, and see you soon!")),
        ),
        large=copy is not None and copy.shape.is_large,
    )


def about_operator(head: Letterhead) -> tuple[str, ...]:
    """Return the lines under an operator's name: its form, the site, where it is, its numbers."""
    said = head.form, head.site_name, head.site_address or head.address, *head.numbers
    return tuple(each for each in said if each)


def _marks(desk: Context, copy: ReceiptPrint | None, voice: Voice) -> tuple[Words, ...]:
    found = site_marks(desk, voice)
    if copy is not None and is_over(desk, copy):
        return (*found, voice(LOOKED_AT))
    if copy is not None and (mark := mark_of(copy)):
        found.append(mark)
    return tuple(found)


def _facts(
    desk: Context, receipt: Receipt, voice: Voice, first: Receipt | None
) -> tuple[tuple[Words, Words], ...]:
    at = desk.local(receipt.at)
    facts: list[tuple[Words, Words]] = [
        (voice(_("Receipt")), receipt.number),
        (voice(_("Date")), voice(lambda: f"{show_full_day(at.date())}, {at:%H:%M:%S}")),
        (voice(_("Till")), receipt.register.code),
        (voice(_("Served by")), receipt.person_code),
    ]
    if receipt.household is not None:
        facts.append((voice(_("Household")), receipt.household.code))
    if first is not None:
        facts.append((voice(_("Gives back")), first.number))
    if receipt.refund_reason is not None:
        facts.append((voice(_("Reason")), voice(receipt.refund_reason.label)))
    return tuple(facts)


def _payments(desk: Context, receipt: Receipt, voice: Voice) -> tuple[tuple[Words, str], ...]:
    query = select(Payment).where(Payment.receipt == receipt).order_by(Payment.id)
    return tuple((_paid_by(each, voice), show_money(each.cents)) for each in desk.all(query))


def _paid_by(payment: Payment, voice: Voice) -> Words:
    if payment.reference is None:
        return voice(payment.mode.label)
    words = _("%(mode)s no. %(number)s")
    return voice(words.fill(mode=payment.mode.label, number=payment.reference))


def _deposits(desk: Context, lines: list[ReceiptLine], voice: Voice) -> tuple[Words, ...]:
    """Say the deposits held for what was sold: under the total, no part of it."""
    sources = [_of(each.charge) for each in lines]
    if not sources:
        return ()
    query = select(Deposit).where(or_(*sources), Deposit.cents > 0).order_by(Deposit.id)
    return tuple(voice(_in_words(each)) for each in desk.all(query))


def _in_words(deposit: Deposit) -> Text:
    words = _("Deposit of %(cents)s: %(state)s.")
    if deposit.state is DepositState.HELD:
        words = _("Deposit held: %(cents)s, %(form)s. It is no part of the total.")
    return words.fill(
        cents=Money(deposit.cents), form=deposit.form.label, state=deposit.state.label
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
