"""Deposits: left against a thing, in a box of their own, given back or kept with a reason."""

import re

from sqlalchemy import select

from palier.context import Context
from palier.db.records import SiteRecord
from palier.errors import Refused, WrongDeclaration
from palier.receipts.charging import in_site_words
from palier.receipts.ledgers import enter
from palier.receipts.models import (
    Deposit,
    DepositForm,
    DepositState,
    EntryReason,
    Ledger,
    LedgerKind,
)
from palier.residents.models import Resident
from palier.text import Cents, Money, Text, _

# French cheques carry seven digits; others up to twelve.
_CHEQUE = re.compile(r"[0-9]{5,12}")

NOTHING = Cents(0)


class ChequeNumberMissing(Refused):
    text = _("Write the number of the cheque. It stands at its bottom left.")
    field = "reference"


class NotAChequeNumber(Refused):
    text = _("A cheque number has 5 to 12 digits and no letters: %(given)s is none.")
    field = "reference"


class DepositHeld(Refused):
    text = _("A deposit is already held for this.")


class NoDepositHeld(Refused):
    text = _("No deposit is held for this.")


class KeptTooMuch(Refused):
    text = _("At most %(held)s can be kept: no more was left.")
    field = "keep"


class WhyKept(Refused):
    text = _("Say why a part of the deposit is kept.")
    field = "reason"


def cheque_number(given: str | None) -> str:
    """Return a cheque's number, spaces left out.

    Raises `ChequeNumberMissing` without one, `NotAChequeNumber` for letters or a wrong length.
    """
    number = "".join((given or "").split())
    if not number:
        raise ChequeNumberMissing
    if not _CHEQUE.fullmatch(number):
        raise NotAChequeNumber(given=given)
    return number


def hold_deposit(
    desk: Context,
    source: SiteRecord,
    amount: Cents,
    form: DepositForm,
    reference: str | None = None,
    *,
    reason: Text | None = None,
) -> Deposit:
    """Take a deposit in cents for `source`, whose resident leaves it; a waived one holds nothing.

    Never income and never in the till. Raises `ChequeNumberMissing`, `NotAChequeNumber`, and
    `DepositHeld` when one is held for this already.
    """
    number = cheque_number(reference) if form is DepositForm.CHEQUE else None
    if held_deposit(desk, source) is not None:
        raise DepositHeld
    waived = form is DepositForm.WAIVED
    why = reason or (_("Waived at the desk") if waived else None)
    deposit = desk.add(
        Deposit(
            resident=_who_leaves(source),
            service=source.package,
            source_type=source.path,
            source_id=source.id,
            label=in_site_words(desk, str(source))[:120],
            cents=Cents(0) if waived else amount,
            form=form,
            reference=number,
            reason=in_site_words(desk, why)[:120] if why else None,
            taken_on=desk.today,
        )
    )
    if deposit.cents:
        _move(desk, deposit, (deposit.cents, EntryReason.HELD))
    return deposit


def give_deposit_back(
    desk: Context, source: SiteRecord, *, keep: Cents = NOTHING, reason: Text | None = None
) -> Deposit:
    """Give the deposit for `source` back, less the cents that are kept, and why.

    What is kept as damages is no turnover (domain 2.12). Raises `NoDepositHeld`, `KeptTooMuch`
    and `WhyKept`.
    """
    deposit = held_deposit(desk, source)
    if deposit is None:
        raise NoDepositHeld
    if keep > deposit.cents:
        raise KeptTooMuch(held=Money(deposit.cents))
    if keep and reason is None:
        raise WhyKept
    back = deposit.cents - keep
    moves = (Cents(-back), EntryReason.RETURNED), (Cents(-keep), EntryReason.KEPT)
    _move(desk, deposit, *(each for each in moves if each[0]))
    deposit.kept_cents = keep
    deposit.state = _ended(keep, back)
    deposit.ended_on = desk.today
    if reason is not None:
        deposit.reason = in_site_words(desk, reason)[:120]
    desk.session.flush()
    return deposit


def held_deposit(desk: Context, source: SiteRecord) -> Deposit | None:
    """Return the deposit that is held for a record, ours until the act ends."""
    return desk.lock(
        select(Deposit).where(
            Deposit.source_type == source.path,
            Deposit.source_id == source.id,
            Deposit.state == DepositState.HELD,
        )
    )


def _ended(keep: int, back: int) -> DepositState:
    if not keep:
        return DepositState.RETURNED
    return DepositState.KEPT_PART if back else DepositState.KEPT


def _who_leaves(source: SiteRecord) -> Resident:
    who = source.resident if "resident" in type(source).links else None  # type: ignore[attr-defined]
    if not isinstance(who, Resident):
        msg = f"{type(source).__name__}: a deposit is left by the `resident` of its record"
        raise WrongDeclaration(msg)
    return who


def _move(desk: Context, deposit: Deposit, *moves: tuple[Cents, EntryReason]) -> None:
    """Write entries and balance together, under the lock of the box."""
    if not moves:
        return
    box = _box(desk, deposit.form)
    for cents, reason in moves:
        enter(desk, box, cents, reason, deposit=deposit)
    desk.session.flush()


def _box(desk: Context, form: DepositForm) -> Ledger:
    return desk.one(
        Ledger(
            kind=LedgerKind.DEPOSIT,
            owner_type=form.value,
            owner_id=0,
            label=in_site_words(desk, form.label),
            floor_cents=Cents(0),
        )
    )
