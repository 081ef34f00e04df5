"""Telling someone something: one row, by the right way, in the same transaction, never lost."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.messages.models import Message, Trouble, Way
from palier.messages.models import MessageState as S
from palier.messages.telling import go_on, withdraw
from palier.residents.models import Address, Channel, Household, Resident, ResidentState
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import Text

MOBILE, FIXED = "+33612345678", "+33388609090"
WORDS = Text("V07 comes back %(due)s.").fill(due=NOW)


def live(desk: Any, code: str = "1", **more: Any) -> Resident:
    """A new resident with an address."""
    home = Household(code=f"F-{code}", address=Address(street="rue de Genève", number="4"))
    known = {"given_name": "Odile", "family_name": "Kern", "card_code": f"H-{code}"}
    found: Resident = desk.add(Resident(**{**known, "household": home, **more}))
    return found


@pytest.fixture
def odile(at: At) -> int:
    """Odile: text message, then e-mail, then a call."""
    ways = {"channel": Channel.SMS, "channel_2": Channel.EMAIL, "channel_3": Channel.CALL}
    with at() as desk:
        return live(desk, phone=MOBILE, email="o@k.fr", **ways).id


def tells(at: At, who: int, **more: Any) -> None:
    with at() as desk:
        desk.tell(desk.session.get_one(Resident, who), WORDS, **{"kind": "due", **more})


def messages(at: At) -> Sequence[Message]:
    with at(write=False) as desk:
        return desk.session.scalars(select(Message).order_by(Message.id)).all()


def test_a_message_takes_the_first_way_and_waits_to_leave(at: At, odile: int) -> None:
    tells(at, odile)

    (made,) = messages(at)
    assert (made.channel, made.state) == (Way.SMS, S.QUEUED)
    assert made.said == "V07 comes back mardi 6 octobre à 9\u00a0h\u00a005."
    assert (made.made_at, made.next_at, made.tries) == (NOW, NOW, 0)


@pytest.mark.parametrize(
    ("given", "way", "state"),
    [
        ({"channel": Channel.EMAIL, "email": "o@k.fr"}, Way.EMAIL, S.QUEUED),
        ({"channel": Channel.CALL, "phone": FIXED}, Way.CALL, S.TO_CALL),
        ({"channel": Channel.LETTER}, Way.LETTER, S.TO_PRINT),
        ({"channel": Channel.LETTER, "household": None}, Way.CALL, S.TO_CALL),
    ],
)
def test_each_way_begins_in_its_own_state(
    at: At, given: dict[str, Any], way: Way, state: S
) -> None:
    with at() as desk:
        who = live(desk, **given).id

    tells(at, who)

    assert [(each.channel, each.state) for each in messages(at)] == [(way, state)]


def test_what_is_refused_tells_nobody(at: At, odile: int) -> None:
    with suppress(LookupError), at() as desk:
        desk.tell(desk.session.get_one(Resident, odile), WORDS, kind="due")
        raise LookupError

    assert messages(at) == []


def test_the_same_is_told_once(at: At, odile: int) -> None:
    for once in ("1", "1", "2"):
        tells(at, odile, once=once)

    assert len(messages(at)) == 2


def test_the_same_about_two_records_is_told_twice(at: At, odile: int) -> None:
    with at() as desk:
        other = live(desk, "2").id
        person = desk.session.get_one(Resident, odile)
        for about in (person, desk.session.get_one(Resident, other)):
            desk.tell(person, WORDS, kind="due", about=about, once="1")

    assert len(messages(at)) == 2


def test_a_question_goes_to_the_call_list(at: At, odile: int) -> None:
    tells(at, odile, asks=True)

    (made,) = messages(at)
    assert (made.channel, made.state, made.asks) == (Way.CALL, S.TO_CALL, True)


def test_who_is_here_is_told_here_unless_the_network_confirms_it(at: At, odile: int) -> None:
    with at() as desk:
        caller = live(desk, "2", channel=Channel.CALL, phone=FIXED).id

    tells(at, odile, here=True)
    tells(at, caller, here=True)

    found = [(each.channel, each.state) for each in messages(at)]
    assert found == [(Way.SMS, S.QUEUED), (Way.DESK, S.TOLD)]


def test_a_relative_gets_the_message_by_their_own_way(at: At, odile: int) -> None:
    with at() as desk:
        marie = live(desk, "2", channel=Channel.EMAIL, email="m@k.fr")
        desk.session.get_one(Resident, odile).contact_via = marie

    tells(at, odile)

    (made,) = messages(at)
    assert made.channel is Way.EMAIL
    with at(write=False) as desk:
        assert str(desk.session.get_one(Message, made.id).resident) == "Odile Kern"


def test_a_merged_person_is_told_as_the_one_who_stays(at: At, odile: int) -> None:
    with at() as desk:
        double = live(desk, "2")
        double.state, double.merged_into_id = ResidentState.MERGED, odile
        gone = double.id

    tells(at, gone)

    with at(write=False) as desk:
        (made,) = desk.session.scalars(select(Message))
        assert made.resident is not None
        assert made.resident.id == odile


def test_who_was_erased_is_told_nothing(at: At, odile: int) -> None:
    with at() as desk:
        desk.session.get_one(Resident, odile).state = ResidentState.ERASED

    tells(at, odile)

    assert messages(at) == []


@pytest.mark.parametrize("kind", ["training", "demo"])
def test_nothing_leaves_a_site_that_is_not_live(at: At, odile: int, kind: str) -> None:
    with at() as desk:
        desk.site = replace(desk.site, kind=kind)
        person = desk.session.get_one(Resident, odile)
        desk.tell(person, WORDS, kind="due")
        desk.tell(person, WORDS, kind="due", asks=True)

    assert [each.state for each in messages(at)] == [S.HELD, S.TO_CALL]


def test_with_the_end_of_what_it_is_about_a_message_ends(at: At, odile: int) -> None:
    with at() as desk:
        person = desk.session.get_one(Resident, odile)
        for asks in (False, True):
            desk.tell(person, WORDS, kind="due", about=person, asks=asks)
        desk.tell(person, WORDS, kind="other")

    with at() as desk:
        withdraw(desk, desk.session.get_one(Resident, odile))

    assert [each.state for each in messages(at)] == [S.WITHDRAWN, S.WITHDRAWN, S.QUEUED]


def test_only_one_kind_can_be_taken_back(at: At, odile: int) -> None:
    with at() as desk:
        person = desk.session.get_one(Resident, odile)
        for kind in ("due", "late"):
            desk.tell(person, WORDS, kind=kind, about=person)
        withdraw(desk, person, kind="due")

    assert [each.state for each in messages(at)] == [S.WITHDRAWN, S.QUEUED]


def test_what_was_done_is_not_taken_back_and_what_leaves_is_not_tried_again(
    at: At, odile: int
) -> None:
    with at() as desk:
        person = desk.session.get_one(Resident, odile)
        for state in (S.SENT, S.REACHED, S.POSTED, S.SENDING):
            desk.tell(person, WORDS, kind=state.value, about=person)
        for each in desk.session.scalars(select(Message)):
            each.state = S(each.kind.rpartition(".")[2])  # type: ignore[call-arg]  # by its word
        desk.session.flush()

        withdraw(desk, person)

    found = messages(at)
    assert [each.state for each in found] == [S.SENT, S.REACHED, S.POSTED, S.SENDING]
    assert [each.over_at is not None for each in found] == [False, False, False, True]


def test_a_way_that_fails_is_followed_by_the_next_until_the_call_list(at: At, odile: int) -> None:
    tells(at, odile)
    for _time in range(4):
        with at(now=NOW + timedelta(hours=1)) as desk:
            last = desk.session.scalars(select(Message).order_by(Message.id.desc())).first()
            assert last is not None
            last.state, last.trouble = S.FAILED, Trouble.REFUSED
            go_on(desk, last)
            go_on(desk, last)  # found twice, followed once

    found = messages(at)
    assert [each.channel for each in found] == [Way.SMS, Way.EMAIL, Way.CALL]
    assert [each.follows_id for each in found] == [None, found[0].id, found[1].id]  # type: ignore[attr-defined]  # a link's column


def test_telling_costs_one_statement(at: At, database: Database, odile: int) -> None:
    with at() as desk:
        person = desk.session.get_one(Resident, odile)

        with counted_statements(database) as sent:
            desk.tell(person, WORDS, kind="due", about=person)

    assert len(sent) == 1
