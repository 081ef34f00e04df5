"""A named visit: begun by the first thing done on the card, counted once, closed when nothing is owed."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from palier.receipts.actions import cancel_charge
from palier.receipts.models import Article, Charge, Receipt
from palier.receipts.price_list import set_price
from palier.residents.models import Resident
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.keypad import make_keypad, reason_of
from palier.testing.plugin import NOW, At
from palier.testing.till import SINCE, make_resident, owe
from palier.text import Cents
from palier.trail import ActRow, perform
from palier.visits import actions, visiting
from palier.visits.counting import count_hours
from palier.visits.models import Visit, VisitState
from palier.visits.rules import HasMoreToPay, StillToPay, VisitIsOver

HOME = "/ampere/desk"
CARD = f"{HOME}/desk/card?resident=1"
TODAY = date(2026, 10, 6)


@pytest.fixture(autouse=True)
def rose(at: At) -> None:
    """Rose Kern, who owes 2.40 since yesterday, and a keypad."""
    with at(now=NOW - timedelta(days=1)) as desk:
        make_keypad(desk)
        owe(desk, make_resident(desk), 240)


def counted(at: At) -> int:
    with at(write=False) as desk:
        return count_hours(desk, (TODAY,)).count()


def test_looking_at_a_card_begins_no_visit(browser: Browser, at: At) -> None:
    page = words_of(browser.opens(CARD))

    assert "No visit yet" in page
    assert counted(at) == 0


def test_paying_from_the_card_begins_the_visit_and_the_receipt_is_of_it(
    browser: Browser, at: At
) -> None:
    hidden = hidden_of(browser.opens(CARD))

    browser.client.post(f"{HOME}/residents/resident/1/pay", data={**hidden, "mode": "cash"})

    with at(write=False) as desk:
        visit = desk.session.scalars(select(Visit)).one()
        receipt = desk.session.scalars(select(Receipt)).one()
        acts = desk.session.scalars(select(ActRow).where(ActRow.visit_id == visit.id)).all()
        assert (visit.resident_id, visit.state) == (1, VisitState.OPEN)
        assert receipt.visit_id == visit.id
        assert {each.name for each in acts} == {"visits.begin", "receipts.pay"}
    assert counted(at) == 1
    assert "Visit since 09:05" in words_of(browser.opens(CARD))
    assert "09:05 Take payment" in words_of(browser.opens(CARD))


def test_the_next_person_after_the_receipt_closes_the_visit_in_one_press(
    browser: Browser, at: At
) -> None:
    hidden = hidden_of(browser.opens(CARD))
    browser.client.post(f"{HOME}/residents/resident/1/pay", data={**hidden, "mode": "cash"})
    receipt = f"{HOME}/desk/receipt?receipt=1"
    page = browser.opens(receipt)
    assert f'action="{HOME}/visits/visit/1/close"' in page
    assert "data-enter" in page

    browser.sends(f"{HOME}/visits/visit/1/close", back=HOME)

    with at(write=False) as desk:
        assert desk.session.scalars(select(Visit)).one().state is VisitState.CLOSED
    assert f'href="{HOME}" data-enter' in browser.opens(receipt)


def test_the_next_person_leaves_a_visit_open_that_owes_something(browser: Browser, at: At) -> None:
    hidden = hidden_of(browser.opens(CARD))
    browser.client.post(f"{HOME}/residents/resident/1/pay", data={**hidden, "mode": "cash"})
    with at() as desk:
        visiting.take_up(desk, 1)
        owe(desk, desk.session.get_one(Resident, 1), 100, what="new")

    page = browser.opens(f"{HOME}/desk/receipt?receipt=1")

    assert f'href="{HOME}" data-enter' in page
    assert "/close" not in page


def test_what_is_done_again_is_in_the_same_visit_and_counts_once(at: At) -> None:
    with at() as desk:
        first = visiting.take_up(desk, 1)
    with at(now=NOW + timedelta(hours=1)) as desk:
        again = visiting.take_up(desk, 1)
        charge = owe(desk, desk.session.get_one(Resident, 1), 100, what="new")

        assert again.id == first.id
        assert charge.visit_id == first.id
    assert counted(at) == 1


def test_the_next_day_is_another_visit_and_the_open_one_is_still_listed(at: At) -> None:
    with at(now=NOW - timedelta(days=1)) as desk:
        visiting.take_up(desk, 1)
    with at() as desk:
        visiting.take_up(desk, 1)

        assert [each.on for each in visiting.open_visits(desk)] == [
            TODAY - timedelta(days=1),
            TODAY,
        ]


def test_a_visit_is_not_closed_over_something_to_pay_and_says_what_to_do(at: At) -> None:
    with at() as desk:
        visit = visiting.take_up(desk, 1)
        charge = owe(desk, desk.session.get_one(Resident, 1), 100, what="new")

        with pytest.raises(StillToPay, match="put it on the tab"):
            perform(desk, actions.close, visit, {})
        with pytest.raises(HasMoreToPay):
            perform(desk, actions.take_back, visit, {})
        cancel_charge(desk, charge)
        perform(desk, actions.close, visit, {})

        assert visit.state is VisitState.CLOSED
        with pytest.raises(VisitIsOver):
            visiting.enter(desk, visit.id)


def test_the_days_end_closes_what_owes_nothing_and_names_the_rest(at: At) -> None:
    with at() as desk:
        free = visiting.take_up(desk, make_resident(desk, "F2").id)
        owing = visiting.take_up(desk, 1)
        owe(desk, desk.session.get_one(Resident, 1), 100, what="new")

        left = visiting.close_all(desk)

        assert [each.id for each in left] == [owing.id]
        assert free.state is VisitState.CLOSED


def test_a_key_on_the_card_says_why_they_came(browser: Browser, at: At) -> None:
    hidden = hidden_of(browser.opens(CARD))
    values = {**hidden, "reason": "1", "back": CARD}

    page = browser.client.post(f"{HOME}/visits/do/come_for/1", data=values).text

    assert 'aria-pressed="true"><kbd aria-hidden="true">1</kbd> A coffee' in page
    with at(write=False) as desk:
        coffee = reason_of(desk, 1)
        assert count_hours(desk, (TODAY,)).count(hour=9, reason=coffee.id) == 1


def test_a_passer_by_has_a_basket_without_a_name_and_pays_it(browser: Browser, at: At) -> None:
    with at() as desk:
        bread = desk.add(Article(key="b", name="Bread"))
        set_price(desk, bread.price_item, Cents(240), valid_from=SINCE)
    back = quote(f"{HOME}/desk/visit?visit={{made}}")

    begun = browser.sends(f"{HOME}/visits/do/begin?back={back}")
    visit = f"{HOME}/desk/visit?visit=1"
    screen = f"{HOME}/visits/visit/1"
    browser.sends(f"{screen}/take_article_in?back={quote(visit)}", article="1", quantity="2")
    basket = browser.opens(visit)
    refused = words_of(browser.sends(f"{screen}/close", status=422))
    too_little = {**hidden_of(basket), "mode": "cash", "given": "4.75"}
    stays = browser.client.post(f"{screen}/pay_visit", data=too_little).text
    parts = {"given": "2.00", "second_mode": "card", "second_given": "2.80"}
    paid = browser.client.post(
        f"{screen}/pay_visit", data={**hidden_of(stays), "mode": "cash", **parts}
    )

    assert "Someone without a name" in words_of(begun)
    assert "Take €4.80" in words_of(basket)
    assert "is still to pay" in refused
    assert "€0.05 is missing." in words_of(stays)
    assert "Someone without a name" in words_of(stays)
    assert 'value="4.75"' in stays
    assert "Card €2.80" in words_of(paid.text)
    with at() as desk:
        receipt = desk.session.scalars(select(Receipt)).one()
        assert (receipt.visit_id, receipt.resident) == (1, None)
        perform(desk, actions.close, desk.session.get_one(Visit, 1), {})
    assert counted(at) == 1


def test_open_visits_stand_on_the_desk_page(browser: Browser, at: At) -> None:
    with at() as desk:
        visiting.take_up(desk, 1)
    with at(now=NOW - timedelta(days=1)) as desk:
        visiting.begin(desk)

    page = words_of(browser.opens(HOME))

    assert "2 open visits" in page
    assert "Rose Kern Since 09:05" in page
    assert "Someone without a name Since Monday 5 October" in page


def test_a_program_says_whose_visit_an_act_is_part_of(browser: Browser, at: At) -> None:
    with at() as desk:
        bread = desk.add(Article(key="b", name="Bread"))
        set_price(desk, bread.price_item, Cents(240), valid_from=SINCE)
    act = "/api/v1/ampere/receipts/do/take_article"

    browser.posts(act, {"resident": 1, "article": 1, "visit_of": 1})
    wrong = browser.posts(act, {"resident": 1, "article": 1, "visit_of": "Kern"}, status=422)
    browser.posts(act, {"resident": 1, "article": 1, "visit_of": 99}, status=404)

    assert wrong["fields"] == {"visit_of": ["Send a whole number here."]}
    with at(write=False) as desk:
        visit = desk.session.scalars(select(Visit)).one()
        charge = desk.session.scalars(select(Charge).where(Charge.visit_id == visit.id)).one()
        assert (charge.resident_id, visit.resident_id) == (1, 1)


def test_a_visit_knows_at_which_device_it_began(at: At) -> None:
    with at() as desk:
        desk.seat = replace(desk.seat, terminal_id=7)
        visiting.take_up(desk, 1)
        visiting.begin(desk)

    with at(write=False) as desk:
        assert set(desk.session.scalars(select(Visit.terminal_id))) == {7}
