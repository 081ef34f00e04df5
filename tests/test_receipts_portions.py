"""Part of a line given back: never more than was sold, by anyone, and the paper says what and why."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.exc import DBAPIError

from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import pay, refund
from palier.receipts.daysheet import read_day
from palier.receipts.models import Journal, Receipt, ReceiptLine, RefundReason, VatClass
from palier.receipts.portions import NothingToRefund, NotSoMany, OfWhichLine
from palier.receipts.printing import sheet_of
from palier.testing.plugin import At
from palier.testing.till import (
    assert_books_are_whole,
    ends_at_each_statement,
    make_resident,
    owe,
    tried,
)


@pytest.fixture
def sold(at: At) -> int:
    """Three hires at 4.00 on one line, and its receipt's id."""
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 400, quantity=3)
        return pay(desk, resident).id


def gives(at: At, receipt_id: int, quantity: int | None) -> int:
    with at() as desk:
        receipt = desk.session.get_one(Receipt, receipt_id)
        line = desk.session.scalars(
            select(ReceiptLine).where(ReceiptLine.receipt_id == receipt_id)
        ).one()
        reason = RefundReason.GIVEN_BACK
        return refund(desk, receipt, line=line, quantity=quantity, reason=reason).due_cents


def given(at: At) -> int:
    query = select(func.count(ReceiptLine.id)).where(ReceiptLine.refunds_line_id.is_not(None))
    with at(write=False) as desk:
        return desk.session.scalar(query) or 0


def test_part_of_a_line_is_given_back_and_then_the_rest(at: At, sold: int) -> None:
    back = [gives(at, sold, 1), gives(at, sold, None)]

    with pytest.raises(NothingToRefund):
        gives(at, sold, None)
    assert back == [-400, -800]
    assert_books_are_whole(at)


def test_more_than_is_left_is_refused(at: At, sold: int) -> None:
    gives(at, sold, 2)

    with pytest.raises(NotSoMany, match="1 are left"):
        gives(at, sold, 2)


def test_so_many_of_no_line_is_refused(at: At, sold: int) -> None:
    with at() as desk, pytest.raises(OfWhichLine):
        refund(desk, desk.session.get_one(Receipt, sold), quantity=1)


def test_the_paper_and_the_journal_say_what_is_given_back_and_why(at: At, sold: int) -> None:
    gives(at, sold, 1)

    with at(write=False) as desk:
        back = desk.session.scalars(select(Receipt).where(Receipt.refund_of_id == sold)).one()
        sheet = sheet_of(desk, back)
        body = desk.session.scalars(select(Journal.body).order_by(Journal.seq.desc())).first()
    said = json.loads(body or "")
    assert ("Gives back", "AMPERE-01-2026-000001") in sheet.facts
    assert ("Reason", "Brought back") in sheet.facts
    assert (said["refund_of"], said["reason"]) == ("AMPERE-01-2026-000001", "given_back")
    assert [each["qty"] for each in said["lines"]] == ["-1"]


def test_two_loaves_given_back_one_by_one_give_all_their_vat_back(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 85, quantity=2, vat_class=VatClass.REDUCED)
        sold = pay(desk, resident).id

    back = [gives(at, sold, 1), gives(at, sold, 1)]

    with at(write=False) as desk:
        said = [vat_said(each) for each in desk.session.scalars(tickets())]
        papers = desk.all(select(Receipt).order_by(Receipt.id))
        tables = [sheet_of(desk, each).vat for each in papers]
        sheet = read_day(desk, desk.today)
    assert back == [-85, -85]
    assert said == [(161, 9), (-81, -4), (-80, -5)]
    assert [table.rows[0][1:] for table in tables if table] == [
        ("€1.61", "€0.09"),
        ("\N{MINUS SIGN}€0.81", "\N{MINUS SIGN}€0.04"),
        ("\N{MINUS SIGN}€0.80", "\N{MINUS SIGN}€0.05"),
    ]
    assert [(each.ht_cents, each.vat_cents) for each in sheet.vat] == [(0, 0)]
    assert_books_are_whole(at)


def tickets() -> Select[str]:
    return select(Journal.body).where(Journal.kind == "ticket").order_by(Journal.seq)


def vat_said(body: str) -> tuple[int, int]:
    (part,) = json.loads(body)["vat"]
    return part["ht_cents"], part["vat_cents"]


def test_desks_that_give_back_at_once_never_give_more_than_was_sold(at: At, sold: int) -> None:
    with ThreadPoolExecutor(5) as desks:
        refusals = list(desks.map(lambda _desk: tried(lambda: gives(at, sold, 1)), range(5)))

    assert refusals.count(None) == 3
    assert given(at) == 3
    assert_books_are_whole(at)


def test_the_database_itself_refuses_more_than_was_sold(at: At, sold: int) -> None:
    gives(at, sold, 3)

    with pytest.raises(DBAPIError, match="more is given back"), at() as desk:
        write_once_more(desk)


def write_once_more(desk: Context) -> None:
    """Write the line that gives back a second time, past every rule of ours."""
    refunds = select(ReceiptLine).where(ReceiptLine.refunds_line_id.is_not(None))
    line = desk.session.scalars(refunds).one()
    names = [each.key for each in ReceiptLine.__mapper__.column_attrs if each.key != "id"]
    desk.add(ReceiptLine(**{name: getattr(line, name) for name in names}))


def test_a_process_killed_at_any_step_gives_nothing_back(
    at: At, database: Database, sold: int
) -> None:
    for _step in ends_at_each_statement(database, lambda: gives(at, sold, 1)):
        assert given(at) == 0

    assert given(at) == 1
    assert_books_are_whole(at)
