"""The rules of residents: no database, no server."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.residents import rules
from palier.residents.models import Address, Household, Membership, Resident

DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))
HOME = Household(code="F-1")


def make_resident(given: str, family: str, year: int | None = None, **more: Any) -> Resident:
    return Resident(given_name=given, family_name=family, birth_year=year, card_code="", **more)


def make_household(stairwell: str | None = "B") -> Household:
    address = Address(street="rue de Wattwiller", number="40", stairwell=stairwell)
    return Household(code="F-2", address=address)


def make_membership(starts_on: date, **more: Any) -> Membership:
    ends_on = rules.year_from(starts_on)
    return Membership(household=HOME, starts_on=starts_on, ends_on=ends_on, **more)


@given(DAYS)
def test_a_year_is_a_year(day: date) -> None:
    assert (rules.year_from(day) - day).days in {365, 366}


def test_a_year_from_the_leap_day_lasts_to_the_end_of_february() -> None:
    assert rules.year_from(date(2028, 2, 29)) == date(2029, 3, 1)


@given(DAYS, st.integers(-800, 800))
def test_who_is_a_member_cannot_buy_the_same_day_again(day: date, later: int) -> None:
    held = make_membership(day)
    starts = day + timedelta(days=later)
    ends = rules.year_from(starts)
    meets = any(
        rules.holds_on(held, starts + timedelta(days=each)) for each in range((ends - starts).days)
    )

    try:
        rules.check_no_overlap(starts, ends, [held])
    except rules.AlreadyMember:
        assert meets
    else:
        assert not meets


def test_the_next_year_begins_when_this_one_ends() -> None:
    held = make_membership(date(2026, 3, 1))

    rules.check_no_overlap(held.ends_on, rules.year_from(held.ends_on), [held])

    assert rules.last_day(held) == date(2027, 2, 28)


def test_a_cancelled_year_counts_for_nothing() -> None:
    held = make_membership(date(2026, 3, 1), cancelled_on=date(2026, 3, 2))

    rules.check_no_overlap(held.starts_on, held.ends_on, [held])

    assert not rules.holds_on(held, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (("Odile", "Kern", 1968), ("Odile", "Kern", 1968)),
        (("Odile", "Kern", 1968), ("Odille", "Kren", 1968)),
        (("Odile", "Kern", 1968), ("Kern", "Odile", 1968)),
        (("Odile", "Kern", None), ("odile", "KERN", 1968)),
        (("Jean-Pierre", "Weiß", None), ("Jean Pierre", "Weiss", None)),
    ],
)
def test_it_may_be_the_same_person(known: tuple[Any, ...], new: tuple[Any, ...]) -> None:
    assert rules.may_be_same(make_resident(*known), make_resident(*new))


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (("Odile", "Kern", 1968), ("Odile", "Kern", 1969)),
        (("Odile", "Kern", 1968), ("Cécile", "Kern", 1968)),
        (("Odile", "Kern", None), ("Odile", "Kerm", 1968)),
    ],
)
def test_it_is_another_person(known: tuple[Any, ...], new: tuple[Any, ...]) -> None:
    assert not rules.may_be_same(make_resident(*known), make_resident(*new))


def test_behind_one_door_the_year_does_not_matter() -> None:
    known = make_resident("Odile", "Kern", 1968, household=make_household())
    new = make_resident("Odile", "Kerm", 1986, household=make_household())

    assert rules.may_be_same(known, new)


def test_another_stairwell_is_another_door() -> None:
    assert not rules.live_together(make_household("B"), make_household("C"))
    assert not rules.live_together(make_household(), HOME)


def test_nobody_is_born_in_a_year_to_come() -> None:
    rules.check_birth_year(2026, date(2026, 10, 6))
    rules.check_birth_year(None, date(2026, 10, 6))

    with pytest.raises(rules.NotBornYet):
        rules.check_birth_year(2027, date(2026, 10, 6))
