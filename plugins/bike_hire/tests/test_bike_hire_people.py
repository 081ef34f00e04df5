"""The loans of one person: they follow a merge and its undoing, are given and forgotten."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from palier.api import (
    DepositForm,
    Desk,
    Household,
    Resident,
    Ticks,
    select,
)
from palier.asking import Hooks
from palier.db.engine import Database
from palier.plugins import discover
from palier.privacy.actions import forget
from palier.privacy.erasure import still_open
from palier.privacy.filing import dossier_parts
from palier.receipts.actions import pay
from palier.residents.actions import merge, undo_merge
from palier.residents.models import Membership, Merge
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import assert_books_are_whole
from palier.text import Reader, read_by
from palier.trail import perform
from palier_bike_hire import actions
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Loan

HOOKS = Hooks(discover())
CHECKED = Ticks.made(("brakes", "lights", "tyres"), "MK", NOW)
KEPT, GONE = 1, 2


@pytest.fixture
def twice(at: At) -> None:
    """Théo Ritter is written down twice; a fleet of bikes, and the household is a member."""
    with at() as desk:
        make_fleet(desk)
        home = desk.add(Household(code="F-1"))
        desk.add(Membership(household=home, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1)))
        for name in ("Théo", "Teo"):
            desk.add(
                Resident(given_name=name, family_name="Ritter", household=home, card_code=name)
            )


@contextmanager
def opened(at: At, hours: int = 0, *, write: bool = True) -> Iterator[Desk]:
    with at(now=NOW + timedelta(hours=hours), write=write) as desk, read_by(Reader("en")):
        desk.hooks = HOOKS
        desk.site = replace(desk.site, plugins=frozenset({"bike_hire"}))
        yield desk


def lends(at: At, who: int, *codes: str) -> None:
    with opened(at) as desk:
        for code in codes:
            bike = desk.session.scalars(select(Bike).where(Bike.code == code)).one()
            values = {
                "resident": desk.session.get_one(Resident, who),
                "due_at": NOW + timedelta(days=7),
                "before": CHECKED,
                "deposit": DepositForm.CASH,
            }
            perform(desk, actions.lend, bike, values)


def all_ends(at: At, who: int) -> None:
    with opened(at, 1) as desk:
        for loan in desk.all(select(Loan)):
            perform(desk, actions.take_back, loan, {})
    with opened(at, 2) as desk:
        perform(desk, pay, desk.session.get_one(Resident, who), {})


def whose(at: At) -> list[int]:
    with opened(at, write=False) as desk:
        return [each.resident.id for each in desk.all(select(Loan).order_by(Loan.id))]


@pytest.mark.usefixtures("twice")
def test_a_loan_follows_a_merge_and_goes_back_when_it_is_undone(at: At) -> None:
    lends(at, GONE, "V01")

    with opened(at) as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (KEPT, GONE))
        perform(desk, merge, kept, {"other": gone})
    merged = whose(at)
    with opened(at) as desk:
        perform(desk, undo_merge, desk.session.scalars(select(Merge)).one(), {})

    assert merged == [KEPT]
    assert whose(at) == [GONE]


@pytest.mark.usefixtures("twice")
def test_a_merged_person_brings_the_bike_back_and_pays(at: At) -> None:
    lends(at, GONE, "V01")
    with opened(at) as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (KEPT, GONE))
        perform(desk, merge, kept, {"other": gone})

    all_ends(at, KEPT)

    assert_books_are_whole(at)
    with opened(at, 3, write=False) as desk:
        assert still_open(desk, desk.session.get_one(Resident, KEPT)) == []


@pytest.mark.usefixtures("twice")
def test_five_loans_are_given_in_the_statements_of_one(at: At, database: Database) -> None:
    lends(at, KEPT, "V01")
    lends(at, GONE, "V02", "V03", "V07", "C01", "C02")
    sent, given = [], []
    for who in (KEPT, GONE):
        with opened(at, write=False) as desk, counted_statements(database) as told:
            person = desk.session.get_one(Resident, who)
            given.append(json.loads(b"".join(dossier_parts(desk, person, "json"))))
        sent.append(len(told))

    assert sent[0] == sent[1]
    loans = [each["rows"] for each in given[1]["data"] if each["table"] == "bike_hire_loan"]
    assert len(loans[0]) == 5


@pytest.mark.usefixtures("twice")
def test_what_is_still_open_costs_the_same_for_one_loan_and_for_five(
    at: At, database: Database
) -> None:
    lends(at, KEPT, "V01")
    lends(at, GONE, "V02", "V03", "V07", "C01", "C02")
    sent, found = [], []
    for who in (KEPT, GONE):
        with opened(at, write=False) as desk, counted_statements(database) as told:
            left = still_open(desk, desk.session.get_one(Resident, who))
            found.append(
                [str(each.record) for each in left if each.record.path == Loan.__tablename__]
            )
        sent.append(len(told))

    assert sent[0] == sent[1]
    assert len(set(found[1])) == 5


@pytest.mark.usefixtures("twice")
def test_a_loan_of_who_was_erased_names_nobody(at: At) -> None:
    lends(at, KEPT, "V01")
    all_ends(at, KEPT)

    with opened(at, 3) as desk:
        perform(desk, forget, desk.session.get_one(Resident, KEPT), {})

    assert_books_are_whole(at)
    with opened(at, 4, write=False) as desk:
        (loan,) = desk.all(select(Loan))
        assert "Ritter" not in f"{loan} {loan.line} {loan.resident}"
