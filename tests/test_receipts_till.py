"""The drawer: opened with a counted float, counted at the end, every difference explained."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from palier.db.engine import Database
from palier.receipts.actions import refund
from palier.receipts.drawer import (
    CountIsOver,
    CountIsShort,
    FloatIsOver,
    FloatIsShort,
    LeavesTooMuch,
    NotSoMuchThere,
    TillClosedAlready,
    TillOpenAlready,
    drawer_of,
    open_sessions,
)
from palier.receipts.models import (
    ByHand,
    CashMove,
    Journal,
    PayMode,
    Receipt,
    TillSession,
    WhyOther,
)
from palier.receipts.till_acts import TillClosed, close_till, move_cash, open_till
from palier.sites.models import Opening
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import FLOAT, NOW, At
from palier.testing.till import (
    assert_books_are_whole,
    counted,
    counts_the_till,
    opens_the_till,
    pays,
    someone_owes,
    tried,
)
from palier.text import Cents

EVENING = NOW + timedelta(hours=9)
TOMORROW = NOW + timedelta(days=1)


def events(at: At) -> list[dict[str, object]]:
    """What the journal says happened to the till, without its frame."""
    frame = {"seq", "register", "at", "kind", "operator"}
    query = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq)
    with at(write=False) as desk:
        bodies = [json.loads(each) for each in desk.session.scalars(query)]
    return [{k: v for k, v in each.items() if k not in frame} for each in bodies]


def counts(at: At, cents: int, **values: Any) -> None:
    """Count the open till in the evening, as a caretaker types it."""
    with at(now=EVENING) as desk:
        session = desk.session.scalars(select(TillSession)).one()
        close_till(desk, session, counted_cents=Cents(cents), **values)


def moves(at: At, reason: ByHand, cents: int, number: str) -> None:
    """Put cash into the open till or take it out."""
    with at() as desk:
        session = desk.session.scalars(open_sessions()).one()
        move_cash(desk, session, reason=reason, cents=Cents(cents), number=number)


def test_the_float_opens_the_till_and_the_journal_says_so(at: At) -> None:
    with at(write=False) as desk:
        session = desk.session.scalars(open_sessions()).one()

        assert (session.float_cents, session.before_cents, session.opened_by) == (FLOAT, None, "MK")
    assert events(at) == [{"code": "till_opened", "float_cents": 5000, "difference_cents": 0}]
    assert_books_are_whole(at)


def test_a_till_is_opened_once(at: At) -> None:
    with at() as desk, pytest.raises(TillOpenAlready) as refused:
        open_till(desk, float_cents=FLOAT)

    assert refused.value.who == "MK"


def test_without_an_open_till_no_cash_is_taken_and_nothing_is_lost(at: At) -> None:
    who = someone_owes(at, 835)
    counts_the_till(at)

    with pytest.raises(TillClosed):
        pays(at, who)

    assert counted(at) == [0, 0, 0, 0]
    opens_the_till(at)
    pays(at, who)
    assert counted(at) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "values", [{"mode": PayMode.CARD}, {"mode": PayMode.CHEQUE, "reference": "1234567"}]
)
def test_a_card_and_a_cheque_go_without_a_till(at: At, values: dict[str, Any]) -> None:
    who = someone_owes(at, 835)
    counts_the_till(at)

    receipt = pays(at, who, **values)

    with at(write=False) as desk:
        assert desk.session.get_one(Receipt, receipt).till_session is None


def test_a_thing_for_nothing_needs_no_till(at: At) -> None:
    who = someone_owes(at, 0)
    counts_the_till(at)

    pays(at, who)

    assert counted(at) == [1, 1, 0, 1]


def test_without_an_open_till_no_cash_is_given_back(at: At) -> None:
    sold = pays(at, someone_owes(at, 835))
    counts_the_till(at)

    with at() as desk, pytest.raises(TillClosed):
        refund(desk, desk.session.get_one(Receipt, sold))

    with at() as desk:
        refund(desk, desk.session.get_one(Receipt, sold), mode=PayMode.CARD)


def test_what_a_card_paid_goes_back_without_a_till(at: At) -> None:
    sold = pays(at, someone_owes(at, 835), mode=PayMode.CARD)
    counts_the_till(at)

    with at() as desk:
        back = refund(desk, desk.session.get_one(Receipt, sold))

        assert (back.due_cents, back.till_session) == (-835, None)


def test_what_should_be_there_is_float_and_cash_less_refunds_and_what_was_moved(at: At) -> None:
    first, _second = pays(at, someone_owes(at, 1000)), pays(at, someone_owes(at, 240, code="F2"))
    pays(at, someone_owes(at, 700, code="F3"), mode=PayMode.CARD)
    with at() as desk:
        refund(desk, desk.session.get_one(Receipt, first))
    moves(at, ByHand.BANK, 3000, "B-17")
    moves(at, ByHand.FLOAT, 500, "M-3")
    moves(at, ByHand.EXPENSE, 199, "T-88")

    with at(write=False) as desk:
        drawer = drawer_of(desk, desk.session.scalars(open_sessions()).one())

    assert (drawer.taken, drawer.given_back) == (1240, -1000)
    assert (drawer.moved_in, drawer.moved_out) == (500, -3199)
    assert drawer.expected == 5000 + 240 + 500 - 3199


def test_the_count_ends_the_session_and_the_float_stays(at: At) -> None:
    pays(at, someone_owes(at, 9040))

    session_id = counts_the_till(at, EVENING)

    with at(write=False) as desk:
        session = desk.session.get_one(TillSession, session_id)
        assert (session.expected_cents, session.counted_cents) == (14040, 14040)
        assert (session.difference_cents, session.reason, session.left_cents) == (0, None, 5000)
        assert (session.closed_by, session.closed_at) == ("MK", EVENING)


def test_a_missing_coin_is_said_in_euros_and_asks_why(at: At) -> None:
    pays(at, someone_owes(at, 9040))

    with pytest.raises(CountIsShort) as refused:
        counts(at, 13990)

    assert str(refused.value).startswith("€0.50 is missing: there should be €140.40.")
    assert refused.value.field == "reason"


def test_too_much_asks_why_as_well(at: At) -> None:
    with pytest.raises(CountIsOver):
        counts(at, 5001)


def test_an_explained_difference_is_booked_and_is_no_turnover(at: At) -> None:
    pays(at, someone_owes(at, 9040))
    counts(at, 13990, reason=WhyOther.COIN_ROLLED)

    assert events(at)[-1] == {
        "code": "till_closed",
        "float_cents": 5000,
        "expected_cents": 14040,
        "counted_cents": 13990,
        "difference_cents": -50,
        "left_cents": 5000,
        "reason": "coin_rolled",
    }
    with at(write=False) as desk:
        assert desk.session.scalar(select(func.sum(Receipt.total_cents))) == 9040
        assert desk.session.scalar(select(TillSession.difference_cents)) == -50
    assert_books_are_whole(at)


def test_a_reason_without_a_difference_is_not_kept(at: At) -> None:
    counts(at, FLOAT, reason=WhyOther.UNKNOWN)

    with at(write=False) as desk:
        assert desk.session.scalar(select(TillSession.reason)) is None


def test_a_till_is_counted_once(at: At) -> None:
    counts_the_till(at)

    with pytest.raises(TillClosedAlready):
        counts(at, FLOAT)


def test_no_more_stays_in_the_drawer_than_was_counted(at: At) -> None:
    with pytest.raises(LeavesTooMuch):
        counts(at, FLOAT, left_cents=Cents(5001))


@pytest.mark.parametrize(("counted_now", "refusal"), [(4950, FloatIsShort), (5100, FloatIsOver)])
def test_a_float_that_is_not_what_was_left_asks_why(
    at: At, counted_now: int, refusal: type[Exception]
) -> None:
    counts_the_till(at, EVENING)

    with at(now=TOMORROW) as desk, pytest.raises(refusal):
        open_till(desk, float_cents=Cents(counted_now))

    with at(now=TOMORROW) as desk:
        session = open_till(desk, float_cents=Cents(counted_now), float_reason=WhyOther.UNKNOWN)
        assert (session.before_cents, session.float_reason) == (5000, WhyOther.UNKNOWN)
    assert events(at)[-1]["difference_cents"] == counted_now - 5000


def test_cash_moves_with_a_reason_and_the_number_of_a_paper(at: At) -> None:
    moves(at, ByHand.BANK, 2000, "B-17")

    assert events(at)[-1] == {
        "code": "cash_move",
        "cents": -2000,
        "reason": "bank",
        "paper": "B-17",
    }
    with at(write=False) as desk:
        assert desk.session.execute(select(CashMove.cents, CashMove.person_code)).one() == (
            -2000,
            "MK",
        )


def test_no_more_is_taken_out_than_should_be_there(at: At) -> None:
    with pytest.raises(NotSoMuchThere):
        moves(at, ByHand.BANK, 5001, "B-17")


def test_the_database_itself_refuses_a_second_open_session(at: At) -> None:
    with at() as desk:
        first = desk.session.scalars(open_sessions()).one()
        second = TillSession(
            register=first.register,
            opened_on=desk.today,
            opened_at=desk.now,
            opened_by="MK",
            float_cents=Cents(0),
        )

        with pytest.raises(IntegrityError):
            desk.add(second)
        desk.session.rollback()


def test_two_desks_that_open_at_once_open_one_till(at: At, database: Database) -> None:
    counts_the_till(at, EVENING)

    def opens() -> None:
        with at(now=TOMORROW) as desk:
            open_till(desk, float_cents=FLOAT)

    with ThreadPoolExecutor(8) as desks:
        refusals = list(desks.map(lambda _desk: tried(opens), range(8)))

    assert sorted(map(str, refusals)) == sorted(map(str, [None, *[TillOpenAlready] * 7])), (
        database.url
    )
    assert len(events(at)) == 3


def test_a_sale_that_races_with_the_count_is_counted_in_or_refused(at: At) -> None:
    ids = [someone_owes(at, 100, code=f"F{n}") for n in range(8)]

    works: list[Callable[[], object]] = [partial(pays, at, who) for who in ids]
    works.insert(4, partial(counts, at, 5000, reason=WhyOther.UNKNOWN))
    with ThreadPoolExecutor(9) as desks:
        refusals = list(desks.map(tried, works))

    with at(write=False) as desk:
        session = desk.session.scalars(select(TillSession)).one()
        cash = desk.session.scalar(select(func.sum(Receipt.due_cents))) or 0
    assert set(refusals) <= {None, TillClosed}
    assert session.expected_cents == 5000 + cash
    assert cash == 100 * (len(ids) - refusals.count(TillClosed))
    assert_books_are_whole(at)


def test_the_refusal_at_the_desk_offers_to_open_the_till_and_comes_back(
    at: At, browser: Browser
) -> None:
    who = someone_owes(at, 835)
    counts_the_till(at)
    pay = f"/ampere/desk/residents/resident/{who}/pay"

    refused = browser.sends(pay, status=422, mode="cash", given="20")

    assert "The till is closed, so no cash can change hands." in words_of(refused)
    way = first_act(refused)
    assert way.startswith("/ampere/desk/receipts/do/open_till?back=")
    again = browser.sends(way, float_cents="50")
    assert 'value="20"' in again
    assert "Take €8.35" in words_of(again)


def first_act(page: str) -> str:
    """Where the button of a page's first note leads."""
    note = page[page.index('class="note stop') :]
    start = note.index('href="') + len('href="')
    return note[start : note.index('"', start)].replace("&amp;", "&")


def test_the_till_page_says_when_the_desk_is_not_open(at: At, browser: Browser) -> None:
    with at() as desk:
        for opening in desk.all(select(Opening)):
            opening.valid_to = desk.today

    page = words_of(browser.opens("/ampere/desk/receipts/till"))

    assert "The desk does not open today. The till is still open." in page


def test_opening_is_no_button_of_the_list_of_counts(browser: Browser) -> None:
    assert "open_till" not in browser.opens("/ampere/desk/receipts/till_session")
