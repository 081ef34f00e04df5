"""Where the demonstration is kept, and when it is made anew."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url

from palier.demo.seeding import ZONE, Size, Tell, seed
from palier.errors import Refused
from palier.house import House, now_utc
from palier.installing import bring_up, waiting
from palier.settings import Settings, load, make_secret
from palier.text import _

HOME = "var/demo"
MARK = "demo.json"


class NotADemo(Refused):
    """What is in the folder is nobody's to throw away."""

    text = _(
        "In %(folder)s is an installation that is no demonstration. Name another folder in"
        " PALIER_HOME."
    )


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings of the demonstration: its own folder, always SQLite."""
    return load({"PALIER_HOME": environment.get("PALIER_HOME") or HOME})


def is_of_today(settings: Settings, now: datetime) -> bool:
    """Whether a whole demonstration is here, made today by this version. Raises `NewerDatabase`."""
    told = _told(settings)
    day = now.astimezone(ZONE).date().isoformat()
    if told.get("made_on") != day or told.get("version") != version("palier"):
        return False
    return bool(settings.secret) and _database(settings).exists() and not waiting(settings)


def make(settings: Settings, size: Size, tell: Tell, now: datetime | None = None) -> None:
    """Make the demonstration anew, in the place of the last one. Raises `NotADemo`."""
    _clear(settings)
    moment = now or now_utc()
    _mark(settings, "")
    make_secret(settings)
    ready = load({"PALIER_HOME": str(settings.home)})
    ready.closings.mkdir(parents=True, exist_ok=True)
    tell(_("Making the tables"), 0, size.days)
    bring_up(ready)
    house = replace(House.open(ready), clock=lambda: moment)
    try:
        seed(house, size, tell=tell)
    finally:
        house.database.close()
    _mark(settings, moment.astimezone(ZONE).date().isoformat())


def _database(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _told(settings: Settings) -> dict[str, str]:
    mark = settings.home / MARK
    if not mark.exists():
        return {}
    told: dict[str, str] = json.loads(mark.read_text("utf-8"))
    return told


def _mark(settings: Settings, made_on: str) -> None:
    """Say that this folder is a demonstration's; a day is written when it is whole."""
    settings.home.mkdir(parents=True, exist_ok=True)
    told = {"made_on": made_on, "version": version("palier")}
    (settings.home / MARK).write_text(json.dumps(told), "utf-8")


def _clear(settings: Settings) -> None:
    database = _database(settings)
    if not (settings.home / MARK).exists() and (database.exists() or settings.secret):
        raise NotADemo(folder=str(settings.home))
    for end in ("", "-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    settings.access_log.unlink(missing_ok=True)
    for folder in (settings.closings, settings.home / "cache"):
        shutil.rmtree(folder, ignore_errors=True)
