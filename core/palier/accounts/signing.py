"""Signing in and out: passwords checked, sessions kept in the database, revocable."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, select

from palier.accounts.models import Account, SignIn, Staff
from palier.accounts.passwords import digest, fits, nobody
from palier.db.engine import Database
from palier.errors import Refused
from palier.sites.models import Site, SiteKind
from palier.text import _
from palier.web.wrapper import is_idle

LASTS = timedelta(hours=12)


class WrongPassword(Refused):
    """Login and password do not go together; which of them is not said."""

    text = _("This name and this password do not go together. Try again, or ask a manager.")
    field = "password"


class NoLongerHere(Refused):
    text = _("You no longer work at any site of this installation. A manager can change that.")


def sign_in(database: Database, login: str, password: str, now: datetime) -> tuple[str, str]:
    """Open a session; return its token and the slug of the account's first site, "" for several.

    Raises `WrongPassword`, and `NoLongerHere` for who worked somewhere and does no more. An unknown
    login costs the same time as a known one.
    """
    with database.read() as session:
        account = session.scalars(
            select(Account).where(Account.login == login.strip().lower())
        ).first()
    right = fits(password, account.password_hash if account else nobody())
    if account is None or not right or account.disabled_at is not None:
        raise WrongPassword
    if account.network_role is None and _has_gone(database, account.id, now):
        raise NoLongerHere
    token = secrets.token_urlsafe(32)
    with database.write() as session:
        session.execute(delete(SignIn).where(SignIn.expires_at < now))
        session.add(
            SignIn(
                token_hash=digest(token),
                account_id=account.id,
                created_at=now,
                seen_at=now,
                expires_at=now + LASTS,
            )
        )
    sites = sites_of(database, account.id, now)
    return token, sites[0][0] if len(sites) == 1 else ""


def sign_out(database: Database, token: str) -> None:
    """End one session; the browser's cookie is worth nothing after it."""
    with database.write() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def account_of(database: Database, token: str, now: datetime) -> Account | None:
    """Return who a session belongs to, while it lasts."""
    query = (
        select(Account, SignIn.seen_at, SignIn.locks_after)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_hash == digest(token), SignIn.expires_at > now)
        .where(Account.disabled_at.is_(None))
    )
    with database.read() as session:
        row = session.execute(query).first()
    return None if row is None or is_idle(row.seen_at, row.locks_after, now) else row[0]


def sites_of(database: Database, account_id: int, now: datetime) -> list[tuple[str, str, str]]:
    """Return slug, name and address of the sites where an account works today, but for training."""
    return [
        (each.slug, each.name, each.address)
        for each in _workplaces(database, account_id)
        if each.valid_from <= _day(each, now) and not _is_over(each, now)
    ]


def _has_gone(database: Database, account_id: int, now: datetime) -> bool:
    """Whether someone worked somewhere, and works nowhere now or later."""
    known = _workplaces(database, account_id)
    return bool(known) and all(_is_over(each, now) for each in known)


def _workplaces(database: Database, account_id: int) -> list[Row[Any]]:
    query = (
        select(Site.slug, Site.name, Site.address, Site.timezone, Staff.valid_from, Staff.valid_to)
        .join(Staff, Staff.site_id == Site.id)
        .where(Staff.account_id == account_id, Site.kind != SiteKind.TRAINING)
        .distinct()
        .order_by(Site.name)
    )
    with database.across_sites("which sites an account works at") as session:
        return list(session.execute(query))


def _day(each: Row[Any], now: datetime) -> date:
    return now.astimezone(ZoneInfo(each.timezone)).date()


def _is_over(each: Row[Any], now: datetime) -> bool:
    return each.valid_to is not None and each.valid_to <= _day(each, now)
