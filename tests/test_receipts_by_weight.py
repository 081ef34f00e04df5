"""Sold by weight: a price for a kilogram, a charge in grams, rounded half up on its own line."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from palier.receipts.actions import pay
from palier.receipts.charging import charge_item, open_charges
from palier.receipts.models import ChargeKind, Journal, Receipt, Unit, VatClass
from palier.receipts.price_list import set_price
from palier.receipts.printing import sheet_of
from palier.receipts.quoting import Terms, quote
from palier.residents.models import Resident
from palier.signature import Asked
from palier.testing.plugin import At
from palier.testing.till import assert_books_are_whole, make_resident
from palier.text import Cents, Grams, Reader, _, read_by, show_weight
from palier.values import Weight

SINCE = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("grams", "per_kg", "cents"),
    [(480, 490, 235), (1020, 295, 301), (347, 490, 170), (14_800, 210, 3108), (500, 490, 245)],
)
def test_a_weight_is_priced_to_the_cent_half_up(grams: int, per_kg: int, cents: int) -> None:
    assert quote(Terms(Cents(per_kg), unit=Unit.KG), grams).payable_cents == cents


@given(st.integers(1, 100_000), st.integers(0, 10_000))
def test_no_line_is_more_than_half_a_cent_off(grams: int, per_kg: int) -> None:
    made = quote(Terms(Cents(per_kg), unit=Unit.KG), grams)

    assert abs(made.payable_cents * 1000 - grams * per_kg) <= 500


def test_the_sentence_of_a_weight_says_the_kilograms() -> None:
    words = str(quote(Terms(Cents(490), unit=Unit.KG), 480).reason)

    assert words == "Full price: 0.480\u00a0kg × €4.90."


def test_a_weight_is_typed_in_kilograms_and_shown_so() -> None:
    value = Weight(Asked("weight", _("Weight"), Grams))

    with read_by(Reader("fr")):
        assert value.to_form(Grams(480)) == "0,48"
        assert show_weight(1020) == "1,020\u00a0kg"
    assert value.to_form(Grams(480)) == "0.48"
    assert str(value.shown(Grams(480))) == "0.480\u00a0kg"


def test_a_weight_is_paid_signed_and_printed_in_kilograms(at: At) -> None:
    with at() as desk:
        person = make_resident(desk)
        set_price(
            desk, "food.lentils", Cents(490), valid_from=SINCE, unit=Unit.KG,
            vat_class=VatClass.REDUCED, label="Lentils",
        )  # fmt: skip
        set_price(desk, "food.jar", Cents(100), valid_from=SINCE, label="Jar")
        charge_item(
            desk, item="food.lentils", label="Lentils", quantity=480, source=person, resident=person
        )
        charge_item(
            desk, item="food.jar", label="Jar", quantity=-1, source=person, resident=person,
            what="jar", kind=ChargeKind.CONTAINER,
        )  # fmt: skip
    with at() as desk:
        buyer = desk.session.scalars(select(Resident)).one()
        assert [each.total_cents for each in open_charges(desk, buyer)] == [235, -100]
        assert pay(desk, buyer).due_cents == 135
    with at() as desk:
        paper = sheet_of(desk, desk.all(select(Receipt))[0])
        body = json.loads(
            desk.session.scalars(select(Journal.body).where(Journal.kind == "ticket")).one()
        )

    assert paper.lines[0].quantity == "0.480\u00a0kg"
    assert [each["qty"] for each in body["lines"]] == ["0.48", "-1"]
    assert [each["unit"] for each in body["lines"]] == ["kg", "u"]
    assert_books_are_whole(at)
