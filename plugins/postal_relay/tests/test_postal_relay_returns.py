"""How long an item waits: rules, reminders, what goes back, what the desk says of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from palier.api import Resident, select
from palier.db.engine import Database
from palier.messages.models import MessageState
from palier.site_settings import decide
from palier.testing.plugin import MAGDA, NOW, counted_statements
from palier.trail import perform
from palier_postal_relay import actions, plugin, receiving, rules
from palier_postal_relay.models import Carrier, Place, Rule, Size, State, Taker

DAY = timedelta(days=1)
ONE, TWO, THREE = "8L20524752032", "8V56492042479", "6C12345678905"
LETTER = "RR473124829FR"
Relay = Callable[..., AbstractContextManager[Any]]  # of conftest.Here


def test_a_refused_item_goes_back_with_the_next_driver(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile", TWO)
        perform(here.desk, actions.refuse, here.parcel(ONE), {})

        texts = [str(each.text) for each in plugin.parcels_today(here.desk)]
        perform(here.desk, actions.hand_back, here.carrier(), {})

        assert texts == ["Goes back today: 1 item of Colissimo."]
        assert (here.parcel(ONE).state, here.parcel(TWO).state) == (State.RETURNED, State.SHELVED)


def test_a_button_that_would_give_nothing_back_says_so(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE)

        with pytest.raises(rules.NothingGoesBack, match="Nothing of Colissimo goes back today"):
            perform(here.desk, actions.hand_back, here.carrier(), {})


def test_a_registered_item_of_any_carrier_goes_back_by_who_has_the_right(relay: Relay) -> None:
    foreign = "RR473124829DE"
    with relay() as here:
        here.shelved(foreign, "40123456", word="mondial_relay")
        for each in ("40123456", foreign):
            receiving.refuse(here.desk, here.parcel(each))
    with relay(actor=MAGDA) as here:
        seen = [str(each.text) for each in plugin.parcels_today(here.desk)]
        perform(here.desk, actions.hand_back, here.carrier("mondial_relay"), {})

        assert seen == ["Goes back today: 1 item of Mondial Relay."]
        assert here.parcel("40123456").state is State.RETURNED
        assert here.parcel(foreign).state is State.REFUSED
    with relay() as here:
        (card,) = plugin.parcels_today(here.desk)
        assert card.step is not None
        perform(here.desk, card.step.act, card.step.record, {})

        assert here.parcel(foreign).state is State.RETURNED


def test_an_item_says_that_it_goes_back(relay: Relay) -> None:
    told = {}
    with relay() as here:
        here.shelved("40123456", "Kern Odile", word="mondial_relay")  # until Sunday the 11th
    for days in (0, 4, 5, 6):
        with relay(NOW + days * DAY) as here:
            (card,) = plugin.parcels_of(here.desk, here.odile)
            today = [str(each.text) for each in plugin.parcels_today(here.desk)]
            told[days] = (str(card.detail), card.kind, today)

    assert told[0][0] == "It waits until Saturday 10 October 2026."
    assert told[4] == (
        "Today is the last day it can be collected.",
        "soon",
        ["Last open day for 1 item of Mondial Relay."],
    )
    assert told[5][2] == ["Goes back tomorrow: 1 item of Mondial Relay."]
    assert told[6] == (
        "It goes back today.",
        "late",
        ["Goes back today: 1 item of Mondial Relay."],
    )


def test_a_site_s_own_rule_counts_from_its_day(relay: Relay) -> None:
    with relay() as here:
        here.desk.add(
            Rule(carrier=here.carrier(), days=3, valid_from=date(2026, 10, 1), source="letter")
        )
        here.shelved(ONE)

        assert here.parcel(ONE).last_day == date(2026, 10, 9)


def test_an_unknown_carrier_asks_for_documents_and_sets_no_day(relay: Relay) -> None:
    with relay() as here:
        here.desk.add(Carrier(name="Vélo Express", word="velo_express", network="velo_express"))
        here.shelved("40123456", "Kern Odile", word="velo_express")

        parcel = here.parcel("40123456")
        assert (parcel.state, parcel.last_day) == (State.NOTIFIED, None)
        with pytest.raises(rules.PapersMissing):
            here.hands_out("40123456", "document", taker=Taker.OTHER)
        here.hands_out("40123456")


def test_each_reminder_is_told_once_and_none_after_the_end(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile", TWO, "Kern Odile")
        here.hands_out(TWO)
    for days in (*range(1, 11), 5, 9):
        with relay(NOW + days * DAY) as here:
            plugin.reminders(here.desk)
    with relay(NOW + 11 * DAY) as here:
        kinds = [(each.kind, each.about_id) for each in here.told()]

        assert kinds.count(("postal_relay.reminder", here.parcel(ONE).id)) == 2
        assert kinds.count(("postal_relay.reminder", here.parcel(TWO).id)) == 0


def test_what_was_announced_and_never_came_is_lost_in_the_end(relay: Relay) -> None:
    with relay() as here:
        here.scans(drop := here.drop(listed=f"{ONE} Kern Odile\n{TWO}"), TWO)
        perform(here.desk, actions.close_drop, drop, {})
        decide(here.desk.session, "postal_relay", {"expected_days": 3}, here.desk.today, None)
    with relay(NOW + 4 * DAY) as here:
        plugin.reminders(here.desk)

        assert here.parcel(ONE).state is State.LOST
        here.shelved(ONE)
        assert here.parcel(ONE).state is State.NOTIFIED


def test_the_wrong_person_s_notice_is_taken_back(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile")
        other = here.desk.session.scalars(
            select(Resident).where(Resident.given_name == "Minh")
        ).one()

        perform(here.desk, actions.put_right, here.parcel(), {"resident": other})

        states = [(each.resident, each.state) for each in here.told()]
        assert states == [
            (here.odile, MessageState.WITHDRAWN),
            (other, MessageState.TO_PRINT),
        ]


def test_who_puts_the_place_right_changes_nothing_else(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile")
        place = here.desk.session.scalars(select(Place).where(Place.code == "C1")).one()

        perform(here.desk, actions.put_right, here.parcel(), {"place": place})

        one = here.parcel()
        assert (one.place, one.size, one.addressee) == (place, Size.MEDIUM, "Kern Odile")
        assert (one.resident, one.state) == (here.odile, State.NOTIFIED)
        assert [each.state for each in here.told()] == [MessageState.TO_PRINT]


def test_a_name_that_is_nobody_s_here_takes_the_notice_back(relay: Relay) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile")

        perform(here.desk, actions.put_right, here.parcel(), {"addressee": "Odette Kern"})

        assert (here.parcel().resident, here.parcel().addressee) == (None, "Odette Kern")
        assert [each.state for each in here.told()] == [MessageState.WITHDRAWN]


def test_a_full_place_is_not_offered(relay: Relay) -> None:
    with relay() as here:
        for each in here.desk.all(select(Place)):
            each.room = 1
        here.shelved(ONE, TWO, THREE)

        codes = {here.parcel(each).place for each in (ONE, TWO, THREE)}
        assert len(codes) == 3
        assert None not in codes


def test_the_hooks_keep_to_two_statements(relay: Relay, database: Database) -> None:
    with relay() as here:
        here.shelved(ONE, "Kern Odile", TWO, "Kern Odile", LETTER, "Kern Odile")
        here.drop(announced=4)
    sent = {}
    asked: dict[str, Callable[[Any], object]] = {
        "cards": lambda here: list(plugin.parcels_of(here.desk, here.odile)),
        "today": lambda here: list(plugin.parcels_today(here.desk)),
        "scan": lambda here: plugin.scanned(here.desk, ONE),
    }
    for name, ask in asked.items():
        with relay(NOW + 11 * DAY, write=False) as here, counted_statements(database) as told:
            ask(here)
        sent[name] = len(told)

    assert all(each <= 2 for each in sent.values()), sent
