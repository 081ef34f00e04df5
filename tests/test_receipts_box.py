"""The box of deposits equals its register, and a count says by name what is missing or too many."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from palier.context import Context
from palier.receipts.box import BoxDiffers, read_box
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.models import BoxCount, DepositForm, Journal, WhyAmiss
from palier.receipts.till_acts import count_box
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At
from palier.testing.till import assert_books_are_whole, counts_the_till, make_resident
from palier.text import Cents
from palier.visits.models import Visit

BOX = "/ampere/desk/receipts/box"
COUNT = "/ampere/desk/receipts/do/count_box"
_EVENTS = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq.desc())


def ids_of(desk: Context) -> str:
    """Return the ids of what lies in the box, as a form sends them."""
    return ",".join(str(each.id) for part in read_box(desk) for each in part.deposits)


def leaves(desk: Context, code: str, cents: int, reference: str | None = None) -> Visit:
    """Let someone leave a deposit: a cheque with its number, else cash."""
    resident = make_resident(desk, code)
    thing = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
    form = DepositForm.CHEQUE if reference else DepositForm.CASH
    hold_deposit(desk, thing, Cents(cents), form, reference)
    return thing


def test_the_box_is_what_the_ledgers_say(at: At) -> None:
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        gone = leaves(desk, "B2", 10000, "0045129")
        leaves(desk, "B3", 2000)
        give_deposit_back(desk, gone)

        box = read_box(desk)

    assert [(each.form, each.cents, each.ledger_cents) for each in box] == [
        (DepositForm.CHEQUE, 15000, 15000),
        (DepositForm.CASH, 2000, 2000),
    ]


def test_a_count_that_is_right_leaves_its_trace(at: At) -> None:
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        leaves(desk, "B3", 2000)
        count_box(desk, there=ids_of(desk))

    with at(write=False) as desk:
        (count,) = desk.session.scalars(select(BoxCount))
        said = json.loads(desk.session.scalars(_EVENTS).first() or "")
        assert (count.counted_number, count.counted_cents, count.reason) == (2, 17000, None)
    assert (said["code"], said["counted_number"], said["counted_cents"]) == (
        "box_counted",
        2,
        17000,
    )
    assert_books_are_whole(at)


def test_a_difference_is_said_by_name_and_kept_with_its_reason(at: At) -> None:
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        leaves(desk, "B3", 2000)
        there = ids_of(desk).split(",")[1]

    with at() as desk, pytest.raises(BoxDiffers, match="0045128: Rose Kern"):
        count_box(desk, there=there)
    with at() as desk:
        count_box(desk, there=there, others="7777777", reason=WhyAmiss.MISLAID)

    with at(write=False) as desk:
        (count,) = desk.session.scalars(select(BoxCount))
        said = json.loads(desk.session.scalars(_EVENTS).first() or "")
        found = count.counted_number, count.strange, count.missing, count.reason
    assert found == (1, 1, "1", WhyAmiss.MISLAID)
    assert (said["strange"], said["reason"]) == (1, "mislaid")
    assert "Kern" not in str(said)
    assert_books_are_whole(at)


def test_a_count_names_each_deposit_that_was_not_there_however_many(at: At) -> None:
    with at() as desk:
        for number in range(75):
            leaves(desk, f"B{number}", 2000)
        first, *others = ids_of(desk).split(",")
        count_box(desk, there=first, reason=WhyAmiss.MISLAID)

    with at(write=False) as desk:
        (count,) = desk.session.scalars(select(BoxCount))
        kept, counted = count.missing, (count.counted_number, count.counted_cents)
    assert (kept or "").split(",") == others
    assert counted == (1, 2000)


def test_a_count_is_never_unmade(at: At) -> None:
    with at() as desk:
        count_box(desk)

    with pytest.raises(DBAPIError, match="append-only"), at() as desk:
        desk.session.scalars(select(BoxCount)).one().counted_number = 7


def test_the_page_asks_again_with_what_was_ticked_then_says_how_it_was(
    at: At, browser: Browser
) -> None:
    empty = words_of(browser.opens(BOX))
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        gone = leaves(desk, "B2", 10000, "0045129")
        leaves(desk, "B3", 2000)
        give_deposit_back(desk, gone)
        first, second = ids_of(desk).split(",")

    form = hidden_of(browser.opens(COUNT)) | {"there": f"-,{first}", "others": "0045129 7777777"}
    asked = browser.client.post(COUNT, data=form)
    form = hidden_of(asked.text) | {"there": f"-,{first},{second}"}
    whole = browser.client.post(COUNT, data=form)

    assert "The box is empty." in empty
    assert asked.status_code == 422
    assert f'value="{first}" checked' in asked.text
    assert "€20.00, Cash : Rose Kern" in words_of(asked.text)
    assert "Cheque 0045129: Rose Kern should have it back" in words_of(asked.text)
    assert "Cheque 7777777: nobody left it here" in words_of(asked.text)
    assert "by MK: it held what it should." in words_of(whole.text)


def test_the_till_page_says_its_state_and_the_next_act(at: At, browser: Browser) -> None:
    before = browser.opens("/ampere/desk/receipts/till")
    counts_the_till(at)
    after = browser.opens("/ampere/desk/receipts/till")

    assert "Count and close" in words_of(before)
    assert "Turnover: €0.00" in words_of(before)
    assert "Till closed" in words_of(after)
    assert "do/open_till?" in after
    assert "closing/close_day?" in after
