"""What lies beside the cash when a till is counted: cheques, vouchers, the slip of the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from sqlalchemy import Select, func, select

from palier.context import Context
from palier.errors import Invalid, Refused
from palier.receipts.models import (
    Payment,
    PayMode,
    Receipt,
    TillCount,
    TillSession,
    WhyAmiss,
)
from palier.text import Cents, Money, _, show

BESIDE = PayMode.CHEQUE, PayMode.VOUCHER, PayMode.CARD
MOST = 2000  # letters of the numbers that are kept


class ChequesMissing(Refused):
    text = _("Not ticked: %(what)s. Look again, or say why.")
    field = "cheque_reason"


class VouchersDiffer(Refused):
    text = _("%(expected)s vouchers were taken, %(counted)s were counted. Count again, or say why.")
    field = "voucher_reason"


class CardDiffers(Refused):
    text = _("The slip says %(slip)s, the receipts %(expected)s. Look again, or say why.")
    field = "card_reason"


@dataclass(frozen=True)
class Beside:
    """What a caretaker says of what is no cash; None is not counted.

    `cheques` has the ids of the payments that were ticked, with commas.
    """

    cheques: str | None = None
    cheque_reason: WhyAmiss | None = None
    vouchers: int | None = None
    voucher_reason: WhyAmiss | None = None
    card: Cents | None = None
    card_reason: WhyAmiss | None = None


NOT_COUNTED = Beside()


@dataclass(frozen=True)
class Taken:
    """What should be there of each way: the cheques and vouchers, and what the card took."""

    cheques: tuple[Payment, ...]
    vouchers: tuple[Payment, ...]
    card_cents: Cents
    card_number: int


def taken_in(desk: Context, session: TillSession) -> Taken:
    """Return what was taken since the count before this session's, by the till and the paper book.

    A cheque that was given back is not looked for. Ids of receipts grow under the register's lock,
    so what came since the last count is what has a larger one. Two statements.
    """
    before = desk.session.scalar(_counted_before(session))
    mine = Receipt.till_session_id == session.id if before is None else Receipt.id > before
    query = select(Payment).join(Payment.receipt).where(mine, Payment.mode.in_(BESIDE))
    if session.counted_to is not None:
        query = query.where(Receipt.id <= session.counted_to)
    paid = desk.all(query.order_by(Payment.id), Payment.receipt)
    back = {each.reference for each in paid if each.mode is PayMode.CHEQUE and each.cents < 0}
    card = [each for each in paid if each.mode is PayMode.CARD]
    return Taken(
        tuple(e for e in _of(paid, PayMode.CHEQUE) if e.reference not in back),
        tuple(_of(paid, PayMode.VOUCHER)),
        Cents(sum(each.cents for each in card)),
        len(card),
    )


def _of(paid: Sequence[Payment], mode: PayMode) -> Iterator[Payment]:
    return (each for each in paid if each.mode is mode and each.cents > 0)


def _counted_before(session: TillSession) -> Select[int | None]:
    earlier = TillSession.register_id == session.register_id, TillSession.id < session.id
    return select(func.max(TillSession.counted_to)).where(*earlier)


def last_receipt(desk: Context) -> int:
    """Return the id of the newest receipt; the register is locked, so none comes in between."""
    return desk.session.scalar(select(func.max(Receipt.id))) or 0


def count_beside(session: TillSession, taken: Taken, said: Beside) -> list[TillCount]:
    """Return what to keep of each way that took something or was counted.

    Raises `ChequesMissing`, `VouchersDiffer`, `CardDiffers` for a difference without a reason; all
    of them at once where there are several.
    """
    counts = [each(session, taken, said) for each in (_cheques, _vouchers, _card)]
    found = [each for each, _refusal in counts if each is not None]
    refusals = [each for _count, each in counts if each is not None]
    if len(refusals) > 1:
        raise Invalid({str(each.field): [each.words] for each in refusals})
    if refusals:
        raise refusals[0]
    return found


Counted = tuple[TillCount | None, Refused | None]


def _cheques(session: TillSession, taken: Taken, said: Beside) -> Counted:
    if not taken.cheques:
        return None, None
    ticked = set((said.cheques or "").split(","))
    there = [each for each in taken.cheques if str(each.id) in ticked]
    missing = [each for each in taken.cheques if each not in there]
    count = _count(session, PayMode.CHEQUE, len(taken.cheques), _sum(taken.cheques))
    if said.cheques is None:
        return count, None
    count.counted_number, count.counted_cents = len(there), _sum(there)
    if not missing:
        return count, None
    count.reason = said.cheque_reason
    numbers = ", ".join(each.reference or "?" for each in missing)
    count.missing = shorten(numbers, MOST, placeholder=" …")  # never within a number
    what = ", ".join(f"{each.reference} ({show(Money(each.cents))})" for each in missing)
    return count, None if count.reason else ChequesMissing(what=what)


def _vouchers(session: TillSession, taken: Taken, said: Beside) -> Counted:
    expected = len(taken.vouchers)
    if not expected and not said.vouchers:
        return None, None
    count = _count(session, PayMode.VOUCHER, expected, _sum(taken.vouchers))
    count.counted_number = said.vouchers
    if said.vouchers is None or said.vouchers == expected:
        return count, None
    count.reason = said.voucher_reason
    refusal = VouchersDiffer(expected=expected, counted=said.vouchers)
    return count, None if count.reason else refusal


def _card(session: TillSession, taken: Taken, said: Beside) -> Counted:
    if not taken.card_number and not said.card:
        return None, None
    count = _count(session, PayMode.CARD, taken.card_number, taken.card_cents)
    count.counted_cents = said.card
    if said.card is None or said.card == taken.card_cents:
        return count, None
    count.reason = said.card_reason
    refusal = CardDiffers(slip=Money(said.card), expected=Money(taken.card_cents))
    return count, None if count.reason else refusal


def _count(session: TillSession, mode: PayMode, number: int, cents: Cents) -> TillCount:
    return TillCount(till_session=session, mode=mode, expected_number=number, expected_cents=cents)


def _sum(payments: Sequence[Payment]) -> Cents:
    return Cents(sum(each.cents for each in payments))


def told_of(counts: Sequence[TillCount]) -> dict[str, str | int]:
    """Return what the journal says of these counts, only where something was counted."""
    found: dict[str, str | int] = {}
    for each in counts:
        name = each.mode.value
        if each.counted_number is not None:
            found |= {
                f"{name}_number": each.counted_number,
                f"{name}_expected_number": each.expected_number,
            }
        if each.counted_cents is not None:
            found |= {
                f"{name}_cents": int(each.counted_cents),
                f"{name}_expected_cents": int(each.expected_cents),
            }
        if each.reason is not None:
            found[f"{name}_reason"] = each.reason.value
    return found
