"""What is put on the counter, in parts: pure rules."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from palier.errors import Refused
from palier.receipts.models import PayMode
from palier.receipts.tenders import (
    NotAVoucherNumber,
    NothingLeft,
    NotTheAmount,
    Part,
    Tender,
    TooLittle,
    VoucherNumberMissing,
    WhichAmount,
    parts_of,
)
from palier.text import Cents

CASH, CARD, TAB, VOUCHER = PayMode.CASH, PayMode.CARD, PayMode.TAB, PayMode.VOUCHER
PLAIN = st.sampled_from([CASH, CARD, TAB, PayMode.TRANSFER])
AMOUNT = st.none() | st.integers(0, 3000).map(Cents)
TENDERS = st.lists(st.builds(Tender, PLAIN, AMOUNT), min_size=1, max_size=3)


def tender(mode: PayMode, given: int | None = None, reference: str | None = None) -> Tender:
    return Tender(mode, None if given is None else Cents(given), reference)


@given(TENDERS, st.integers(0, 4000).map(Cents))
def test_the_parts_make_what_is_due_or_are_refused_in_words(
    tenders: list[Tender], due: Cents
) -> None:
    parts: tuple[Part, ...] = ()
    with suppress(Refused):
        parts = parts_of(tenders, due)
    assume(parts)

    assert sum(each.cents for each in parts) == due
    assert all(each.cents > 0 for each in parts)
    for asked, paid in zip(tenders, parts, strict=False):
        assert asked.mode is CASH or asked.given in {None, paid.cents}


def test_coins_first_and_the_rest_on_the_tab() -> None:
    parts = parts_of([tender(CASH, 600), tender(TAB)], Cents(935))

    assert [(each.mode, each.cents) for each in parts] == [(CASH, 600), (TAB, 335)]


def test_change_comes_from_the_cash_whatever_its_place() -> None:
    for order in ([tender(CARD, 500), tender(CASH, 1000)], [tender(CASH, 1000), tender(CARD, 500)]):
        paid = {each.mode: each.cents for each in parts_of(order, Cents(935))}

        assert paid == {CARD: 500, CASH: 435}


@pytest.mark.parametrize(
    ("tenders", "refusal", "words", "field"),
    [
        ([tender(CASH, 930)], TooLittle, "€0.05 is missing.", "given"),
        ([tender(CARD, 1000)], NotTheAmount, "this must be exactly €9.35", "given"),
        ([tender(CARD, 900), tender(TAB, 100)], NotTheAmount, "exactly €8.35", "given"),
        ([tender(CASH, 600), tender(TAB, 330)], TooLittle, "€0.05 is missing.", "second_given"),
        ([tender(CARD), tender(TAB)], WhichAmount, "only one part can be the rest", "second_given"),
        ([tender(CASH, 1000), tender(TAB)], NothingLeft, "Leave this one out.", "second_given"),
        ([tender(CARD, 935), tender(CASH, 500)], NotTheAmount, "exactly €4.35", "given"),
        ([tender(VOUCHER)], VoucherNumberMissing, "number of the voucher", "reference"),
        ([tender(CASH, 600), tender(VOUCHER, None, "€")], NotAVoucherNumber, "€ is none",
         "second_reference"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_own_part(
    tenders: list[Tender], refusal: type[Refused], words: str, field: str
) -> None:
    with pytest.raises(refusal) as refused:
        parts_of(tenders, Cents(935))

    assert words in str(refused.value)
    assert refused.value.field == field


def test_a_voucher_has_one_spelling() -> None:
    spellings = ("ab-12 34", "AB1234", "ab 12-34")

    parts = [parts_of([tender(VOUCHER, None, each)], Cents(500))[0] for each in spellings]

    assert all(one == other for one, other in pairwise(parts))


def test_nothing_to_pay_needs_no_part() -> None:
    assert parts_of([tender(CASH)], Cents(0)) == ()
