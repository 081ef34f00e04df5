"""How many people wait: a number that two desks change, that the night ends, never below none."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.trail import perform
from palier.visits import actions
from palier.visits.models import Waiting
from palier.visits.rules import NobodyWaits
from palier.visits.waiting import how_many

HOME = "/ampere/desk"


def waiting(at: At, site_id: int = 1, now: datetime = NOW) -> int:
    with at(site_id, now, write=False) as desk:
        return desk.session.execute(select(how_many(desk))).scalar_one()


def test_one_key_adds_one_and_one_takes_one_off(at: At) -> None:
    with at() as desk:
        for act in (actions.one_more, actions.one_more, actions.one_less):
            perform(desk, act, None, {})

    assert waiting(at) == 1


def test_nobody_is_taken_off_from_nobody(at: At) -> None:
    with at() as desk, pytest.raises(NobodyWaits):
        perform(desk, actions.one_less, None, {})

    assert waiting(at) == 0


def test_the_night_begins_at_none_and_another_site_has_its_own(at: At) -> None:
    with at() as desk:
        perform(desk, actions.one_more, None, {})

    assert waiting(at) == 1
    assert waiting(at, now=NOW + timedelta(days=1)) == 0
    assert waiting(at, 2) == 0


def test_the_desk_page_shows_the_number_with_its_two_keys(browser: Browser, at: At) -> None:
    before = browser.opens(HOME)
    values = {**hidden_of(before), "back": HOME}

    after = browser.client.post(f"{HOME}/visits/do/one_more", data=values).text

    assert 'data-key="-"' not in before
    assert 'data-key="-"' in after
    assert "Waiting: 1" in words_of(after)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Waiting.people)).all() == [1]
