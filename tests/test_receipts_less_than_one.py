"""Less than one of a thing is refused everywhere, but for a container that comes back."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from palier.context import Context
from palier.receipts.actions import pay
from palier.receipts.charging import charge_item
from palier.receipts.daysheet import read_day
from palier.receipts.models import Charge, ChargeKind, Receipt
from palier.receipts.price_list import set_price
from palier.receipts.pricing import TooFew
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At
from palier.testing.till import (
    SINCE,
    assert_books_are_whole,
    make_resident,
    owe,
    pays,
    someone_owes,
)
from palier.text import Cents


def of_jars(desk: Context, quantity: int, kind: ChargeKind = ChargeKind.CONTAINER) -> Charge:
    resident = make_resident(desk)
    set_price(desk, "jar", Cents(100), valid_from=SINCE)
    owe(desk, resident, 1135, what="rice")
    return charge_item(
        desk, item="jar", label="Jar", quantity=quantity, source=resident, resident=resident,
        what="jar", kind=kind,
    )  # fmt: skip


@pytest.mark.parametrize("quantity", [0, -1, -2])
def test_less_than_one_is_not_sold(at: At, quantity: int) -> None:
    with at() as desk, pytest.raises(TooFew):
        of_jars(desk, quantity, ChargeKind.SALE)


def test_no_container_is_no_return(at: At) -> None:
    with at() as desk, pytest.raises(TooFew):
        of_jars(desk, 0)


def test_the_database_refuses_it_too(at: At) -> None:
    with at() as desk:
        charge = of_jars(desk, 2, ChargeKind.SALE).id

    with pytest.raises(IntegrityError), at() as desk:
        desk.session.get_one(Charge, charge).quantity = -2


def test_a_container_that_comes_back_is_taken_off_the_sum(at: At) -> None:
    with at() as desk:
        jars = of_jars(desk, -2)
        assert jars.resident is not None

        receipt = pay(desk, jars.resident)

    with at(write=False) as desk:
        sheet = read_day(desk, desk.today)
    assert (jars.quantity, jars.total_cents) == (-2, -200)
    assert (receipt.total_cents, receipt.due_cents) == (1135, 935)
    assert (sheet.turnover_cents, sheet.containers_back.cents) == (1135, -200)
    assert_books_are_whole(at)


def test_giving_back_offers_this_receipts_lines_and_no_less_than_one(
    at: At, browser: Browser
) -> None:
    pays(at, someone_owes(at, 500, code="F1"))
    pays(at, someone_owes(at, 300, 200, code="F2"))
    with at(write=False) as desk:
        ids = [each.id for each in desk.session.scalars(select(Receipt).order_by(Receipt.id))]
    form = f"/ampere/desk/receipts/receipt/{ids[1]}/refund"
    page = browser.opens(form)

    answer = browser.client.post(form, data=hidden_of(page) | {"line": "2", "quantity": "-1"})

    assert 'name="line" value="1"' not in page
    assert 'name="line" value="2"' in page
    assert 'name="line" value="3"' in page
    assert answer.status_code == 422
    assert "At least 1." in words_of(answer.text)
