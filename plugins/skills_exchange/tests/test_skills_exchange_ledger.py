"""The ledger sums to zero whatever happens, and two desks never use one voucher."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from palier.api import Desk, Minutes, Refused, Resident, select
from palier.db.engine import Database
from palier.testing.plugin import At
from palier.testing.races import threads
from palier_skills_exchange import actions, queries, rules
from palier_skills_exchange.ledger import join
from palier_skills_exchange.models import Category, Entry, Exchange, Kind, Voucher, VoucherState

PEOPLE = 3
KINDS = {each.value: each for each in Kind}
STEP = st.tuples(
    st.sampled_from(["hours", "gift", "correct", "leave", "come_back"]),
    st.integers(0, PEOPLE - 1),
    st.integers(0, PEOPLE - 1),
    st.integers(-5, 400),
)


@contextmanager
def opened(at: At, *, write: bool = True) -> Iterator[Desk]:
    with at(write=write) as desk:
        desk.site = replace(desk.site, plugins=frozenset({"skills_exchange"}))
        yield desk


@pytest.fixture
def people(at: At) -> list[int]:
    with opened(at) as desk:
        return [
            desk.add(Resident(given_name=each, family_name="Kern", card_code=f"C-{each}")).id
            for each in "ABC"
        ]


def all_of(desk: Desk, ids: list[int]) -> list[Resident]:
    return [desk.session.get_one(Resident, each) for each in ids]


def step(desk: Desk, who: list[Resident], way: tuple[str, int, int, int]) -> None:
    """Do one thing of a random history; what is refused leaves nothing."""
    what, one, other, minutes = way
    with suppress(Refused), desk.session.begin_nested():
        if what in {"hours", "gift"}:
            actions.exchange(
                desk, resident=who[one], receiver=who[other], category=Category.OTHER,
                kind=KINDS[what], minutes=Minutes(minutes), agreed=True,
            )  # fmt: skip
        elif what == "correct":
            done = desk.all(select(Exchange).order_by(Exchange.id.desc()).limit(1))
            for each in filter(rules.may_correct, done):
                actions.correct(desk, each)
        elif what == "leave":
            member = join(desk, who[one])
            actions.leave(desk, member)
        else:
            member = queries.membership_of(desk, who[one]) or join(desk, who[one])
            actions.come_back(desk, member)


class Undone(Exception):
    """Ends an example: its history is rolled back."""


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(STEP, min_size=1, max_size=12))
def test_the_ledger_sums_to_zero_after_any_history(
    at: At, people: list[int], history: list[tuple[str, int, int, int]]
) -> None:
    with suppress(Undone), opened(at) as desk:
        who = all_of(desk, people)
        limits = desk.settings(rules.Settings)

        for way in history:
            step(desk, who, way)

        assert desk.total(Entry.minutes) == 0
        for done in desk.all(select(Exchange)):
            entries = desk.all(select(Entry).where(Entry.exchange == done))
            assert sum(each.minutes for each in entries) == 0
            assert len(entries) == (0 if done.kind is Kind.GIFT else 2)
        left = [each for each in who if not queries.open_memberships(desk, each)]
        assert [queries.balance_of(desk, each) for each in left] == [0] * len(left)
        assert all(
            limits.floor - 400 * len(history) <= queries.balance_of(desk, each) for each in who
        )
        raise Undone


def test_nothing_in_the_ledger_is_edited(at: At, people: list[int]) -> None:
    with opened(at) as desk:
        one, other, _third = all_of(desk, people)
        values: dict[str, Any] = {"resident": one, "receiver": other, "category": Category.OTHER}
        actions.exchange(desk, **values, kind=Kind.HOURS, agreed=True)

    for model in (Entry, Exchange):
        change = update(model).values(minutes=1)
        with pytest.raises(DBAPIError, match="append-only"), opened(at) as desk:
            desk.session.execute(change)


def test_of_two_desks_with_one_voucher_one_books_it(
    at: At, database: Database, people: list[int]
) -> None:
    with opened(at) as desk:
        one, other, _third = all_of(desk, people)
        actions.make_out(desk, resident=one, receiver=other, category=Category.COOKING)

    def tries(_number: int) -> None:
        with opened(at) as desk:
            actions.use(desk, desk.all(select(Voucher))[0], minutes=Minutes(90))

    came = threads(database, tries, 6)

    assert came == {"done": 1, "VoucherUsed": 5}
    with opened(at, write=False) as desk:
        one, other, _third = all_of(desk, people)
        assert [queries.balance_of(desk, each) for each in (one, other)] == [90, -90]
        assert desk.all(select(Voucher))[0].state is VoucherState.USED


def test_two_desks_print_no_number_twice(at: At, database: Database) -> None:
    def tries(_number: int) -> None:
        with opened(at) as desk:
            actions.print_vouchers(desk, vouchers=3)

    came = threads(database, tries, 6)

    assert came == {"done": 6}
    with opened(at, write=False) as desk:
        numbers = sorted(desk.session.scalars(select(Voucher.number)))
        assert numbers == list(range(1, 19))


def test_two_desks_never_pass_the_floor_together(
    at: At, database: Database, people: list[int]
) -> None:
    with opened(at) as desk:
        for each in all_of(desk, people):
            join(desk, each)

    def tries(number: int) -> None:
        with opened(at) as desk:
            who = all_of(desk, people)
            helper = who[1 + number % 2]
            actions.exchange(
                desk, resident=helper, receiver=who[0], category=Category.OTHER,
                kind=Kind.HOURS, minutes=Minutes(400), agreed=True,
            )  # fmt: skip

    came = threads(database, tries, 4)

    assert came == {"done": 1, "BelowFloor": 3}
