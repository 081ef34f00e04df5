"""When the last backup was made and tried: noted beside the database, read by the doctor."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from palier.house import House
from palier.installing import Finding
from palier.settings import Settings
from palier.sites.opening import all_sites

TOO_OLD = timedelta(days=7)


class Lately(msgspec.Struct, frozen=True):
    """The last backup, and the last drill that found every table the same."""

    made_at: datetime | None = None
    file: str = ""
    bytes: int = 0
    tried_at: datetime | None = None


def noted(settings: Settings) -> Lately:
    """Return what was noted; nothing before the first backup."""
    try:
        return msgspec.json.decode(_path(settings).read_bytes(), type=Lately)
    except (OSError, msgspec.MsgspecError):
        return Lately()


def note(settings: Settings, lately: Lately) -> None:
    """Keep the note, whole or not at all."""
    path = _path(settings)
    half = path.with_suffix(".part")
    half.write_bytes(msgspec.json.encode(lately))
    half.replace(path)


def last_backup(house: House) -> Finding:
    """Say when the last backup was made and tried; a live site needs one in seven days."""
    lately, now = noted(house.settings), house.clock()
    if lately.made_at is None:
        return Finding("backup", not _has_live(house), "none yet: palier backup FILE")
    fresh = now - lately.made_at <= TOO_OLD
    words = f"{_ago(lately.made_at, now)}, {lately.file}"
    tried = _ago(lately.tried_at, now) if lately.tried_at else "never: palier restore FILE --drill"
    return Finding("backup", fresh, f"{words}; tried {tried}")


def _has_live(house: House) -> bool:
    return any(each["kind"] == "live" for each in all_sites(house.database))


def _ago(moment: datetime, now: datetime) -> str:
    days = (now - moment).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _path(settings: Settings) -> Path:
    return settings.home / "last_backup.json"
