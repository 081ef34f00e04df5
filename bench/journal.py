"""The journal: one record appended, a long chain proved, a receipt as a PDF."""

import hmac
from collections.abc import Callable, Mapping

from bench.filling import BOOKLET
from bench.measuring import Measured, by_turns
from bench.places import Place, Twins, WentWrong, booklet_key, desk_of
from bench.recording import COMMIT
from bench.writes import sale
from sqlalchemy import select

from palier.context import Context
from palier.receipts.journal import FIRST_PREV, add_event, verify
from palier.receipts.models import Receipt, Register
from palier.receipts.printing import receipt_pdf
from palier.receipts.tills import journal_of, lock_till, write_down

RECORDS = "SELECT seq, kind, at, body, prev, mac, key_id FROM journal WHERE register_id = :till"


class Bare(Twins):
    """Of what a work sent, the insert into the journal and its commit only."""

    def raw(self, turn: int) -> None:
        """Insert and commit, in a transaction opened as ours."""
        kept = ("INSERT INTO journal", "BEGIN", "SELECT set_config", COMMIT)
        self.steps = [each for each in self.steps if each.statement.startswith(kept)]
        super().raw(turn)


def append(place: Place) -> Measured:
    """Measure an event signed onto the desk's till, beside one bare insert and commit."""

    def event(_turn: int) -> None:
        with desk_of(place) as desk:
            at, who = desk.local(desk.now), "BE"
            write_down(
                desk,
                lock_till(desk),
                lambda head, key: add_event(head, key, code="bench", at=at, operator=who),
            )

    bare = Bare(place, event)
    ours, raw = by_turns((bare.ours, bare.raw), 100)
    return Measured(ours, raw)


def prove(place: Place) -> Measured:
    """Measure a chain proved, beside its records read and signed again."""
    connection, statement = place.raw(), place.written(f"{RECORDS} ORDER BY seq")
    key = booklet_key()

    def ours(_turn: int) -> None:
        with place.house.database.read(1) as session:
            till = session.scalars(select(Register).where(Register.code == BOOKLET)).one()
            verdict = verify(journal_of(session, till), {key.id: key.secret}, register=BOOKLET)
        if not verdict.ok or verdict.records != place.size.records:
            raise WentWrong("the chain is not whole", verdict)

    def raw(_turn: int) -> None:
        before = FIRST_PREV
        for _seq, _kind, _at, body, _prev, mac, _key in connection.execute(statement, {"till": 1}):
            signed = hmac.digest(key.secret, f"{before}\n{body}".encode(), "sha256").hex()
            if signed != mac:
                raise WentWrong("the raw chain is not whole")
            before = mac

    proved, read = by_turns((ours, raw), 3, warm=1)
    return Measured(proved, read)


def paper(place: Place) -> Measured:
    """Measure a receipt set as a PDF, beside its statements."""
    if _last(place) is None:
        sale(place)
    fonts = place.house.renderer.fonts("plain")

    def print_it(_turn: int) -> None:
        with desk_of(place, write=False) as desk:
            found = desk.session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()
            if not receipt_pdf(desk, found, fonts).startswith(b"%PDF"):
                raise WentWrong("no PDF")

    twins = Twins(place, print_it)
    ours, raw = by_turns((twins.ours, twins.raw), 40, reads=True)
    return Measured(ours, raw)


def _last(place: Place) -> int | None:
    with desk_of(place, write=False) as desk:
        return _id_of(desk)


def _id_of(desk: Context) -> int | None:
    found: int | None = desk.session.scalar(select(Receipt.id).limit(1))
    return found


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "journal, one record": append,
    "journal, chain proved": prove,
    "receipt, PDF": paper,
}
