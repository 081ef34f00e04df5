"""What must always hold of receipts, payments, totals and ledgers, whatever the desk does."""

from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, func, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.actions import close_day, pay, refund
from palier.receipts.checking import verify_site
from palier.receipts.deposits import Kept, give_deposit_back, hold_deposit
from palier.receipts.models import (
    Charge,
    ChargeKind,
    Deposit,
    DepositForm,
    DepositState,
    KeptTo,
    Ledger,
    LedgerEntry,
    Payment,
    PayMode,
    Receipt,
    ReceiptLine,
    Register,
)
from palier.receipts.numbering import ReceiptNumber
from palier.testing.plugin import NOW, At
from palier.testing.till import make_resident, owe
from palier.text import Cents, _
from palier.visits.models import Visit

CODES = count(1)
AMOUNTS = st.lists(st.integers(0, 5000), min_size=1, max_size=3)
STEPS = st.one_of(
    st.tuples(st.just("sell"), AMOUNTS),
    st.tuples(st.just("collect"), AMOUNTS),
    st.tuples(st.sampled_from(["refund", "close", "next day", "too little"]), st.just([1])),
    st.tuples(st.just("deposit"), AMOUNTS),
    st.tuples(st.just("give back"), AMOUNTS),
)


class Day:
    """A desk that does one thing after another, each in a transaction of its own."""

    def __init__(self, at: At) -> None:
        self.at = at
        self.now: datetime = NOW

    def does(self, step: str, amounts: list[int]) -> None:
        if step == "next day":
            self.now += timedelta(days=1)
            return
        try:
            with self.at(now=self.now) as desk:
                getattr(self, step.replace(" ", "_"))(desk, amounts)
        except Refused:
            return

    def sell(self, desk: Context, amounts: list[int]) -> None:
        resident = make_resident(desk, f"F{next(CODES)}")
        for place, cents in enumerate(amounts):
            owe(desk, resident, cents, what=str(place), quantity=place + 1)
        pay(desk, resident, mode=PayMode.CARD)

    def collect(self, desk: Context, amounts: list[int]) -> None:
        resident = make_resident(desk, f"F{next(CODES)}")
        for place, cents in enumerate(amounts):
            owe(desk, resident, cents, what=str(place)).kind = ChargeKind.AGENT
        owe(desk, resident, 100, what="ours")
        pay(desk, resident)

    def too_little(self, desk: Context, amounts: list[int]) -> None:
        resident = make_resident(desk, f"F{next(CODES)}")
        owe(desk, resident, 100)
        pay(desk, resident, given=Cents(amounts[0]))

    def refund(self, desk: Context, amounts: list[int]) -> None:  # noqa: ARG002 - one shape for all
        for receipt in desk.all(select(Receipt).where(Receipt.refund_of_id.is_(None)).limit(1)):
            refund(desk, receipt)

    def close(self, desk: Context, amounts: list[int]) -> None:  # noqa: ARG002 - one shape for all
        close_day(desk, day=desk.today)

    def deposit(self, desk: Context, amounts: list[int]) -> None:
        resident = make_resident(desk, f"F{next(CODES)}")
        thing = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
        hold_deposit(desk, thing, Cents(amounts[0]), DepositForm.CASH)

    def give_back(self, desk: Context, amounts: list[int]) -> None:
        held = select(Deposit).where(Deposit.state == DepositState.HELD).limit(1)
        for deposit in desk.all(held):
            thing = desk.session.get_one(Visit, deposit.source_id)
            kept = Kept(Cents(amounts[0]), _("Broken"), to=KeptTo.TILL)
            give_deposit_back(desk, thing, kept)


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=8))
def test_the_books_are_whole_whatever_the_desk_does(
    at: At, steps: list[tuple[str, list[int]]]
) -> None:
    day = Day(at)

    for step, amounts in steps:
        day.does(step, amounts)

    with at(write=False) as desk:
        numbers_have_no_gap(desk)
        payments_make_what_is_due(desk)
        ledgers_are_their_entries(desk)
        assert all(each.ok for each in verify_site(desk.session, desk.signing_key))


def numbers_have_no_gap(desk: Context) -> None:
    told = list(desk.session.scalars(select(Receipt.number).order_by(Receipt.journal_seq)))
    numbers = [ReceiptNumber.parse(each) for each in told]

    assert all(later.follows(earlier) for earlier, later in pairwise([None, *numbers]) if later)


def payments_make_what_is_due(desk: Context) -> None:
    due = pairs(desk, select(Receipt.id, Receipt.due_cents))
    total = pairs(desk, select(Receipt.id, Receipt.total_cents))
    paid = select(Payment.receipt_id, func.sum(Payment.cents)).group_by(Payment.receipt_id)
    sold = (
        select(ReceiptLine.receipt_id, func.sum(ReceiptLine.total_cents))
        .where(ReceiptLine.kind == ChargeKind.SALE)
        .group_by(ReceiptLine.receipt_id)
    )

    assert {k: v for k, v in due.items() if v} == pairs(desk, paid)
    assert total == pairs(desk, sold)
    perpetual = desk.session.scalar(select(Register.perpetual_cents)) or 0
    assert perpetual == sum(total.values())
    assert desk.total(Charge.total_cents, Charge.total_cents < 0) == 0


def pairs(desk: Context, query: Select[int, int] | Select[int, Cents]) -> dict[int, int]:
    return {row[0]: row[1] for row in desk.session.execute(query)}


def ledgers_are_their_entries(desk: Context) -> None:
    held = desk.total(Deposit.cents, Deposit.state == DepositState.HELD)

    assert desk.total(LedgerEntry.cents) == desk.total(Ledger.balance_cents) == held
