"""The box of deposits: what should lie in it, and what a count finds missing or too many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from palier.context import Context
from palier.receipts.models import Deposit, DepositForm, DepositState, Ledger, LedgerKind
from palier.text import Money, Text, _


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


def missing_of(box: Sequence[InBox], there: str) -> list[Text]:
    """Say by name what should lie in the box and was not ticked."""
    ticked = set(there.split(","))
    words = _("%(sum)s, %(form)s %(number)s: %(who)s, for %(what)s")
    return [
        words.fill(
            sum=Money(each.cents),
            form=each.form.label,
            number=each.reference or "",
            who=str(each.resident),
            what=each.label,
        )
        for part in box
        for each in part.deposits
        if str(each.id) not in ticked
    ]


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
