"""A household's year: sold once, paid in the basket, known by a query."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.desk.membership import PRICE, cancel_membership, sell_membership
from palier.receipts.models import Charge, Price
from palier.receipts.pricing import NoPrice
from palier.residents.memberships import is_member, member_until, memberships_of
from palier.residents.models import Household, Membership
from palier.residents.rules import AlreadyMember
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import Cents

TODAY = NOW.date()


@pytest.fixture
def home(at: At) -> int:
    """A household at a site where the year costs ten euros; its id."""
    with at() as desk:
        desk.add(Price(item=PRICE, cents=Cents(1000), valid_from=date(2026, 1, 1)))
        return desk.add(Household(code="F-1")).id


def test_the_year_begins_today_and_goes_into_the_basket(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)

        membership = sell_membership(desk, household)

        charge = desk.session.scalars(select(Charge)).one()
        assert (membership.starts_on, membership.ends_on) == (TODAY, TODAY.replace(year=2027))
        assert (charge.total_cents, charge.household_id) == (1000, home)


def test_a_second_year_follows_the_first(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)
        first = sell_membership(desk, household)

        second = sell_membership(desk, household)

        assert second.starts_on == first.ends_on
        assert member_until(desk, household) == second.ends_on - timedelta(days=1)


def test_the_same_days_are_not_sold_twice(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)
        sell_membership(desk, household)

        with pytest.raises(AlreadyMember) as refusal:
            sell_membership(desk, household, starts_on=TODAY + timedelta(days=200))

        assert refusal.value.field == "starts_on"
        assert desk.session.scalar(select(func.count(Membership.id))) == 1


def test_without_a_price_nothing_is_sold(at: At) -> None:
    with at(site_id=2) as desk:
        household = desk.add(Household(code="F-1"))

        with pytest.raises(NoPrice):
            sell_membership(desk, household)


def test_a_member_today_is_one_statement(at: At, database: Database, home: int) -> None:
    with at() as desk:
        sell_membership(desk, desk.session.get_one(Household, home))

    with at(write=False) as desk:
        household = desk.session.get_one(Household, home)
        with counted_statements(database) as sent:
            days = (TODAY - timedelta(days=1), TODAY, TODAY.replace(year=2027))
            answers = [is_member(desk, household, each) for each in days]

    assert answers == [False, True, False]
    assert len(sent) == 3


def test_a_gap_ends_the_membership(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)
        first = sell_membership(desk, household)

        sell_membership(desk, household, starts_on=first.ends_on + timedelta(days=1))

        assert member_until(desk, household) == first.ends_on - timedelta(days=1)


def test_who_was_never_a_member_is_none(at: At, home: int) -> None:
    with at(write=False) as desk:
        household = desk.session.get_one(Household, home)

        assert member_until(desk, household) is None
        assert not is_member(desk, household, TODAY)


def test_a_cancelled_membership_frees_its_days(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)
        cancel_membership(desk, sell_membership(desk, household))

        again = sell_membership(desk, household)

        assert memberships_of(desk, household) == [again]
        assert again.starts_on == TODAY


def test_desks_at_once_sell_one_year(at: At, home: int) -> None:
    gate = Barrier(4)

    def sell(_desk: int) -> bool:
        gate.wait()
        with suppress(AlreadyMember), at() as desk:
            sell_membership(desk, desk.session.get_one(Household, home), starts_on=TODAY)
            return True
        return False

    with ThreadPoolExecutor(4) as desks:
        sold = list(desks.map(sell, range(4)))

    assert sorted(sold) == [False, False, False, True]
