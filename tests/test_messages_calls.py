"""The call list: one person at a time, one desk at a time, every end noted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from palier.accounts.models import Staff, StaffRole
from palier.db.engine import Database
from palier.desk.figures import read_figures
from palier.messages.actions import call, call_again, give_up, left_word, reached
from palier.messages.calls import call_list, how_many
from palier.messages.models import Message, Reply
from palier.messages.models import MessageState as S
from palier.messages.rules import AgainInThePast, AlreadyCalling, NobodyCalls
from palier.residents.models import Channel, Resident
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import MAGDA, NOW, At
from palier.testing.races import threads
from palier.text import Text
from palier.trail import ActRow, perform

ILYES = replace(MAGDA, name="Ilyes B.", person_code="IB")
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def odile(at: At) -> None:
    """Odile is to be told two things, one of them a question; Yves one."""
    with at() as desk:
        for name, asks in (("Odile", (False, True)), ("Yves", (False,))):
            who = Resident(
                given_name=name, family_name="Kern", card_code=name, phone="+33388609090",
                channel=Channel.CALL,
            )  # fmt: skip
            desk.add(who)
            for each in asks:
                desk.tell(who, Text(f"For {name}, {each}"), kind="note", asks=each)


def messages(at: At) -> Sequence[Message]:
    with at(write=False) as desk:
        return desk.session.scalars(select(Message).order_by(Message.id)).all()


@pytest.mark.usefixtures("odile")
def test_several_messages_for_one_person_are_one_call(at: At) -> None:
    with at(write=False) as desk:
        assert [str(each.resident) for each in call_list(desk)] == ["Odile Kern", "Yves Kern"]
        assert how_many(desk) == 2


@pytest.mark.usefixtures("odile")
def test_reached_with_a_yes_ends_the_call_and_counts(at: At) -> None:
    with at() as desk:
        question = desk.session.get_one(Message, 2)
        perform(desk, call, question, {})
        perform(desk, reached, question, {"reply": Reply.YES})

    first, second, _yves = messages(at)
    assert (first.state, second.state, second.reply) == (S.REACHED, S.REACHED, Reply.YES)
    with at(write=False) as desk:
        row = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc())).first()
        assert row is not None
        assert (row.counted, row.quantity, row.who) == ("message_reached", 2, "MK")
        assert how_many(desk) == 1


@pytest.mark.usefixtures("odile")
def test_two_desks_never_call_one_person(at: At) -> None:
    with at() as desk:
        call(desk, desk.session.get_one(Message, 1))

    with at(actor=ILYES) as desk, pytest.raises(AlreadyCalling):
        call(desk, desk.session.get_one(Message, 2))
    with at(actor=ILYES) as desk, pytest.raises(NobodyCalls):
        reached(desk, desk.session.get_one(Message, 1))
    with at(actor=ILYES, now=NOW + timedelta(minutes=11)) as desk:
        call(desk, desk.session.get_one(Message, 1))


@pytest.mark.usefixtures("odile")
def test_word_left_and_call_again_come_back_at_their_hour(at: At) -> None:
    for number, act in ((1, left_word), (3, call_again)):
        with at() as desk:
            message = desk.session.get_one(Message, number)
            call(desk, message)
            act(desk, message, again_at=LATER)

    with at(write=False) as desk:
        assert how_many(desk) == 0
    with at(now=LATER, write=False) as desk:
        assert how_many(desk) == 2


@pytest.mark.usefixtures("odile")
def test_again_is_never_in_the_past(at: At) -> None:
    with at() as desk, pytest.raises(AgainInThePast):
        left_word(desk, desk.session.get_one(Message, 1), again_at=NOW)


@pytest.mark.usefixtures("odile")
def test_who_is_given_up_is_not_called_any_more(at: At) -> None:
    with at() as desk:
        message = desk.session.get_one(Message, 3)
        call(desk, message)
        give_up(desk, message)

    assert messages(at)[-1].state is S.GIVEN_UP


@pytest.mark.usefixtures("odile")
def test_the_number_shows_only_when_the_person_is_opened(browser: Browser) -> None:
    listed = browser.opens("/ampere/desk/messages/call_list")
    before = browser.opens("/ampere/desk/messages/calling?message=1")

    browser.sends("/ampere/desk/messages/message/1/call")
    opened = browser.opens("/ampere/desk/messages/calling?message=1")

    assert "03 88" not in words_of(listed) + words_of(before)
    assert "03 88 60 90 90" in words_of(opened)
    assert "Reached: yes" in words_of(opened)


@pytest.mark.usefixtures("odile")
def test_a_trainee_reads_who_is_called_and_begins_no_call(at: At, browser: Browser) -> None:
    with at() as desk:
        desk.session.get_one(Staff, 1).role = StaffRole.TRAINEE

    page = browser.opens("/ampere/desk/messages/call_list")

    assert "Odile Kern" in words_of(page)
    assert "/call" not in words_of(page)
    assert "/message/1/call" not in page
    desk_page = browser.opens("/ampere/desk")
    assert 'href="/ampere/desk/messages/call_list"><b>Odile Kern' in desk_page
    assert 'data-key="a"' not in desk_page


@pytest.mark.usefixtures("odile")
def test_of_many_desks_one_has_a_person_to_itself(at: At, database: Database) -> None:
    def takes(number: int) -> None:
        with at(actor=replace(MAGDA, name=f"Desk {number}", person_code=f"D{number}")) as desk:
            perform(desk, call, desk.session.get_one(Message, 1 + number % 2), {})

    came = threads(database, takes)

    assert came == {"done": 1, "AlreadyCalling": 15}
    told = {each.taken_by for each in messages(at) if each.id in {1, 2}}
    assert len(told) == 1


@pytest.mark.usefixtures("odile")
def test_the_page_says_what_can_not_be_sent(browser: Browser) -> None:
    page = words_of(browser.opens("/ampere/desk/messages/call_list"))

    assert "No gateway is set up: whoever wanted a text message is on this list." in page
    assert "palier messages test" in page


@pytest.mark.usefixtures("odile")
def test_of_two_questions_in_one_call_the_first_has_the_keys(at: At, browser: Browser) -> None:
    with at() as desk:
        question = desk.session.get_one(Message, 2)
        assert question.resident is not None
        desk.tell(question.resident, Text("And this?"), kind="more", asks=True)
        perform(desk, call, question, {})

    page = browser.opens("/ampere/desk/messages/calling?message=2")

    assert page.count("Reached: yes") == 2
    assert [page.count(f'data-key="{key}"') for key in "yz"] == [1, 1]


def test_the_desk_page_names_who_is_rung_up_in_a_resident_s_place(at: At) -> None:
    with at() as desk:
        hugo = desk.add(
            Resident(given_name="Hugo", family_name="Weber", card_code="H", phone="+33388609090")
        )
        for name, via in (("Lou", hugo), ("Odile", None)):
            who = desk.add(
                Resident(given_name=name, family_name="Kern", card_code=name, contact_via=via)
            )
            desk.tell(who, Text("Come by."), kind="note", asks=True)

    with at(write=False) as desk:
        found = read_figures(desk)

    assert found["messages.to_call"] == [["Hugo", "Weber"], ["Odile", "Kern"]]
    assert found["messages.calls"] == 2
