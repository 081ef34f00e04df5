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
    KeptTooMuch,
    NoDepositHeld,
    NotAChequeNumber,
    WhyKept,
    give_deposit_back,
    hold_deposit,
)
from palier.receipts.models import (
    Deposit,
    DepositForm,
    DepositState,
    Ledger,
    LedgerEntry,
    Payment,
    Receipt,
)
from palier.receipts.price_list import set_price
from palier.receipts.printing import sheet_of
from palier.testing.plugin import At
from palier.testing.till import SINCE, make_resident
from palier.text import Cents, _
from palier.visits.models import Visit

AMOUNT = Cents(15000)


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
        deposit = hold_deposit(desk, make_thing(desk), AMOUNT, DepositForm.WAIVED)

        assert (deposit.cents, deposit.reason) == (0, "Sans caution, décidé à l’accueil")
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

        deposit = give_deposit_back(desk, thing, keep=keep, reason=_("Brakes broken"))

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
            give_deposit_back(desk, thing, keep=Cents(15001), reason=_("Brakes broken"))
        with pytest.raises(WhyKept):
            give_deposit_back(desk, thing, keep=Cents(1))


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
        give_deposit_back(desk, things[1], keep=Cents(4000), reason=_("Brakes broken"))

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
