"""A mail server and a gateway for text messages on this machine: real sockets, kept answers."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from palier.settings import SMS_BODY, SMS_HEADER, MailServer, SmsGateway

HERE = "127.0.0.1"
PATIENCE = 20.0  # seconds; no test waits as long
SHORT = 0.3  # seconds, where nobody answers
GOOD = (200, b'{"id": "abc-1"}')


@dataclass
class Gateway:
    """A gateway that answers what a test wants; `taken` is every text message that reached it."""

    address: str = ""
    answer: Callable[[], tuple[int, bytes] | None] = lambda: GOOD  # None: never
    patience: float = PATIENCE  # of who asks it, in seconds: short once it never answers
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def settings(self, **more: Any) -> SmsGateway:
        """Return the settings that lead here."""
        known = {"url": self.address, "body": SMS_BODY, "header": SMS_HEADER, "answer": "id"}
        return SmsGateway(**{**known, **more})

    def says(self, *answers: tuple[int, bytes] | None) -> None:
        """Answer in this order; the last one from then on."""
        left = list(answers)
        self.patience = SHORT if None in left else PATIENCE
        self.answer = lambda: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run a gateway."""
    kept = Gateway()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.taken.append(json.loads(body))
            kept.headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = kept.answer()
            if answer is None:
                kept.closing.wait()
                return
            self.send_response(answer[0])
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_more: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_more: object) -> None:
            """A caller that went away is what a test wanted."""

    server = Quiet((HERE, 0), Answers)
    kept.address = f"http://{HERE}:{server.server_address[1]}/send?v=1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        kept.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailBox:
    """A mail server that keeps what it is given. `refuses` maps an address to its answer."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    refuses_all: str = ""
    signed_in: list[str] = field(default_factory=list)
    ca_file: str = ""

    def settings(self, **more: Any) -> MailServer:
        """Return the settings that lead here."""
        known: dict[str, Any] = {
            "host": HERE,
            "port": self.port,
            "security": "starttls" if self.ca_file else "none",
            "sender": "bonjour@conciergerie.example",
            "ca_file": self.ca_file,
        }
        return MailServer(**{**known, **more})

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take an address, or refuse it."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message."""
        if self.refuses_all:
            return self.refuses_all
        content = cast("bytes", envelope.content)
        self.taken.append(message_from_bytes(content, policy=default))
        return "250 OK"

    def let_in(
        self, _server: SMTP, _s: Session, _e: Envelope, _how: str, given: object
    ) -> AuthResult:
        """Check who signs in."""
        assert isinstance(given, LoginPassword)
        self.signed_in.append(given.login.decode())
        return AuthResult(success=given.password == b"geheim", handled=False)


@contextmanager
def mail_server(folder: Path | None = None) -> Iterator[MailBox]:
    """Run a mail server; with a folder for its certificate it asks for STARTTLS and a password."""
    box = MailBox(port=_free_port())
    more: dict[str, Any] = {"enable_SMTPUTF8": True}
    if folder is not None:
        authority = trustme.CA()
        trusted = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(trusted))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HERE).configure_cert(context)
        box.ca_file = str(trusted)
        more |= {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": box.let_in,
            "auth_required": True,
        }
    controller = _Door(box, hostname=HERE, port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(controller.hang_up(), controller.loop).result()
        controller.stop()


class _Door(Controller):
    """The server's own; it knows who is connected, since one who said goodbye may still be."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines: list[asyncio.Transport] = []

    def factory(self) -> SMTP:
        """Return the server's end of a new connection."""
        return _Session(self.handler, lines=self.lines, **self.SMTP_kwargs)

    async def hang_up(self) -> None:
        """Close each connection, so that none is left to be found open by a later test."""
        for each in self.lines:
            each.abort()
        await asyncio.sleep(0)  # the turn in which the sockets are closed


class _Session(SMTP):
    def __init__(self, *args: Any, lines: list[asyncio.Transport], **more: Any) -> None:
        super().__init__(*args, **more)
        self._lines = lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the line itself, and what runs through it later."""
        assert isinstance(transport, asyncio.Transport)
        self._lines.append(transport)
        super().connection_made(transport)


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind((HERE, 0))
        return int(tried.getsockname()[1])
