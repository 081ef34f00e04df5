"""The sale: one receipt, all or nothing, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.errors import Refused
from palier.receipts.actions import pay
from palier.receipts.charging import cancel, open_charges
from palier.receipts.deposits import ChequeNumberMissing, NotAChequeNumber
from palier.receipts.models import (
    Charge,
    ChargeState,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Register,
    VatClass,
)
from palier.receipts.price_list import set_price
from palier.receipts.selling import BasketChanged, NothingToPay, NoVatRegime, PaidMeanwhile
from palier.receipts.tenders import NotTheAmount, TooLittle
from palier.receipts.tills import ClockIsBehind
from palier.residents.models import Resident
from palier.sites.models import OperatorVat
from palier.testing.plugin import NOW, SECRET, At
from palier.testing.till import (
    Killed,
    assert_books_are_whole,
    counted,
    killed_at,
    make_resident,
    numbers,
    owe,
    pays,
    someone_owes,
    tried,
)
from palier.text import Cents

NEW_YEAR = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)


def test_the_whole_basket_goes_on_one_receipt(at: At) -> None:
    who = someone_owes(at, 1000, 240)

    receipt_id = pays(at, who)

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        lines = desk.all(select(ReceiptLine).order_by(ReceiptLine.position))
        paid = desk.all(select(Payment))
    assert (receipt.number, receipt.kind) == ("AMPERE-01-2026-000001", ReceiptKind.SALE)
    assert (receipt.total_cents, receipt.due_cents, receipt.person_code) == (1240, 1240, "MK")
    assert [(each.label, each.total_cents, each.vat_rate) for each in lines] == [
        ("Thing 0", 1000, "20"),
        ("Thing 1", 240, "20"),
    ]
    assert [(each.mode, each.cents) for each in paid] == [(PayMode.CASH, 1240)]


def test_what_was_paid_is_no_longer_in_the_basket(at: At) -> None:
    who = someone_owes(at, 1000)

    pays(at, who)

    with at(write=False) as desk:
        basket = open_charges(desk, desk.session.get_one(Resident, who))
        states = list(desk.session.scalars(select(Charge.state)))
    assert basket == []
    assert states == [ChargeState.RECEIPTED]


def test_change_is_not_a_payment(at: At) -> None:
    who = someone_owes(at, 835)

    pays(at, who, given=Cents(1000))

    with at(write=False) as desk:
        assert desk.session.scalar(select(Payment.cents)) == 835


def test_a_thing_for_nothing_gets_a_receipt_without_payment(at: At) -> None:
    who = someone_owes(at, 0)

    pays(at, who)

    assert counted(at) == [1, 1, 0, 1]


def test_a_cheque_keeps_its_number(at: At) -> None:
    who = someone_owes(at, 835)

    pays(at, who, mode=PayMode.CHEQUE, reference="004 5128")

    with at(write=False) as desk:
        assert desk.session.scalar(select(Payment.reference)) == "0045128"


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"given": Cents(830)}, TooLittle, "given"),
        ({"given": Cents(900), "mode": PayMode.CARD}, NotTheAmount, "given"),
        ({"mode": PayMode.CHEQUE}, ChequeNumberMissing, "reference"),
        ({"mode": PayMode.CHEQUE, "reference": "00A5128"}, NotAChequeNumber, "reference"),
        ({"mode": PayMode.CHEQUE, "reference": "1234"}, NotAChequeNumber, "reference"),
        ({"shown": Cents(800)}, BasketChanged, None),
    ],
)
def test_a_payment_that_does_not_fit_is_refused_and_nothing_is_written(
    at: At, values: dict[str, Any], refusal: type[Refused], field: str | None
) -> None:
    who = someone_owes(at, 835)

    with pytest.raises(refusal) as refused:
        pays(at, who, **values)

    assert refused.value.field == field
    assert counted(at) == [0, 0, 0, 0]


def test_what_is_missing_is_said_in_euros(at: At) -> None:
    who = someone_owes(at, 835)

    with pytest.raises(TooLittle) as refused:
        pays(at, who, given=Cents(830))

    assert str(refused.value) == "€0.05 is missing."


def test_an_empty_basket_is_refused(at: At) -> None:
    who = someone_owes(at)

    with pytest.raises(NothingToPay):
        pays(at, who)


def test_without_a_vat_regime_nothing_is_sold(at: At, database: Database) -> None:
    who = someone_owes(at, 835)
    with database.across_sites("test", write=True) as session:
        session.delete(session.scalars(select(OperatorVat)).one())

    with pytest.raises(NoVatRegime):
        pays(at, who)


def test_an_operator_under_the_franchise_charges_no_vat(at: At, database: Database) -> None:
    who = someone_owes(at, 835)
    with database.across_sites("test", write=True) as session:
        session.scalars(select(OperatorVat)).one().regime = "franchise"

    pays(at, who)

    with at(write=False) as desk:
        assert desk.session.execute(select(ReceiptLine.vat_rate)).scalar_one() is None


def test_food_carries_its_own_rate(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 95, vat_class=VatClass.REDUCED)
        who = resident.id

    pays(at, who)

    with at(write=False) as desk:
        assert desk.session.scalar(select(ReceiptLine.vat_rate)) == "5.5"


def test_a_price_mended_for_that_day_reaches_what_is_not_paid_yet(at: At) -> None:
    who = someone_owes(at, 835)
    with at() as desk:
        set_price(desk, f"test.thing.{who}.0", Cents(800), valid_from=desk.today)

    with pytest.raises(BasketChanged):
        pays(at, who, shown=Cents(835))
    pays(at, who, shown=Cents(800))

    with at(write=False) as desk:
        assert desk.session.scalar(select(Receipt.total_cents)) == 800


def test_the_basket_shows_a_mended_price_in_one_statement(at: At) -> None:
    who = someone_owes(at, 835)
    with at() as desk:
        set_price(desk, f"test.thing.{who}.0", Cents(800), valid_from=desk.today)

    with at(write=False) as desk:
        basket = open_charges(desk, desk.session.get_one(Resident, who))

    assert [each.total_cents for each in basket] == [800]


def test_a_price_of_tomorrow_leaves_todays_basket_alone(at: At) -> None:
    who = someone_owes(at, 835)
    with at() as desk:
        tomorrow = desk.today + timedelta(days=1)
        set_price(desk, f"test.thing.{who}.0", Cents(900), valid_from=tomorrow)

    pays(at, who, NOW + timedelta(days=2), shown=Cents(835))

    with at(write=False) as desk:
        assert desk.session.scalar(select(Receipt.total_cents)) == 835


def test_numbers_start_again_with_the_year(at: At) -> None:
    first, second = someone_owes(at, 100), None
    pays(at, first)
    with at(now=NEW_YEAR) as desk:
        resident = make_resident(desk, "F2")
        owe(desk, resident, 100)
        second = resident.id

    pays(at, second, NEW_YEAR)

    assert numbers(at) == ["AMPERE-01-2026-000001", "AMPERE-01-2027-000001"]


def test_a_clock_set_back_to_last_year_is_refused(at: At) -> None:
    who = someone_owes(at, 100)
    with at(now=NEW_YEAR) as desk:
        other = make_resident(desk, "F2")
        owe(desk, other, 100)
        pay(desk, other)

    with pytest.raises(ClockIsBehind):
        pays(at, who)


def test_each_site_has_a_series_and_a_key_of_its_own(at: At) -> None:
    pays(at, someone_owes(at, 100))
    with at(site_id=2) as desk:
        other = make_resident(desk)
        owe(desk, other, 100)
        receipt = pay(desk, other, mode=PayMode.CARD)

    assert receipt.number == "CATHEDRALE-01-2026-000001"
    with at(site_id=2, write=False) as desk:
        assert list(desk.session.scalars(select(Register.key_id))) == ["2-CATHEDRALE-01-1"]


# A sale of two lines sends thirteen statements; the process may end before each of them.
@pytest.mark.parametrize("step", range(1, 14))
def test_a_process_killed_at_any_step_leaves_nothing_and_no_gap(
    at: At, database: Database, step: int
) -> None:
    who = someone_owes(at, 1000, 240)
    pays(at, someone_owes(at, 100, code="F9"))

    with killed_at(database, step), pytest.raises(Killed):
        pays(at, who)
    left = counted(at)
    pays(at, who)

    assert left == [1, 1, 1, 1]
    assert numbers(at) == ["AMPERE-01-2026-000001", "AMPERE-01-2026-000002"]
    assert_books_are_whole(at)


def test_a_process_killed_before_the_commit_leaves_nothing(at: At) -> None:
    who = someone_owes(at, 1000, 240)

    with at() as desk:
        pay(desk, desk.session.get_one(Resident, who))
        desk.session.rollback()

    assert counted(at) == [0, 0, 0, 0]


def test_sixteen_desks_take_the_same_payment_once(at: At) -> None:
    who = someone_owes(at, 1000, 240)

    with ThreadPoolExecutor(16) as desks:
        refusals = list(desks.map(lambda _desk: tried(lambda: pays(at, who)), range(16)))

    assert sorted(map(str, refusals)) == [str(PaidMeanwhile)] * 15 + ["None"]
    assert counted(at) == [1, 2, 1, 1]


def test_sixteen_desks_number_their_receipts_without_gap(at: At) -> None:
    with at() as desk:
        who = [make_resident(desk, f"F{place}") for place in range(16)]
        for each in who:
            owe(desk, each, 100)
        ids = [each.id for each in who]

    with ThreadPoolExecutor(16) as desks:
        list(desks.map(lambda one: pays(at, one), ids))

    expected = [f"AMPERE-01-2026-{count:06d}" for count in range(1, 17)]
    assert sorted(numbers(at)) == expected
    assert_books_are_whole(at)


def test_paying_and_cancelling_at_once_ends_a_charge_once(at: At) -> None:
    who = someone_owes(at, 1000)

    def cancels() -> None:
        with at() as desk:
            cancel(desk, desk.session.scalars(select(Charge)).one())

    with ThreadPoolExecutor(2) as desks:
        works = (lambda: pays(at, who), cancels)
        refusals = list(desks.map(tried, works))

    assert refusals.count(None) == 1


def test_a_register_signs_with_a_key_that_is_never_stored(at: At) -> None:
    pays(at, someone_owes(at, 1000))

    with at(write=False) as desk:
        key = desk.signing_key("1-AMPERE-01-1")
        stored = [str(row) for row in desk.session.execute(select(Register.key_id))]
    assert key.hex() not in "".join(stored)
    assert key != SECRET
