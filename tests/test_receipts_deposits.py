"""Deposits: in their own box, never income, given back or kept with a reason."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from palier.context import Context
from palier.db.engine import Database
from palier.errors import Refused
from palier.receipts.actions import pay
from palier.receipts.charging import charge_item
from palier.receipts.deposits import (
    ChequeNumberMissing,
    DepositHeld,
    Kept,
    KeptTooMuch,
    NoDepositHeld,
    NotAChequeNumber,
    WhereKept,
    WhyKept,
    WhyWaived,
    give_deposit_back,
    hold_deposit,
)
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import (
    CashMove,
    Deposit,
    DepositForm,
    DepositState,
    KeptAs,
    KeptTo,
    Ledger,
    LedgerEntry,
    MoveReason,
    Payment,
    PayMode,
    Receipt,
    WaivedBecause,
)
from palier.receipts.price_list import set_price
from palier.receipts.printing import sheet_of
from palier.receipts.till_acts import TillClosed
from palier.testing.caretaker import Browser, hidden_of
from palier.testing.plugin import At
from palier.testing.till import SINCE, assert_books_are_whole, counts_the_till, make_resident
from palier.text import Cents, _
from palier.visits.models import Visit

AMOUNT = Cents(15000)
BROKEN = _("Brakes broken")


def make_thing(desk: Context, code: str = "F1") -> Visit:
    """Return a record that a resident leaves a deposit for."""
    return desk.add(Visit(at=desk.now, on=desk.today, resident=make_resident(desk, code)))


def boxes(desk: Context) -> dict[str, int]:
    rows = desk.session.execute(select(Ledger.owner_type, Ledger.balance_cents))
    return {form: cents for form, cents in rows if cents}


def test_a_cheque_is_held_with_its_number_and_is_no_income(at: At) -> None:
    with at() as desk:
        deposit = hold_deposit(desk, make_thing(desk), AMOUNT, DepositForm.CHEQUE, "0045128")

        assert (deposit.state, deposit.cents, deposit.reference) == (
            DepositState.HELD,
            AMOUNT,
            "0045128",
        )
        assert boxes(desk) == {"cheque": 15000}
        assert desk.session.scalar(select(func.count(Payment.id))) == 0


@pytest.mark.parametrize(
    ("reference", "refusal"),
    [
        (None, ChequeNumberMissing),
        ("  ", ChequeNumberMissing),
        ("004A128", NotAChequeNumber),
        ("1234", NotAChequeNumber),
        ("1234567890123", NotAChequeNumber),
        ("٠١٢٣٤٥٦", NotAChequeNumber),
    ],
)
def test_a_cheque_needs_its_number(at: At, reference: str | None, refusal: type[Refused]) -> None:
    with at() as desk, pytest.raises(refusal) as refused:
        hold_deposit(desk, make_thing(desk), AMOUNT, DepositForm.CHEQUE, reference)

    assert refused.value.field == "reference"


def test_a_waived_deposit_holds_nothing_and_says_why(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        with pytest.raises(WhyWaived):
            hold_deposit(desk, thing, AMOUNT, DepositForm.WAIVED)
        why = WaivedBecause.VOUCHED
        deposit = hold_deposit(desk, thing, AMOUNT, DepositForm.WAIVED, waived=why)

        assert (deposit.cents, deposit.reason) == (0, "Un partenaire s’en porte garant")
        assert boxes(desk) == {}


def test_one_deposit_is_held_for_one_thing(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)

        with pytest.raises(DepositHeld):
            hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)


@pytest.mark.parametrize(
    ("keep", "state"),
    [
        (Cents(0), DepositState.RETURNED),
        (Cents(4000), DepositState.KEPT_PART),
        (AMOUNT, DepositState.KEPT),
    ],
)
def test_what_is_not_kept_goes_back_and_the_box_is_empty(
    at: At, keep: Cents, state: DepositState
) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)

        deposit = give_deposit_back(desk, thing, Kept(keep, BROKEN, to=KeptTo.BANK))

        assert (deposit.state, deposit.kept_cents, deposit.reason) == (
            state,
            keep,
            "Brakes broken",
        )
        assert boxes(desk) == {}
        assert desk.total(LedgerEntry.cents) == 0


def test_no_more_is_kept_than_was_left(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)

        with pytest.raises(KeptTooMuch):
            give_deposit_back(desk, thing, Kept(Cents(15001), BROKEN))
        with pytest.raises(WhyKept):
            give_deposit_back(desk, thing, Kept(Cents(1)))
        with pytest.raises(WhereKept):
            give_deposit_back(desk, thing, Kept(Cents(1), BROKEN))


def test_kept_cash_goes_into_the_till_with_its_trace(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)
        deposit = give_deposit_back(desk, thing, Kept(Cents(4000), BROKEN, to=KeptTo.TILL))

        (move,) = desk.all(select(CashMove))
        session = desk.session.scalars(open_sessions()).one()
        assert (move.cents, move.reason, move.number) == (4000, MoveReason.DEPOSIT, "D1")
        assert drawer_of(desk, session).expected == session.float_cents + 4000
        assert (deposit.kept_as, deposit.kept_to) == (KeptAs.DAMAGES, KeptTo.TILL)
        assert desk.total(Receipt.total_cents) == 0  # damages are no turnover
    assert_books_are_whole(at)


def test_kept_cash_waits_for_an_open_till(at: At) -> None:
    counts_the_till(at)
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)

        with pytest.raises(TillClosed):
            give_deposit_back(desk, thing, Kept(Cents(4000), BROKEN, to=KeptTo.TILL))


def test_a_cheque_that_is_kept_goes_to_the_bank(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CHEQUE, "0045128")
        deposit = give_deposit_back(desk, thing, Kept(AMOUNT, BROKEN))

        assert deposit.kept_to is KeptTo.BANK


def test_what_is_kept_as_a_price_is_sold_and_the_deposit_goes_back(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)
        deposit = give_deposit_back(desk, thing, Kept(Cents(4000), BROKEN, KeptAs.PRICE))
        assert thing.resident is not None
        receipt = pay(desk, thing.resident, mode=PayMode.CARD)

        assert (deposit.state, deposit.kept_cents) == (DepositState.RETURNED, 0)
        assert (receipt.total_cents, receipt.due_cents) == (4000, 4000)
    assert_books_are_whole(at)


def test_no_kept_deposit_is_offered_to_be_moved_by_hand(at: At, browser: Browser) -> None:
    with at() as desk:
        session = desk.session.scalars(open_sessions()).one().id

    address = f"/ampere/desk/receipts/till_session/{session}/move_cash"
    form = browser.opens(address)
    values = {"reason": "deposit", "cents": "1", "number": "1"}
    asked = browser.client.post(address, data=hidden_of(form) | values)

    assert 'value="expense"' in form
    assert 'value="deposit"' not in form
    assert asked.status_code == 422


def test_a_deposit_goes_back_once(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CASH)
        give_deposit_back(desk, thing)

        with pytest.raises(NoDepositHeld):
            give_deposit_back(desk, thing)


def test_the_box_is_what_is_held(at: At) -> None:
    with at() as desk:
        things = [make_thing(desk, f"F{place}") for place in range(4)]
        for thing in things:
            hold_deposit(desk, thing, AMOUNT, DepositForm.CHEQUE, "0045128")
        give_deposit_back(desk, things[0])
        give_deposit_back(desk, things[1], Kept(Cents(4000), BROKEN))

        held = desk.total(Deposit.cents, Deposit.state == DepositState.HELD)

        assert boxes(desk) == {"cheque": held}
        assert desk.total(LedgerEntry.cents) == held == 2 * AMOUNT


def test_the_database_refuses_a_box_below_nothing(at: At) -> None:
    with at() as desk:
        hold_deposit(desk, make_thing(desk), AMOUNT, DepositForm.CASH)

    with at() as desk:
        desk.session.scalars(select(Ledger)).one().balance_cents = Cents(-1)
        with pytest.raises(IntegrityError):
            desk.session.flush()
        desk.session.rollback()


@pytest.mark.parametrize("statement", ["UPDATE {} SET cents = 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_an_entry(
    at: At, database: Database, statement: str
) -> None:
    with at() as desk:
        hold_deposit(desk, make_thing(desk), AMOUNT, DepositForm.CASH)

    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.across_sites("test", write=True) as session,
    ):
        session.execute(text(statement.format("ledger_entry")))


def test_a_deposit_stands_under_the_total_of_the_receipt(at: At) -> None:
    with at() as desk:
        thing = make_thing(desk)
        set_price(desk, "test.day", Cents(400), valid_from=SINCE)
        charge_item(desk, item="test.day", label="A day", source=thing, resident=thing.resident)
        hold_deposit(desk, thing, AMOUNT, DepositForm.CHEQUE, "0045128")
        assert thing.resident is not None
        receipt: Receipt = pay(desk, thing.resident)

        sheet = sheet_of(desk, receipt)

    assert sheet.total == ("Total", "€4.00")
    assert sheet.under == ("Deposit held: €150.00, Cheque. It is no part of the total.",)
