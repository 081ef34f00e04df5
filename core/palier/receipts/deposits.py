"""Deposits: left against a thing, in a box of their own, given back or kept with a reason."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from palier.context import Context
from palier.db.records import SiteRecord
from palier.errors import Refused, WrongDeclaration
from palier.receipts.charging import in_site_words
from palier.receipts.drawer import move, open_session
from palier.receipts.ledgers import enter
from palier.receipts.models import (
    Charge,
    Deposit,
    DepositForm,
    DepositState,
    EntryReason,
    KeptAs,
    KeptTo,
    Ledger,
    LedgerKind,
    MoveReason,
    VatClass,
    WaivedBecause,
)
from palier.receipts.till_acts import TillClosed
from palier.receipts.tills import lock_till
from palier.residents.models import Resident
from palier.text import Cents, Money, Text, _

# French cheques carry seven digits; others up to twelve.
_CHEQUE = re.compile(r"[0-9]{5,12}")

NOTHING = Cents(0)
KEPT_PRICE = "kept"  # what the charge of a kept deposit is for


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


class WhyWaived(Refused):
    text = _("Choose why no deposit is asked.")
    field = "waived"


class WhereKept(Refused):
    text = _("Say where the kept cash goes: into the till, or to the bank.")
    field = "kept_to"


@dataclass(frozen=True)
class Kept:
    """What is kept of a deposit: cents, why, as what, and where the cash goes."""

    cents: Cents = NOTHING
    reason: Text | None = None
    kind: KeptAs = KeptAs.DAMAGES
    to: KeptTo | None = None


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
    waived: WaivedBecause | None = None,
) -> Deposit:
    """Take a deposit in cents for `source`, whose resident leaves it; a waived one holds nothing.

    Never income and never in the till. Raises `ChequeNumberMissing`, `NotAChequeNumber`,
    `WhyWaived` for none without a reason, and `DepositHeld` when one is held for this already.
    """
    number = cheque_number(reference) if form is DepositForm.CHEQUE else None
    if held_deposit(desk, source) is not None:
        raise DepositHeld
    none = form is DepositForm.WAIVED
    if none and waived is None:
        raise WhyWaived
    deposit = desk.add(
        Deposit(
            resident=_who_leaves(source),
            service=source.package,
            source_type=source.path,
            source_id=source.id,
            label=in_site_words(desk, str(source))[:120],
            cents=NOTHING if none else amount,
            form=form,
            reference=number,
            reason=in_site_words(desk, waived.label)[:120] if none and waived else None,
            taken_on=desk.today,
        )
    )
    if deposit.cents:
        _move(desk, deposit, (deposit.cents, EntryReason.HELD))
    return deposit


def give_deposit_back(desk: Context, source: SiteRecord, kept: Kept | None = None) -> Deposit:
    """Give the deposit for `source` back, less what is kept as damages, and why.

    Damages are no turnover. A price is (domain 2.12): it goes into the basket, and the whole
    deposit back. Raises `NoDepositHeld`, `KeptTooMuch`, `WhyKept`, `WhereKept`, and `TillClosed`
    for cash that goes into the till while it is closed.
    """
    kept = kept or Kept()
    deposit = held_deposit(desk, source)
    if deposit is None:
        raise NoDepositHeld
    if kept.cents > deposit.cents:
        raise KeptTooMuch(held=Money(deposit.cents))
    if kept.cents and kept.reason is None:
        raise WhyKept
    if kept.reason is not None:
        deposit.reason = in_site_words(desk, kept.reason)[:120]
    keep = kept.cents
    if keep:
        deposit.kept_as = kept.kind
    if keep and kept.kind is KeptAs.PRICE:
        _charge(desk, deposit, keep)
        keep = NOTHING
    back = deposit.cents - keep
    moves = (Cents(-back), EntryReason.RETURNED), (Cents(-keep), EntryReason.KEPT)
    _move(desk, deposit, *(each for each in moves if each[0]))
    deposit.kept_cents, deposit.state = keep, _ended(keep, back)
    deposit.ended_on = desk.today
    if keep:
        deposit.kept_to = _carry(desk, deposit, kept.to)
    desk.session.flush()
    return deposit


def _charge(desk: Context, deposit: Deposit, cents: Cents) -> None:
    """Put the price of what happened into the basket of who left the deposit."""
    desk.add(
        Charge(
            resident=deposit.resident,
            household=deposit.resident.household,
            visit_id=desk.visit_id,
            service=deposit.service,
            source_type=deposit.source_type,
            source_id=deposit.source_id,
            what=KEPT_PRICE,
            item="",
            label=(deposit.reason or deposit.label)[:120],
            quantity=1,
            unit_cents=cents,
            total_cents=cents,
            full_cents=cents,
            vat_class=VatClass.STANDARD,
            is_service=True,
            charged_on=desk.today,
            charged_at=desk.now,
        )
    )


def _carry(desk: Context, deposit: Deposit, to: KeptTo | None) -> KeptTo:
    """Take what is kept out of the box: cash where it is said, a cheque or a card to the bank."""
    if deposit.form is not DepositForm.CASH:
        return KeptTo.BANK
    if to is None:
        raise WhereKept
    if to is KeptTo.TILL:
        session = open_session(desk, lock_till(desk))
        if session is None:
            raise TillClosed
        move(desk, session, MoveReason.DEPOSIT, deposit.kept_cents, f"D{deposit.id}")
    return to


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
