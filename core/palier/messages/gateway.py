"""Text messages through a gateway that takes JSON over HTTP: whichever one the settings describe."""

import http.client
import json
import re
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from palier.errors import Refused
from palier.messages.models import LONGEST, Trouble
from palier.messages.ways import PATIENCE, Fate, Outcome, Sms
from palier.settings import SmsGateway
from palier.text import _

LARGEST = 65_536  # bytes of an answer; more is none
_BLANK = re.compile(r"\{(?:to|text|sender|reference|token)\}")
_BUSY = {408, 425, 429, 503}
_PERHAPS = {502, 504}  # a proxy speaks: what stands behind it may have taken the message


class WrongGateway(Refused):
    text = _("The gateway's settings can't be used: %(why)s.")


def check_gateway(gateway: SmsGateway) -> None:
    """Raise `WrongGateway` for settings that could never send anything."""
    _parts(gateway)
    _body(gateway, Sms("+33612345678", "x", "x"))


@dataclass
class HttpGateway:
    """A gateway on the network."""

    gateway: SmsGateway
    patience: float = PATIENCE

    def send(self, sms: Sms) -> Outcome:
        """Post one text message. What is not known to have failed is never called a failure."""
        parts, body = _parts(self.gateway), _body(self.gateway, sms)
        connection = _connection(parts, self.patience)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException):
            connection.close()
            return Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)
        try:
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("POST", path, body, _headers(self.gateway))
            answer = connection.getresponse()
            status, text = answer.status, self._read(answer)
        except TimeoutError:
            return Outcome(Fate.UNSURE, Trouble.SILENT, down=True)
        except (OSError, http.client.HTTPException):
            return Outcome(Fate.UNSURE, Trouble.UNREADABLE, down=True)
        finally:
            connection.close()
        return _judged(self.gateway, status, text)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """Read an answer of a sane size in a sane time, however slowly it drips."""
        until = time.monotonic() + self.patience
        found = b""
        while len(found) < LARGEST and (part := answer.read1(4096)):
            found += part
            if time.monotonic() > until:
                raise TimeoutError
        return found


def _parts(gateway: SmsGateway) -> SplitResult:
    parts = urlsplit(gateway.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongGateway(why="PALIER_SMS_URL")
    return parts


def _connection(parts: SplitResult, patience: float) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=patience)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(host, port, timeout=patience, context=context)


def _headers(gateway: SmsGateway) -> dict[str, str]:
    headers = {"content-type": "application/json", "accept": "application/json"}
    name, _sign, value = gateway.header.partition(":")
    if value.strip():
        headers[name.strip()] = value.strip().replace("{token}", gateway.token)
    return headers


def _body(gateway: SmsGateway, sms: Sms) -> bytes:
    try:
        shape = json.loads(gateway.body)
    except ValueError as error:
        raise WrongGateway(why="PALIER_SMS_BODY") from error
    given = {
        "{to}": sms.to,
        "{text}": sms.text,
        "{sender}": gateway.sender,
        "{reference}": sms.reference,
        "{token}": gateway.token,
    }
    return json.dumps(_filled(shape, given), ensure_ascii=False).encode()


def _filled(shape: Any, given: dict[str, str]) -> Any:
    match shape:
        case dict():
            return {name: _filled(each, given) for name, each in shape.items()}
        case list():
            return [_filled(each, given) for each in shape]
        case str():
            # In one pass: a message that says "{token}" is not filled itself.
            return _BLANK.sub(lambda blank: given[blank[0]], shape)
    return shape


def _judged(gateway: SmsGateway, status: int, text: bytes) -> Outcome:
    if 200 <= status < 300:
        return _taken(gateway, status, text)
    if status in _PERHAPS:
        return Outcome(Fate.UNSURE, Trouble.FAULT, status, down=True)
    if status in _BUSY:
        return Outcome(Fate.AGAIN, Trouble.BUSY, status, down=True)
    if status >= 500:
        return Outcome(Fate.AGAIN, Trouble.FAULT, status, down=True)
    if status in {401, 403}:
        return Outcome(Fate.AGAIN, Trouble.NOT_LET_IN, status, down=True)
    return Outcome(Fate.NEVER, Trouble.REFUSED, status)


def _taken(gateway: SmsGateway, status: int, text: bytes) -> Outcome:
    if not gateway.answer:
        return Outcome(Fate.SENT, code=None)
    try:
        found = json.loads(text)
        for step in gateway.answer.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, LookupError, TypeError):
        return Outcome(Fate.UNSURE, Trouble.UNREADABLE, status)
    return Outcome(Fate.SENT, reference=str(found)[: LONGEST["gateway_ref"]])
