"""What was asked for and what is answered, free of the web framework."""

import base64
import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from palier.context import Context, Cookie
from palier.errors import Refused
from palier.text import _


class NotJson(Refused):
    """A body that is not a JSON object."""

    text = _("The body must be a JSON object.")


@dataclass(frozen=True)
class Request:
    """One request: the body was read before any transaction began."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    client: str = ""

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method not in {"GET", "HEAD"}

    @property
    def is_json(self) -> bool:
        """Whether a program asks, not a person."""
        return self.path.startswith("/api/")

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The form's values; a name sent several times is joined with commas."""
        found: dict[str, str] = {}
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        for name, value in pairs:
            found[name] = f"{found[name]},{value}" if found.get(name) else value
        return found

    @cached_property
    def json(self) -> Mapping[str, Any]:
        """The JSON object. Raises `NotJson`."""
        try:
            found = msgspec.json.decode(self.body or b"{}")
        except msgspec.DecodeError as error:
            raise NotJson from error
        if not isinstance(found, dict):
            raise NotJson
        return found

    def with_query(self, **changed: str | None) -> str:
        """Return this address with some of its query changed; None takes a name away."""
        query = {**self.query, **changed}
        words = urlencode({name: value for name, value in query.items() if value})
        return f"{self.path}?{words}" if words else self.path


PDF = "application/pdf"


@dataclass(frozen=True)
class Answer:
    """What goes back. `location` makes it a redirect; a `stream` is sent bit by bit, after commit."""

    body: bytes | str = b""
    status: int = 200
    media_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[Cookie, ...] = ()
    location: str | None = None
    stream: "Callable[[], AsyncIterator[bytes]] | None" = None

    @classmethod
    def file(
        cls, body: bytes | str, name: str, *, media_type: str = PDF, attached: bool = False
    ) -> "Answer":
        """Give a file of this name: `attached` is kept by the browser, else it is shown."""
        how = "attachment" if attached else "inline"
        headers = {"content-disposition": f'{how}; filename="{name}"'}
        return cls(body, media_type=media_type, headers=headers)


UNKEPT = "__unkept"


def unkept(names: Iterable[str]) -> dict[str, str]:
    """Return the hidden value of a form that names what may not travel on when a session is lost."""
    told = ",".join(sorted(names))
    return {UNKEPT: told} if told else {}


def kept_of(form: Mapping[str, str]) -> str:
    """Return what travels on of a form whose session is lost: no secret, and no token."""
    left_out = {"csrf", UNKEPT, *form.get(UNKEPT, "").split(",")}
    return urlencode({name: value for name, value in form.items() if name not in left_out})


def redirect(location: str, *cookies: Cookie) -> Answer:
    """Send the browser on with GET."""
    return Answer(status=303, location=location, cookies=cookies)


def as_json(value: object, status: int = 200) -> Answer:
    """Answer a program."""
    body = msgspec.json.encode(value, enc_hook=str)
    return Answer(body, status, "application/json")


def local_path(given: str | None, otherwise: str) -> str:
    """Return a path of this installation only: an address elsewhere is left out."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")):
        return otherwise
    # Browsers drop control signs, so that "/<tab>/host" would lead elsewhere.
    return otherwise if any(ord(each) < 0x20 for each in given) else given


def new_key() -> str:
    """Return a fresh form key."""
    return secrets.token_urlsafe(18)


def own_form(desk: Context, back: str = "") -> dict[str, str]:
    """Return the hidden values of a form that a page draws itself and that sends an act.

    `back` is where it leads; an act with a page of its own (`then`) leads there.
    """
    return {"csrf": desk.csrf, "key": new_key(), **({"back": back} if back else {})}


def csrf_of(secret: bytes, token: str) -> str:
    """Return the word that forms of this session carry."""
    mac = hmac.digest(secret, b"csrf:" + token.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def csrf_fits(secret: bytes, token: str, given: str | None) -> bool:
    """Whether a form comes from a page of ours."""
    return bool(given) and hmac.compare_digest(csrf_of(secret, token), str(given))
