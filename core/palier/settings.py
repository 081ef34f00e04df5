"""Where this installation keeps its things: from the environment, then a TOML file, then defaults."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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

    Raises `OSError` or `tomllib.TOMLDecodeError` for an unreadable file.
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
    )


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
