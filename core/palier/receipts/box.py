"""The box of deposits: what should lie in it, and what a count finds missing or too many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.models import (
    BoxCount,
    Deposit,
    DepositForm,
    DepositState,
    Ledger,
    LedgerKind,
    WhyAmiss,
)
from palier.receipts.tills import lock_till, note_event, who_signs
from palier.text import Cents, Money, Text, _


class BoxDiffers(Refused):
    text = _("The box is not what it should be: %(what)s. Look again, or say why.")
    field = "reason"


@dataclass(frozen=True)
class InBox:
    """The deposits of one form, and what their ledger says of them, in cents."""

    form: DepositForm
    deposits: tuple[Deposit, ...]
    ledger_cents: int

    @property
    def cents(self) -> int:
        """What the deposits come to: the same as the ledger, or something is wrong."""
        return sum(each.cents for each in self.deposits)


def read_box(desk: Context) -> tuple[InBox, ...]:
    """Return what is held, by form. Two statements."""
    held = Deposit.state == DepositState.HELD, Deposit.cents > 0
    query = select(Deposit).where(*held).order_by(Deposit.taken_on, Deposit.id)
    deposits = desk.all(query, Deposit.resident)
    ledgers = select(Ledger.owner_type, Ledger.balance_cents)
    rows = desk.session.execute(ledgers.where(Ledger.kind == LedgerKind.DEPOSIT))
    balances = {form: int(cents) for form, cents in rows}
    found = (
        InBox(form, tuple(d for d in deposits if d.form is form), balances.get(form.value, 0))
        for form in DepositForm
    )
    return tuple(each for each in found if each.deposits or each.ledger_cents)


def count_box(desk: Context, there: str, others: str, reason: WhyAmiss | None) -> BoxCount:
    """Keep a count of the box, right or not: a row, and an event of the till's journal.

    `there` has the ids of what was ticked, `others` the numbers of cheques that are on no list.
    Locks the ledgers of deposits, then the register. Raises `BoxDiffers` without a reason.
    """
    ledgers = select(Ledger.id).where(Ledger.kind == LedgerKind.DEPOSIT).order_by(Ledger.id)
    desk.session.execute(ledgers.with_for_update())
    box, ticked = read_box(desk), set(there.split(","))
    held = [each for part in box for each in part.deposits]
    missing = [each for each in held if str(each.id) not in ticked]
    strange = too_many_of(desk, box, others)
    wrong = [*(_missing(each) for each in missing), *strange]
    if wrong and reason is None:
        raise BoxDiffers(what="; ".join(str(each).rstrip(".") for each in wrong))
    count = BoxCount(
        on=desk.today,
        at=desk.now,
        person_code=who_signs(desk),
        expected_number=len(held),
        counted_number=len(held) - len(missing),
        strange=len(strange),
        expected_cents=_sum(held),
        counted_cents=Cents(_sum(held) - _sum(missing)),
        reason=reason if wrong else None,
        missing=",".join(str(each.id) for each in missing) or None,
    )
    desk.add(count)
    note_event(desk, lock_till(desk), "box_counted", **_told(count))
    return count


def _told(count: BoxCount) -> dict[str, str | int]:
    said: dict[str, str | int] = {
        "expected_number": count.expected_number,
        "counted_number": count.counted_number,
        "strange": count.strange,
        "expected_cents": int(count.expected_cents),
        "counted_cents": int(count.counted_cents),
    }
    return said | ({"reason": count.reason.value} if count.reason else {})


def _sum(deposits: Sequence[Deposit]) -> Cents:
    return Cents(sum(each.cents for each in deposits))


def last_count(desk: Context) -> BoxCount | None:
    """Return the newest count of the box."""
    return desk.session.scalars(select(BoxCount).order_by(BoxCount.id.desc()).limit(1)).first()


def _missing(deposit: Deposit) -> Text:
    words = _("%(sum)s, %(form)s %(number)s: %(who)s, for %(what)s")
    return words.fill(
        sum=Money(deposit.cents),
        form=deposit.form.label,
        number=deposit.reference or "",
        who=str(deposit.resident),
        what=deposit.label,
    )


def too_many_of(desk: Context, box: Sequence[InBox], others: str) -> list[Text]:
    """Say what is known of cheques that lie in the box and should not. One statement."""
    numbers = re.findall(r"[0-9]{5,12}", others)[:50]
    held = {each.reference for part in box for each in part.deposits}
    strange = [each for each in dict.fromkeys(numbers) if each not in held]
    query = select(Deposit).where(Deposit.reference.in_(strange)).order_by(Deposit.id)
    known = {each.reference: each for each in desk.all(query, Deposit.resident)}
    return [_strange(number, known.get(number)) for number in strange]


def _strange(number: str, deposit: Deposit | None) -> Text:
    if deposit is None:
        return _("Cheque %(number)s: nobody left it here.").fill(number=number)
    words = _("Cheque %(number)s: %(who)s should have it back since %(day)s.")
    return words.fill(number=number, who=str(deposit.resident), day=deposit.ended_on)
