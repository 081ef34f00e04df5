"""The whole day at the desk, on one site in one run: by keyboard and scanner alone, with cash that balances."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from palier.demo.arranging import OPENS_WITH
from palier.testing.hands import NO_MOUSE, Hands
from palier.testing.windows import Served

from .chapters import (
    bike,
    bread,
    bulk,
    calls,
    closing,
    exchange,
    opening,
    paper,
    relay,
    wishes,
)
from .chapters.going import comes_back

pytestmark = pytest.mark.browser


class Chapter(NamedTuple):
    """What happens at an hour, within so many keys."""

    hour: int
    minute: int
    keys: int
    happens: Callable[[Page, Hands, Served], None]


DAY = (
    Chapter(8, 52, 8, bread.counts_what_came),
    Chapter(9, 0, 3, opening.counts_three_visits),
    Chapter(9, 1, 2, opening.one_more_waits_and_one_less),
    Chapter(9, 3, 12, bread.hands_over_to_odile),
    Chapter(9, 5, 3, relay.hands_odile_her_parcel),
    Chapter(9, 10, 12, relay.takes_a_drop),
    Chapter(9, 16, 2, relay.locks_a_letter_away),
    Chapter(9, 25, 26, bike.hires_out_a_bike),
    Chapter(10, 20, 10, exchange.notes_an_hour_as_a_gift),
    Chapter(10, 28, 5, exchange.keys_a_voucher),
    Chapter(11, 2, 24, paper.keys_the_hour),
    Chapter(11, 15, 8, wishes.makes_a_workshop_of_nine_dots),
    Chapter(11, 40, 4, calls.rings_odile),
    Chapter(14, 5, 14, wishes.marks_who_came),
    Chapter(15, 0, 4, bulk.shares_the_lentils),
    Chapter(15, 10, 20, bulk.weighs_for_a_household),
    Chapter(15, 40, 5, relay.hands_the_letter_out),
    Chapter(18, 10, 8, bread.sells_out),
    Chapter(18, 15, 6, bread.sends_back_and_leaves),
    Chapter(18, 25, 14, closing.counts_the_drawer),
    Chapter(18, 30, 4, closing.writes_the_note),
    Chapter(18, 35, 2, closing.closes_the_day),
)


def test_a_day_at_the_desk(ampere_before_opening: Served, browser_window: Browser) -> None:
    ampere = ampere_before_opening
    opening.yesterday_left_a_note(ampere)
    relay.drivers_announce(ampere)
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        hands = Hands(page)
        opening.opened_and_locked(page)
        context.add_init_script(NO_MOUSE)
        with hands.within(6):
            opening.reads_the_note(page, hands, ampere)
        with hands.within(4):
            opening.counts_the_float(page, hands, ampere)

        for hour, minute, keys, happens in DAY:
            comes_back(page, hands, ampere, hour, minute)
            with hands.within(keys):
                happens(page, hands, ampere)

        closing.the_day_sheet_adds_up(page, ampere)
    assert ampere.said == []
    closing.the_books_are_whole(ampere)
