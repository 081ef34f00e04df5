"""Bulk food's rules: shares, labels, weights, dates, scales. Vectors: tests/vectors, no database.

`bulk_food.json` and `instore_barcodes.json` were checked on 2026-11-23 against Regulation (EU)
1169/2011, Consumer code D120-7, DREETS pages, and biip 5.2.0.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.api import Grams, Refused, Ticks
from palier_bulk_food import rules
from palier_bulk_food.allergens import ALLERGENS, ASSISTED, BARRED, Goods
from palier_bulk_food.keys import BarredFromLooseSale, check_loose
from palier_bulk_food.labels import LabelMisread, LabelUnknown, Layout, read_label
from palier_bulk_food.models import DateKind, Product, Sold
from palier_bulk_food.sharing import Way, shares

VECTORS = Path(__file__).parent / "vectors"
FOOD: dict[str, Any] = json.loads((VECTORS / "bulk_food.json").read_text())
LABELS: dict[str, Any] = json.loads((VECTORS / "instore_barcodes.json").read_text())
LAYOUTS = {each["prefix"]: Layout(each["id"]) for each in LABELS["templates"]}
ASKED = st.lists(st.integers(1, 50_000), max_size=30)


def grams(kilograms: str) -> int:
    return round(float(kilograms) * 1000)


@given(way=st.sampled_from(Way), asked=ASKED, came=st.integers(0, 1_000_000))
def test_shares_sum_to_the_delivery_and_nobody_gets_more_than_ordered(
    way: Way, asked: list[int], came: int
) -> None:
    made = shares(way, asked, came)

    assert len(made) == len(asked)
    assert sum(made) == min(came, sum(asked))
    assert all(0 <= share <= wish for share, wish in zip(made, asked, strict=True))


@given(asked=ASKED, came=st.integers(0, 1_000_000))
def test_a_share_in_proportion_is_less_than_one_gram_off(asked: list[int], came: int) -> None:
    made = shares(Way.PROPORTIONAL, asked, came)

    total, given_out = sum(asked), min(came, sum(asked))
    for share, wish in zip(made, asked, strict=True):
        assert abs(share * total - wish * given_out) < total


def test_the_first_to_order_are_served_whole() -> None:
    assert shares(Way.FIRST_COME, [600, 1000, 1000], 1700) == [600, 1000, 100]


def test_an_equal_remainder_goes_to_who_ordered_first() -> None:
    assert shares(Way.PROPORTIONAL, [500, 500, 500], 1000) == [334, 333, 333]


def test_the_fourteen_allergens_stand_in_the_order_of_the_law() -> None:
    assert [each.name for each in ALLERGENS] == [each["code"] for each in FOOD["allergens"]]


def test_what_the_law_bars_from_loose_sale_is_known_whole() -> None:
    assert {each.value for each in BARRED} == {each["code"] for each in FOOD["banned_in_bulk"]}
    assert {e.value for e in ASSISTED} == {e["code"] for e in FOOD["conditional_in_bulk"]}


@pytest.mark.parametrize("case", FOOD["cases_sale"], ids=lambda case: case["product"])
def test_goods_are_sold_loose_as_the_law_says(case: dict[str, Any]) -> None:
    known = {each.value: each for each in Goods}
    goods = known.get(case["reason"], Goods.EVERYDAY)

    if case["sale"] == "refused":
        with pytest.raises(BarredFromLooseSale):
            check_loose(goods, loose=True)
        with pytest.raises(BarredFromLooseSale):
            Product(code="x", name=case["product"], sold=Sold.KG, goods=goods)
        return

    check_loose(goods, loose=True)
    product = Product(code="x", name=case["product"], goods=goods)
    assert rules.needs_service(product) == ("assisted" in case["sale"])


@pytest.mark.parametrize("case", FOOD["cases_weighing"], ids=lambda case: case["note"])
def test_a_weight_is_taken_or_refused(case: dict[str, Any]) -> None:
    settings = rules.Settings()
    gross, tare = grams(case["gross_kg"]), grams(case["tare_kg"])

    if not case["accepted"]:
        with pytest.raises(Refused):
            rules.net_weight(gross, tare, settings)
        return

    net = rules.net_weight(gross, tare, settings)
    assert net == grams(case["net_kg"])
    assert (2 * net * grams(case["unit_price"]) // 10 + 1000) // 2000 == grams(case["amount"]) // 10


def test_nine_hundred_kilograms_are_refused_with_what_the_scale_weighs() -> None:
    with pytest.raises(rules.TooHeavy) as refusal:
        rules.net_weight(999_000, 0, rules.Settings())

    assert "15.000" in str(refusal.value)


@pytest.mark.parametrize("case", FOOD["cases_scale_check"], ids=str)
def test_a_scale_is_checked_every_two_years_or_every_year(case: dict[str, Any]) -> None:
    checked, most = date.fromisoformat(case["last_check"]), case["max_kg"] * 1000
    due = rules.next_check(checked, most, prepacks=case["used_for_prepacking"])

    assert due == date.fromisoformat(case["next_check_due"])


def test_a_scale_past_its_check_weighs_nothing() -> None:
    settings = rules.Settings(scale_checked=date(2024, 10, 5), scale_max=Grams(15_000))

    rules.check_scale(settings, date(2026, 10, 5))
    with pytest.raises(rules.ScaleToCheck):
        rules.check_scale(settings, date(2026, 10, 6))


@pytest.mark.parametrize("case", FOOD["cases_dates"], ids=str)
def test_food_is_sold_until_its_last_day(case: dict[str, Any]) -> None:
    kind = DateKind.USE_BY if case["kind"] == "DLC" else DateKind.BEST_BEFORE
    limit = (case["limit"] + "-12-31")[:10] if len(case["limit"]) == 4 else case["limit"]
    until = date.fromisoformat(limit if len(limit) == 10 else f"{limit}-30")

    assert rules.may_be_sold(kind, until, date.fromisoformat(case["today"])) == case["sell"]


@pytest.mark.parametrize("case", LABELS["cases"], ids=lambda case: case["code"])
def test_a_label_of_the_scale_is_read(case: dict[str, Any]) -> None:
    said = case["decoded"]

    if "error" in said:
        with pytest.raises(LabelMisread):
            read_label(case["code"], LAYOUTS)
        return

    label = read_label(case["code"], LAYOUTS)
    assert label.item == said["item"]
    assert label.grams == (grams(said["weight_kg"]) if "weight_kg" in said else None)
    assert label.cents == (grams(said["price_eur"]) // 10 if "price_eur" in said else None)


def test_a_prefix_that_no_scale_here_prints_is_refused() -> None:
    with pytest.raises(LabelUnknown):
        read_label("2912345003470", LAYOUTS)


@given(weight=st.integers(1, 15_000), per_kg=st.integers(1, 1000))
def test_a_price_on_a_label_leads_back_to_a_weight_of_that_price(weight: int, per_kg: int) -> None:
    cents = (2 * weight * per_kg + 1000) // 2000
    if cents == 0:
        return

    found = rules.grams_of_price(cents, per_kg)

    assert (2 * found * per_kg + 1000) // 2000 == cents


@pytest.mark.parametrize("typed", ["0", "-1", "x", "", "0.0001", "1e99", "NaN", "Infinity", "٣"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    product = Product(code="len", name="Lentils")

    if typed == "٣":
        assert rules.read_amount(product, typed) == 3000
        return
    with pytest.raises(rules.NotAnAmount):
        rules.read_amount(product, typed)


def test_an_amount_is_read_with_comma_and_point_and_too_much_is_refused() -> None:
    product, oil = (
        Product(code="len", name="Lentils"),
        Product(code="hui", name="Oil", sold=Sold.PIECE),
    )

    assert rules.read_amount(product, "2,5") == rules.read_amount(product, "2.5 kg") == 2500
    assert rules.read_amount(oil, "3") == 3
    with pytest.raises(rules.NotAnAmount):
        rules.read_amount(oil, "2.5")
    with pytest.raises(rules.TooMuch):
        rules.read_amount(product, "999")


def test_food_without_its_allergen_sheet_or_the_name_of_its_nut_is_not_sold() -> None:
    nuts = Product(code="noi", name="Hazelnuts", allergens=Ticks({"nuts"}))

    with pytest.raises(rules.NoAllergenSheet):
        rules.check_product(nuts)
    nuts.allergens_known = True
    with pytest.raises(rules.WhichCereal):
        rules.check_product(nuts)
    nuts.named = "hazelnut"
    rules.check_product(nuts)


@pytest.mark.parametrize(
    ("typed", "nothing"),
    [("0", True), ("0,000", True), (" 0.0 kg", True), ("00", True), ("0.001", False), ("", False),
     (".", False), ("kg", False), ("-", False), ("no", False)],
)  # fmt: skip
def test_nothing_came_however_a_zero_is_written(typed: str, nothing: bool) -> None:
    assert rules.is_nothing(typed) is nothing
