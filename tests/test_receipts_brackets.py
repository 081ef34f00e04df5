"""Prices of a bracket: what the household pays, what the fund pays, at charge, sale and refund."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from palier.context import Context
from palier.db.engine import Database
from palier.errors import DayIsOver
from palier.providers.models import Provider
from palier.receipts.actions import refund
from palier.receipts.charging import charge_item, owed_by, waive
from palier.receipts.ledgers import make_fund
from palier.receipts.models import (
    Charge,
    EntryReason,
    Fund,
    LedgerEntry,
    Payment,
    Price,
    Receipt,
    ReceiptLine,
    WaiveReason,
)
from palier.receipts.price_list import (
    MoreThanFull,
    NoFullPrice,
    PricedThatDay,
    set_price,
    set_reduced_price,
)
from palier.receipts.pricing import TooFew, price
from palier.receipts.printing import sheet_of
from palier.receipts.selling import BasketChanged, FundRanOut
from palier.residents.actions import drop_bracket, note_bracket
from palier.residents.models import Bracket, Colour, Household, Resident
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import SINCE, assert_books_are_whole, make_resident, pays, tried
from palier.text import Cents

WEEK = "bike_hire.kind.1.week"
PAPER = date(2027, 3, 31)


def fund_of(desk: Context) -> Fund:
    return desk.session.scalars(select(Fund)).one()


def bike_for(desk: Context, resident: Resident, what: str = "", quantity: int = 1) -> Charge:
    return charge_item(
        desk,
        item=WEEK,
        label="V07, a week",
        quantity=quantity,
        source=resident,
        resident=resident,
        what=what,
    )


@pytest.fixture
def theo(at: At) -> int:
    """Théo, whose household is green; a week costs 8.00, green 4.00; the fund holds 10.00."""
    with at() as desk:
        resident = make_resident(desk)
        full = set_price(desk, WEEK, Cents(800), valid_from=SINCE, label="City bike, a week")
        fund = make_fund(desk, "Vélos pour tous")
        fund.balance_cents = Cents(1000)
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="QF up to 500"))
        set_reduced_price(desk, full, Cents(400), bracket=green, fund=fund, valid_from=SINCE)
        assert resident.household is not None
        note_bracket(desk, resident.household, bracket=green, bracket_until=PAPER)
        return resident.id


@contextmanager
def theo_at(at: At, who: int, now: datetime = NOW) -> Iterator[tuple[Context, Resident, Household]]:
    with at(now=now) as desk:
        resident = desk.session.get_one(Resident, who)
        assert resident.household is not None
        yield desk, resident, resident.household


def test_a_price_is_the_brackets_and_the_fund_pays_the_rest(
    at: At, database: Database, theo: int
) -> None:
    with theo_at(at, theo) as (desk, _resident, home):
        with counted_statements(database) as sent:
            quote = price(desk, WEEK, 1, home)

        assert (quote.full_cents, quote.payable_cents, quote.fund_cents) == (800, 400, 400)
        assert len(sent) == 1


def test_without_a_household_or_with_another_bracket_it_is_the_full_price(
    at: At, theo: int
) -> None:
    with theo_at(at, theo) as (desk, _resident, home):
        blue = desk.add(Bracket(code="B", colour=Colour.BLUE, label="QF up to 800"))
        nobody = price(desk, WEEK, 1, None)
        note_bracket(desk, home, bracket=blue, bracket_until=PAPER)
        other = price(desk, WEEK, 1, home)

    assert (nobody.payable_cents, other.payable_cents) == (800, 800)
    assert str(other.reason) == "Full price: 1 × €8.00."


def test_a_paper_holds_on_its_last_day_and_not_on_the_next(at: At, theo: int) -> None:
    last = datetime(2027, 3, 31, 12, tzinfo=NOW.tzinfo)

    with theo_at(at, theo, last) as (desk, _resident, home):
        held = price(desk, WEEK, 1, home)
    with theo_at(at, theo, last + timedelta(days=1)) as (desk, _resident, home):
        over = price(desk, WEEK, 1, home)

    assert (held.payable_cents, over.payable_cents) == (400, 800)
    assert "the reduced one ended on" in str(over.reason)


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_is_refused_in_words(at: At, theo: int, quantity: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home), pytest.raises(TooFew) as refused:
        bike_for(desk, resident, quantity=quantity)

    assert str(refused.value).startswith("The quantity must be at least 1. What comes back is")


def test_the_sale_takes_the_rest_from_the_fund_with_the_line(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        bike_for(desk, resident)

    pays(at, theo, shown=Cents(400))

    with at(write=False) as desk:
        entry = desk.session.scalars(select(LedgerEntry)).one()
        line = desk.session.scalars(select(ReceiptLine)).one()
        receipt = desk.session.scalars(select(Receipt)).one()
        assert (entry.cents, entry.reason, entry.line_id) == (-400, EntryReason.REDUCTION, line.id)
        assert (line.unit_cents, line.total_cents, line.full_cents) == (400, 400, 800)
        assert (receipt.total_cents, receipt.due_cents) == (400, 400)
        assert desk.session.scalar(select(Payment.cents)) == 400
        assert fund_of(desk).balance_cents == 600
    assert_books_are_whole(at)


def test_the_receipt_says_what_was_paid_and_neither_bracket_nor_fund(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        bike_for(desk, resident)

    receipt = pays(at, theo)
    with at(write=False) as desk:
        sheet = str(sheet_of(desk, desk.session.get_one(Receipt, receipt)))

    assert "€4.00" in sheet
    assert not any(each in sheet for each in ("Green", "QF up to", "Vélos pour tous", "8.00"))


def test_a_refund_gives_the_fund_its_part_back(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        bike_for(desk, resident)
    pays(at, theo)

    with at() as desk:
        refund(desk, desk.session.scalars(select(Receipt)).one())

    with at(write=False) as desk:
        entries = desk.session.execute(select(LedgerEntry.cents, LedgerEntry.reason)).all()
        assert [tuple(each) for each in entries] == [
            (-400, EntryReason.REDUCTION),
            (400, EntryReason.UNUSED),
        ]
        assert fund_of(desk).balance_cents == 1000
    assert_books_are_whole(at)


def test_two_lines_share_what_the_fund_holds_in_their_order(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        fund_of(desk).balance_cents = Cents(500)
        bike_for(desk, resident, "first")
        bike_for(desk, resident, "second")

    with theo_at(at, theo) as (desk, resident, _home):
        owed = owed_by(desk, resident)

    assert [each.charge.total_cents for each in owed] == [400, 800]
    assert [bool(each.quote and each.quote.is_short) for each in owed] == [False, True]


def test_a_fund_that_ran_out_while_it_was_shown_is_named_and_nothing_is_paid(
    at: At, theo: int
) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        bike_for(desk, resident)
    with at() as desk:
        fund_of(desk).balance_cents = Cents(399)

    with pytest.raises(FundRanOut) as refused:
        pays(at, theo, shown=Cents(400))
    again = tried(lambda: pays(at, theo, shown=Cents(800)))

    assert "The fund has not enough left any more: it was €4.00, it is now €8.00." in str(
        refused.value
    )
    assert isinstance(refused.value, BasketChanged)
    assert again is None


def test_two_desks_spend_the_last_of_a_fund_once(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, home):
        fund_of(desk).balance_cents = Cents(400)
        other = desk.add(
            Resident(household=home, given_name="Rose", family_name="Ritter", card_code="C-2")
        )
        bike_for(desk, resident)
        bike_for(desk, other)
        who = [resident.id, other.id]

    with ThreadPoolExecutor(2) as desks:
        refusals = list(desks.map(lambda one: tried(lambda: pays(at, one, shown=Cents(400))), who))

    assert sorted(map(str, refusals)) == sorted([str(None), str(FundRanOut)])
    with at(write=False) as desk:
        assert fund_of(desk).balance_cents == 0
    assert_books_are_whole(at)


def test_a_paper_shown_today_reaches_what_was_charged_today(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, home):
        green = home.bracket
        drop_bracket(desk, home)
        bike_for(desk, resident)
        assert green is not None
        note_bracket(desk, home, bracket=green, bracket_until=PAPER)

        (owed,) = owed_by(desk, resident)

    assert owed.charge.total_cents == 400


def test_a_paper_shown_later_changes_nothing_that_was_charged_before(at: At, theo: int) -> None:
    tomorrow = NOW + timedelta(days=1)
    with theo_at(at, theo) as (desk, resident, _home):
        bike_for(desk, resident)
    with theo_at(at, theo, tomorrow) as (desk, resident, home):
        blue = desk.add(Bracket(code="B", colour=Colour.BLUE, label="QF up to 800"))
        note_bracket(desk, home, bracket=blue, bracket_until=PAPER)

        (owed,) = owed_by(desk, resident)

    assert owed.charge.total_cents == 400


def test_a_reduced_price_mended_for_that_day_reaches_the_basket_in_one_statement(
    at: At, database: Database, theo: int
) -> None:
    with theo_at(at, theo) as (desk, resident, home):
        bike_for(desk, resident)
        full = desk.session.scalars(select(Price).where(Price.bracket_id.is_(None))).one()
        assert home.bracket is not None
        set_reduced_price(
            desk, full, Cents(300), bracket=home.bracket, fund=fund_of(desk), valid_from=desk.today
        )

    with at(write=False) as desk:
        resident = desk.session.get_one(Resident, theo)
        assert resident.household is not None
        with counted_statements(database) as sent:
            (owed,) = owed_by(desk, resident)
        assert (owed.charge.total_cents, len(sent)) == (300, 1)


def test_waiving_takes_nothing_from_the_fund(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, resident, _home):
        waive(desk, bike_for(desk, resident), WaiveReason.GOODWILL)

        assert fund_of(desk).balance_cents == 1000


def test_a_brackets_price_is_at_most_the_full_one(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, _resident, home):
        full = desk.session.scalars(select(Price).where(Price.bracket_id.is_(None))).one()
        green, fund = home.bracket, fund_of(desk)
        assert green is not None

        with pytest.raises(MoreThanFull) as refused:
            set_reduced_price(
                desk, full, Cents(801), bracket=green, fund=fund, valid_from=desk.today
            )
        before = SINCE - timedelta(days=1)
        with pytest.raises(NoFullPrice):
            set_reduced_price(desk, full, Cents(1), bracket=green, fund=fund, valid_from=before)

    assert str(refused.value) == "A bracket pays at most the full price, €8.00."


def test_a_day_that_is_over_keeps_its_price(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, _resident, _home):
        yesterday = desk.today - timedelta(days=1)

        with pytest.raises(DayIsOver) as refused:
            set_price(desk, WEEK, Cents(900), valid_from=yesterday)
        with pytest.raises(PricedThatDay):
            set_price(desk, WEEK, Cents(900), valid_from=SINCE)

    assert refused.value.field == "valid_from"


def test_a_price_to_come_changes_nothing_today(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, _resident, home):
        new_year = date(2027, 1, 1)
        set_price(desk, WEEK, Cents(900), valid_from=new_year)
        today = price(desk, WEEK, 1, home)
    with theo_at(at, theo, datetime(2027, 1, 1, 12, tzinfo=NOW.tzinfo)) as (desk, _resident, home):
        then = price(desk, WEEK, 1, home)

    assert (today.full_cents, then.full_cents, then.payable_cents) == (800, 900, 400)


def test_the_price_of_a_provider_is_its_own(at: At, theo: int) -> None:
    with theo_at(at, theo) as (desk, _resident, home):
        relay = desk.add(Provider(name="Vélo Relais"))
        set_price(desk, WEEK, Cents(1200), valid_from=SINCE, provider=relay)

        quotes = [price(desk, WEEK, 1, home, provider=each) for each in (relay, None)]

    assert [each.payable_cents for each in quotes] == [1200, 400]


def test_another_sites_prices_are_unknown(at: At, theo: int) -> None:
    assert theo
    with at(2) as desk, pytest.raises(Exception, match="There is no price"):
        price(desk, WEEK, 1, None)
