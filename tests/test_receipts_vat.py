"""VAT and line totals, against every row of the rounding vectors."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.receipts.mentions import mention
from palier.receipts.numbering import ReceiptNumber, copy_mark
from palier.receipts.vat import (
    Books,
    Period,
    Regime,
    SignedPart,
    VatPart,
    add_up,
    add_vat,
    line_total,
    rate_text,
    split,
    split_after,
)

FOLDER = Path(__file__).parent / "vectors"
VECTORS = json.loads((FOLDER / "vat_rounding.json").read_text(encoding="utf-8"))
CHAIN = json.loads((FOLDER / "receipt_chain.json").read_text(encoding="utf-8"))
RATES = st.sampled_from([Decimal("20"), Decimal("10"), Decimal("5.5"), Decimal("2.1")])
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
CENTS = st.integers(-10_000_000, 10_000_000)


def cents(euros: str) -> int:
    return int(Decimal(euros) * 100)


def part(row: dict[str, Any]) -> VatPart:
    return VatPart(Decimal(row["rate"]), cents(row["ht"]), cents(row["vat"]))


def named(row: dict[str, Any]) -> str:
    return str(row["name"])


@pytest.mark.parametrize("row", VECTORS["single_amounts"])
def test_vat_is_taken_out_of_a_price(row: dict[str, Any]) -> None:
    parts = split([(Decimal(row["rate"]), cents(row["ttc"]))])

    assert parts == (part(row),)


@pytest.mark.parametrize("row", VECTORS["quantity_times_price"])
def test_a_line_is_rounded_half_up(row: dict[str, Any]) -> None:
    total = line_total(Decimal(row["quantity"]), cents(row["unit_price"]))

    assert total == cents(row["line_total"])


@pytest.mark.parametrize("ticket", VECTORS["tickets"], ids=named)
def test_lines_of_a_ticket_come_to_their_totals(ticket: dict[str, Any]) -> None:
    totals = [
        line_total(
            Decimal(line["qty"]),
            cents(line["unit_ttc"]),
            discount_pct=Decimal(line["discount_pct"]),
        )
        for line in ticket["lines"]
    ]

    assert totals == [cents(line["line_ttc"]) for line in ticket["lines"]]
    assert sum(totals) == cents(ticket["total_ttc"])


@pytest.mark.parametrize("ticket", VECTORS["tickets"], ids=named)
def test_vat_of_a_ticket_is_rounded_once_per_rate(ticket: dict[str, Any]) -> None:
    parts = split((Decimal(line["rate"]), cents(line["line_ttc"])) for line in ticket["lines"])

    assert parts == tuple(part(group) for group in ticket["groups"])
    assert sum(one.ht_cents for one in parts) == cents(ticket["total_ht"])
    assert sum(one.vat_cents for one in parts) == cents(ticket["total_vat"])


@pytest.mark.parametrize("invoice", VECTORS["invoices_entered_without_vat"], ids=named)
def test_vat_is_put_on_an_invoice_once_per_rate(invoice: dict[str, Any]) -> None:
    parts = add_vat((Decimal(line["rate"]), cents(line["ht"])) for line in invoice["lines_ht"])

    asked = {
        (group["rate"], cents(group["base"]), cents(group["vat"])) for group in invoice["groups"]
    }
    assert {(rate_text(one.rate), one.ht_cents, one.vat_cents) for one in parts} == asked
    assert sum(one.ttc_cents for one in parts) == cents(invoice["total_ttc"])


@pytest.mark.parametrize("row", VECTORS["symmetry"])
def test_a_refund_is_the_exact_opposite_of_the_sale(row: dict[str, Any]) -> None:
    sale = split([(Decimal(row["sale"]["rate"]), cents(row["sale"]["ttc"]))])
    refund = split([(Decimal(row["refund"]["rate"]), cents(row["refund"]["ttc"]))])

    assert add_up(sale + refund) == (VatPart(Decimal("5.5"), 0, 0),)


@given(st.lists(st.tuples(RATES, CENTS)))
def test_the_parts_always_add_up_to_what_is_paid(amounts: list[tuple[Decimal, int]]) -> None:
    parts = split(amounts)

    assert sum(one.ttc_cents for one in parts) == sum(ttc for _rate, ttc in amounts)


@given(RATES, CENTS)
def test_the_opposite_amount_has_the_opposite_vat(rate: Decimal, ttc: int) -> None:
    (there,), (back,) = split([(rate, ttc)]), split([(rate, -ttc)])

    assert (back.ht_cents, back.vat_cents) == (-there.ht_cents, -there.vat_cents)


def test_an_amount_without_a_rate_has_no_vat() -> None:
    parts = split([(None, 500), (Decimal("20"), 1200)])

    assert parts == (VatPart(Decimal("20"), 1000, 200),)


def test_rates_written_in_two_ways_are_one_rate() -> None:
    parts = split([(Decimal("20.0"), 600), (Decimal("20"), 600)])

    assert [(rate_text(one.rate), one.ttc_cents) for one in parts] == [("20", 1200)]


def test_the_franchise_has_its_legal_sentence_and_a_taxable_operator_none() -> None:
    said = {regime: mention(regime, MONDAY) for regime in Regime}

    assert said[Regime.FRANCHISE] == VECTORS["mention_293B"]
    assert said[Regime.EXEMPT_ASSOCIATION] == "Exonération de TVA, article 261-7-1° du CGI"
    assert said[Regime.TAXABLE] is None


@pytest.mark.parametrize("text", ["AMP-01-2026-000123", "A-2026-1000000"])
def test_a_number_is_read_as_it_is_printed(text: str) -> None:
    number = ReceiptNumber.parse(text)

    assert str(number) == text


@pytest.mark.parametrize(
    "text",
    ["", "AMP-01-2026-123", "AMP-01-2026-000000", "AMP-01-2026-0000123", "AMP-01-2026-000123\n"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a receipt number"):
        ReceiptNumber.parse(text)


def test_numbers_follow_by_one_and_begin_again_each_year() -> None:
    last = ReceiptNumber("AMP-01", 2026, 41)

    assert ReceiptNumber("AMP-01", 2026, 42).follows(last)
    assert ReceiptNumber("AMP-01", 2027, 1).follows(last)
    assert not ReceiptNumber("AMP-01", 2026, 43).follows(last)
    assert not ReceiptNumber("AMP-01", 2025, 1).follows(last)
    assert not ReceiptNumber("AMP-02", 2026, 42).follows(last)


@pytest.mark.parametrize("row", CHAIN["reprint_marks"], ids=lambda row: f"print {row['print']}")
def test_a_reprint_is_marked_and_numbered(row: dict[str, Any]) -> None:
    mark = copy_mark(row["print"])

    assert mark == row["mark"]


def test_no_print_is_numbered_below_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        copy_mark(0)


@pytest.fixture
def books() -> Books:
    """Two days of sales, 1.00 € and 2.00 €."""
    books = Books()
    books.on(MONDAY).sell(1, "A-2026-000001", 100, [SignedPart("20", 83, 17)])
    books.on(TUESDAY).sell(2, "A-2026-000002", 200, [SignedPart("20", 167, 33)])
    return books


def test_closing_a_day_resets_that_day_and_keeps_the_month(books: Books) -> None:
    closed = books.close(Period.DAY, MONDAY)

    assert (closed.tickets, closed.total_cents, closed.vat) == (1, 100, {"20": [83, 17]})
    assert books.due(Period.DAY, TUESDAY).total_cents == 200
    assert books.due(Period.MONTH, TUESDAY).total_cents == 100


def test_closing_a_month_resets_it_and_keeps_the_year(books: Books) -> None:
    books.close(Period.DAY, TUESDAY)
    closed = books.close(Period.MONTH, TUESDAY)

    assert (closed.first_number, closed.last_number) == ("A-2026-000001", "A-2026-000002")
    assert closed.vat == {"20": [250, 50]}
    assert books.due(Period.MONTH, TUESDAY).tickets == 0
    assert books.due(Period.YEAR, TUESDAY).total_cents == 300


def test_closing_a_year_resets_it(books: Books) -> None:
    for period in Period:
        books.close(period, TUESDAY)

    assert books.due(Period.YEAR, TUESDAY).tickets == 0


def test_a_month_needs_its_days_closed_and_a_year_its_months(books: Books) -> None:
    before = [books.may_close(period, TUESDAY) for period in Period]
    books.close(Period.DAY, TUESDAY)
    between = [books.may_close(period, TUESDAY) for period in Period]
    books.close(Period.MONTH, TUESDAY)
    after = [books.may_close(period, TUESDAY) for period in Period]

    assert before == [True, False, False]
    assert between == [True, True, False]
    assert after == [True, True, True]


LINES = st.lists(st.tuples(RATES, st.integers(1, 9), st.integers(0, 9999)), min_size=1, max_size=4)


@given(LINES, st.randoms(use_true_random=False))
def test_a_sale_given_back_in_parts_gives_its_vat_back_to_the_cent(
    lines: list[tuple[Decimal, int, int]], chance: Any
) -> None:
    units = [(rate, -cents) for rate, count, cents in lines for _ in range(count)]
    chance.shuffle(units)

    before: list[tuple[Decimal | None, int]] = []
    parts: list[VatPart] = []
    while units:
        now, units = units[:2], units[2:]
        made = split_after(before, now)
        assert all(
            abs(one.vat_cents - two.vat_cents) <= 1
            for one, two in zip(made, split(now), strict=True)
        )
        parts += made
        before += now

    sale = split((rate, count * cents) for rate, count, cents in lines)
    assert [(p.rate, -p.ht_cents, -p.vat_cents) for p in add_up(parts)] == [
        (p.rate, p.ht_cents, p.vat_cents) for p in sale
    ]
