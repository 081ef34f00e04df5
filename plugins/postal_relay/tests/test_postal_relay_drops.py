"""What a drop counts, whatever happens to its items while it is open."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from palier.trail import perform
from palier_postal_relay import actions, plugin, running
from palier_postal_relay.models import Drop, State

ONE, TWO, THREE = "8L20524752032", "8V56492042479", "6C12345678905"
Relay = Callable[..., AbstractContextManager[Any]]  # of conftest.Here


def counts_of(drop: Drop) -> tuple[int, int, int]:
    return drop.received, drop.missing, drop.extra


def test_what_is_handed_out_before_the_drop_is_closed_has_come(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop(listed=f"{ONE}\n{TWO}")
        here.scans(drop, ONE, TWO)
        here.hands_out(ONE)
        (card,) = plugin.parcels_today(here.desk)

        perform(here.desk, actions.close_drop, drop, {})

        assert str(card.text) == "Colissimo: the drop is open, 2 scanned."
        assert counts_of(drop) == (2, 0, 0)
        assert here.parcel(ONE).state is State.COLLECTED


def test_what_an_earlier_drop_lacked_is_no_line_of_the_next_one_s_list(relay: Relay) -> None:
    with relay() as here:
        here.scans(first := here.drop(listed=f"{ONE}\n{TWO}"), TWO)
        perform(here.desk, actions.close_drop, first, {})
        by_number, by_list = here.drop(announced=1), here.drop(listed=THREE)
        here.scans(by_number, ONE)
        here.scans(by_list, THREE)

        for each in (by_number, by_list):
            perform(here.desk, actions.close_drop, each, {})

        assert [counts_of(each) for each in (first, by_number, by_list)] == [
            (1, 1, 0),
            (1, 0, 0),
            (1, 0, 0),
        ]


def test_the_undone_scan_of_what_an_earlier_drop_lacked_leaves_it_expected(relay: Relay) -> None:
    with relay() as here:
        here.scans(first := here.drop(listed=f"{ONE}\n{TWO}"), TWO)
        perform(here.desk, actions.close_drop, first, {})
        here.scans(second := here.drop(announced=1), ONE)

        perform(here.desk, actions.undo_scan, second, {})

        assert here.parcel(ONE).state is State.EXPECTED
        assert running.read_run(here.desk, second).missing == ()


def test_the_undone_scan_of_what_was_lost_leaves_it_lost_with_its_steps(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE)
        perform(here.desk, actions.lose, here.parcel(ONE), {})
        here.scans(again := here.drop(), ONE)

        perform(here.desk, actions.undo_scan, again, {})

        assert here.parcel(ONE).ended_by == "Magda K."
        assert [each for each, _by in here.steps()] == [
            State.RECEIVED,
            State.SHELVED,
            State.LOST,
            State.RECEIVED,
            State.LOST,
        ]
