"""What was issued stays: nothing changes or goes, a mistake is given back by its opposite."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from palier.db.engine import Database
from palier.receipts.actions import refund
from palier.receipts.models import Payment, Receipt, ReceiptLine
from palier.receipts.portions import NothingToRefund, NotOnThisReceipt
from palier.testing.plugin import At
from palier.testing.till import assert_books_are_whole, counted, pays, someone_owes, tried


@pytest.mark.parametrize("table", ["receipt", "receipt_line", "payment", "journal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET site_id = 2", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_issued(
    at: At, database: Database, table: str, statement: str
) -> None:
    pays(at, someone_owes(at, 1000))

    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.across_sites("test", write=True) as session,
    ):
        session.execute(text(statement.format(table)))

    assert counted(at) == [1, 1, 1, 1]


def test_a_refund_is_the_exact_opposite(at: At) -> None:
    sold = pays(at, someone_owes(at, 1000, 240))

    with at() as desk:
        back = refund(desk, desk.session.get_one(Receipt, sold))
        number, total, of = back.number, back.total_cents, back.refund_of_id

    assert (number, total, of) == ("AMPERE-01-2026-000002", -1240, sold)
    with at(write=False) as desk:
        query = select(ReceiptLine).order_by(ReceiptLine.id)
        lines = [(each.quantity, each.total_cents) for each in desk.all(query)]
        paid = list(desk.session.scalars(select(Payment.cents).order_by(Payment.id)))
    assert lines == [(1, 1000), (1, 240), (-1, -1000), (-1, -240)]
    assert paid == [1240, -1240]
    assert_books_are_whole(at)


def test_never_more_is_given_back_than_was_sold(at: At) -> None:
    sold = pays(at, someone_owes(at, 1000, 240))
    with at() as desk:
        line = desk.all(select(ReceiptLine).order_by(ReceiptLine.id))[0]
        refund(desk, desk.session.get_one(Receipt, sold), line=line)

    with at() as desk:
        rest = refund(desk, desk.session.get_one(Receipt, sold)).total_cents
    with at() as desk, pytest.raises(NothingToRefund):
        refund(desk, desk.session.get_one(Receipt, sold))

    assert rest == -240


def test_a_line_of_another_receipt_is_not_given_back(at: At) -> None:
    sold, other = pays(at, someone_owes(at, 1000)), pays(at, someone_owes(at, 100, code="F9"))
    with at() as desk:
        line = desk.session.scalars(
            select(ReceiptLine).where(ReceiptLine.receipt_id == other)
        ).one()

        with pytest.raises(NotOnThisReceipt):
            refund(desk, desk.session.get_one(Receipt, sold), line=line)


def test_sixteen_desks_give_the_same_receipt_back_once(at: At) -> None:
    sold = pays(at, someone_owes(at, 1000))

    def gives_back() -> None:
        with at() as desk:
            refund(desk, desk.session.get_one(Receipt, sold))

    with ThreadPoolExecutor(16) as desks:
        refusals = list(desks.map(lambda _desk: tried(gives_back), range(16)))

    assert refusals.count(None) == 1
    assert refusals.count(NothingToRefund) == 15
