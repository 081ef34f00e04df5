"""A day's books held against each other: the sheet, the receipts, the ledgers."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from palier.context import Context
from palier.receipts.daysheet import DaySheet, read_day
from palier.receipts.models import (
    EntryReason,
    Ledger,
    LedgerEntry,
    LedgerKind,
    Payment,
    Receipt,
    ReceiptLine,
)
from palier.rosters.rules import day_span


def agreed_sheet(desk: Context, day: date) -> DaySheet:
    """Return a day's sheet, once it says what the day's receipts and the ledgers say.

    Raises `AssertionError` where they differ. The boxes are compared as they are now.
    """

    def total(query: Select[Any]) -> int:
        return int(desk.session.scalar(query) or 0)

    sheet, span = read_day(desk, day), day_span(day, desk.site.zone)
    of_day = Receipt.sold_on == day
    due = total(select(func.sum(Receipt.due_cents)).where(of_day))
    sold = select(func.sum(ReceiptLine.total_cents)).join(ReceiptLine.receipt).where(of_day)
    paid = select(func.sum(Payment.cents)).join(Payment.receipt).where(of_day)
    assert {sheet.due_cents, sheet.paid_cents, total(sold), total(paid)} == {due}
    moved = LedgerEntry.at >= span.starts_at, LedgerEntry.at < span.ends_at
    taken_off = LedgerEntry.reason.in_((EntryReason.REDUCTION, EntryReason.UNUSED))
    reduced = total(select(func.sum(-LedgerEntry.cents)).where(taken_off, *moved))
    assert sum(each.cents for each in sheet.funds) == reduced
    boxes = select(func.sum(Ledger.balance_cents)).where(Ledger.kind == LedgerKind.DEPOSIT)
    assert sheet.held_cents == total(boxes)
    return sheet
