"""The one way in: who, where, gate, permission, handler, page, commit, in one thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from palier.context import NOBODY, Actor, Context, Cookie, Place, Seat
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.errors import NotAllowed, NotSignedIn, NotThere, Refused
from palier.text import Reader, _, read_by
from palier.trail import DoneBefore
from palier.web.asked import Answer, Request, as_json, csrf_fits, csrf_of, redirect

TOKEN = "palier_session"  # noqa: S105 - a cookie's name
TOUCH = timedelta(minutes=5)
BY_ITSELF = "palier-live"  # the header of what a page asks for with nobody's hand on it


@dataclass(frozen=True)
class SignedIn:
    """An account with its session, and the device of the day that it stands on, if any."""

    account_id: int
    name: str
    locale: str
    token: str
    sign_in_id: int
    seen_at: datetime
    admin: bool = False
    on_device: bool = False
    terminal_id: int | None = None
    by_code: bool = False
    locks_after: int = 0

    @property
    def seat(self) -> Seat:
        """From where this person acts."""
        return Seat(
            self.sign_in_id, self.on_device, self.terminal_id, self.by_code, self.locks_after
        )


def touched_every(locks_after: int) -> timedelta:
    """Return how old a session's `seen_at` may grow before it is written again."""
    return min(TOUCH, timedelta(minutes=locks_after) / 5) if locks_after else TOUCH


def is_idle(seen_at: datetime, locks_after: int, now: datetime) -> bool:
    """Whether a device was left alone for so many minutes that it is locked; 0 is never."""
    longest = timedelta(minutes=locks_after) + touched_every(locks_after)
    return bool(locks_after) and now - seen_at > longest


class Identity(Protocol):
    """Who asks and where: answered by the accounts and sites areas in two statements."""

    def site_and_account(
        self, session: SiteSession, slug: str, token: str, now: datetime
    ) -> tuple[Place | None, SignedIn | None]:
        """Read site, session and account in one statement."""
        ...

    def rights(
        self, session: SiteSession, place: Place, signed: SignedIn, now: datetime
    ) -> tuple[Place, Actor]:
        """Read the role, with the site set; the site comes back with its plugins."""
        ...

    def switched(self, session: SiteSession, place: Place) -> Place:
        """Return the site with its plugins, with the site set."""
        ...

    def touch(self, database: Database, signed: SignedIn, now: datetime) -> None:
        """Note that the session was used, in a transaction of its own."""
        ...


@dataclass(frozen=True)
class Handler:
    """What answers an address. `show` draws, after a refusal too; `act` changes something."""

    show: Callable[[Any, Request, Refused | None], Answer]
    act: Callable[[Any, Request], Answer] | None = None


class WrongToken(Refused):
    """A form that does not come from a page of this session."""

    text = _("This page was too old. Send it again: what you typed is still here.")


@dataclass
class Wrapper:
    """Opens the transaction and knows who and where. Made once, used by every route."""

    database: Database
    identity: Identity
    desk: Callable[..., Context]
    refused: Callable[[Request, Refused, Place | None, SignedIn | None], Answer]
    secret: bytes
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, request: Request, slug: str, handler: Handler) -> Answer:
        """Answer one request under `/{site}/`; a refusal is drawn from a fresh read transaction."""
        try:
            if request.writes:
                return self._write(request, slug, handler)
            return self._read(request, slug, handler, None)
        except Refused as refusal:
            with read_by(Reader(language_of(request))):
                return self.refused(request, refusal, None, None)

    def show_anyone(self, request: Request, slug: str, handler: Handler) -> Answer:
        """Answer what is open to all: nobody is asked who they are, and nobody may act."""
        try:
            with self.database.read() as session:
                now = self.clock()
                place, _signed = self.identity.site_and_account(session, slug, "", now)
                if place is None:
                    raise NotThere
                session.enter(place.id)
                place = self.identity.switched(session, place)
                desk = self.desk(session, place, NOBODY, now)
                return handler.show(desk, request, None)
        except Refused as refusal:
            with read_by(Reader(language_of(request))):
                return self.refused(request, refusal, None, None)

    def _write(self, request: Request, slug: str, handler: Handler) -> Answer:
        if handler.act is None:
            raise NotThere
        act = handler.act

        def work() -> Answer:
            with self.database.write() as session:
                desk, signed = self._arrive(session, request, slug)
                with read_by(reader_of(desk, signed)):
                    given = request.headers.get("x-csrf-token") or request.form.get("csrf")
                    if not csrf_fits(self.secret, signed.token, given):
                        raise WrongToken
                    answer = act(desk, request)
                    return replace(answer, cookies=(*answer.cookies, *desk.cookies))

        try:
            return self.database.again(work)
        except DoneBefore as done:
            if request.is_json:
                return as_json({"done_before": True, "result": done.result_path})
            return redirect(done.result_path or f"/{slug}/desk")
        except (NotSignedIn, NotThere, NotAllowed):
            raise
        except Refused as refusal:
            return self._read(request, slug, handler, refusal)

    def _read(
        self, request: Request, slug: str, handler: Handler, refusal: Refused | None
    ) -> Answer:
        with self.database.read() as session:
            desk, signed = self._arrive(session, request, slug)
            with read_by(reader_of(desk, signed)):
                answer = handler.show(desk, request, refusal)
        now = self.clock()
        due = now - signed.seen_at > touched_every(signed.locks_after)
        if due and answer.stream is None and BY_ITSELF not in request.headers:
            self.identity.touch(self.database, signed, now)
        return answer

    def _arrive(
        self, session: SiteSession, request: Request, slug: str
    ) -> tuple[Context, SignedIn]:
        now = self.clock()
        token = request.cookies.get(TOKEN, "")
        place, signed = self.identity.site_and_account(session, slug, token, now)
        if place is None:
            raise NotThere
        if signed is None:
            raise NotSignedIn
        session.enter(place.id)
        place, actor = self.identity.rights(session, place, signed, now)
        if actor.role is None:
            raise NotAllowed
        desk = self.desk(session, place, actor, now)
        desk.csrf = csrf_of(self.secret, signed.token)
        desk.seat = signed.seat
        desk.locale = signed.locale
        return desk, signed


def reader_of(desk: Context, signed: SignedIn) -> Reader:
    """Return who reads: the person's language, the site's clock."""
    return Reader(signed.locale, desk.site.zone, desk.today.year)


def language_of(request: Request) -> str:
    chosen = request.cookies.get("palier_language", "")
    if chosen in {"fr", "en"}:
        return chosen
    return "en" if request.headers.get("accept-language", "fr").lower().startswith("en") else "fr"


def display_cookie(name: str, value: str) -> Cookie:
    """A person's choice of display, kept a year in the browser."""
    return Cookie(f"palier_{name}", value, max_age=31_536_000)
