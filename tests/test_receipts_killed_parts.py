"""A sale with a fund, a voucher, coins and the tab, ended before each of its statements."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from palier.db.engine import Database
from palier.receipts.charging import charge_item
from palier.receipts.ledgers import make_fund
from palier.receipts.models import Ledger, LedgerEntry, Payment, PayMode
from palier.receipts.price_list import set_price, set_reduced_price
from palier.residents.actions import note_bracket
from palier.residents.models import Bracket, Colour, Household
from palier.testing.plugin import At
from palier.testing.till import SINCE, assert_books_are_whole, counted, make_resident, numbers, pays
from palier.text import Cents

MOST = 40  # statements of such a sale
KILLS = 50
PARTS: dict[str, Any] = {
    "mode": PayMode.VOUCHER,
    "given": Cents(100),
    "reference": "CH0042",
    "second_mode": PayMode.CASH,
    "second_given": Cents(100),
    "third_mode": PayMode.TAB,
}
DIES = """
import os, sys
from sqlalchemy import event
from palier.desk.counter import Desk
from palier.receipts.actions import pay
from palier.receipts.models import PayMode
from palier.residents.models import Resident
from palier.testing.databases import open_database
from palier.testing.plugin import MAGDA, NOW, SECRET, place
from palier.text import Cents

url, who, step = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
database, sent = open_database(url), []

@event.listens_for(database.writer, "before_cursor_execute")
def look(*statement):
    sent.append(statement)
    if len(sent) == step:
        os._exit(9)

with database.write(1) as session:
    desk = Desk(session, place(), MAGDA, NOW, secret=SECRET)
    pay(desk, session.get_one(Resident, who), mode=PayMode.VOUCHER, given=Cents(100),
        reference="CH0042", second_mode=PayMode.CASH, second_given=Cents(100),
        third_mode=PayMode.TAB)
    os._exit(9)
"""


class Killed(Exception):
    """The process ends here."""


@contextmanager
def killed_at(database: Database, step: int) -> Iterator[list[int]]:
    """End the work when it sends its statement number `step`, from 1; count what it sends."""
    sent = [0]

    def look(*_statement: object) -> None:
        sent[0] += 1
        if sent[0] == step:
            raise Killed

    event.listen(database.writer, "before_cursor_execute", look)
    try:
        yield sent
    finally:
        event.remove(database.writer, "before_cursor_execute", look)


def green_bike(at: At) -> int:
    """Someone green whose week costs 8.00, 4.00 for them; the fund holds 10.00."""
    with at() as desk:
        resident = make_resident(desk)
        home = desk.session.get_one(Household, resident.household.id)  # type: ignore[union-attr]  # has one
        full = set_price(desk, "bike.week", Cents(800), valid_from=SINCE)
        fund = make_fund(desk, "Fund")
        fund.balance_cents = Cents(1000)
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="A"))
        set_reduced_price(desk, full, Cents(400), bracket=green, fund=fund, valid_from=SINCE)
        note_bracket(desk, home, bracket=green, bracket_until=desk.today)
        charge_item(desk, item="bike.week", label="A", source=resident, resident=resident)
        return resident.id


def balances(at: At) -> tuple[list[int], int]:
    with at(write=False) as desk:
        held = desk.session.scalars(select(Ledger.balance_cents).order_by(Ledger.id)).all()
        return [int(each) for each in held], desk.total(LedgerEntry.cents)


def is_whole(at: At) -> None:
    """What the sale leaves in the end: one receipt, three payments, fund and tab moved once."""
    assert counted(at) == [1, 1, 3, 1]
    assert numbers(at) == ["AMPERE-01-2026-000001"]
    assert balances(at) == ([600, 200], -400 + 200)
    with at(write=False) as desk:
        assert desk.session.scalar(select(func.sum(Payment.cents))) == 400
    assert_books_are_whole(at)


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, MOST))
def test_fifty_kills_at_each_step_leave_nothing_half(at: At, database: Database, step: int) -> None:
    who = green_bike(at)

    for _time in range(KILLS):
        with killed_at(database, step) as sent:
            try:
                pays(at, who, **PARTS)
            except Killed:
                continue
        assert sent[0] < step  # the sale has no such statement: it went through
        is_whole(at)
        return

    assert counted(at) == [0, 0, 0, 0]
    assert balances(at) == ([1000], 0)
    pays(at, who, **PARTS)
    is_whole(at)


@pytest.mark.slow
@pytest.mark.parametrize("step", [3, 6, 9, 12, 15, 18, 21, 24, 99])
def test_a_process_that_dies_leaves_the_voucher_and_the_fund(
    at: At, database: Database, step: int
) -> None:
    who = green_bike(at)
    url = database.url.render_as_string(hide_password=False)

    died = subprocess.run(
        [sys.executable, "-c", DIES, url, str(who), str(step)], env=os.environ, check=False
    )

    assert died.returncode == 9
    assert counted(at) == [0, 0, 0, 0]
    assert balances(at) == ([1000], 0)
    pays(at, who, **PARTS)
    is_whole(at)
