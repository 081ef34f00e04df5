"""Moving a balance: entry and balance together, under the ledger's lock."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from palier.context import Context
from palier.db.normal import normal
from palier.errors import Refused
from palier.receipts.models import EntryReason, Fund, Funder, Ledger, LedgerEntry, LedgerKind
from palier.text import Cents, Money, _

HELP = (EntryReason.REDUCTION, EntryReason.UNUSED)


class FundExists(Refused):
    text = _("There is a fund of this name already.")
    field = "label"


class CorrectedBefore(Refused):
    text = _("This was corrected before.")


class SpentAlready(Refused):
    text = _("Only %(left)s of it is left: the rest was used since. It can't be taken back whole.")


def enter(
    desk: Context, ledger: Ledger, cents: int, reason: EntryReason, **about: Any
) -> LedgerEntry:
    """Write an entry in cents, with its sign, and the balance; the ledger is locked already.

    `about` says what it is for: a receipt and its line, a deposit, a funder. The database refuses
    what passes floor or cap: whoever calls has asked before, in words.
    """
    ledger.balance_cents = Cents(ledger.balance_cents + cents)
    entry = LedgerEntry(ledger=ledger, at=desk.now, cents=Cents(cents), reason=reason, **about)
    desk.session.add(entry)
    return entry


def make_fund(desk: Context, label: str) -> Fund:
    """Return a new fund, empty. Raises `FundExists` for a name that another one has."""
    name = normal(label)[:80]
    if desk.session.scalar(select(Fund.id).where(Fund.owner_type == name)) is not None:
        raise FundExists
    kind, empty = LedgerKind.FUND, Cents(0)
    fund = Fund(kind=kind, label=label, owner_type=name, owner_id=0, floor_cents=empty)
    return desk.add(fund)


def pay_in(desk: Context, fund: Fund, cents: Cents, funder: Funder) -> LedgerEntry:
    """Put money into a fund."""
    mine = desk.lock(select(Fund).where(Fund.id == fund.id)) or fund
    entry = enter(desk, mine, cents, EntryReason.PAID_IN, funder=funder)
    desk.session.flush()
    return entry


def take_back(desk: Context, entry: LedgerEntry) -> LedgerEntry:
    """Write the opposite of an entry; both stay to be read.

    Raises `CorrectedBefore`, and `SpentAlready` where the balance would pass its floor.
    """
    ledger = desk.lock(select(Ledger).where(Ledger.id == entry.ledger_id)) or entry.ledger
    same = select(LedgerEntry.id).where(LedgerEntry.corrects_id == entry.id)
    if desk.session.scalar(same) is not None:
        raise CorrectedBefore
    left = ledger.balance_cents - (ledger.floor_cents or 0)
    if entry.cents > left:
        raise SpentAlready(left=Money(left))
    opposite = enter(
        desk,
        ledger,
        -entry.cents,
        EntryReason.CORRECTED,
        corrects_id=entry.id,
        receipt=entry.receipt,
        funder=entry.funder,
    )
    desk.session.flush()
    return opposite


def help_given(desk: Context, first: date, last: date, fund: Fund | None = None) -> Cents:
    """Return what funds paid for people from one day to another, in cents: the counted figure.

    A sum over entries, less what went back with a refund.
    """
    begins = datetime.combine(first, time(), desk.site.zone)
    ends = datetime.combine(last + timedelta(days=1), time(), desk.site.zone)
    where = [LedgerEntry.reason.in_(HELP), LedgerEntry.at >= begins, LedgerEntry.at < ends]
    if fund is not None:
        where.append(LedgerEntry.ledger == fund)
    return Cents(-desk.total(LedgerEntry.cents, *where))
