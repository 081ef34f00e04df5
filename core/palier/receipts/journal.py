"""The chain of keyed signatures under a register's tickets, events and closings, and its proof."""

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from threading import get_ident

import msgspec

from palier.errors import PalierError
from palier.receipts.numbering import BOOKLET_OPENED, PAPER_UNUSED, ReceiptNumber, copy_name
from palier.receipts.vat import Books, Period, SignedAmounts, Ticket, Totals

FIRST_PREV = "0" * 64
FINDINGS_KEPT = 100

Kind = StrEnum("Kind", ["TICKET", "EVENT", "CLOSING"])


class Reason(StrEnum):
    """What is wrong with a record."""

    SEQUENCE_GAP = "sequence_gap"
    HASH = "hash"
    KEY = "unknown_key"
    BODY = "body"  # unreadable, or its columns say something else than the signed text
    NUMBER = "number"
    TOTAL = "total"
    PERPETUAL = "perpetual"
    CLOSING = "closing"
    OUTSIDE = "outside_closing"  # differs from the closing kept outside, which is well signed
    OUTSIDE_FILE = "outside_file"  # the closing kept outside is itself not well signed
    CUT = "cut"


class ClosingFileWrong(PalierError):
    """A file of the closings folder can't be read, or says something else than this closing."""


class Entry(msgspec.Struct, frozen=True):
    """One record as it is kept; `at` is aware, whole seconds; `mac` and `prev` are 64 hex digits."""

    seq: int
    kind: str
    at: datetime
    body: str
    prev: str
    mac: str
    key_id: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A register's signing key and the name it is kept under."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a register's chain stands: what its row holds and locks."""

    register: str
    next_seq: int = 1
    mac: str = FIRST_PREV
    perpetual_cents: int = 0
    perpetual_abs_cents: int = 0

    def perpetual(self) -> dict[str, object]:
        """Both perpetual totals as they are signed."""
        names = ("perpetual_cents", "perpetual_abs_cents")
        return {name: getattr(self, name) for name in names}


def canonical(body: Mapping[str, object]) -> str:
    """Write a body the one way that is signed: sorted keys, no spaces, UTF-8 kept as it is."""
    return json.dumps(
        body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def mac(secret: bytes, prev: str, body: str) -> str:
    """Sign a body onto the signature before it: HMAC-SHA-256, 64 lower-case hex digits."""
    return hmac.digest(secret, f"{prev}\n{body}".encode(), "sha256").hex()


def add_ticket(head: Head, key: SigningKey, ticket: Ticket) -> tuple[Entry, Head]:
    """Return the ticket's record and the chain's new head.

    Raises ValueError when payments do not add up to what is due, or the number is of another
    register: the caller must have refused that before.
    """
    if sum(cents for _mode, cents in ticket.payments) != ticket.due_cents:
        raise ValueError("payments must add up to what is due")
    if ReceiptNumber.parse(ticket.number).register != head.register:
        raise ValueError("the number is of another register")
    head = replace(
        head,
        perpetual_cents=head.perpetual_cents + ticket.total_cents,
        perpetual_abs_cents=head.perpetual_abs_cents + abs(ticket.total_cents),
    )
    body = ticket.body() | head.perpetual()
    return _seal(head, key, Kind.TICKET, ticket.at, body)


def add_event(
    head: Head, key: SigningKey, *, code: str, at: datetime, operator: str, **more: str | int
) -> tuple[Entry, Head]:
    """Return the record of something that happened to the till, and the chain's new head.

    A reprint is `code="reprint", of="AMP-01-2026-000002", copy=1`. Events change no total.
    """
    return _seal(head, key, Kind.EVENT, at, more | {"code": code, "operator": operator})


def add_closing(
    head: Head, key: SigningKey, *, period: Period, from_: date, to: date, at: datetime, due: Totals
) -> tuple[Entry, Head]:
    """Return the record that closes a period with what `Books.due` gives, and the chain's new head."""
    body = {
        "period": period.value,
        "from": from_.isoformat(),
        "to": to.isoformat(),
        "first_ticket": due.first_number,
        "last_ticket": due.last_number,
        "tickets": due.tickets,
        "total_cents": due.total_cents,
        "vat": due.vat_body(),
    }
    return _seal(head, key, Kind.CLOSING, at, body | head.perpetual())


def count_in(books: Books, entry: Entry) -> None:
    """Bring books up to date with the next record of the journal: a ticket counts, a closing closes."""
    body = _read(entry.body)
    if body.kind == Kind.TICKET:
        books.on(body.at.date()).sell(body.seq, body.number, body.total_cents, body.vat)
    if body.kind == Kind.CLOSING:
        books.close(body.period, body.to)


def write_closing(folder: Path, entry: Entry) -> Path:
    """Keep a closing outside the database, whole and on the disk, and return its file.

    Call it after the commit; writing the same closing again does nothing. Raises ClosingFileWrong
    when another closing stands there already: what was kept is never replaced.
    """
    path = folder / copy_name(_read(entry.body).register, entry.seq)
    if path.exists():
        if _kept(path) != entry:
            raise ClosingFileWrong(path.name)
        return path
    half = path.with_suffix(f".{os.getpid()}-{get_ident()}.part")  # two may write it at once
    with half.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(entry), indent=1))
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _sync(folder)
    return path


def read_closings(folder: Path, register: str) -> Iterator[Entry]:
    """Give back the closings kept for a register. Raises ClosingFileWrong for a file it can't read."""
    for path in sorted(folder.glob("*.json")):
        entry = _kept(path)
        if _read(entry.body).register == register:
            yield entry


@dataclass(frozen=True, slots=True)
class Finding:
    """A record that is not as it was first written, and why."""

    seq: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the proof of one register's chain found.

    `chain` holds broken signatures and gaps, `figures` what does not add up: the first hundred of
    each; `found` counts all. Records after `sure_to_seq`, the last closing that agrees with the
    one kept outside, may have been cut off without a trace: say so.
    """

    records: int
    found: int
    chain: tuple[Finding, ...]
    figures: tuple[Finding, ...]
    sure_to_seq: int

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0

    @property
    def first(self) -> Finding | None:
        """The first finding: a broken chain before figures that do not add up."""
        return next(iter(self.chain + self.figures), None)


def verify(
    entries: Iterable[Entry],
    keys: Mapping[str, bytes],
    closings: Iterable[Entry] = (),
    *,
    register: str | None = None,
) -> Verdict:
    """Prove one register's journal, in the order it is kept, from its first record.

    `keys` gives the secret of each key id, `closings` the register's closings kept outside the
    database. Without `register`, the first record says which it is. Memory does not grow with
    the number of records.
    """
    proof = _Proof(keys, {closing.seq: closing for closing in closings}, register)
    for entry in entries:
        proof.take(entry)
    return proof.verdict()


class _Body(SignedAmounts, kw_only=True):
    seq: int
    kind: Kind
    at: datetime
    register: str
    number: str = ""
    perpetual_cents: int = 0
    perpetual_abs_cents: int = 0
    period: Period = Period.DAY
    to: date = date.min
    first_ticket: str | None = None
    last_ticket: str | None = None
    tickets: int = 0
    code: str = ""
    first: int = 1

    def closes(self, due: Totals) -> bool:
        mine = (self.tickets, self.total_cents, self.first_ticket, self.last_ticket)
        theirs = (due.tickets, due.total_cents, due.first_number, due.last_number)
        vat = {part.rate: [part.ht_cents, part.vat_cents] for part in self.vat}
        return mine == theirs and vat == due.vat


_read = msgspec.json.Decoder(_Body).decode


class _Proof:
    """The state of one walk along a chain; after a finding it goes on from what it read."""

    def __init__(
        self, keys: Mapping[str, bytes], outside: dict[int, Entry], register: str | None
    ) -> None:
        self.keys = {name: hmac.new(secret, digestmod="sha256") for name, secret in keys.items()}
        self.outside, self.register = outside, register
        self.books = Books()
        self.series, self.count, self.book = "", 0, False
        self.next_seq, self.prev, self.perpetual = 1, FIRST_PREV, (0, 0)
        self.records = self.found = self.sure_to_seq = 0
        self.chain: list[Finding] = []
        self.figures: list[Finding] = []

    def note(self, findings: list[Finding], seq: int, reason: Reason) -> None:
        self.found += 1
        if len(findings) < FINDINGS_KEPT:
            findings.append(Finding(seq, reason))

    def take(self, entry: Entry) -> None:
        self.records += 1
        self.link(entry)
        try:
            body = _read(entry.body)
        except (msgspec.MsgspecError, UnicodeError):
            self.note(self.chain, entry.seq, Reason.BODY)
            return
        self.register = self.register or body.register
        said = (body.seq, body.kind, body.at, body.register)
        if said != (entry.seq, entry.kind, entry.at, self.register):
            self.note(self.chain, entry.seq, Reason.BODY)
        if body.kind == Kind.TICKET:
            self.ticket(body)
        if body.kind == Kind.CLOSING:
            self.closing(body)
        if body.code == BOOKLET_OPENED:  # numbers of paper begin where the book does, and go on
            self.book, self.count = True, body.first - 1
        if body.code == PAPER_UNUSED and not self.numbered(body.number):
            self.note(self.figures, body.seq, Reason.NUMBER)

    def link(self, entry: Entry) -> None:
        signer = self.keys.get(entry.key_id)
        if entry.seq != self.next_seq:
            self.note(self.chain, self.next_seq, Reason.SEQUENCE_GAP)
        elif entry.prev != self.prev:
            self.note(self.chain, entry.seq, Reason.HASH)
        elif signer is None:
            self.note(self.chain, entry.seq, Reason.KEY)
        elif not _signed(signer, entry):
            self.note(self.chain, entry.seq, Reason.HASH)
        if self.outside:
            self.compare(entry)
        self.next_seq, self.prev = entry.seq + 1, entry.mac

    def compare(self, entry: Entry) -> None:
        kept = self.outside.pop(entry.seq, None)
        if kept == entry:
            self.sure_to_seq = entry.seq
        elif kept is not None:
            signer = self.keys.get(kept.key_id)
            sound = signer is not None and _signed(signer, kept)
            self.note(self.chain, entry.seq, Reason.OUTSIDE if sound else Reason.OUTSIDE_FILE)

    def ticket(self, body: _Body) -> None:
        if not self.numbered(body.number):
            self.note(self.figures, body.seq, Reason.NUMBER)
        if not body.adds_up():
            self.note(self.figures, body.seq, Reason.TOTAL)
        algebraic, absolute = self.perpetual
        self.perpetual = (algebraic + body.total_cents, absolute + abs(body.total_cents))
        self.still(body)
        self.books.on(body.at.date()).sell(body.seq, body.number, body.total_cents, body.vat)

    def numbered(self, text: str) -> bool:
        if text == f"{self.series}{self.count + 1:06d}":
            self.count += 1
            return True
        try:
            number = ReceiptNumber.parse(text)
        except ValueError:
            return False
        if self.book:
            self.count += 1
            return number.register == self.register and number.count == self.count
        earlier = ReceiptNumber.parse(f"{self.series}{self.count:06d}") if self.series else None
        self.series, self.count = text[: -len(f"{number.count:06d}")], number.count
        return number.register == self.register and number.follows(earlier)

    def closing(self, body: _Body) -> None:
        self.still(body)
        ready = self.books.may_close(body.period, body.to)
        if not body.closes(self.books.close(body.period, body.to)) or not ready:
            self.note(self.figures, body.seq, Reason.CLOSING)

    def still(self, body: _Body) -> None:
        said = (body.perpetual_cents, body.perpetual_abs_cents)
        if said != self.perpetual:
            self.note(self.figures, body.seq, Reason.PERPETUAL)
            self.perpetual = said

    def verdict(self) -> Verdict:
        for seq in sorted(self.outside):
            reason = Reason.CUT if seq >= self.next_seq else Reason.OUTSIDE
            self.note(self.chain, min(seq, self.next_seq), reason)
        chain, figures = tuple(self.chain), tuple(self.figures)
        return Verdict(self.records, self.found, chain, figures, self.sure_to_seq)


def _signed(signer: hmac.HMAC, entry: Entry) -> bool:
    text = f"{entry.prev}\n{entry.body}".encode("utf-8", "surrogatepass")
    signing = signer.copy()  # the key is worked in once, not for each record
    signing.update(text)
    return signing.hexdigest() == entry.mac


def _seal(
    head: Head, key: SigningKey, kind: Kind, at: datetime, body: Mapping[str, object]
) -> tuple[Entry, Head]:
    if at.tzinfo is None:
        raise ValueError("a record's time carries its zone")
    at = at.replace(microsecond=0)
    frame = {"seq": head.next_seq, "kind": kind, "register": head.register, "at": at.isoformat()}
    text = canonical({**body, **frame})
    signature = mac(key.secret, head.mac, text)
    entry = Entry(head.next_seq, kind, at, text, head.mac, signature, key.id)
    return entry, replace(head, next_seq=head.next_seq + 1, mac=signature)


def _kept(path: Path) -> Entry:
    try:
        entry = msgspec.json.decode(path.read_bytes(), type=Entry)
        _read(entry.body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ClosingFileWrong(path.name) from error
    return entry


def _sync(folder: Path) -> None:
    # The file's new name is on the disk only once its folder is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
