"""What tests of the till begin with: someone who owes something, a till counted or open."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from palier.context import Context
from palier.db.engine import Database
from palier.errors import Refused
from palier.receipts.actions import pay
from palier.receipts.charging import charge_item
from palier.receipts.checking import verify_site
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import (
    Charge,
    Journal,
    Payment,
    Receipt,
    ReceiptLine,
    VatClass,
    WhyOther,
)
from palier.receipts.price_list import set_price
from palier.receipts.till_acts import close_till, open_till
from palier.residents.models import Household, Resident
from palier.testing.plugin import NOW, At
from palier.text import Cents

SINCE = date(2026, 1, 1)


def make_resident(desk: Context, code: str = "F1") -> Resident:
    """Return a new resident with a household of their own."""
    household = desk.add(Household(code=code))
    return desk.add(
        Resident(household=household, given_name="Rose", family_name="Kern", card_code=f"C-{code}")
    )


def owe(
    desk: Context,
    resident: Resident,
    cents: int,
    *,
    what: str = "",
    quantity: int = 1,
    vat_class: VatClass = VatClass.STANDARD,
) -> Charge:
    """Let a resident owe so many units of a thing with a price of its own."""
    item = f"test.thing.{resident.id}.{what}"
    set_price(desk, item, Cents(cents), valid_from=SINCE, vat_class=vat_class)
    return charge_item(
        desk,
        item=item,
        label=f"Thing {what}",
        quantity=quantity,
        source=resident,
        resident=resident,
        what=what,
    )


def someone_owes(at: At, *amounts: int, code: str = "F1") -> int:
    """Let a new resident owe these amounts, and return their id."""
    with at() as desk:
        resident = make_resident(desk, code)
        for place, cents in enumerate(amounts):
            owe(desk, resident, cents, what=str(place))
        return resident.id


def pays(at: At, resident_id: int, now: datetime = NOW, **values: Any) -> int:
    """Take the payment and return the receipt's id."""
    with at(now=now) as desk:
        return pay(desk, desk.session.get_one(Resident, resident_id), **values).id


def counts_the_till(at: At, now: datetime = NOW, *, site_id: int = 1, off: int = 0) -> int:
    """Count and close the open till, so many cents off, and return the session's id."""
    with at(site_id, now) as desk:
        session = desk.session.scalars(open_sessions()).one()
        counted = Cents(drawer_of(desk, session).expected + off)
        reason = WhyOther.UNKNOWN if off else None
        return close_till(desk, session, counted_cents=counted, reason=reason).id


def opens_the_till(
    at: At, now: datetime = NOW, *, site_id: int = 1, float_cents: int = 5000
) -> int:
    """Count the float and open the till, whatever the last closing left; return the session's id."""
    with at(site_id, now) as desk:
        reason = WhyOther.UNKNOWN
        return open_till(desk, float_cents=Cents(float_cents), float_reason=reason).id


def numbers(at: At) -> list[str]:
    """Return the numbers of all receipts, in the order in which they were made."""
    with at(write=False) as desk:
        return list(desk.session.scalars(select(Receipt.number).order_by(Receipt.id)))


def counted(at: At) -> list[int]:
    """Count what sales leave behind: receipts, lines, payments, tickets of the journal."""
    tickets = select(func.count(Journal.seq)).where(Journal.kind == "ticket")
    rows = (select(func.count(each)) for each in (Receipt.id, ReceiptLine.id, Payment.id))
    with at(write=False) as desk:
        return [desk.session.scalar(each) or 0 for each in (*rows, tickets)]


def tried(work: Callable[[], object]) -> type[Refused] | None:
    """Return what the work was refused with."""
    try:
        work()
    except Refused as refusal:
        return type(refusal)
    return None


class Killed(Exception):
    """The process ends here."""


@contextmanager
def killed_at(database: Database, count: int) -> Iterator[list[int]]:
    """End the work when it sends its statement number `count`, from 1; yield how many it sent."""
    sent = [0]

    def look(*_statement: object) -> None:
        sent[0] += 1
        if sent[0] == count:
            raise Killed

    event.listen(database.writer, "before_cursor_execute", look)
    try:
        yield sent
    finally:
        event.remove(database.writer, "before_cursor_execute", look)


def ends_at_each_statement(database: Database, work: Callable[[], object]) -> Iterator[int]:
    """Kill the work before each of its statements in turn, then let it through once.

    Yields the number of the statement after each death; whatever was written is looked at there.
    """
    step = 0
    while True:
        step += 1
        with killed_at(database, step) as sent, suppress(Killed):
            work()
        if sent[0] < step:
            return
        yield step


def assert_books_are_whole(at: At) -> None:
    """Prove the site's books."""
    with at(write=False) as desk:
        checked = verify_site(desk.session, desk.signing_key)
    assert [each.ok for each in checked] == [True]


def proved(folder: Path, *, keys: Path | None = None) -> tuple[int, str]:
    """What a bare Python says of an archive, with an empty environment and nothing installed."""
    named = ["--keys", str(keys)] if keys else []
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *named]
    done = subprocess.run(command, env={}, capture_output=True, cwd="/", check=False)  # noqa: S603
    assert not done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode()
