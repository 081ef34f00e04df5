"""Items of one person, and of two desks at once: merged, given, erased; handed out only once."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from palier.api import Resident, select
from palier.db.engine import Database
from palier.house import House
from palier.jobs.running import Run
from palier.privacy.actions import erase_due
from palier.privacy.clearing import sweep
from palier.privacy.erasure import still_open
from palier.privacy.filing import dossier_parts
from palier.privacy.sweeping import NothingDue
from palier.residents.actions import merge, undo_merge
from palier.residents.models import Merge
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.races import CROWD, threads
from palier.trail import perform
from palier_postal_relay import queries, running
from palier_postal_relay.models import Drop, Parcel, Stage, State

ONE, TWO = "8L20524752032", "8V56492042479"
NAMES = ("Kern Odile", "Nguyen Thi")
Relay = Callable[..., AbstractContextManager[Any]]  # of conftest.Here


def test_an_item_follows_a_merge_and_goes_back_when_it_is_undone(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, NAMES[1])
        gone = here.parcel().resident
        perform(here.desk, merge, here.odile, {"other": gone})
        merged = here.parcel().resident
        perform(here.desk, undo_merge, here.desk.session.scalars(select(Merge)).one(), {})

        assert merged is here.odile
        assert here.parcel().resident is gone


def test_an_item_that_waits_holds_an_erasure_up(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, NAMES[0])
        waits = len(still_open(here.desk, here.odile))
        here.hands_out()

        assert (waits, still_open(here.desk, here.odile)) == (1, [])


def test_what_is_given_to_a_person_names_their_items_and_no_document(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, NAMES[0])
        here.hands_out()
    with relay(write=False) as here:
        given = b"".join(dossier_parts(here.desk, here.odile, "json")).decode()

    (rows,) = [e["rows"] for e in json.loads(given)["data"] if e["table"] == "postal_relay_parcel"]
    assert ONE in str(rows)
    assert "document" in str(rows)


def test_the_log_of_an_item_is_erased_three_months_after_its_end(
    relay: Relay, house: House
) -> None:
    with relay() as here:
        here.shelved(ONE, NAMES[0], TWO, NAMES[0])
        here.hands_out()
    early, later = (NOW + timedelta(days=each) for each in (80, 120))
    with relay(early) as here, pytest.raises(NothingDue):
        perform(here.desk, erase_due, None, {})
    with relay(later) as here:
        perform(here.desk, erase_due, None, {})
    sweep(Run(replace(house, clock=lambda: later), "ampere", "job privacy.sweep"))

    with relay(later) as here:
        rows = here.desk.all(select(Parcel).order_by(Parcel.id))
        assert [(each.number, each.seen is None) for each in rows] == [(None, True), (TWO, True)]
        assert [each.resident is here.odile for each in rows] == [False, True]


def test_two_desks_hand_one_item_out_once(relay: Relay, database: Database) -> None:
    with relay() as here:
        here.shelved(ONE, NAMES[0])

    def hand_out(_number: int) -> None:
        with relay() as here:
            here.hands_out()

    ends = threads(database, hand_out)

    assert ends["done"] == 1
    assert ends.total() == CROWD
    assert set(ends) <= {"done", "TakenAlready", "NotNow", "SomeoneChangedThis"}
    with relay() as here:
        assert [each for each, _by in here.steps()].count(State.COLLECTED) == 1


def test_two_telephones_scan_one_item_once(relay: Relay, database: Database) -> None:
    with relay() as here:
        here.drop()

    def scan(_number: int) -> None:
        with relay() as here:
            (opened,) = queries.open_drops(here.desk)
            here.scans(opened.drop, ONE)

    ends = threads(database, scan)

    assert ends == {"done": 1, "AlreadyInRun": CROWD - 1}
    with relay() as here:
        assert len(here.desk.all(select(Parcel))) == 1


@pytest.mark.parametrize("many", [2, 30])
def test_a_long_run_costs_the_statements_of_a_short_one(
    relay: Relay, database: Database, many: int
) -> None:
    with relay() as here:
        drop = here.drop(listed="\n".join(f"400{n:05}" for n in range(many)))
        here.scans(drop, *(f"400{n:05}" for n in range(many)))
        id = drop.id
    with relay(write=False) as here, counted_statements(database) as told:
        running.read_run(here.desk, here.desk.find(Drop, id))

    assert len(told) <= 4


def test_a_step_says_nothing_of_a_person() -> None:
    assert not any("personal" in each.info for each in Stage.__table__.columns)
    assert {each.name for each in Parcel.__table__.columns if "personal" in each.info} == {
        "number",
        "resident_id",
        "addressee",
        "ended_by",
        "seen",
    }


def test_who_is_erased_leaves_no_name_on_an_item(relay: Relay, at: At) -> None:
    from palier.privacy.actions import forget

    with relay() as here:
        here.shelved(ONE, NAMES[0])
        here.hands_out()
    with relay(NOW + timedelta(hours=2)) as here:
        perform(here.desk, forget, here.odile, {})
    with at(write=False) as desk:
        (row,) = desk.all(select(Parcel), Parcel.resident)
        assert "Kern" not in f"{row} {row.addressee} {row.resident}"
        assert isinstance(row.resident, Resident | None)
