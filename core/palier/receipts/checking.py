"""The proof of a site's books: every register's chain, its head, and the receipts beside it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec
from sqlalchemy import select

from palier.db.scope import SiteSession
from palier.receipts.journal import FIRST_PREV, Entry, Kind, Verdict, read_closings, verify
from palier.receipts.models import Closing, Journal, Receipt, Register
from palier.receipts.tills import journal_of


class Beside(StrEnum):
    """What does not agree with the journal, though the journal itself may be whole."""

    HEAD = "head"  # the register's row says another end of the chain
    RECEIPT = "receipt"  # a receipt is missing, too many, or says other amounts
    CLOSING = "closing"  # the list of closings lacks one, has one too many, or says other amounts


@dataclass(frozen=True)
class Checked:
    """What was found of one register.

    `beside` is (journal seq, what). Records after `verdict.sure_to_seq` may have been cut off
    without a trace: whoever shows this says so.
    """

    register: str
    verdict: Verdict
    beside: tuple[tuple[int, Beside], ...]
    compared: bool = True  # with the closings kept outside, where it has closings and a folder

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.verdict.ok and not self.beside


class _Said(msgspec.Struct):
    number: str
    total_cents: int
    lines: "list[_SaidLine]"

    @property
    def due_cents(self) -> int:
        return sum(line.total_cents for line in self.lines)


class _SaidLine(msgspec.Struct):
    total_cents: int


_read = msgspec.json.Decoder(_Said).decode
_Row = tuple[int, str, int, int]


def verify_site(
    session: SiteSession, keys: Callable[[str], bytes], closings: Path | None = None
) -> list[Checked]:
    """Prove every register of the session's site; `closings` is the folder kept outside.

    Raises `ClosingFileWrong` for a file of the folder that can't be read.
    """
    registers = session.scalars(select(Register).order_by(Register.id)).all()
    return [_check(session, each, keys, closings) for each in registers]


def _check(
    session: SiteSession,
    register: Register,
    keys: Callable[[str], bytes],
    closings: Path | None,
) -> Checked:
    listed = _closings(session, register)
    compared = closings is None or not listed
    beside = _Beside(iter(_receipts(session, register)), listed)
    kept = tuple(read_closings(closings, register.code)) if closings and closings.is_dir() else ()
    entries = beside.watch(journal_of(session, register))
    verdict = verify(entries, _keys(session, register, keys), kept, register=register.code)
    beside.compare_head(register)
    return Checked(register.code, verdict, tuple(beside.found), compared or bool(kept))


def _keys(
    session: SiteSession, register: Register, keys: Callable[[str], bytes]
) -> dict[str, bytes]:
    # Only the register's own keys count: their names begin as its present one does, so that a
    # record signed with another register's key is found.
    used = session.scalars(
        select(Journal.key_id).where(Journal.register_id == register.id).distinct()
    )
    stem = register.key_id.rpartition("-")[0]
    return {each: keys(each) for each in used if each.rpartition("-")[0] == stem}


def _receipts(session: SiteSession, register: Register) -> Iterator[_Row]:
    names = (Receipt.journal_seq, Receipt.number, Receipt.total_cents, Receipt.due_cents)
    query = select(*names).where(Receipt.register_id == register.id)
    rows = session.execute(query.order_by(Receipt.journal_seq).execution_options(yield_per=2000))
    return ((seq, number, total, due) for seq, number, total, due in rows)


def _closings(session: SiteSession, register: Register) -> dict[int, tuple[object, ...]]:
    names = Closing.period, Closing.to_on, Closing.tickets, Closing.total_cents
    more = Closing.perpetual_cents, Closing.perpetual_abs_cents
    query = select(Closing.journal_seq, *names, *more).where(Closing.register_id == register.id)
    rows = session.execute(query).all()
    return {seq: (period.value, to.isoformat(), *rest) for seq, period, to, *rest in rows}


def _said_closing(body: str) -> tuple[object, ...]:
    said = json.loads(body)
    names = "period", "to", "tickets", "total_cents", "perpetual_cents", "perpetual_abs_cents"
    return tuple(said.get(name) for name in names)


class _Beside:
    """One walk along journal, receipts and the list of closings together."""

    def __init__(self, receipts: Iterator[_Row], closings: dict[int, tuple[object, ...]]) -> None:
        self.receipts = receipts
        self.closings = closings
        self.next = next(receipts, None)
        self.last: tuple[int, str] = (0, FIRST_PREV)
        self.found: list[tuple[int, Beside]] = []

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.last = (entry.seq, entry.mac)
            if entry.kind == Kind.TICKET:
                self.compare(entry)
            elif entry.kind == Kind.CLOSING:
                self.compare_closing(entry)
            yield entry

    def compare_closing(self, entry: Entry) -> None:
        listed = self.closings.pop(entry.seq, None)
        try:
            said = _said_closing(entry.body)
        except ValueError:
            return  # the chain's own proof says so
        if listed != said:
            self.found.append((entry.seq, Beside.CLOSING))

    def compare(self, entry: Entry) -> None:
        self.drop_before(entry.seq)
        row = self.next
        if row is None or row[0] != entry.seq:
            self.found.append((entry.seq, Beside.RECEIPT))
            return
        self.next = next(self.receipts, None)
        try:
            said = _read(entry.body)
        except msgspec.MsgspecError:
            return  # the chain's own proof says so
        if row[1:] != (said.number, said.total_cents, said.due_cents):
            self.found.append((entry.seq, Beside.RECEIPT))

    def drop_before(self, seq: int) -> None:
        while self.next is not None and self.next[0] < seq:
            self.found.append((self.next[0], Beside.RECEIPT))
            self.next = next(self.receipts, None)

    def compare_head(self, register: Register) -> None:
        seq, mac = self.last
        self.drop_before(register.next_seq + seq + 1)
        self.found += [(each, Beside.CLOSING) for each in sorted(self.closings)]
        if (register.next_seq, register.head_hash) != (seq + 1, mac):
            self.found.append((seq, Beside.HEAD))
