"""What changes while a message waits or leaves: its end, the person, the sender, other senders."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from palier.db.engine import Database
from palier.house import House
from palier.jobs.running import Loop
from palier.messages.gateway import HttpGateway
from palier.messages.models import Message, SmsMonth, Trouble, Way
from palier.messages.models import MessageState as S
from palier.messages.rules import LEFT_ALONE
from palier.messages.sending import Ways, spent
from palier.messages.telling import withdraw
from palier.privacy.erasure import erase
from palier.residents.languages import Language
from palier.residents.models import Channel, Resident, ResidentState
from palier.sites.models import Site, SiteKind
from palier.testing.plugin import At, counted_statements
from palier.testing.posting import MAIL, SMS, Post, posting


@pytest.fixture
def post(house: House, at: At) -> Iterator[Post]:
    with posting(house, at) as opened:
        yield opened


def spent_so_far(post: Post) -> int:
    with post.at(now=post.clock.now, write=False) as desk:
        return spent(desk)


def change(post: Post, **values: object) -> None:
    with post.at() as desk:
        odile = desk.session.scalars(select(Resident)).one()
        for name, value in values.items():
            setattr(odile, name, value)


def test_who_was_erased_meanwhile_gets_nothing(post: Post) -> None:
    post.writes(**SMS)
    change(post, state=ResidentState.ERASED)

    post.sends()

    assert (post.gateway.taken, post.states()) == ([], [(Way.SMS, S.WITHDRAWN)])


def test_who_left_is_still_told(post: Post) -> None:
    post.writes(**SMS)
    change(post, state=ResidentState.LEFT)

    post.sends()

    assert post.states() == [(Way.SMS, S.SENT)]


def test_who_was_merged_meanwhile_is_told_as_the_one_who_stays(post: Post) -> None:
    post.writes(**SMS)
    with post.at() as desk:
        gone = desk.session.scalars(select(Resident)).one()
        kept = Resident(given_name="Odile", family_name="Kern", card_code="H-9", **SMS)
        kept.phone = "+33798765432"
        gone.state, gone.merged_into_id = ResidentState.MERGED, desk.add(kept).id

    post.sends()

    assert post.gateway.taken[0]["to"] == "+33798765432"


def test_a_number_that_is_gone_is_not_tried(post: Post) -> None:
    post.writes(**SMS)
    change(post, channel=Channel.LETTER, phone=None)

    post.sends()

    assert post.states() == [(Way.SMS, S.FAILED), (Way.LETTER, S.TO_PRINT)]
    assert post.messages()[0].trouble is Trouble.GONE


def test_a_language_without_words_is_written_in_the_sites(post: Post) -> None:
    post.writes(**MAIL, language=Language.SOMALI)

    post.sends()

    assert post.box.taken[0]["content-language"] == "fr"


def end(post: Post) -> None:
    with post.at(now=post.clock.now) as desk:
        withdraw(desk, desk.session.scalars(select(Resident)).one())


def test_no_reminder_leaves_after_its_end_even_one_that_was_queued(post: Post) -> None:
    post.writes(**SMS)

    end(post)
    post.sends()

    assert (post.gateway.taken, post.states()) == ([], [(Way.SMS, S.WITHDRAWN)])


def forget(post: Post) -> None:
    with post.at(now=post.clock.now) as desk:
        erase(desk, desk.session.scalars(select(Resident)).one())


class Ending:
    """A gateway in the middle of whose work the matter ends; then it fails, or not."""

    def __init__(self, post: Post, ends: Callable[[Post], None] = end) -> None:
        self.post, self.ends = post, ends
        self.there = HttpGateway(post.gateway.settings(), post.gateway.patience)

    def send(self, sms: Any) -> Any:
        self.ends(self.post)
        return self.there.send(sms)


@pytest.mark.parametrize(
    ("answer", "state"),
    [((500, b""), S.WITHDRAWN), ((400, b""), S.WITHDRAWN), ((504, b""), S.DOUBTFUL)],
)
def test_what_ends_while_it_leaves_is_not_tried_again_nor_called(
    post: Post, answer: tuple[int, bytes], state: S
) -> None:
    post.gateway.says(answer)
    post.writes(**SMS)

    post.sends(Ways(Ending(post), None))
    post.sends(hours=2)

    assert post.states() == [(Way.SMS, state)]
    assert len(post.gateway.taken) == 1


def test_nothing_is_tried_again_for_who_is_erased_while_it_leaves(post: Post) -> None:
    post.gateway.says((500, b""))
    post.writes(**SMS)

    post.sends(Ways(Ending(post, forget), None))

    assert post.states() == [(Way.SMS, S.WITHDRAWN)]
    assert len(post.gateway.taken) == 1


@pytest.mark.parametrize("kind", [SiteKind.TRAINING, SiteKind.DEMO])
def test_a_site_that_is_not_live_sends_nothing_whatever_its_rows_say(
    post: Post, kind: SiteKind
) -> None:
    post.writes(**SMS)
    post.writes(code="2", **MAIL)
    with post.house.database.write() as session:
        session.execute(update(Site).where(Site.id == 1).values(kind=kind))

    post.sends()

    assert (post.gateway.taken, post.box.taken) == ([], [])
    assert {state for _way, state in post.states()} == {S.QUEUED}


def left_alone(post: Post) -> None:
    """As a process leaves it that dies while a message leaves."""
    with post.at() as desk:
        gone = {"state": S.SENDING, "sending_at": post.clock.now, "tries": 1}
        desk.session.execute(update(Message).values(**gone))


def test_a_mail_that_was_leaving_goes_again_with_the_same_name(post: Post) -> None:
    post.writes(**MAIL)
    post.sends()
    left_alone(post)

    post.sends()
    too_early = len(post.box.taken)
    post.clock.now += LEFT_ALONE
    post.sends()

    assert (too_early, len(post.box.taken)) == (1, 2)
    assert len({each["message-id"] for each in post.box.taken}) == 1
    assert post.states() == [(Way.EMAIL, S.SENT)]


def test_a_text_message_that_was_leaving_is_called(post: Post) -> None:
    post.writes(**SMS)
    left_alone(post)
    post.clock.now += LEFT_ALONE

    post.sends()

    assert post.gateway.taken == []
    assert post.states() == [(Way.SMS, S.DOUBTFUL), (Way.CALL, S.TO_CALL)]
    assert post.messages()[0].trouble is Trouble.CUT


class Slow:
    """A gateway that is slower than anyone waits: meanwhile another process decides."""

    def __init__(self, post: Post) -> None:
        self.post, self.there = post, HttpGateway(post.gateway.settings(), post.gateway.patience)

    def send(self, sms: Any) -> Any:
        self.post.clock.now += LEFT_ALONE
        self.post.sends()
        return self.there.send(sms)


def test_who_comes_back_too_late_changes_nothing(post: Post) -> None:
    post.writes(**SMS)

    post.sends(Ways(Slow(post), None))

    assert post.states() == [(Way.SMS, S.DOUBTFUL), (Way.CALL, S.TO_CALL)]
    assert len(post.gateway.taken) == 1


def test_many_senders_send_each_message_once(post: Post) -> None:
    for code in range(6):
        post.writes(code=str(code), **SMS)
    start = Barrier(5)

    def race() -> None:
        start.wait()
        post.sends()

    racers = [Thread(target=race) for _each in range(5)]
    for each in racers:
        each.start()
    for each in racers:
        each.join()

    assert len(post.gateway.taken) == 6
    assert {state for _way, state in post.states()} == {S.SENT}
    assert spent_so_far(post) == 6


def test_two_senders_never_share_the_last_text_message(post: Post) -> None:
    post.sets(sms_budget=3)
    for code in range(6):
        post.writes(code=str(code), **SMS)
    start = Barrier(4)

    def race() -> None:
        start.wait()
        post.sends()

    racers = [Thread(target=race) for _each in range(4)]
    for each in racers:
        each.start()
    for each in racers:
        each.join()

    assert len(post.gateway.taken) == 3
    with post.at(write=False) as desk:
        assert desk.session.scalars(select(SmsMonth.parts)).all() == [3]


@pytest.mark.parametrize("how_many", [1, 40])
def test_finding_what_is_due_costs_the_same_however_much_waits(
    post: Post, database: Database, how_many: int
) -> None:
    for code in range(how_many):
        post.writes(code=str(code), channel=Channel.LETTER)
    post.writes(code="sms", **SMS)
    post.sends()
    post.writes(code="more", **SMS)

    with counted_statements(database) as sent:
        post.sends()

    assert len(sent) <= 20


def test_the_loop_sends_by_what_the_settings_name(post: Post) -> None:
    settings = replace(post.house.settings, sms=post.gateway.settings(), mail=post.box.settings())
    loop = Loop(replace(post.house, settings=settings))
    post.writes(**SMS)
    post.writes(code="2", **MAIL)
    loop.once()

    post.clock.forward(minutes=1)
    ran = loop.once()

    assert "messages.send" in ran
    assert (len(post.gateway.taken), len(post.box.taken)) == (1, 1)
