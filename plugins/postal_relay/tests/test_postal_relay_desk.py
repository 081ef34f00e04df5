"""A driver's drop at the desk: scanned, shelved, told, handed out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from palier.api import Actor, Role, select
from palier.messages.models import MessageState, Way
from palier.testing.plugin import NOW
from palier.trail import ActRow, perform
from palier_postal_relay import actions, plugin, queries, rules
from palier_postal_relay.models import Parcel, Size, State, Taker

DAY = timedelta(days=1)
SIGNED_FOR = "laposte_registered"
ONE, TWO, THREE = "8L20524752032", "8V56492042479", "6C12345678905"
LETTER = "RR473124829FR"
ILYES = Actor("Ilyes B.", account_id=1, role=Role.CARETAKER, staff_id=1, person_code="IB")
Relay = Callable[..., AbstractContextManager[Any]]  # of conftest.Here


def test_a_run_of_scans_goes_to_the_shelf_with_who_and_when(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile", TWO)

        one, two = here.parcel(ONE), here.parcel(TWO)
        assert (one.state, two.state) == (State.NOTIFIED, State.SHELVED)
        assert one.place is not None
        assert one.place.size is Size.MEDIUM
        assert here.steps(ONE) == [
            (State.RECEIVED, "Magda K."),
            (State.SHELVED, "Magda K."),
            (State.NOTIFIED, "Magda K."),
        ]


def test_people_are_told_once_the_run_is_closed_and_not_before(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop(listed=f"{ONE} Odile Kern\n{TWO} Odile Kern")
        announced = len(here.told())
        here.scans(drop, ONE)
        scanned = len(here.told())
        perform(here.desk, actions.close_drop, drop, {})

        (message,) = here.told()
        assert (announced, scanned) == (0, 0)
        assert message.resident is here.odile
        assert message.channel is Way.LETTER
        assert "Colissimo" in message.said


def test_the_drop_states_the_gap_to_a_list_and_to_a_number(relay: Relay) -> None:
    with relay() as here:
        listed = here.drop(listed=f"{ONE}\n{TWO}")
        here.scans(listed, ONE, THREE)
        perform(here.desk, actions.close_drop, listed, {})
        counted = here.drop(announced=3)
        here.scans(counted, "1A00102030400")
        perform(here.desk, actions.close_drop, counted, {})

        assert (listed.received, listed.missing, listed.extra) == (2, 1, 1)
        assert (counted.received, counted.missing, counted.extra) == (1, 2, 0)
        assert here.parcel(TWO).state is State.EXPECTED


def test_what_did_not_come_today_is_taken_in_by_a_later_drop(relay: Relay) -> None:
    with relay() as here:
        here.scans(drop := here.drop(listed=f"{ONE} Kern Odile\n{TWO}"), TWO)
        perform(here.desk, actions.close_drop, drop, {})
    with relay(NOW + DAY) as here:
        here.shelved(ONE)

        assert here.parcel(ONE).state is State.NOTIFIED
        assert here.parcel(ONE).arrived_on == date(2026, 10, 7)


def test_a_number_scanned_twice_in_a_run_is_said_and_counted_once(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop()
        here.scans(drop, ONE)

        with pytest.raises(rules.AlreadyInRun) as refusal:
            here.scans(drop, "8l 2052 4752 032")

        assert "counted once" in str(refusal.value)
        assert len(queries.of_drop(here.desk, drop)) == 1


def test_a_number_that_waits_already_says_since_when_and_where(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE)
    with relay(NOW + DAY) as here, pytest.raises(rules.AlreadyHere) as refusal:
        here.scans(here.drop(), ONE)

    assert "since Tuesday 6 October" in str(refusal.value)


def test_a_number_is_used_again_a_year_later(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE)
        here.hands_out()
    with relay(NOW + 366 * DAY) as here:
        here.shelved(ONE)

        rows = here.desk.all(select(Parcel).where(Parcel.number == ONE).order_by(Parcel.id))
        assert [each.state for each in rows] == [State.COLLECTED, State.SHELVED]


def test_a_wrong_check_digit_warns_and_is_taken(relay: Relay) -> None:
    with relay() as here:
        here.shelved("8L20524752033", ONE)

        assert not here.parcel("8L20524752033").proven
        assert here.parcel(ONE).proven


def test_a_scan_through_the_wrong_keys_is_read(relay: Relay) -> None:
    with relay() as here:
        here.shelved("RR'è\"&é'_éçFR")

        assert here.parcel(LETTER).proven


def test_a_place_is_given_by_scanning_both(relay: Relay) -> None:
    with relay() as here:
        here.scans(here.drop(), ONE, "c1")

        place = here.parcel(ONE).place
        assert place is not None
        assert place.code == "C1"


@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        (("B2",), rules.NothingToPlace),
        ((ONE, "B9"), rules.NoSuchPlace),
        ((ONE, "Nguyen"), rules.WhoIsIt),
        ((ONE, "Nobody Known"), rules.WhoIsIt),
        ((LETTER, "B2"), rules.NotUnlocked),
    ],
)
def test_what_cannot_be_taken_says_what_to_do(
    relay: Relay, codes: tuple[str, ...], refusal: type[Exception]
) -> None:
    with relay() as here, pytest.raises(refusal):
        here.scans(here.drop(), *codes)


def test_a_shared_name_is_chosen_by_the_number_beside_it(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop(listed=f"{ONE} Nguyen")
        here.scans(drop, ONE)
        unnamed = here.parcel(ONE).resident
        here.scans(drop, "2")

        chosen = here.parcel(ONE).resident
        assert unnamed is None
        assert chosen is not None
        assert chosen.family_name == "Nguyen"


def test_the_last_scan_is_undone(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop(listed=f"{ONE} Kern Odile")
        here.scans(drop, ONE, TWO)

        for _each in range(2):
            perform(here.desk, actions.undo_scan, drop, {})

        rows = queries.of_drop(here.desk, drop)
        assert [(each.number, each.state) for each in rows] == [(ONE, State.EXPECTED)]
        assert rows[0].place is None
        here.scans(drop, TWO)


def test_an_unreadable_label_gets_a_number_of_ours_that_opens_it(relay: Relay) -> None:
    with relay() as here:
        drop = here.drop()
        parcel = perform(here.desk, actions.without_number, drop, {}).result
        perform(here.desk, actions.close_drop, drop, {})

        step = plugin.scanned(here.desk, parcel.number)
        assert step is not None
        assert (step.act.name, step.record) == ("hand_out", parcel)


def test_a_registered_letter_lies_apart_and_unseen_by_who_lacks_the_right(relay: Relay) -> None:
    with relay() as here:
        here.shelved(LETTER, "Kern Odile")

        letter = here.parcel(LETTER)
        assert (letter.carrier.word, letter.registered) == (SIGNED_FOR, True)
        assert letter.place is not None
        assert letter.place.locked
        assert [
            each.step.act.name for each in plugin.parcels_of(here.desk, here.odile) if each.step
        ] == ["check_registered"]
    with relay(actor=ILYES) as here:
        assert plugin.scanned(here.desk, LETTER) is None
        assert list(plugin.parcels_of(here.desk, here.odile)) == []
        with pytest.raises(rules.NeedsTheRight):
            here.scans(here.drop(), "RK879102014FR")


def test_a_registered_letter_leaves_in_two_steps(relay: Relay) -> None:
    with relay() as here:
        here.shelved(LETTER, "Kern Odile")
        letter = here.parcel(LETTER)
        values = {"taker": Taker.ADDRESSEE, "seen": here.saw("document", "notice")}

        perform(here.desk, actions.check_registered, letter, values)
        between = (letter.state, plugin.scanned(here.desk, LETTER))
        perform(here.desk, actions.hand_registered, letter, {})

        assert between[0] is State.NOTIFIED
        assert between[1] is not None
        assert between[1].act.name == "hand_registered"
        assert letter.state is State.COLLECTED
        acts = here.desk.session.scalars(select(ActRow.name).order_by(ActRow.id)).all()
        assert acts[-2:] == ["postal_relay.check_registered", "postal_relay.hand_registered"]


def test_who_collected_when_and_on_what_is_read_and_no_number_is_kept(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile")

        here.hands_out(ONE, "document", "addressee_document", taker=Taker.OTHER)

        one = here.parcel(ONE)
        assert (one.state, one.taken_by, one.ended_by) == (
            State.COLLECTED,
            Taker.OTHER,
            "Magda K.",
        )
        assert one.seen is not None
        assert set(one.seen) == {"document", "addressee_document"}
        step = plugin.scanned(here.desk, ONE)
        assert step is not None
        assert str(step.words).startswith("Collected already, Tuesday 6 October")


def test_a_hand_out_counts_and_takes_back_what_waits_to_be_said(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile", TWO)
    with relay() as here:
        here.hands_out()

        counted = here.desk.session.execute(
            select(ActRow.counted, ActRow.quantity).where(ActRow.counted.is_not(None))
        ).all()
        assert [tuple(each) for each in counted] == [("parcel_in", 2), ("parcel_out", 1)]
        assert here.told()[0].state is MessageState.WITHDRAWN


def test_nobody_needs_to_be_a_member(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile")

        here.hands_out()

        assert not any(each.for_members for each in (actions.hand_out, actions.scan))
