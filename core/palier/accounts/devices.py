"""The door of a device of the day: whose code it is, how often it was wrong, locking and closing."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, Select, and_, delete, select, update

from palier.accounts.codes import whose
from palier.accounts.models import SignIn, Staff, Terminal
from palier.accounts.passwords import digest
from palier.accounts.rules import (
    LONG,
    MOST_WRONG,
    TRIES,
    DeviceIsShut,
    NotFourDigits,
    PasswordNeeded,
    Settings,
    WrongCode,
    digits_of,
    needs_password,
    works_on,
)
from palier.context import Context
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.site_settings import read_settings
from palier.sites.models import Site
from palier.values import is_id

log = structlog.get_logger("palier.accounts")


@dataclass(frozen=True)
class Device:
    """A browser that is open today, as its cookie says."""

    id: int
    name: str
    site_id: int
    slug: str
    site_name: str
    theme: str
    zone: ZoneInfo
    open_until: datetime
    token: str
    tries: int
    wrong: int

    @property
    def needs_password(self) -> bool:
        """Whether too many codes were wrong."""
        return needs_password(self.tries, self.wrong)


@dataclass(frozen=True)
class Entered:
    """A session that a code opened, and the language of who acts now."""

    token: str
    locale: str


def device_of(database: Database, cookie: str, now: datetime) -> Device | None:
    """Return the device that a browser's cookie names, while its day lasts."""
    site, _dot, token = cookie.partition(".")
    if not is_id(site) or not token:
        return None
    with database.read(int(site)) as session:
        row = session.execute(_query(digest(token), now)).first()
    if row is None:
        return None
    terminal, place = row
    return Device(
        terminal.id, terminal.name, place.id, place.slug, place.name, place.theme,
        ZoneInfo(place.timezone), terminal.open_until, token, terminal.tries, terminal.wrong,
    )  # fmt: skip


def _query(hashed: str, now: datetime) -> Select[Terminal, Site]:
    open_now = and_(Terminal.token_hash == hashed, Terminal.open_until > now)
    return select(Terminal, Site).join(Site, Site.id == Terminal.site_id).where(open_now)


def enter(
    database: Database, secret: bytes, device: Device, typed: str, before: str, now: datetime
) -> Entered:
    """Open a session for whoever has this code; the session before it ends, its token with it.

    Each try is counted before it is looked at, so that two tabs and many threads have no more than
    one. Raises `NotFourDigits`, `WrongCode`, `PasswordNeeded`, `DeviceIsShut`.
    """
    code = digits_of(typed)
    if len(code) != LONG:
        raise NotFourDigits
    with database.write(device.site_id) as session:
        tries = _count_try(session, device, now)
        if tries is None:
            raise PasswordNeeded if _is_open(session, device, now) else DeviceIsShut
        known = whose(session, secret, code, now.astimezone(device.zone).date())
        if known is not None:
            _was_right(session, device)
            end_session(session, before)
            token = _begin(session, device, known.account_id, now)
    if known is None:
        log.warning("wrong desk code", site=device.slug, device=device.id, tries=tries)
        raise PasswordNeeded if tries >= TRIES else WrongCode(left=TRIES - tries)
    return Entered(token, known.locale)


def _count_try(session: SiteSession, device: Device, now: datetime) -> int | None:
    """Count a try, and return how many in a row it makes; None where none is left."""
    counted = (
        update(Terminal)
        .where(
            _this(device),
            Terminal.open_until > now,
            Terminal.tries < TRIES,
            Terminal.wrong < MOST_WRONG,
        )
        .values(tries=Terminal.tries + 1, wrong=Terminal.wrong + 1)
        .returning(Terminal.tries)
    )
    tries: int | None = session.execute(counted).scalar()
    return tries


def _this(device: Device) -> ColumnElement[bool]:
    """The device as this browser opened it: opened anew elsewhere, it is another."""
    return and_(Terminal.id == device.id, Terminal.token_hash == digest(device.token))


def _is_open(session: SiteSession, device: Device, now: datetime) -> bool:
    open_now = select(Terminal.id).where(_this(device), Terminal.open_until > now)
    return session.scalar(open_now) is not None


def _was_right(session: SiteSession, device: Device) -> None:
    right = {"tries": 0, "wrong": Terminal.wrong - 1}
    session.execute(update(Terminal).where(Terminal.id == device.id).values(right))


def _begin(session: SiteSession, device: Device, account_id: int, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    day = now.astimezone(device.zone).date()
    session.add(
        SignIn(
            token_hash=digest(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            expires_at=device.open_until,
            terminal_site_id=device.site_id,
            terminal_id=device.id,
            by_code=True,
            locks_after=read_settings(session, Settings, day).locks_after,
        )
    )
    return token


def end_session(session: SiteSession, token: str) -> None:
    """End a session; the browser's cookie is worth nothing after it."""
    session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def lock(database: Database, device: Device, token: str) -> None:
    """End the session, and leave the device open for the next code."""
    with database.write(device.site_id) as session:
        end_session(session, token)


def shut(database: Database, device: Device, now: datetime) -> None:
    """Close a device, with all that is open on it."""
    closed = update(Terminal).where(_this(device)).values(token_hash=None, open_until=now)
    with database.write(device.site_id) as session:
        session.execute(delete(SignIn).where(SignIn.terminal_id == device.id))
        session.execute(closed)


def sit_down(database: Database, device: Device, token: str, now: datetime) -> bool:
    """Tie a session that a password opened to the device, if the person works at its site.

    The password is worth what five codes are not: the tries begin anew. Return whether it fits.
    """
    day = now.astimezone(device.zone).date()
    with database.write(device.site_id) as session:
        mine = session.scalars(select(SignIn).where(SignIn.token_hash == digest(token))).one()
        works = select(Staff.id).where(Staff.account_id == mine.account_id, works_on(day))
        if session.scalar(works) is None or not _is_open(session, device, now):
            return False
        mine.terminal_site_id, mine.terminal_id = device.site_id, device.id
        mine.locks_after = read_settings(session, Settings, day).locks_after
        mine.expires_at = min(mine.expires_at, device.open_until)
        again = update(Terminal).where(_this(device)).values(tries=0, wrong=0)
        session.execute(again)
    return True


def lock_all_after(desk: Context) -> None:
    """Let every device that is open at the site lock as its settings say now."""
    here = SignIn.terminal_site_id == desk.site.id
    minutes = desk.settings(Settings).locks_after
    desk.session.execute(update(SignIn).where(here).values(locks_after=minutes))
