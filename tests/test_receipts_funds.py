"""Funds: money paid in, entries that stay, a balance that never lies."""

from datetime import date

import pytest
from sqlalchemy import select

from palier.receipts.actions import correct, open_fund, put_in
from palier.receipts.ledgers import CorrectedBefore, FundExists, SpentAlready, enter, help_given
from palier.receipts.models import EntryReason, Fund, Funder, LedgerEntry
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.text import Cents

FUNDS = "/ampere/desk/receipts/fund"


@pytest.fixture
def fund(at: At) -> int:
    """A fund into which the town put a hundred euros; its id."""
    with at() as desk:
        made = open_fund(desk, label="Fonds de solidarité")
        town = desk.add(Funder(name="Ville de Strasbourg"))
        put_in(desk, made, cents=Cents(10000), funder=town)
        return made.id


def test_what_is_put_in_is_an_entry_and_the_balance(at: At, fund: int) -> None:
    with at(write=False) as desk:
        found = desk.session.get_one(Fund, fund)
        (entry,) = desk.all(select(LedgerEntry), LedgerEntry.funder)

    assert found.balance_cents == 10000
    assert (entry.cents, entry.reason) == (10000, EntryReason.PAID_IN)
    assert str(entry.funder) == "Ville de Strasbourg"


@pytest.mark.usefixtures("fund")
def test_two_funds_have_two_names(at: At) -> None:
    with at() as desk, pytest.raises(FundExists) as refused:
        open_fund(desk, label="FONDS de solidarite")

    assert refused.value.field == "label"


def test_a_mistake_is_corrected_by_an_opposite_entry_once(at: At, fund: int) -> None:
    with at() as desk:
        found = desk.session.get_one(Fund, fund)
        (entry,) = desk.all(select(LedgerEntry).where(LedgerEntry.ledger == found))

        opposite = correct(desk, entry)

        assert (opposite.cents, opposite.corrects_id) == (-10000, entry.id)
        assert found.balance_cents == 0
        with pytest.raises(CorrectedBefore):
            correct(desk, entry)


def test_what_was_spent_since_is_not_taken_back(at: At, fund: int) -> None:
    with at() as desk:
        found = desk.session.get_one(Fund, fund)
        (entry,) = desk.all(select(LedgerEntry).where(LedgerEntry.ledger == found))
        enter(desk, found, -400, EntryReason.REDUCTION)

        with pytest.raises(SpentAlready) as refused:
            correct(desk, entry)

    assert "Only €96.00 of it is left" in str(refused.value)


def test_the_database_refuses_a_balance_below_the_floor(at: At, fund: int) -> None:
    with pytest.raises(Exception, match="ck_ledger_floor"), at() as desk:
        enter(desk, desk.session.get_one(Fund, fund), -10001, EntryReason.REDUCTION)


def test_the_help_of_a_fund_is_a_sum_over_its_entries(at: At, fund: int) -> None:
    with at() as desk:
        found = desk.session.get_one(Fund, fund)
        enter(desk, found, -400, EntryReason.REDUCTION)
        enter(desk, found, -300, EntryReason.REDUCTION)
        enter(desk, found, 300, EntryReason.UNUSED)

    with at(write=False) as desk:
        october = help_given(desk, date(2026, 10, 1), date(2026, 10, 31))
        alone = help_given(desk, desk.today, desk.today, desk.session.get_one(Fund, fund))
        november = help_given(desk, date(2026, 11, 1), date(2026, 11, 30))
    assert (october, alone, november) == (400, 400, 0)


def test_a_manager_opens_a_fund_and_puts_money_in(browser: Browser) -> None:
    browser.sends("/ampere/desk/receipts/funder/new", name="CAF du Bas-Rhin")
    page = browser.sends(f"{FUNDS}/open_fund", label="Vélos pour tous")
    assert "Vélos pour tous" in words_of(page)

    browser.sends(f"{FUNDS}/1/put_in", cents="250,00", funder="1")
    page = words_of(browser.opens(f"{FUNDS}/1"))

    assert "€250.00" in page
    assert "CAF du Bas-Rhin" in page
    refused = browser.sends(f"{FUNDS}/1/put_in", status=422, cents="-1", funder="1")
    assert "At least €0.01" in words_of(refused)


def test_nothing_of_a_fund_is_seen_at_another_site(browser: Browser, fund: int) -> None:
    browser.opens(f"/cathedrale/desk/receipts/fund/{fund}", status=404)
