"""The sender: what leaves, what is tried again, what goes another way, and when nothing leaves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from palier.house import House
from palier.messages.mail import SmtpServer
from palier.messages.models import MessageState as S
from palier.messages.models import Trouble, Way
from palier.messages.rules import AGAIN
from palier.messages.sending import Ways, spent
from palier.residents.languages import Language
from palier.residents.models import Channel, Resident
from palier.testing.plugin import NOW, At
from palier.testing.posting import FIXED, MAIL, MOBILE, SMS, WORDS, Post, posting
from palier.text import Text


@pytest.fixture
def post(house: House, at: At) -> Iterator[Post]:
    with posting(house, at) as opened:
        yield opened


def test_a_text_message_leaves_with_the_sites_name_and_is_not_sent_again(post: Post) -> None:
    post.writes(**SMS)

    post.sends()
    post.sends(minutes=30)

    (sent,) = post.messages()
    assert [each["text"] for each in post.gateway.taken] == [
        "Ampère : Un message de la conciergerie Odile"
    ]
    assert post.gateway.taken[0]["to"] == MOBILE
    assert (sent.state, sent.gateway_ref, sent.tries) == (S.SENT, "abc-1", 1)
    assert sent.done_at == NOW


def test_a_mail_leaves_in_the_persons_language(post: Post) -> None:
    post.writes(Text("Receipt"), **MAIL, language=Language.TURKISH)

    post.sends()

    (taken,) = post.box.taken
    assert taken["content-language"] == "tr"
    assert post.states() == [(Way.EMAIL, S.SENT)]


def test_a_relative_reads_for_whom_it_is(post: Post) -> None:
    with post.at() as desk:
        marie = desk.add(Resident(given_name="Marie", family_name="Kern", card_code="H-2", **SMS))
        odile = desk.add(
            Resident(given_name="Odile", family_name="Kern", card_code="H-3", contact_via=marie)
        )
        desk.tell(odile, WORDS, kind="note")

    post.sends()

    assert "Pour Odile Kern : Un message" in post.gateway.taken[0]["text"]


@pytest.mark.parametrize(
    ("answer", "trouble", "code"),
    [
        ((500, b""), Trouble.FAULT, 500),
        ((429, b""), Trouble.BUSY, 429),
        ((401, b""), Trouble.NOT_LET_IN, 401),
    ],
)
def test_what_surely_did_not_leave_is_tried_again_later_each_time(
    post: Post, answer: tuple[int, bytes], trouble: Trouble, code: int
) -> None:
    post.gateway.says(answer)
    post.writes(**SMS)

    post.sends()
    (waits,) = post.messages()
    post.sends()  # not yet

    assert (waits.state, waits.trouble, waits.trouble_code) == (S.QUEUED, trouble, code)
    assert waits.next_at == NOW + AGAIN[0]
    assert len(post.gateway.taken) == 1


def test_after_the_last_try_comes_the_next_way(post: Post) -> None:
    post.gateway.says((500, b""))
    post.writes(**SMS, channel_2=Channel.EMAIL, email="odile@exemple.fr")

    for wait in (timedelta(), *AGAIN):
        post.clock.now += wait
        post.sends()
    post.sends()

    assert post.states() == [(Way.SMS, S.FAILED), (Way.EMAIL, S.SENT)]
    assert len(post.gateway.taken) == len(AGAIN) + 1
    assert spent_so_far(post) == 0  # nothing left, nothing is counted


def spent_so_far(post: Post) -> int:
    with post.at(now=post.clock.now, write=False) as desk:
        return spent(desk)


def test_a_refused_number_goes_another_way_at_once(post: Post) -> None:
    post.gateway.says((400, b"no such number"))
    post.writes(**SMS)

    post.sends()

    assert post.states() == [(Way.SMS, S.FAILED), (Way.CALL, S.TO_CALL)]
    assert post.messages()[0].trouble is Trouble.REFUSED


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [(None, Trouble.SILENT), ((200, b"<html>"), Trouble.UNREADABLE), ((504, b""), Trouble.FAULT)],
)
def test_what_was_perhaps_sent_is_called_and_never_sent_twice(
    post: Post, answer: tuple[int, bytes] | None, trouble: Trouble
) -> None:
    post.gateway.says(answer)
    post.writes(**SMS, channel_2=Channel.EMAIL, email="odile@exemple.fr")

    post.sends()
    post.sends(hours=3)

    assert post.states() == [(Way.SMS, S.DOUBTFUL), (Way.CALL, S.TO_CALL)]
    assert post.messages()[0].trouble is trouble
    assert len(post.gateway.taken) == 1


def test_an_address_that_bounces_is_remembered_and_the_next_way_taken(post: Post) -> None:
    post.box.refuses["odile@exemple.fr"] = "550 No such user"
    post.writes(**MAIL, channel_2=Channel.CALL, phone=FIXED)

    post.sends()

    assert post.states() == [(Way.EMAIL, S.FAILED), (Way.CALL, S.TO_CALL)]
    with post.at(write=False) as desk:
        odile = desk.session.scalars(select(Resident)).one()
        assert odile.no_mail_since == NOW.date()


def test_a_mail_server_that_is_away_is_left_alone_for_the_turn(post: Post) -> None:
    post.writes(**MAIL)
    post.writes(code="2", **MAIL)
    nobody = replace(post.box.settings(), port=1)

    post.sends(Ways(None, SmtpServer(nobody, 1.0)))

    first, second = post.messages()
    assert (first.tries, first.trouble) == (1, Trouble.CLOSED)
    assert (second.tries, second.state) == (0, S.QUEUED)


def test_without_a_gateway_text_messages_are_called(post: Post) -> None:
    post.writes(**SMS, channel_2=Channel.EMAIL, email="odile@exemple.fr")

    post.sends(Ways(None, None))

    assert post.states() == [(Way.SMS, S.FAILED), (Way.CALL, S.TO_CALL)]
    assert post.messages()[0].trouble is Trouble.NO_WAY


def test_without_a_mail_server_the_next_way_is_taken(post: Post) -> None:
    post.writes(**MAIL, channel_2=Channel.LETTER)

    post.sends(Ways(None, None))

    assert post.states() == [(Way.EMAIL, S.FAILED), (Way.LETTER, S.TO_PRINT)]


@pytest.mark.parametrize("hour", [18, 19, 21, 3, 5])  # in UTC: 20:00 to 7:00 at the site
def test_no_text_message_leaves_at_night_and_a_mail_does(post: Post, hour: int) -> None:
    post.clock.now = datetime(2026, 10, 7, hour, 0, tzinfo=NOW.tzinfo)
    post.writes(**SMS)
    post.writes(code="2", **MAIL)

    post.sends()
    at_night = len(post.gateway.taken), len(post.box.taken)
    post.clock.now = post.messages()[0].next_at
    post.sends()

    assert at_night == (0, 1)
    assert len(post.gateway.taken) == 1
    assert post.clock.now.astimezone(post.house.clock().tzinfo).hour == 6  # eight o'clock here


def test_what_would_end_in_the_quiet_hours_does_not_begin(post: Post) -> None:
    post.clock.now = datetime(2026, 10, 6, 17, 59, 50, tzinfo=NOW.tzinfo)  # 19:59:50
    post.writes(**SMS)

    post.sends()

    assert post.gateway.taken == []


def test_a_months_text_messages_are_counted_and_the_rest_is_called(post: Post) -> None:
    post.sets(sms_budget=2)
    for code in ("1", "2", "3"):
        post.writes(code=code, **SMS)

    post.sends()

    assert len(post.gateway.taken) == 2
    assert post.states()[2:] == [(Way.SMS, S.FAILED), (Way.CALL, S.TO_CALL)]
    assert post.messages()[2].trouble is Trouble.BUDGET
    assert spent_so_far(post) == 2


def test_a_new_month_begins_at_none(post: Post) -> None:
    post.sets(sms_budget=1)
    post.writes(**SMS)
    post.sends()
    post.clock.now = datetime(2026, 11, 2, 10, tzinfo=NOW.tzinfo)
    post.writes(code="2", **SMS)

    post.sends()

    assert len(post.gateway.taken) == 2


def test_a_budget_of_none_calls_everyone(post: Post) -> None:
    post.sets(sms_budget=0)
    post.writes(**SMS)

    post.sends()

    assert post.gateway.taken == []
    assert post.states()[-1] == (Way.CALL, S.TO_CALL)


def test_each_part_of_a_long_one_counts(post: Post) -> None:
    post.writes(Text("a" * 300), **SMS)

    post.sends()

    assert spent_so_far(post) == 3  # with the site's name before it


def test_a_message_of_2000_letters_is_no_text_message(post: Post) -> None:
    post.writes(Text("b" * 2000), **SMS, channel_2=Channel.EMAIL, email="odile@exemple.fr")

    post.sends()
    post.sends()

    assert post.states() == [(Way.SMS, S.FAILED), (Way.EMAIL, S.SENT)]
    assert post.messages()[0].trouble is Trouble.TOO_LONG
    assert "b" * 2000 in post.box.taken[0].get_content().replace("\n", "")
