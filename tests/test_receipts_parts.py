"""Payment in parts, vouchers and tabs, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from palier.context import Context
from palier.receipts.actions import (
    agree_on_cap,
    cancel_charge,
    correct,
    refund,
    settle_tab,
    waive_charge,
)
from palier.receipts.charging import open_charges
from palier.receipts.issuing import VoucherUsed
from palier.receipts.models import (
    Charge,
    ChargeKind,
    LedgerEntry,
    Payment,
    PayMode,
    Receipt,
    ReceiptKind,
    Tab,
    WaiveReason,
)
from palier.receipts.selling import NoVoucherBack
from palier.receipts.tabs import (
    BeingSettled,
    CapBelowBalance,
    NoHousehold,
    SettledTooMuch,
    TabEmpty,
    TabFull,
    TabOnTab,
    TabSmaller,
)
from palier.residents.models import Resident
from palier.testing.plugin import At
from palier.testing.till import (
    assert_books_are_whole,
    counted,
    make_resident,
    owe,
    pays,
    someone_owes,
    tried,
)
from palier.text import Cents
from palier.trail import perform

ON_TAB: dict[str, Any] = {"mode": PayMode.TAB}
CASH_AND_TAB: dict[str, Any] = {
    "mode": PayMode.CASH,
    "given": Cents(600),
    "second_mode": PayMode.TAB,
}


def tab_of(desk: Context) -> Tab:
    return desk.session.scalars(select(Tab)).one()


def resident(desk: Context, who: int) -> Resident:
    return desk.session.get_one(Resident, who)


def paid(at: At) -> list[tuple[PayMode, int, str | None]]:
    with at(write=False) as desk:
        rows = desk.session.execute(
            select(Payment.mode, Payment.cents, Payment.reference).order_by(Payment.id)
        )
        return [(mode, cents, number) for mode, cents, number in rows]


def test_coins_and_the_rest_on_the_tab(at: At) -> None:
    who = someone_owes(at, 935)

    pays(at, who, **CASH_AND_TAB)

    assert paid(at) == [(PayMode.CASH, 600, None), (PayMode.TAB, 335, None)]
    with at(write=False) as desk:
        assert tab_of(desk).balance_cents == 335
        assert desk.session.scalar(select(Receipt.total_cents)) == 935
        entry = desk.session.scalars(select(LedgerEntry)).one()
        assert (entry.cents, entry.reason.value, entry.receipt is not None) == (335, "on_tab", True)
    assert_books_are_whole(at)


def test_three_parts_on_one_receipt(at: At) -> None:
    who = someone_owes(at, 2000)

    pays(
        at,
        who,
        mode=PayMode.VOUCHER,
        given=Cents(500),
        reference="ch 0042",
        second_mode=PayMode.CARD,
        second_given=Cents(1000),
        third_mode=PayMode.CASH,
        third_given=Cents(2000),
    )

    assert paid(at) == [
        (PayMode.VOUCHER, 500, "CH0042"),
        (PayMode.CARD, 1000, None),
        (PayMode.CASH, 500, None),
    ]
    assert_books_are_whole(at)


def test_the_same_voucher_twice_says_when_and_on_which_receipt(at: At) -> None:
    pays(at, someone_owes(at, 500), mode=PayMode.VOUCHER, reference="CH-0042")
    other = someone_owes(at, 500, code="F2")

    with pytest.raises(VoucherUsed) as refused:
        pays(at, other, mode=PayMode.VOUCHER, reference="ch 0042")

    assert "6 October 2026" in str(refused.value)
    assert "receipt AMPERE-01-2026-000001" in str(refused.value)
    assert refused.value.field == "reference"
    assert counted(at) == [1, 1, 1, 1]
    pays(at, other)
    assert_books_are_whole(at)


def test_two_desks_take_one_voucher_once(at: At) -> None:
    who = [someone_owes(at, 500, code=code) for code in ("F1", "F2")]

    def takes(one: int) -> object:
        return tried(lambda: pays(at, one, mode=PayMode.VOUCHER, reference="CH0042"))

    with ThreadPoolExecutor(2) as desks:
        refusals = list(desks.map(takes, who))

    assert sorted(map(str, refusals)) == sorted([str(None), str(VoucherUsed)])
    assert counted(at) == [1, 1, 1, 1]


def test_one_voucher_in_two_parts_is_refused(at: At) -> None:
    who = someone_owes(at, 1000)
    values: dict[str, Any] = {
        "given": Cents(500),
        "reference": "CH1",
        "second_mode": PayMode.VOUCHER,
    }

    with pytest.raises(VoucherUsed):
        pays(at, who, mode=PayMode.VOUCHER, second_reference="ch1", **values)

    assert counted(at) == [0, 0, 0, 0]


def test_beyond_the_cap_the_words_say_what_is_left(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        owe(desk, resident(desk, who), 300, what="more")

    with pytest.raises(TabFull) as refused:
        pays(at, who, **ON_TAB)

    assert "The tab takes €2.00 more, not €3.00." in str(refused.value)
    pays(at, who, mode=PayMode.CASH, given=Cents(100), second_mode=PayMode.TAB)
    with at(write=False) as desk:
        assert tab_of(desk).balance_cents == 1000


def test_the_database_refuses_a_tab_beyond_its_cap(at: At) -> None:
    pays(at, someone_owes(at, 800), **ON_TAB)

    with pytest.raises(Exception, match="ck_ledger_cap"), at() as desk:
        tab_of(desk).balance_cents = Cents(1001)


def test_two_desks_do_not_pass_the_cap_together(at: At) -> None:
    with at() as desk:
        one = make_resident(desk)
        other = desk.add(
            Resident(household=one.household, given_name="A", family_name="B", card_code="C-2")
        )
        owe(desk, one, 700)
        owe(desk, other, 700)
        who = [one.id, other.id]

    with ThreadPoolExecutor(2) as desks:
        refusals = list(desks.map(lambda each: tried(lambda: pays(at, each, **ON_TAB)), who))

    assert sorted(map(str, refusals)) == sorted([str(None), str(TabFull)])
    with at(write=False) as desk:
        assert tab_of(desk).balance_cents == 700


def test_a_manager_agrees_on_another_cap(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        perform(desk, agree_on_cap, tab_of(desk), {"agreed_cents": Cents(3000)})
        owe(desk, resident(desk, who), 2000, what="more")

    pays(at, who, **ON_TAB)

    with at() as desk:
        with pytest.raises(CapBelowBalance):
            agree_on_cap(desk, tab_of(desk))
        assert tab_of(desk).balance_cents == 2800


def test_a_tab_is_settled_through_the_basket_and_is_no_turnover(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        perform(desk, settle_tab, resident(desk, who), {"cents": Cents(500)})

    receipt_id = pays(at, who, given=Cents(1000))

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        assert (receipt.kind, receipt.total_cents, receipt.due_cents) == (
            ReceiptKind.SETTLEMENT,
            0,
            500,
        )
        assert tab_of(desk).balance_cents == 300
    assert paid(at)[-1] == (PayMode.CASH, 500, None)
    assert_books_are_whole(at)


def test_a_tab_can_be_settled_again_later(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    for _part in range(2):
        with at() as desk:
            settle_tab(desk, resident(desk, who), cents=Cents(400))
        pays(at, who)

    with at() as desk, pytest.raises(TabEmpty):
        settle_tab(desk, resident(desk, who))


def test_a_settlement_is_asked_once_at_a_time_and_never_for_more(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        with pytest.raises(SettledTooMuch):
            settle_tab(desk, resident(desk, who), cents=Cents(801))
        charge = settle_tab(desk, resident(desk, who))
        with pytest.raises(BeingSettled):
            settle_tab(desk, resident(desk, who))
        assert open_charges(desk, resident(desk, who)) == [charge]
        cancel_charge(desk, charge)

        settle_tab(desk, resident(desk, who), cents=Cents(100))


def test_what_settles_a_tab_is_not_put_on_it_again(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        settle_tab(desk, resident(desk, who))

    with pytest.raises(TabOnTab):
        pays(at, who, **ON_TAB)


def test_a_settlement_is_not_waived(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        charge = settle_tab(desk, resident(desk, who))
        with pytest.raises(Exception, match="no longer possible"):
            perform(desk, waive_charge, charge, {"reason": WaiveReason.GOODWILL})


def test_what_was_put_on_the_tab_goes_back_to_it(at: At) -> None:
    who = someone_owes(at, 800)
    receipt_id = pays(at, who, **ON_TAB)

    with at() as desk:
        refund(desk, desk.session.get_one(Receipt, receipt_id), mode=PayMode.TAB)

    with at(write=False) as desk:
        assert tab_of(desk).balance_cents == 0
    assert_books_are_whole(at)


def test_more_than_is_on_the_tab_is_given_back_another_way(at: At) -> None:
    receipt_id = pays(at, someone_owes(at, 800))

    with at() as desk, pytest.raises(TabSmaller) as refused:
        refund(desk, desk.session.get_one(Receipt, receipt_id), mode=PayMode.TAB)

    assert "Only €0.00 is on the tab." in str(refused.value)


def test_a_refunded_settlement_is_owed_again(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        settle_tab(desk, resident(desk, who))
    receipt_id = pays(at, who)

    with at() as desk:
        refund(desk, desk.session.get_one(Receipt, receipt_id))

    with at(write=False) as desk:
        assert tab_of(desk).balance_cents == 800
    assert_books_are_whole(at)


def test_a_voucher_is_not_given_back(at: At) -> None:
    receipt_id = pays(at, someone_owes(at, 500), mode=PayMode.VOUCHER, reference="CH1")

    with at() as desk, pytest.raises(NoVoucherBack):
        refund(desk, desk.session.get_one(Receipt, receipt_id), mode=PayMode.VOUCHER)


@pytest.mark.parametrize(
    ("parts", "way"),
    [
        ({"mode": PayMode.CARD}, PayMode.CARD),
        (ON_TAB, PayMode.TAB),
        ({"given": Cents(300), "second_mode": PayMode.CARD}, PayMode.CARD),
        ({"given": Cents(500), "second_mode": PayMode.CARD}, PayMode.CASH),
        (
            {"mode": PayMode.VOUCHER, "given": Cents(500), "reference": "CH1"}
            | {"second_mode": PayMode.CARD},
            PayMode.CARD,
        ),
    ],
)
def test_money_goes_back_the_way_it_came(at: At, parts: dict[str, Any], way: PayMode) -> None:
    receipt_id = pays(at, someone_owes(at, 800), **parts)

    with at() as desk:
        back = refund(desk, desk.session.get_one(Receipt, receipt_id))

        paid = desk.session.scalars(select(Payment).where(Payment.receipt_id == back.id)).one()
        assert (paid.mode, paid.cents) == (way, -800)
    assert_books_are_whole(at)


def test_what_only_a_voucher_paid_goes_back_another_way(at: At) -> None:
    receipt_id = pays(at, someone_owes(at, 500), mode=PayMode.VOUCHER, reference="CH1")

    with at() as desk, pytest.raises(NoVoucherBack):
        refund(desk, desk.session.get_one(Receipt, receipt_id))


def test_a_debt_let_go_is_an_opposite_entry(at: At) -> None:
    pays(at, someone_owes(at, 800), **ON_TAB)

    with at() as desk:
        perform(desk, correct, desk.session.scalars(select(LedgerEntry)).one(), {})

        assert tab_of(desk).balance_cents == 0
        assert desk.total(LedgerEntry.cents) == 0


def test_without_a_household_there_is_no_tab(at: At) -> None:
    with at() as desk:
        alone = desk.add(Resident(given_name="A", family_name="B", card_code="C-9"))
        owe(desk, alone, 100)
        who = alone.id

    with pytest.raises(NoHousehold):
        pays(at, who, **ON_TAB)


def test_settled_and_sold_stand_on_one_receipt(at: At) -> None:
    who = someone_owes(at, 800)
    pays(at, who, **ON_TAB)
    with at() as desk:
        settle_tab(desk, resident(desk, who))
        owe(desk, resident(desk, who), 1000, what="more")

    receipt_id = pays(at, who, mode=PayMode.CARD, given=Cents(800), second_mode=PayMode.TAB)

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        kinds = set(desk.session.scalars(select(Charge.kind)))
        assert (receipt.kind, receipt.total_cents, receipt.due_cents) == (
            ReceiptKind.SALE,
            1000,
            1800,
        )
        assert kinds == {ChargeKind.SALE, ChargeKind.TAB_SETTLED}
        assert tab_of(desk).balance_cents == 1000
    assert_books_are_whole(at)
