"""The day sheet: its sums are those of receipts, ledgers and the journal."""

import json
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from palier.context import Context
from palier.receipts.actions import pay, refund
from palier.receipts.daysheet import read_day
from palier.receipts.deposits import hold_deposit
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import (
    ChargeKind,
    DepositForm,
    Journal,
    Ledger,
    LedgerKind,
    Payment,
    PayMode,
    Receipt,
)
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.testing.till import counts_the_till, make_resident, owe
from palier.text import Cents
from palier.visits.models import Visit

CODES = count(1)
SALES = st.tuples(
    st.lists(st.integers(1, 5000), min_size=1, max_size=3),
    st.sampled_from([ChargeKind.SALE, ChargeKind.AGENT, ChargeKind.CONTAINER]),
    st.sampled_from([PayMode.CASH, PayMode.CARD, PayMode.CHEQUE]),
    st.booleans(),
    st.integers(0, 20000),
)


def sells(
    desk: Context, amounts: list[int], kind: ChargeKind, mode: PayMode, *, back: bool, left: int
) -> None:
    """Sell, give it back perhaps, and take a deposit."""
    resident = make_resident(desk, f"D{next(CODES)}")
    for place, cents in enumerate(amounts):
        owe(desk, resident, cents, what=str(place)).kind = kind
    desk.session.flush()
    reference = "1234567" if mode is PayMode.CHEQUE else None
    receipt = pay(desk, resident, mode=mode, reference=reference)
    if back:
        refund(desk, receipt, mode=PayMode.CARD)
    if left:
        thing = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
        hold_deposit(desk, thing, Cents(left), DepositForm.CASH)


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SALES, max_size=5))
def test_the_sheet_is_the_receipts_the_ledgers_and_the_journal(
    at: At, day: list[tuple[list[int], ChargeKind, PayMode, bool, int]]
) -> None:
    for amounts, kind, mode, back, left in day:
        with at() as desk:
            sells(desk, amounts, kind, mode, back=back, left=left)

    with at(write=False) as desk:
        sheet = read_day(desk, desk.today)
        tickets = select(Journal.body).where(Journal.kind == "ticket")
        said = [json.loads(each) for each in desk.session.scalars(tickets)]
        held = desk.total(Ledger.balance_cents, Ledger.kind == LedgerKind.DEPOSIT)
        cash = desk.total(Payment.cents, Payment.mode == PayMode.CASH)
        assert sheet.turnover_cents == desk.total(Receipt.total_cents)
        assert sheet.turnover_cents == sum(each["total_cents"] for each in said)
        assert sheet.due_cents == sheet.paid_cents == desk.total(Receipt.due_cents)
        assert sum(each.vat_cents for each in sheet.vat) == sum(
            part["vat_cents"] for each in said for part in each["vat"]
        )
        assert sheet.held_cents == held
        assert sheet.paid_by(PayMode.CASH) == cash
        drawer = drawer_of(desk, desk.session.scalars(open_sessions()).one())
        assert drawer.expected == 5000 + cash
        assert sum(each.count for each in sheet.series) == desk.session.scalar(
            select(func.count(Receipt.id))
        )


def test_the_page_says_what_was_sold_paid_and_counted(at: At, browser: Browser) -> None:
    with at() as desk:
        sells(desk, [400, 1135], ChargeKind.SALE, PayMode.CASH, back=False, left=15000)
    counts_the_till(at, off=-50)

    page = words_of(browser.opens("/ampere/desk/receipts/day_sheet"))

    assert "Turnover €15.35" in page
    assert "Should be there €65.35 Counted by MK €64.85" in page
    assert "Difference: Nobody knows −€0.50" in page
    assert "Cash, in the box €150.00" in page


def test_the_desk_says_that_the_till_is_open_or_offers_to_open_it(at: At, browser: Browser) -> None:
    before = browser.opens("/ampere/desk")
    counts_the_till(at)
    after = browser.opens("/ampere/desk")

    assert "Till open" in words_of(before)
    assert "till_session/1/close_till?" in before
    assert "close_till?" not in after
    assert "Till closed" in words_of(after)
    assert "do/open_till?" in after
