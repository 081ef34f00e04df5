"""When someone was last here: acts that meet a person say so, others don't."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from palier.acts import act
from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import pay
from palier.residents.models import Resident
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import make_resident, owe
from palier.text import _
from palier.trail import perform

BEFORE = date(2026, 9, 1)


@act(_("Book"), meets=True)
def meets(desk: Context, *, resident: Resident) -> None:
    """Do something with someone who is here."""


@act(_("Cancel"))
def writes(desk: Context, *, resident: Resident) -> None:
    """Do something about someone who is away."""


@pytest.fixture
def rose(at: At) -> int:
    with at() as desk:
        resident = make_resident(desk)
        resident.last_contact_on = BEFORE
        return resident.id


def last_contact(at: At) -> date | None:
    with at(write=False) as desk:
        return desk.session.scalars(select(Resident.last_contact_on)).one()


def test_an_act_that_meets_someone_notes_the_day(at: At, rose: int) -> None:
    with at() as desk:
        perform(desk, meets, None, {"resident": desk.session.get_one(Resident, rose)})

    assert last_contact(at) == NOW.date()


def test_an_act_about_someone_who_is_away_notes_nothing(at: At, rose: int) -> None:
    with at() as desk:
        perform(desk, writes, None, {"resident": desk.session.get_one(Resident, rose)})

    assert last_contact(at) == BEFORE


def test_what_a_command_or_a_job_does_meets_nobody(at: At, rose: int) -> None:
    with at() as desk:
        desk.origin = "job bread.work"
        perform(desk, meets, None, {"resident": desk.session.get_one(Resident, rose)})

    assert last_contact(at) == BEFORE


def test_who_pays_was_here(at: At, rose: int) -> None:
    with at() as desk:
        owe(desk, desk.session.get_one(Resident, rose), 250)

    with at() as desk:
        perform(desk, pay, desk.session.get_one(Resident, rose), {})

    assert last_contact(at) == NOW.date()


def test_a_day_that_is_keyed_late_takes_nothing_back(at: At, rose: int) -> None:
    for now in (NOW, NOW - timedelta(days=3)):
        with at(now=now) as desk:
            perform(desk, meets, None, {"resident": desk.session.get_one(Resident, rose)})

    assert last_contact(at) == NOW.date()


def test_it_costs_one_statement_and_leaves_an_open_form_alone(
    at: At, database: Database, rose: int
) -> None:
    with at() as desk:
        resident = desk.session.get_one(Resident, rose)
        version = resident.version

        with counted_statements(database) as plain:
            perform(desk, writes, None, {"resident": resident})
        with counted_statements(database) as noted:
            perform(desk, meets, None, {"resident": resident})

    assert len(noted) == len(plain) + 1
    with at(write=False) as desk:
        assert desk.session.get_one(Resident, rose).version == version


def test_another_sites_resident_is_not_touched(at: At, rose: int) -> None:
    with at(2) as desk:
        other = make_resident(desk)
        other.last_contact_on = BEFORE

    with at() as desk:
        perform(desk, meets, None, {"resident": desk.session.get_one(Resident, rose)})

    with at(2, write=False) as desk:
        assert desk.session.scalars(select(Resident.last_contact_on)).one() == BEFORE
