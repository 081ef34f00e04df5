"""The paper hour: the paper book keyed later, with its own numbers, times and prices."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.errors import Refused
from palier.house import House
from palier.jobs.running import Run
from palier.receipts.actions import key_paper, paper_unused, sell_article
from palier.receipts.archives.making import make_archive
from palier.receipts.articles import NoSuchArticle, UnreadableArticles
from palier.receipts.booklet import NotThatDay, NotYet, PaperKeyed, PaperMissing, UnusedReason
from palier.receipts.checking import verify_site
from palier.receipts.closings import close_day
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import Article, Journal, PayMode, Receipt, ReceiptLine, Register
from palier.receipts.price_list import set_price
from palier.receipts.till_acts import TillClosed
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import FLOAT, NOW, At
from palier.testing.till import (
    counts_the_till,
    ends_at_each_statement,
    opens_the_till,
    pays,
    proved,
    someone_owes,
    tried,
)
from palier.text import Cents
from palier.visits.models import VisitReason

TODAY, YESTERDAY = date(2026, 10, 6), date(2026, 10, 5)
NOON = datetime(2026, 10, 6, 10, 0, tzinfo=UTC)  # 12:00 in Strasbourg
AT = time(10, 45)


@pytest.fixture
def bread(at: At) -> int:
    """A baguette by the key b: 1.10, from today on 1.20."""
    with at() as desk:
        article = desk.add(Article(name="Baguette", key="b"))
        for cents, since in ((110, date(2026, 1, 1)), (120, TODAY)):
            set_price(desk, article.price_item, Cents(cents), valid_from=since)
        return article.id


def keys(
    at: At, number: int, what: str = "b", day: date = TODAY, hour: time = AT, now: datetime = NOON
) -> int:
    with at(now=now) as desk:
        return key_paper(desk, number=number, day=day, at=hour, what=what).id


def books_are_whole(at: At) -> bool:
    with at(write=False) as desk:
        return all(each.ok for each in verify_site(desk.session, desk.signing_key))


def booklet_numbers(at: At) -> list[str]:
    with at(write=False) as desk:
        query = select(Receipt.number).where(Receipt.number.contains("-C1-"))
        return list(desk.session.scalars(query.order_by(Receipt.number)))


def test_a_paper_receipt_has_the_number_and_the_time_of_the_paper(at: At, bread: int) -> None:
    receipt_id = keys(at, 7)

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        said = json.loads(
            desk.session.scalars(select(Journal.body).order_by(Journal.seq.desc())).first() or ""
        )
    assert bread
    assert (receipt.number, receipt.total_cents) == ("AMPERE-C1-2026-000007", 120)
    assert receipt.at == datetime(2026, 10, 6, 8, 45, tzinfo=UTC)
    assert (receipt.recorded_at, receipt.sold_on) == (NOON, TODAY)
    assert said["at"] == "2026-10-06T10:45:00+02:00"
    assert said["recorded_at"] == "2026-10-06T12:00:00+02:00"
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_the_main_series_has_no_gap(at: At) -> None:
    pays(at, someone_owes(at, 100))
    keys(at, 7)
    pays(at, someone_owes(at, 100, code="F2"), NOON)

    with at(write=False) as desk:
        found = list(desk.session.scalars(select(Receipt.number).order_by(Receipt.id)))
    assert found == ["AMPERE-01-2026-000001", "AMPERE-C1-2026-000007", "AMPERE-01-2026-000002"]
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
@pytest.mark.parametrize("day", [TODAY, YESTERDAY])
def test_the_cash_of_the_paper_is_in_todays_till(at: At, day: date) -> None:
    receipt_id = keys(at, 7, day=day)

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        session = desk.session.scalars(open_sessions()).one()
        assert receipt.till_session == session
        assert drawer_of(desk, session).expected == FLOAT + receipt.due_cents


@pytest.mark.usefixtures("bread")
def test_without_an_open_till_no_cash_is_keyed_and_the_number_is_not_taken(at: At) -> None:
    counts_the_till(at, NOON)

    with pytest.raises(TillClosed, match="Open it first"):
        keys(at, 7)

    assert booklet_numbers(at) == []
    opens_the_till(at, NOON)
    keys(at, 7)
    assert booklet_numbers(at) == ["AMPERE-C1-2026-000007"]
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_a_card_payment_of_the_paper_needs_no_till(at: At) -> None:
    counts_the_till(at, NOON)

    with at(now=NOON) as desk:
        receipt = key_paper(desk, number=7, day=TODAY, at=AT, what="b", mode=PayMode.CARD)

        assert receipt.till_session is None


@pytest.mark.usefixtures("bread")
def test_the_same_paper_is_keyed_once(at: At) -> None:
    keys(at, 7)

    with pytest.raises(PaperKeyed, match="0007 is already in the books"):
        keys(at, 7)

    assert booklet_numbers(at) == ["AMPERE-C1-2026-000007"]


@pytest.mark.usefixtures("bread")
def test_a_paper_in_between_is_keyed_first_or_told_as_spoiled(at: At) -> None:
    keys(at, 7)
    with pytest.raises(PaperMissing, match="0008 comes first"):
        keys(at, 9)

    with at(now=NOON) as desk:
        paper_unused(desk, number=8, reason=UnusedReason.SPOILED)
    keys(at, 9)

    assert booklet_numbers(at) == ["AMPERE-C1-2026-000007", "AMPERE-C1-2026-000009"]
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_the_price_is_that_of_the_papers_day(at: At) -> None:
    receipt_id = keys(at, 7, "b2", YESTERDAY)

    with at(write=False) as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        line = desk.session.scalars(select(ReceiptLine)).one()
    assert (receipt.total_cents, receipt.sold_on) == (220, YESTERDAY)
    assert (line.label, line.quantity, line.unit_cents) == ("Baguette", 2, 110)


@pytest.mark.usefixtures("bread")
@pytest.mark.parametrize(
    ("what", "day", "hour", "refusal"),
    [
        ("b", TODAY, time(12, 1), NotYet),
        ("b", TODAY + timedelta(days=1), time(9), NotThatDay),
        ("x", TODAY, AT, NoSuchArticle),
        ("b0", TODAY, AT, UnreadableArticles),
        ("7", TODAY, AT, UnreadableArticles),
    ],
)
def test_a_paper_that_can_not_be_is_refused_and_nothing_is_written(
    at: At, what: str, day: date, hour: time, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        keys(at, 7, what, day, hour)

    with at(write=False) as desk:
        assert list(desk.session.scalars(select(Register.code))) == ["AMPERE-01"]


@pytest.mark.usefixtures("bread")
def test_numbers_of_paper_go_on_over_new_year(at: At) -> None:
    keys(at, 7)
    later = NOON + timedelta(days=100)
    keys(at, 8, day=later.date(), now=later)

    assert booklet_numbers(at) == ["AMPERE-C1-2026-000007", "AMPERE-C1-2027-000008"]
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_what_is_keyed_after_its_day_was_closed_is_in_the_next_closing(at: At) -> None:
    keys(at, 7, day=YESTERDAY)
    with at(now=NOON) as desk:
        close_day(desk, YESTERDAY)
    keys(at, 8, day=YESTERDAY)
    counts_the_till(at, NOON)
    with at(now=NOON) as desk:
        close_day(desk, TODAY)

    query = select(Journal.body).where(Journal.kind == "closing").order_by(Journal.seq)
    with at(write=False) as desk:
        said = [json.loads(each) for each in desk.session.scalars(query)]
    mine = [each for each in said if each["register"] == "AMPERE-C1"]
    assert [(each["to"], each["tickets"]) for each in mine] == [
        ("2026-10-05", 1),
        ("2026-10-06", 1),
    ]
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_the_booklets_archive_is_proved_without_palier(
    at: At, house: House, tmp_path: Path
) -> None:
    keys(at, 7)
    with at(now=NOON) as desk:
        paper_unused(desk, number=8, reason=UnusedReason.LOST)
    keys(at, 9)
    counts_the_till(at, NOON)
    house.clock = lambda: NOON + timedelta(days=100)

    made = make_archive(Run(house, "ampere", "test"), "ampere", 2026, tmp_path, lambda _n: None)

    assert proved(made.folder)[0] == 0


@pytest.mark.usefixtures("bread")
def test_two_desks_that_key_the_same_paper_at_once_key_it_once(at: At) -> None:
    keys(at, 7)

    with ThreadPoolExecutor(4) as desks:
        refusals = list(desks.map(lambda _desk: tried(lambda: keys(at, 8)), range(4)))

    assert refusals.count(None) == 1
    assert refusals.count(PaperKeyed) == 3
    assert books_are_whole(at)


@pytest.mark.usefixtures("bread")
def test_a_process_killed_at_any_step_leaves_nothing_and_no_gap(at: At, database: Database) -> None:
    keys(at, 7)

    for _step in ends_at_each_statement(database, lambda: keys(at, 8)):
        assert booklet_numbers(at) == ["AMPERE-C1-2026-000007"]

    assert booklet_numbers(at) == ["AMPERE-C1-2026-000007", "AMPERE-C1-2026-000008"]
    assert books_are_whole(at)


def test_an_article_is_sold_to_a_passer_by(at: At, bread: int) -> None:
    with at() as desk:
        receipt = sell_article(desk, desk.session.get_one(Article, bread), quantity=2)

    assert (receipt.number, receipt.total_cents) == ("AMPERE-01-2026-000001", 240)
    assert receipt.resident is None


@pytest.mark.usefixtures("bread")
def test_the_page_keys_one_paper_after_the_other(browser: Browser) -> None:
    path = "/ampere/desk/receipts/paper_hour?day=2026-10-05"
    form = hidden_of(browser.opens(path))
    values = {"day": "2026-10-05", "number": "7", "at": "08:45", "what": "b", "mode": "cash"}

    answer = browser.client.post("/ampere/desk/receipts/do/key_paper", data={**form, **values})

    page = words_of(answer.text)
    assert answer.status_code == 200
    assert "AMPERE-C1-2026-000007 €1.10, at 08:45" in page
    assert 'name="number" class="short" inputmode="numeric" value="8"' in answer.text


@pytest.mark.usefixtures("bread")
def test_the_page_says_that_the_till_is_closed_and_offers_to_open_it(
    at: At, browser: Browser
) -> None:
    counts_the_till(at)
    form = hidden_of(browser.opens("/ampere/desk/receipts/paper_hour?day=2026-10-05"))
    values = {"day": "2026-10-05", "number": "7", "at": "08:45", "what": "b", "mode": "cash"}

    answer = browser.client.post("/ampere/desk/receipts/do/key_paper", data={**form, **values})

    assert answer.status_code == 422
    assert "The till is closed, so no cash can change hands." in words_of(answer.text)
    assert "/ampere/desk/receipts/do/open_till" in answer.text
    assert 'value="08:45"' in answer.text


@pytest.mark.usefixtures("bread")
@pytest.mark.parametrize(
    ("page", "words"),
    [("paper_sheets", "Receipts of the paper book"), ("counter_sign", "si vous le demandez")],
)
def test_sheets_and_sign_are_ready_to_be_printed(browser: Browser, page: str, words: str) -> None:
    assert words in words_of(browser.opens(f"/ampere/desk/receipts/{page}"))


def test_the_sheet_names_the_reasons_and_the_note_leads_to_it(browser: Browser, at: At) -> None:
    with at() as desk:
        desk.add(VisitReason(key=3, label="Courrier"))

    sheet = words_of(browser.opens("/ampere/desk/receipts/paper_sheets"))
    note = browser.opens("/ampere/desk/desk/handover")
    yesterday = browser.opens("/ampere/desk/receipts/paper_hour?day=2026-10-05")

    assert "3 Courrier" in sheet
    assert 'href="/ampere/desk/receipts/paper_sheets"' in note
    assert '<input type="hidden" name="day" value="2026-10-05">' in yesterday


def test_the_morning_is_before_the_test_begins() -> None:
    assert NOW < NOON
