"""Live updates: what other desks did is told to every open page, with one question for each site.

A stream holds no thread, no transaction and no connection: it waits for what the process asks for all.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakSet

import msgspec
import structlog
from litestar.concurrency import sync_to_thread
from sqlalchemy import literal, null, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from palier.accounts.models import SignIn
from palier.context import Context
from palier.db.engine import Database
from palier.errors import Refused
from palier.text import _
from palier.trail import ActRow
from palier.web.asked import Answer, Request
from palier.web.wrapper import Handler, is_idle

PACE = 2.0  # seconds between two questions
BEAT = 15.0  # seconds after which a silent stream says that it is there
WINDOW = timedelta(
    seconds=30
)  # an act with a lower id may be committed later: no "id above the last"
MARGIN = timedelta(seconds=5)  # how long an act may take that a page was drawn without
MOST = 6  # streams of one session: as many as browsers keep to one address
log = structlog.get_logger("palier.live")


class TooManyPages(Refused):
    text = _("Too many pages of this session are open: this one shows no changes by itself.")


class Done(NamedTuple):
    """An act that was recorded: its name, and from where; never whom it was about."""

    id: int
    name: str
    account_id: int | None
    terminal_id: int | None
    at: datetime


@dataclass(eq=False)
class Watcher:
    """One open page. `since` is when it was drawn."""

    site_id: int
    sign_in_id: int
    account_id: int | None
    terminal_id: int | None
    since: datetime
    queue: "asyncio.Queue[bytes | None]" = field(default_factory=asyncio.Queue)
    told: set[int] | None = None

    def did(self, done: Done) -> bool:
        """Whether an act comes from this very desk: its own acts are no news there."""
        if self.terminal_id is not None or done.terminal_id is not None:
            return done.terminal_id == self.terminal_id
        return done.account_id == self.account_id

    def news(self, recent: Iterable[Done]) -> list[Done]:
        """Return what this page has not heard of yet."""
        before = self.told
        fresh = [each for each in recent if before is None or each.id not in before]
        self.told = {each.id for each in recent}
        return fresh if before is not None else [each for each in fresh if not self._drawn(each)]

    def _drawn(self, done: Done) -> bool:
        """Whether the page shows the act already: the answer to an own act is drawn after it."""
        return done.at <= (self.since if self.did(done) else self.since - MARGIN)


class Live:
    """Every open page of this process. Lives on the event loop; only `stop` and `pages_of` don't."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        pace: float = PACE,
        beat: float = BEAT,
    ) -> None:
        self.database = database
        self.clock = clock
        self.pace = pace
        self.beat = beat
        self._watchers: dict[int, set[Watcher]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        _all.add(self)

    def handler(self) -> Handler:
        """Answer a page that wants to hear of changes: who and where as for every page."""

        def show(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
            sign_in_id = desk.seat.sign_in_id or 0
            if self.pages_of(sign_in_id) >= MOST:
                raise TooManyPages
            watcher = Watcher(
                desk.site.id,
                sign_in_id,
                desk.actor.account_id,
                desk.seat.terminal_id,
                drawn_at(request.query.get("since", ""), desk.now),
            )
            return Answer(media_type="text/event-stream", stream=lambda: self.events(watcher))

        return Handler(show)

    def pages_of(self, sign_in_id: int) -> int:
        """Return how many streams a session has open in this process."""
        everyone = [each for watchers in list(self._watchers.values()) for each in list(watchers)]
        return sum(each.sign_in_id == sign_in_id for each in everyone)

    async def events(self, watcher: Watcher) -> AsyncIterator[bytes]:
        """Yield the stream of one page, until its session or the server ends."""
        self._watchers.setdefault(watcher.site_id, set()).add(watcher)
        self._begin()
        try:
            yield event("beat")
            while not self._stopped.is_set():
                try:
                    told = await asyncio.wait_for(watcher.queue.get(), self.beat)
                except TimeoutError:
                    told = event("beat")
                if told is None:
                    break
                yield told
            else:
                yield event("end", "stop")
        finally:
            self._forget(watcher)

    def _forget(self, watcher: Watcher) -> None:
        here = self._watchers.get(watcher.site_id, set())
        here.discard(watcher)
        if not here:
            self._watchers.pop(watcher.site_id, None)

    def _begin(self) -> None:
        if self._asking is None or self._asking.done():
            self._loop = asyncio.get_running_loop()
            self._asking = self._loop.create_task(self._ask_and_tell())

    async def _ask_and_tell(self) -> None:
        while self._watchers and not self._stopped.is_set():
            await asyncio.sleep(self.pace)
            await self.tick()

    async def tick(self) -> None:
        """Ask once for each watched site, and tell its pages what is new there."""
        for site_id, watchers in list(self._watchers.items()):
            sessions = {each.sign_in_id for each in watchers}
            try:
                recent, alive = await sync_to_thread(self.ask, site_id, sessions)
            except SQLAlchemyError:
                log.warning("live updates wait for the database", site=site_id, exc_info=True)
                continue
            for each in list(watchers):
                self._tell(each, recent, is_alive=each.sign_in_id in alive)

    def _tell(self, watcher: Watcher, recent: list[Done], *, is_alive: bool) -> None:
        if not is_alive:
            watcher.queue.put_nowait(event("end", "locked"))
            watcher.queue.put_nowait(None)
            return
        if news := watcher.news(recent):
            mine = sorted({each.name for each in news if watcher.did(each)})
            others = sorted({each.name for each in news if not watcher.did(each)})
            watcher.queue.put_nowait(event("acts", {"others": others, "mine": mine}))

    def ask(self, site_id: int, sessions: Iterable[int]) -> tuple[list[Done], set[int]]:
        """Return a site's acts of the last moments, and which sessions go on. One statement."""
        now = self.clock()
        acts = select(
            literal("act").label("what"), ActRow.id, ActRow.name, ActRow.account_id,
            ActRow.terminal_id, ActRow.recorded_at.label("at"), literal(0).label("minutes"),
        ).where(ActRow.site_id == site_id, ActRow.recorded_at > now - WINDOW)  # fmt: skip
        going_on = select(
            literal("session"), SignIn.id, literal(""), SignIn.account_id,
            null(), SignIn.seen_at, SignIn.locks_after,
        ).where(SignIn.id.in_(sessions), SignIn.expires_at > now)  # fmt: skip
        with self.database.read(site_id) as session:
            rows: list[Any] = list(session.execute(union_all(acts, going_on)))
        done = [Done(*row[1:6]) for row in rows if row.what == "act"]
        alive = {
            row.id
            for row in rows
            if row.what == "session" and not is_idle(row.at, row.minutes, now)
        }
        return done, alive

    def stop(self) -> None:
        """End every stream, from any thread: the server is about to stop."""
        self._stopped.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for watchers in list(self._watchers.values()):
            for each in list(watchers):
                each.queue.put_nowait(event("end", "stop"))
                each.queue.put_nowait(None)


_all: "WeakSet[Live]" = WeakSet()


def end_streams() -> None:
    """End every stream of this process, so that a server that stops waits for none."""
    for each in list(_all):
        each.stop()


def drawn_at(given: str, now: datetime) -> datetime:
    """Return when a page was drawn, from its own word in milliseconds; at the latest now."""
    if not given.isascii() or not given.isdigit() or len(given) > 13:
        return now
    return min(now, datetime.fromtimestamp(int(given) / 1000, now.tzinfo))


def event(name: str, data: object = "") -> bytes:
    """Return one event as it is sent."""
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
