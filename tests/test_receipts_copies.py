"""Papers of a receipt: asked for, numbered, marked from the second on, and no total changed."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import close_day, print_receipt
from palier.receipts.copies import HOLDS
from palier.receipts.models import Journal, PaperShape, Receipt, ReceiptPrint, Register
from palier.receipts.printing import receipt_pdf, sheet_of
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    assert_books_are_whole,
    counts_the_till,
    ends_at_each_statement,
    pays,
    someone_owes,
)

NUMBER = "AMPERE-01-2026-000001"
RECEIPT = "/ampere/desk/desk/receipt?receipt=1"
PRINT = "/ampere/desk/receipts/receipt/1/print_receipt"


@pytest.fixture
def sold(at: At) -> int:
    """A receipt of 8.35, and its id."""
    return pays(at, someone_owes(at, 835))


def prints(at: At, receipt_id: int, shape: PaperShape = PaperShape.TICKET) -> int:
    with at() as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        return print_receipt(desk, receipt, shape=shape).copy_no


def reprints(at: At) -> list[tuple[str, int]]:
    query = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq)
    with at(write=False) as desk:
        said = [json.loads(each) for each in desk.session.scalars(query)]
    return [(each["of"], each["copy"]) for each in said if each["code"] == "reprint"]


def totals(desk: Context) -> tuple[int, int]:
    register = desk.session.scalars(select(Register)).one()
    return register.perpetual_cents, register.perpetual_abs_cents


def papers(at: At) -> int:
    with at(write=False) as desk:
        return desk.session.scalar(select(func.count(ReceiptPrint.id))) or 0


def test_nothing_is_printed_by_a_sale(at: At, sold: int) -> None:
    assert sold
    assert papers(at) == 0


def test_the_first_paper_is_unmarked_and_the_journal_is_silent(at: At, sold: int) -> None:
    prints(at, sold)

    with at(write=False) as desk:
        copy = desk.session.scalars(select(ReceiptPrint)).one()
        sheet = sheet_of(desk, copy.receipt, copy)
    assert sheet.marks == ()
    assert reprints(at) == []


def test_each_later_paper_is_a_numbered_duplicate_and_an_event(at: At, sold: int) -> None:
    numbers = [prints(at, sold) for _turn in range(3)]

    with at(write=False) as desk:
        query = select(ReceiptPrint).order_by(ReceiptPrint.copy_no)
        marks = [sheet_of(desk, each.receipt, each).marks for each in desk.all(query)]
    assert numbers == [1, 2, 3]
    assert marks == [(), ("DUPLICATA 1",), ("DUPLICATA 2",)]
    assert reprints(at) == [(NUMBER, 1), (NUMBER, 2)]
    assert_books_are_whole(at)


def test_the_duplicate_stands_on_the_pdf_too(at: At, sold: int, tmp_path: Path) -> None:
    prints(at, sold)
    prints(at, sold, PaperShape.PDF)

    with at(write=False) as desk:
        copy = desk.session.scalars(select(ReceiptPrint).where(ReceiptPrint.copy_no == 2)).one()
        body = receipt_pdf(desk, copy.receipt, tmp_path, copy)
    text = PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert text.startswith("DUPLICATA 1")


def test_a_reprint_changes_no_total(at: At, sold: int) -> None:
    with at(write=False) as desk:
        before = totals(desk)
    for _turn in range(2):
        prints(at, sold)

    with at(write=False) as desk:
        said = totals(desk)
    counts_the_till(at)
    with at() as desk:
        close_day(desk, day=desk.today)
        closing = desk.session.scalars(select(Journal.body).where(Journal.kind == "closing")).one()
    assert before == said == (835, 835)
    assert json.loads(closing)["total_cents"] == 835
    assert json.loads(closing)["tickets"] == 1


def test_a_paper_opened_again_later_is_only_looked_at(at: At, sold: int) -> None:
    prints(at, sold)

    later = NOW + HOLDS + timedelta(seconds=1)
    with at(now=later, write=False) as desk:
        copy = desk.session.scalars(select(ReceiptPrint)).one()
        sheet = sheet_of(desk, copy.receipt, copy)
    assert sheet.marks == ("Vu à l’écran\u00a0: ce n’est pas un reçu sur papier",)


def test_two_desks_that_print_at_once_get_two_numbers(at: At, sold: int) -> None:
    with ThreadPoolExecutor(8) as desks:
        numbers = list(desks.map(lambda _desk: prints(at, sold), range(8)))

    assert sorted(numbers) == list(range(1, 9))
    assert sorted(reprints(at)) == [(NUMBER, copy) for copy in range(1, 8)]
    assert_books_are_whole(at)


def test_a_paper_is_never_unmade(at: At, sold: int) -> None:
    prints(at, sold)

    with pytest.raises(DBAPIError, match="append-only"), at() as desk:
        desk.session.scalars(select(ReceiptPrint)).one().copy_no = 7


def test_a_process_killed_at_any_step_leaves_no_paper_and_no_event(
    at: At, database: Database, sold: int
) -> None:
    prints(at, sold)

    for _step in ends_at_each_statement(database, lambda: prints(at, sold)):
        assert (papers(at), reprints(at)) == (1, [])

    assert (papers(at), reprints(at)) == (2, [(NUMBER, 1)])
    assert_books_are_whole(at)


@pytest.mark.usefixtures("sold")
def test_looking_at_a_receipt_is_no_print(at: At, browser: Browser) -> None:
    page = words_of(browser.opens(RECEIPT))

    assert "Nothing was printed yet." in page
    assert papers(at) == 0


@pytest.mark.usefixtures("sold")
def test_printing_twice_from_the_receipt_says_duplicata(browser: Browser) -> None:
    first = _presses(browser, "ticket")
    again = words_of(browser.opens(RECEIPT))
    second = _presses(browser, "large")

    assert "DUPLICATA" not in first
    assert "the next paper says DUPLICATA 1." in again
    assert words_of(second).count("DUPLICATA 1") == 1
    assert 'class="receipt large"' in second


@pytest.mark.usefixtures("sold")
def test_one_press_sent_twice_is_one_paper(at: At, browser: Browser) -> None:
    form = hidden_of(browser.opens(RECEIPT)) | {"shape": "ticket"}

    pages = [browser.client.post(PRINT, data=form).text for _press in range(2)]

    assert pages[0] == pages[1]
    assert papers(at) == 1


@pytest.mark.usefixtures("sold")
def test_a_file_is_offered_and_is_a_pdf(browser: Browser) -> None:
    page = _presses(browser, "pdf")

    answer = browser.client.get("/ampere/desk/receipts/pdf?made=1")
    assert "Open the PDF" in words_of(page)
    assert "print.js" not in page
    assert answer.headers["content-type"] == "application/pdf"
    assert NUMBER in answer.headers["content-disposition"]


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize("path", ["receipts/printed?made=1", "receipts/pdf?made=1"])
def test_another_sites_papers_are_not_here(browser: Browser, path: str) -> None:
    _presses(browser, "ticket")

    browser.opens(f"/cathedrale/desk/{path}", status=404)


def _presses(browser: Browser, shape: str) -> str:
    form = hidden_of(browser.opens(RECEIPT)) | {"shape": shape}
    answer = browser.client.post(PRINT, data=form)
    assert answer.status_code == 200
    return str(answer.text)
