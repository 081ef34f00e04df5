"""Where this installation keeps its things: from the environment, then a TOML file, then defaults."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SMS_BODY = '{"to": "{to}", "text": "{text}", "sender": "{sender}", "reference": "{reference}"}'
SMS_HEADER = "Authorization: Bearer {token}"


@dataclass(frozen=True)
class MailServer:
    """The server that takes e-mail. `security`: starttls · tls · none."""

    host: str
    port: int
    security: str
    sender: str
    login: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""


@dataclass(frozen=True)
class SmsGateway:
    """The address that takes text messages as JSON over HTTP.

    In `header` and in the texts of `body`, `{to}`, `{text}`, `{sender}`, `{reference}` and
    `{token}` are filled in. `answer` leads to the gateway's own number in its answer, for instance
    `messages.0.id`; without one, any good answer will do.
    """

    url: str
    body: str
    header: str
    sender: str = ""
    answer: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """One installation. `database_url` is the application's role, `owner_url` owns the tables."""

    home: Path
    database_url: str
    owner_url: str
    secret: bytes
    closings: Path
    access_log: Path
    secure_cookies: bool = False
    archives_folder: Path | None = None
    mail: MailServer | None = None
    sms: SmsGateway | None = None

    @property
    def archives(self) -> Path:
        """Where the yearly archives are kept, outside the database."""
        return self.archives_folder or self.home / "archives"

    @property
    def on_sqlite(self) -> bool:
        """Whether the site runs on a laptop's file."""
        return self.database_url.startswith("sqlite")

    @property
    def shown_url(self) -> str:
        """The database's address without its password."""
        return re.sub(r":[^:@/]*@", ":***@", self.database_url)


class NoSecret(LookupError):
    """The secret file is missing: `palier init` makes it."""


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `PALIER_*` and the file named by `PALIER_CONFIG`.

    Raises `OSError` or `tomllib.TOMLDecodeError` for an unreadable file, `ValueError` for a port
    that is no number.
    """
    env = dict(os.environ if environment is None else environment)
    file = env.get("PALIER_CONFIG")
    told = tomllib.loads(Path(file).read_text("utf-8")) if file else {}
    told |= {key[7:].lower(): value for key, value in env.items() if key.startswith("PALIER_")}
    home = Path(told.get("home", "var")).absolute()
    url = told.get("database_url", f"sqlite:///{home / 'palier.sqlite3'}")
    return Settings(
        home=home,
        database_url=url,
        owner_url=told.get("owner_url", url),
        secret=_secret(told, home),
        closings=Path(told.get("closings", home / "closings")),
        access_log=Path(told.get("access_log", home / "access.jsonl")),
        secure_cookies=str(told.get("secure_cookies", "")).lower() in {"1", "true", "yes"},
        archives_folder=Path(told.get("archives", home / "archives")),
        mail=_mail(told),
        sms=_sms(told),
    )


def _mail(told: Mapping[str, str]) -> MailServer | None:
    host = told.get("smtp_host", "")
    if not host:
        return None
    login = told.get("smtp_login", "")
    return MailServer(
        host=host,
        port=int(told.get("smtp_port", 587)),
        security=str(told.get("smtp_security", "starttls")).lower(),
        sender=told.get("smtp_from", login),
        login=login,
        password=told.get("smtp_password") or _read(told.get("smtp_password_file")),
        ca_file=told.get("smtp_ca_file", ""),
    )


def _sms(told: Mapping[str, str]) -> SmsGateway | None:
    url = told.get("sms_url", "")
    if not url:
        return None
    return SmsGateway(
        url=url,
        body=told.get("sms_body", SMS_BODY),
        header=told.get("sms_header", SMS_HEADER),
        sender=told.get("sms_sender", ""),
        answer=told.get("sms_answer", ""),
        token=told.get("sms_token") or _read(told.get("sms_token_file")),
    )


def _read(path: str | None) -> str:
    return Path(path).read_text("utf-8").strip() if path else ""


def _secret(told: Mapping[str, str], home: Path) -> bytes:
    if given := told.get("secret"):
        return given.encode()
    path = Path(told.get("secret_file", home / "secret"))
    return path.read_bytes().strip() if path.exists() else b""


def make_secret(settings: Settings) -> Path:
    """Write a new secret beside the database, readable by its owner only, unless there is one."""
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / "secret"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path
