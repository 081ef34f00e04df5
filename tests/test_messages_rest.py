"""Rules of a site, tests of its ways, mail that came back, people not seen, memberships that end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from palier.bookings.booking import book_thing, cancel
from palier.bookings.models import Bookable
from palier.house import House
from palier.jobs.running import Run
from palier.messages.actions import mail_came_back, send_test
from palier.messages.bouncing import NoBounce, addresses_in, all_came_back
from palier.messages.ending import remind_of_memberships
from palier.messages.models import Message, MessageState, Way
from palier.messages.telling import tell
from palier.messages.trying import NothingLeaves, signed_by, ways_out
from palier.messages.trying import send_test as try_out
from palier.messages.unseen import look_after
from palier.receipts.actions import pay
from palier.residents.actions import call_if_not_seen, withdraw
from palier.residents.models import Consent, Household, Membership, Resident, Unseen
from palier.settings import SmsGateway
from palier.site_settings import decide
from palier.testing.plugin import NOW, At
from palier.testing.posting import MAIL, MOBILE, Post, posting
from palier.testing.till import make_resident, owe
from palier.text import Text
from palier.trail import perform

S = MessageState
BOUNCE = b"""\
MIME-Version: 1.0
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It came back.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; odile@exemple.fr
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; later@exemple.fr
Action: delayed
Status: 4.2.2

--x--
"""


@pytest.fixture
def post(house: House, at: At) -> Iterator[Post]:
    with posting(house, at) as opened:
        yield opened


def test_a_test_leaves_to_a_number_that_is_nobodys(post: Post) -> None:
    with post.at() as desk:
        send_test(desk, to="06 12 34 56 78")
        send_test(desk, to="essai@exemple.fr")

    post.sends()

    assert [each["to"] for each in post.gateway.taken] == [MOBILE]
    assert len(post.box.taken) == 1
    assert {each.state for each in post.messages()} == {S.SENT}


def test_the_command_tries_a_way_out(post: Post) -> None:
    settings = replace(post.house.settings, sms=post.gateway.settings())

    assert try_out(settings, MOBILE)[0]
    assert not try_out(settings, "essai@exemple.fr")[0]  # no mail server is set


def test_a_returned_mail_names_the_address_that_failed_for_ever() -> None:
    assert addresses_in(BOUNCE) == ["odile@exemple.fr"]
    with pytest.raises(NoBounce):
        addresses_in(b"Subject: hello\n\nNo report.")


def test_what_went_to_an_address_that_failed_goes_another_way(post: Post) -> None:
    post.writes(**MAIL)
    post.sends()

    with post.at() as desk:
        assert all_came_back(desk, ["ODILE@exemple.fr"]) == 1
        assert all_came_back(desk, ["odile@exemple.fr"]) == 0

    assert post.states() == [(Way.EMAIL, S.FAILED), (Way.CALL, S.TO_CALL)]


def test_a_caretaker_notes_that_mail_came_back(post: Post) -> None:
    post.writes(**MAIL)
    post.sends()

    with post.at() as desk:
        odile = desk.session.scalars(select(Resident)).one()
        mail_came_back(desk, odile)

        assert odile.no_mail_since == NOW.date()


def runs(house: House) -> Run:
    return Run(house, "ampere", "job messages.test")


def test_who_asked_is_called_once_for_each_span_without_a_sign(house: House, at: At) -> None:
    with at() as desk:
        odile = desk.add(Resident(given_name="Odile", family_name="Kern", card_code="H-1"))
        odile.last_contact_on = NOW.date() - timedelta(days=7)
        call_if_not_seen(desk, odile, unseen=Unseen.SEVEN, agreed=True)
        other = desk.add(Resident(given_name="Yves", family_name="Muller", card_code="H-2"))
        other.last_contact_on = NOW.date() - timedelta(days=300)

    for _time in range(2):
        look_after(runs(house))

    with at(write=False) as desk:
        (line,) = desk.session.scalars(select(Message))
        assert (line.state, line.asks, str(line.resident)) == (S.TO_CALL, True, "Odile Kern")


@pytest.mark.parametrize("ends", ["comes by", "asks no longer", "takes it back"])
def test_who_is_seen_again_or_asks_no_longer_is_off_the_list(
    house: House, at: At, ends: str
) -> None:
    with at() as desk:
        odile = make_resident(desk)
        call_if_not_seen(desk, odile, unseen=Unseen.SEVEN, agreed=True)
        odile.last_contact_on = NOW.date() - timedelta(days=7)
        tell(desk, odile, Text("Come by."), kind="other", about=odile, asks=True)
    look_after(runs(house))

    with at() as desk:
        odile = desk.session.get_one(Resident, odile.id)
        if ends == "comes by":
            perform(desk, pay, owe(desk, odile, 250).resident, {})
        elif ends == "asks no longer":
            perform(desk, call_if_not_seen, odile, {"unseen": Unseen.NEVER})
        else:
            perform(desk, withdraw, desk.session.scalars(select(Consent)).one(), {})

    with at(write=False) as desk:
        found = select(Message.kind, Message.state).order_by(Message.id)
        assert [tuple(each) for each in desk.session.execute(found)] == [
            ("residents.other", S.TO_CALL),
            ("residents.unseen", S.WITHDRAWN),
        ]


def test_a_membership_that_ends_is_told_once_unless_the_next_one_is_there(
    house: House, at: At
) -> None:
    day = NOW.date()
    with at() as desk:
        for code, more in (("F-1", 0), ("F-2", 1)):
            home = Household(code=code)
            for name in ("A", "B"):
                desk.add(
                    Resident(
                        household=home, given_name=name, family_name=code, card_code=name + code
                    )
                )
            ends = day + timedelta(days=20)
            desk.add(Membership(household=home, starts_on=day, ends_on=ends))
            if more:
                later = ends + timedelta(days=365)
                desk.add(Membership(household=home, starts_on=ends, ends_on=later))

    for _time in range(2):
        remind_of_memberships(runs(house))

    with at(write=False) as desk:
        assert [str(m.resident) for m in desk.session.scalars(select(Message))] == ["A F-1"]


def test_a_test_from_a_site_bears_its_name_and_its_address_for_answers(post: Post) -> None:
    with post.at() as desk:
        decide(desk.session, "messages", {"reply_to": "accueil@ampere.example"}, desk.today, 1)
    settings = replace(post.house.settings, sms=post.gateway.settings(), mail=post.box.settings())

    with post.at(write=False) as desk:
        signed = signed_by(desk)
    for to in (MOBILE, "essai@exemple.fr"):
        assert try_out(settings, to, signed)[0]

    assert "Ampère" in post.gateway.taken[0]["text"]
    assert post.box.taken[0]["Reply-To"] == "accueil@ampere.example"


def test_nothing_is_tried_out_from_a_site_for_training(post: Post) -> None:
    with post.at(write=False) as desk:
        desk.site = replace(desk.site, kind="training")
        with pytest.raises(NothingLeaves):
            signed_by(desk)


def test_the_doctor_says_whether_the_ways_out_answer(post: Post) -> None:
    settings = post.house.settings
    gone = SmsGateway("http://127.0.0.1:9/", "{}", "", "", "", "")

    nothing = list(ways_out(settings))
    well = list(ways_out(replace(settings, sms=post.gateway.settings(), mail=post.box.settings())))
    wrong = list(ways_out(replace(settings, sms=gone)))

    assert [ok for _what, ok, _words in nothing] == [True, True]
    assert [ok for _what, ok, _words in well] == [True, True]
    assert [ok for _what, ok, _words in wrong] == [True, False]
    assert "does not answer" in wrong[1][2]


def test_of_a_booking_given_up_nobody_is_told_any_more(post: Post) -> None:
    post.writes(**MAIL)
    with post.at() as desk:
        who = desk.session.scalars(select(Resident)).one()
        thing = desk.add(Bookable(code="V01", name="City"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(hours=1), who)
        desk.tell(who, Text("It is kept for you."), kind="booked", about=line)

        cancel(desk, line)

        told = desk.all(select(Message).order_by(Message.id))
        assert [each.state for each in told] == [S.QUEUED, S.WITHDRAWN]
