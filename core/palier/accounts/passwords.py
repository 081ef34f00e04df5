"""What is kept of passwords and tokens: never themselves."""

import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING

from palier.errors import Refused
from palier.text import _

if TYPE_CHECKING:
    from pwdlib import PasswordHash


class PasswordTooShort(Refused):
    """A new password that is too easy to guess."""

    text = _("A password needs at least %(least)s signs.")
    field = "password"


def digest(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash  # late: only signing in needs it

    return PasswordHash.recommended()


def hash_password(password: str) -> str:
    """Return what is stored of a password. Raises `PasswordTooShort` under 10 signs."""
    if len(password) < 10:
        raise PasswordTooShort(least=10)
    return _hasher().hash(password)


def fits(password: str, stored: str) -> bool:
    """Whether this is the password that was stored."""
    return _hasher().verify(password, stored) if stored.startswith("$") else False


@cache
def nobody() -> str:
    """Return the hash of a password that nobody has, to cost as long as a real one."""
    return _hasher().hash(secrets.token_hex(8))
