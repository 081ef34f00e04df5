"""What a price comes to, and the one sentence that says why: no database."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from palier.receipts.quoting import Reduction, Terms, quote, quote_all
from palier.text import Cents

MANY = st.integers(0, 1_000_000).map(Cents)
UNITS = st.integers(1, 1000)
WEEK = Cents(800)


def reduced(cents: int, left: int, over_on: date | None = None) -> Terms:
    return Terms(WEEK, Reduction(Cents(cents), 1, 7, Cents(left), over_on))


@given(full=MANY, less=MANY, left=MANY, quantity=UNITS)
def test_what_is_paid_and_what_the_fund_pays_make_the_full_price(
    full: Cents, less: Cents, left: Cents, quantity: int
) -> None:
    made = quote(Terms(full, Reduction(less, 1, 7, left)), quantity)

    assert made.payable_cents + made.fund_cents == made.full_cents == full * quantity
    assert min(made.payable_cents, made.fund_cents) >= 0
    assert made.fund_cents <= left
    assert made.unit_cents * quantity == made.payable_cents
    assert (made.fund_ledger_id is None) == (made.fund_cents == 0)


@given(st.lists(st.tuples(MANY, MANY, UNITS), max_size=6), MANY)
def test_a_fund_never_pays_more_than_it_holds(
    asked: list[tuple[Cents, Cents, int]], left: Cents
) -> None:
    lines = [
        (at, Terms(full, Reduction(less, 1, 7, left)), quantity)
        for at, (full, less, quantity) in enumerate(asked)
    ]

    made = dict(quote_all(lines))

    assert list(made) == list(range(len(asked)))
    assert sum(each.fund_cents for each in made.values()) <= left


def test_the_full_price_says_how_it_is_made() -> None:
    assert str(quote(Terms(WEEK), 3).reason) == "Full price: 3 × €8.00."


def test_a_price_of_nothing_says_that_it_is_free() -> None:
    made = quote(Terms(Cents(0)), 3)

    assert (made.payable_cents, str(made.reason)) == (0, "Free of charge.")


def test_the_fund_pays_the_difference_and_the_sentence_says_so() -> None:
    made = quote(reduced(400, left=400), 1)

    assert (made.full_cents, made.payable_cents, made.fund_cents) == (800, 400, 400)
    assert str(made.reason) == "Reduced price: the fund pays €4.00 of €8.00."


def test_where_the_fund_pays_all_of_it_the_sentence_says_so() -> None:
    made = quote(reduced(0, left=800), 1)

    assert (made.payable_cents, str(made.reason)) == (0, "The fund pays all of it, €8.00.")


def test_a_fund_without_enough_for_the_whole_line_pays_nothing_of_it() -> None:
    made = quote(reduced(400, left=799), 2)

    assert (made.payable_cents, made.fund_cents, made.is_short) == (1600, 0, True)
    assert "there is not enough left in the fund" in str(made.reason)


def test_two_lines_do_not_spend_the_same_money() -> None:
    lines = [(each, reduced(400, left=500), 1) for each in ("first", "second")]

    made = dict(quote_all(lines))

    assert (made["first"].payable_cents, made["second"].payable_cents) == (400, 800)
    assert made["second"].is_short


def test_a_paper_that_is_over_means_the_full_price_and_says_so() -> None:
    made = quote(reduced(400, left=5000, over_on=date(2026, 9, 30)), 1)

    assert (made.payable_cents, made.is_short) == (800, False)
    assert str(made.reason) == "Full price: the reduced one ended on Wednesday 30 September 2026."


def test_a_bracket_that_takes_nothing_off_is_the_full_price() -> None:
    made = quote(reduced(900, left=5000), 1)

    assert (made.payable_cents, made.bracket_id) == (800, None)


def test_no_sentence_names_a_bracket() -> None:
    made = [quote(reduced(400, left), 1) for left in (0, 400)]

    assert not any("green" in str(each.reason).lower() for each in made)
