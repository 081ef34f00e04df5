"""Signing in and out: passwords checked, sessions kept in the database, revocable."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from palier.accounts.identity import digest
from palier.accounts.models import Account, SignIn, Staff
from palier.db.engine import Database
from palier.errors import Refused
from palier.sites.models import Site, SiteKind
from palier.text import _

if TYPE_CHECKING:
    from pwdlib import PasswordHash

LASTS = timedelta(hours=12)


class WrongPassword(Refused):
    """Login and password do not go together; which of them is not said."""

    text = _("This name and this password do not go together. Try again, or ask a manager.")
    field = "password"


class PasswordTooShort(Refused):
    """A new password that is too easy to guess."""

    text = _("A password needs at least %(least)s signs.")
    field = "password"


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash  # late: only signing in needs it

    return PasswordHash.recommended()


def hash_password(password: str) -> str:
    """Return what is stored of a password. Raises `PasswordTooShort` under 10 signs."""
    if len(password) < 10:
        raise PasswordTooShort(least=10)
    return _hasher().hash(password)


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(8))


def sign_in(database: Database, login: str, password: str, now: datetime) -> tuple[str, str]:
    """Open a session; return its token and the slug of the account's first site, "" for several.

    Raises `WrongPassword`. An unknown login costs the same time as a known one.
    """
    with database.read() as session:
        account = session.scalars(
            select(Account).where(Account.login == login.strip().lower())
        ).first()
    stored = account.password_hash if account else _nobody()
    fits = _hasher().verify(password, stored) if stored.startswith("$") else False
    if account is None or not fits or account.disabled_at is not None:
        raise WrongPassword
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
    sites = sites_of(database, account.id)
    return token, sites[0][0] if len(sites) == 1 else ""


def sign_out(database: Database, token: str) -> None:
    """End one session; the browser's cookie is worth nothing after it."""
    with database.write() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def account_of(database: Database, token: str, now: datetime) -> Account | None:
    """Return who a session belongs to, while it lasts."""
    query = (
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_hash == digest(token), SignIn.expires_at > now)
        .where(Account.disabled_at.is_(None))
    )
    with database.read() as session:
        return session.scalars(query).first()


def sites_of(database: Database, account_id: int) -> list[tuple[str, str, str]]:
    """Return slug, name and address of the sites where an account works, but for training."""
    query = (
        select(Site.slug, Site.name, Site.address)
        .join(Staff, Staff.site_id == Site.id)
        .where(Staff.account_id == account_id, Site.kind != SiteKind.TRAINING)
        .distinct()
        .order_by(Site.name)
    )
    with database.across_sites("which sites an account works at") as session:
        return [(row.slug, row.name, row.address) for row in session.execute(query)]
