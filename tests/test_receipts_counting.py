"""The count: coin by coin or by its total, and what lies beside the cash."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from palier.errors import Invalid
from palier.receipts.actions import refund
from palier.receipts.coins import (
    CoinsMakeAnother,
    NoSuchCoin,
    NotANumberOfCoins,
    NothingCounted,
    agreed_total,
    currency_on,
    in_words,
    read_coins,
    total_of,
    written_coins,
)
from palier.receipts.counting import CardDiffers, ChequesMissing, VouchersDiffer, taken_in
from palier.receipts.drawer import open_sessions
from palier.receipts.models import (
    Journal,
    PayMode,
    Receipt,
    TillCount,
    TillSession,
    WhyAmiss,
)
from palier.receipts.till_acts import close_till, open_till
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    assert_books_are_whole,
    counts_the_till,
    opens_the_till,
    pays,
    someone_owes,
)
from palier.text import Cents

EURO = currency_on("EUR", date(2026, 10, 6))
CLOSE = "/ampere/desk/receipts/till_session/1/close_till"
COUNTS = st.dictionaries(st.sampled_from(EURO.cents), st.integers(1, 9999))


@given(COUNTS)
def test_what_was_counted_is_read_again_from_what_is_kept(counted: dict[int, int]) -> None:
    kept = written_coins(counted)

    again = read_coins(kept, EURO, field="coins")

    assert again == counted
    assert total_of(again) == sum(cents * number for cents, number in counted.items())


@pytest.mark.parametrize(
    ("typed", "total"),
    [("5000x,2,2000x,,100x,3", 10300), ("5000x2 100x3", 10300), ("1x 7", 7), ("200x0,100x,1", 100)],
)
def test_a_form_and_a_program_say_coins_alike(typed: str, total: int) -> None:
    assert agreed_total(None, typed, EURO, field="counted_cents")[0] == total


def test_an_empty_drawer_is_a_count_but_silence_is_none() -> None:
    assert agreed_total(Cents(0), "5000x,,100x,", EURO, field="counted_cents") == (0, None)

    with pytest.raises(NothingCounted):
        agreed_total(None, "5000x,,100x,", EURO, field="counted_cents")


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("5000x,two", NotANumberOfCoins),
        ("5000x,-1", NotANumberOfCoins),
        ("5000x,99999", NotANumberOfCoins),
        ("700x,1", NoSuchCoin),
    ],
)
def test_what_is_no_count_of_coins_is_said_beside_them(
    typed: str, refused: type[NoSuchCoin | NotANumberOfCoins]
) -> None:
    with pytest.raises(refused) as refusal:
        agreed_total(None, typed, EURO, field="float_cents")

    assert refusal.value.field == "float_coins"


def test_coins_and_total_that_differ_are_refused() -> None:
    with pytest.raises(CoinsMakeAnother) as refusal:
        agreed_total(Cents(10400), "5000x2 100x3", EURO, field="counted_cents")

    assert refusal.value.field == "counted_cents"


def test_coins_are_kept_with_the_float_and_with_the_count(at: At) -> None:
    counts_the_till(at)
    with at() as desk:
        open_till(desk, float_coins="2000x2 1000x1")
    with at() as desk:
        session = desk.session.scalars(open_sessions()).one()
        close_till(desk, session, counted_coins="2000x,2,500x,2", counted_cents=Cents(5000))

    with at(write=False) as desk:
        last = desk.session.scalars(select(TillSession).order_by(TillSession.id.desc())).first()
        assert last is not None
        assert (last.float_cents, last.float_coins) == (5000, "2000x2 1000x1")
        assert (last.counted_cents, last.counted_coins) == (5000, "2000x2 500x2")
        assert in_words(last.counted_coins or "") == "2 × €20.00, 2 × €5.00"


def test_cheques_vouchers_and_the_slip_are_counted_and_kept(at: At) -> None:
    cheque = pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    pays_by(at, "F2", 800, PayMode.VOUCHER, "CH0042")
    pays_by(at, "F3", 1200, PayMode.CARD)

    closes(at, cheques=f"-,{cheque}", vouchers=1, card_cents=Cents(1200))

    assert kept(at) == [
        ("cheque", 1, 1, 4500, 4500, None),
        ("voucher", 1, 1, 800, None, None),
        ("card", 1, None, 1200, 1200, None),
    ]
    assert told(at)["card_cents"] == told(at)["card_expected_cents"] == 1200
    assert_books_are_whole(at)


def test_each_difference_asks_why_and_all_at_once(at: At) -> None:
    pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    pays_by(at, "F2", 800, PayMode.VOUCHER, "CH0042")
    pays_by(at, "F3", 1200, PayMode.CARD)

    with pytest.raises(ChequesMissing, match="0045128"):
        closes(at, cheques="-", vouchers=1)
    with pytest.raises(VouchersDiffer):
        closes(at, vouchers=2)
    with pytest.raises(CardDiffers):
        closes(at, card_cents=Cents(1100))
    with pytest.raises(Invalid) as refused:
        closes(at, cheques="-", vouchers=2, card_cents=Cents(1100))

    assert list(refused.value.errors) == ["cheque_reason", "voucher_reason", "card_reason"]
    assert kept(at) == []


def test_a_difference_is_kept_with_its_reason(at: At) -> None:
    pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    pays_by(at, "F2", 800, PayMode.VOUCHER, "CH0042")
    pays_by(at, "F3", 1200, PayMode.CARD)

    closes(
        at,
        cheques="-",
        cheque_reason=WhyAmiss.MISLAID,
        vouchers=2,
        voucher_reason=WhyAmiss.OTHER_WAY,
        card_cents=Cents(1100),
        card_reason=WhyAmiss.NEXT_SLIP,
    )

    assert kept(at) == [
        ("cheque", 1, 0, 4500, 0, "mislaid"),
        ("voucher", 1, 2, 800, None, "other_way"),
        ("card", 1, None, 1200, 1100, "next_slip"),
    ]
    assert told(at)["cheque_reason"] == "mislaid"


def test_what_was_not_counted_is_kept_as_that(at: At) -> None:
    pays_by(at, "F3", 1200, PayMode.CARD)

    counts_the_till(at)

    assert kept(at) == [("card", 1, None, 1200, None, None)]
    assert "card_cents" not in told(at)


def test_what_a_closed_till_took_is_in_the_next_count_and_only_there(at: At) -> None:
    pays_by(at, "F1", 100, PayMode.CARD)
    counts_the_till(at)
    pays_by(at, "F2", 200, PayMode.CARD)  # while it is closed
    opens_the_till(at)
    pays_by(at, "F3", 300, PayMode.CARD)
    counts_the_till(at)
    opens_the_till(at)
    counts_the_till(at)

    assert [(each[0], each[1], each[3]) for each in kept(at)] == [
        ("card", 1, 100),
        ("card", 2, 500),
    ]
    with at(write=False) as desk:
        sessions = desk.all(select(TillSession).order_by(TillSession.id))
        assert [taken_in(desk, each).card_cents for each in sessions] == [100, 500, 0]


def test_a_cheque_that_was_given_back_is_not_looked_for(at: At) -> None:
    pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    with at() as desk:
        receipt = desk.session.scalars(select(Receipt)).one()
        refund(desk, receipt, mode=PayMode.CHEQUE, reference="0045128")

    closes(at, cheques="-")

    assert kept(at) == []


def test_the_page_lists_what_to_count_and_keeps_what_was_typed(at: At, browser: Browser) -> None:
    cheque = pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    pays_by(at, "F2", 800, PayMode.VOUCHER, "CH0042")
    pays_by(at, "F3", 1200, PayMode.CARD)
    page = browser.opens(CLOSE)

    typed = {
        "counted_cents": "",
        "counted_coins": "5000x,,2000x,1",
        "cheques": "-",
        "vouchers": "1",
    }
    asked = browser.client.post(CLOSE, data=hidden_of(page) | typed)
    typed |= {"counted_coins": "2000x,2,1000x,1", "cheques": f"-,{cheque}"}
    done = browser.client.post(CLOSE, data=hidden_of(asked.text) | typed)

    assert "Should be there €50.00" in words_of(page)
    assert "0045128 €45.00" in words_of(page)
    assert "CH0042" in page
    assert "The receipts say €12.00." in words_of(page)
    assert asked.status_code == 422
    assert "€30.00 is missing" in words_of(asked.text)
    assert 'value="1" inputmode="numeric" autocomplete="off" maxlength="4" data-cents="2000"' in (
        asked.text
    )
    assert done.status_code == 200
    assert [each[:3] for each in kept(at)] == [
        ("cheque", 1, 1),
        ("voucher", 1, 1),
        ("card", 1, None),
    ]


def test_the_day_sheet_says_what_was_counted_beside_the_cash(at: At, browser: Browser) -> None:
    pays_by(at, "F1", 4500, PayMode.CHEQUE, "0045128")
    pays_by(at, "F3", 1200, PayMode.CARD)
    closes(at, cheques="-", cheque_reason=WhyAmiss.MISLAID, card_cents=Cents(1200))

    page = words_of(browser.opens("/ampere/desk/receipts/day_sheet"))

    assert "Cheque: 0 of 1 were there 0 €0.00 Difference: It was mislaid −€45.00" in page
    assert "Slip of the terminal €12.00" in page


def pays_by(at: At, code: str, cents: int, mode: PayMode, reference: str | None = None) -> int:
    """Let someone new pay in one way, and return the receipt's id."""
    return pays(at, someone_owes(at, cents, code=code), mode=mode, reference=reference)


def closes(at: At, **values: Any) -> None:
    """Count the float alone, and what is said beside it."""
    with at(now=NOW + timedelta(hours=9)) as desk:
        session = desk.session.scalars(open_sessions()).one()
        close_till(desk, session, counted_cents=Cents(5000), **values)


def kept(at: At) -> list[tuple[object, ...]]:
    """Return what was kept of each count beside the cash."""
    with at(write=False) as desk:
        return [
            (
                each.mode.value,
                each.expected_number,
                each.counted_number,
                each.expected_cents,
                each.counted_cents,
                each.reason.value if each.reason else None,
            )
            for each in desk.session.scalars(select(TillCount).order_by(TillCount.id))
        ]


def told(at: At) -> dict[str, Any]:
    """Return what the journal says of the last count."""
    query = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq.desc())
    with at(write=False) as desk:
        found: dict[str, Any] = json.loads(desk.session.scalars(query.limit(1)).one())
    return found
