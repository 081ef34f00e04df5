"""What the other desk did reaches every open page: one question a site, names only, own acts apart."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from palier.accounts.models import SignIn
from palier.house import House
from palier.live import MOST, WINDOW, Live, Watcher, drawn_at
from palier.testing.caretaker import Browser
from palier.testing.plugin import NOW, At, counted_statements
from palier.trail import ActRow

LATER = NOW + timedelta(seconds=20)


def watcher(site_id: int = 1, sign_in_id: int = 1, **more: int | None) -> Watcher:
    return Watcher(site_id, sign_in_id, more.get("account", 1), more.get("terminal"), NOW)


def acts(at: At, *names: str, site_id: int = 1, account: int | None = None, when: datetime = LATER,
         terminal: int | None = None) -> None:  # fmt: skip
    with at(site_id) as desk:
        for name in names:
            desk.session.add(
                ActRow(
                    name=name, who="IB", account_id=account, terminal_id=terminal, at=when,
                    recorded_at=when,
                )
            )  # fmt: skip


async def heard(live: Live, *watchers: Watcher) -> list[list[bytes]]:
    """Open these pages, ask once, and return what each was told."""
    streams = [live.events(each) for each in watchers]
    for each in streams:
        await anext(each)
    await live.tick()
    told = [
        [each.queue.get_nowait() or b"" for _n in range(each.queue.qsize())] for each in watchers
    ]
    for each in streams:
        await close(each)
    return told


async def close(stream: AsyncIterator[bytes]) -> None:
    await stream.aclose()  # type: ignore[attr-defined]  # it is a generator


def data(told: bytes) -> object:
    return json.loads(told.split(b"data: ")[1])


@pytest.fixture
def live(house: House, browser: Browser) -> Live:  # noqa: ARG001 - Magda's session is number 1
    return Live(house.database, lambda: LATER + timedelta(seconds=1), pace=3600)


def test_an_act_of_another_desk_is_told_by_its_name_only(live: Live, at: At) -> None:
    acts(at, "bike_hire.lend", "receipts.pay", account=None)

    told = asyncio.run(heard(live, watcher()))[0]

    assert [data(each) for each in told] == [
        {"others": ["bike_hire.lend", "receipts.pay"], "mine": []}
    ]
    assert b"IB" not in told[0]


def test_an_own_act_is_told_apart(live: Live, at: At) -> None:
    acts(at, "receipts.pay", account=1)

    alone, seated, other = asyncio.run(
        heard(live, watcher(), watcher(terminal=7), watcher(account=2))
    )

    assert data(alone[0]) == {"others": [], "mine": ["receipts.pay"]}
    assert data(seated[0]) == {"others": ["receipts.pay"], "mine": []}
    assert data(other[0]) == {"others": ["receipts.pay"], "mine": []}


def test_each_act_is_told_once_and_one_committed_late_still_is(live: Live, at: At) -> None:
    async def two_questions() -> tuple[int, int, int]:
        page = watcher()
        stream = live.events(page)
        await anext(stream)
        acts(at, "receipts.pay", when=LATER)
        await live.tick()
        first = page.queue.qsize()
        await live.tick()
        again = page.queue.qsize()
        acts(at, "bike_hire.lend", when=LATER - timedelta(seconds=15))
        await live.tick()
        late = page.queue.qsize()
        await close(stream)
        return first, again, late

    assert asyncio.run(two_questions()) == (1, 1, 2)


def test_what_the_page_was_drawn_with_is_no_news(live: Live, at: At) -> None:
    acts(at, "receipts.pay", account=1, when=NOW)
    acts(at, "bike_hire.lend", when=NOW - timedelta(seconds=6))

    assert asyncio.run(heard(live, watcher())) == [[]]


def test_another_sites_acts_are_its_own(live: Live, at: At) -> None:
    acts(at, "receipts.pay", site_id=2)

    here, there = asyncio.run(heard(live, watcher(), watcher(site_id=2)))

    assert here == []
    assert len(there) == 1


@pytest.mark.parametrize("pages", [1, 30])
def test_however_many_pages_are_open_each_site_is_asked_once(
    live: Live, house: House, at: At, pages: int
) -> None:
    acts(at, *(["receipts.pay"] * 5))
    watchers = [watcher(1 + each % 2) for each in range(pages * 2)]

    with counted_statements(house.database) as sent:
        asyncio.run(heard(live, *watchers))

    assert len(sent) == 2


def test_a_stream_ends_with_its_session(live: Live, house: House) -> None:
    with house.database.write() as session:
        session.execute(delete(SignIn))

    told = asyncio.run(heard(live, watcher()))[0]

    assert (told[0].startswith(b"event: end"), data(told[0]), told[1]) == (True, "locked", b"")


def test_a_stream_ends_when_its_device_locks_by_itself(live: Live, house: House) -> None:
    with house.database.write() as session:
        seen = NOW - timedelta(minutes=10)
        session.execute(update(SignIn).values(locks_after=5, seen_at=seen))

    told = asyncio.run(heard(live, watcher()))[0]

    assert data(told[0]) == "locked"


def test_a_stopping_server_ends_every_stream(live: Live) -> None:
    async def ended() -> list[bytes]:
        stream = live.events(watcher())
        told = [await anext(stream)]
        live.stop()
        return told + [each async for each in stream]

    told = asyncio.run(ended())

    assert data(told[-1]) == "stop"
    assert live.pages_of(1) == 0


def test_a_silent_stream_says_that_it_is_there(house: House, browser: Browser) -> None:  # noqa: ARG001
    async def first_two() -> list[bytes]:
        stream = Live(house.database, lambda: NOW, pace=3600, beat=0.01).events(watcher())
        told = [await anext(stream), await anext(stream)]
        await close(stream)
        return told

    assert asyncio.run(first_two())[1].startswith(b"event: beat")


def test_no_connection_is_held_while_a_stream_waits(live: Live, house: House) -> None:
    async def waits() -> object:
        stream = live.events(watcher())
        await anext(stream)
        await live.tick()
        held = house.database.engine.pool.checkedout()  # type: ignore[attr-defined]  # a queue pool
        await close(stream)
        return held

    assert asyncio.run(waits()) == 0


def test_the_stream_asks_who_and_where_like_every_page(browser: Browser, house: House) -> None:
    with house.database.write() as session:
        session.execute(delete(SignIn))

    answer = browser.client.get("/ampere/desk/live", follow_redirects=False)
    nowhere = browser.client.get("/nowhere/desk/live", follow_redirects=False)

    assert answer.status_code == 303
    assert nowhere.status_code == 404


def test_too_many_pages_of_one_session_are_refused(live: Live, at: At) -> None:
    async def crowded() -> int:
        streams = [live.events(watcher()) for _n in range(MOST)]
        for each in streams:
            await anext(each)
        count = live.pages_of(1)
        for each in streams:
            await close(each)
        return count

    assert asyncio.run(crowded()) == MOST
    assert live.pages_of(1) == 0
    with at(write=False) as desk:
        assert desk.session.scalars(select(SignIn.id)).all() == [1]


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ("", NOW),
        ("x", NOW),
        ("9" * 15, NOW),
        ("9" * 99, NOW),
        (str(int(NOW.timestamp() * 1000) - 5000), NOW - timedelta(seconds=5)),
    ],
)
def test_a_page_says_when_it_was_drawn(given: str, drawn: datetime) -> None:
    assert drawn_at(given, NOW) == drawn
    assert WINDOW.total_seconds() == 30
