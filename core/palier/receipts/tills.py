"""The register: counter, lock and head of a till's chain, written together with each record."""

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from palier.context import Context
from palier.db.scope import SiteSession
from palier.errors import Refused
from palier.receipts.journal import FIRST_PREV, Entry, Head, SigningKey, add_event
from palier.receipts.models import Journal, Register, RegisterKind
from palier.receipts.numbering import ReceiptNumber
from palier.text import _

# Clocks of two servers differ by seconds; more is a clock that was set back.
SLACK = timedelta(minutes=2)

Add = Callable[[Head, SigningKey], tuple[Entry, Head]]


class ClockIsBehind(Refused):
    text = _("The clock says %(year)s, and receipts of %(last)s exist. Set the clock right first.")


def register_code(slug: str, number: int = 1) -> str:
    """Return a till's code from the site's slug, as receipts print it: `AMPERE-01`."""
    return f"{slug.upper()}-{number:02d}"


def open_register(desk: Context, code: str, kind: RegisterKind = RegisterKind.DESK) -> Register:
    """Return the register with this code, made if missing, locked until the act ends.

    Its key has a name of its own, so that no chain can stand in for another's.
    """
    return desk.one(
        Register(
            code=code,
            kind=kind,
            year=desk.today.year,
            next_number=1,
            next_seq=1,
            head_hash=FIRST_PREV,
            key_id=f"{desk.site.id}-{code}-1",
            perpetual_cents=0,
            perpetual_abs_cents=0,
        )
    )


def lock_till(desk: Context) -> Register:
    """Return the desk's register, locked: the last lock an act takes, and the one held shortest."""
    first = select(Register).where(Register.kind == RegisterKind.DESK).order_by(Register.id)
    return desk.lock(first) or open_register(desk, register_code(desk.site.slug))


def next_number(desk: Context, register: Register) -> ReceiptNumber:
    """Take the next number; the first receipt of a year is number 1.

    Raises `ClockIsBehind` when the clock is in a year before the last receipt's.
    """
    year = desk.today.year
    if year < register.year:
        raise ClockIsBehind(year=str(year), last=str(register.year))
    if year > register.year:
        register.year, register.next_number = year, 1
    number = ReceiptNumber(register.code, year, register.next_number)
    register.next_number += 1
    return number


def write_down(desk: Context, register: Register, add: Add) -> Entry:
    """Sign the next record onto a register's chain: `add` makes it from the chain's head.

    A clock that stands behind the last record is written down first: what follows is out of order.
    """
    if register.kind is RegisterKind.DESK:  # paper has the times that stand on it
        _note_clock(desk, register)
    return _sign(desk, register, add)


def _note_clock(desk: Context, register: Register) -> None:
    before = Journal.register_id == register.id, Journal.seq == register.next_seq - 1
    last = desk.session.scalar(select(Journal.at).where(*before))
    if last is None or desk.now >= last - SLACK:
        return
    at, by, said = desk.local(desk.now), who_signs(desk), desk.local(last).isoformat()
    _sign(
        desk,
        register,
        lambda head, key: add_event(head, key, code="clock", at=at, operator=by, before=said),
    )


def _sign(desk: Context, register: Register, add: Add) -> Entry:
    head = Head(
        register.code,
        register.next_seq,
        register.head_hash,
        register.perpetual_cents,
        register.perpetual_abs_cents,
    )
    key = SigningKey(register.key_id, desk.signing_key(register.key_id))
    entry, head = add(head, key)
    register.next_seq = head.next_seq
    register.head_hash = head.mac
    register.perpetual_cents = head.perpetual_cents
    register.perpetual_abs_cents = head.perpetual_abs_cents
    desk.session.add(
        Journal(
            register_id=register.id,
            seq=entry.seq,
            kind=entry.kind,
            at=entry.at,
            body=entry.body,
            prev=entry.prev,
            mac=entry.mac,
            key_id=entry.key_id,
        )
    )
    return entry


def note_event(desk: Context, register: Register, code: str, **more: str | int) -> Entry:
    """Write what happened to a till into its journal, as a record that changes no total.

    The register is locked. Law: opening, closing, change of rate, reprint and their like are kept
    (domain 1.15).
    """
    at, by = desk.local(desk.now), who_signs(desk)
    return write_down(
        desk,
        register,
        lambda head, key: add_event(head, key, code=code, at=at, operator=by, **more),
    )


def who_signs(desk: Context) -> str:
    """Return who acts, as the journal and receipts name them: a person code, never a name."""
    return desk.actor.person_code or "system"


def entry_columns() -> tuple[InstrumentedAttribute[Any], ...]:
    """Return the columns of a journal's record, in the order in which `Entry` takes them."""
    first = Journal.seq, Journal.kind, Journal.at, Journal.body
    return *first, Journal.prev, Journal.mac, Journal.key_id


def journal_of(
    session: SiteSession, register: Register, until: int | None = None
) -> Generator[Entry]:
    """Yield a register's journal in order, up to a record; some thousand in memory at a time."""
    query = select(*entry_columns()).where(Journal.register_id == register.id)
    if until is not None:
        query = query.where(Journal.seq <= until)
    rows = session.execute(query.order_by(Journal.seq).execution_options(yield_per=2000))
    try:
        for row in rows:
            yield Entry(*row)
    finally:
        rows.close()
