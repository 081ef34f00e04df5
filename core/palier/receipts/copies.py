"""Papers of a receipt: each is asked for, numbered, and all but the first are marked."""

from datetime import timedelta

from sqlalchemy import func, select

from palier.context import Context
from palier.receipts.models import PaperShape, Receipt, ReceiptPrint, Register
from palier.receipts.numbering import copy_mark
from palier.receipts.tills import note_event, who_signs
from palier.residents.languages import Language

# A page made to be printed stands for one paper: opened again later, it is only looked at.
HOLDS = timedelta(minutes=10)


def take_copy(
    desk: Context, receipt: Receipt, shape: PaperShape, language: Language | None = None
) -> ReceiptPrint:
    """Number the next paper of a receipt; from the second on the journal says "reprint".

    A reprint is marked and numbered and changes no total (practice of NF 525, domain 1.13).
    Locks the receipt, then its register.
    """
    desk.lock(select(Receipt).where(Receipt.id == receipt.id))
    number = prints_of(desk, receipt) + 1
    if number > 1:
        _note_reprint(desk, receipt, number - 1)
    return desk.add(
        ReceiptPrint(
            receipt=receipt,
            copy_no=number,
            at=desk.now,
            shape=shape,
            language=language,
            person_code=who_signs(desk),
        )
    )


def prints_of(desk: Context, receipt: Receipt) -> int:
    """Return how many papers there are of a receipt."""
    query = select(func.count(ReceiptPrint.id)).where(ReceiptPrint.receipt_id == receipt.id)
    return desk.session.scalar(query) or 0


def mark_of(copy: ReceiptPrint) -> str:
    """Return what is written across a paper: nothing on the first, then DUPLICATA 1, 2 …"""
    return copy_mark(copy.copy_no) or ""


def is_over(desk: Context, copy: ReceiptPrint) -> bool:
    """Whether its page may no longer be printed: another paper is another number."""
    return desk.now - copy.at > HOLDS


def _note_reprint(desk: Context, receipt: Receipt, copy: int) -> None:
    register = desk.lock(select(Register).where(Register.id == receipt.register_id))
    assert register is not None  # noqa: S101 - its key holds it
    note_event(desk, register, "reprint", of=receipt.number, copy=copy)
