"""Who looked at which person's record: lines of JSON in a file, kept twelve months."""

import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

PERSONAL = {"resident", "household"}
FILES = (".csv", ".xlsx")


class AccessLog:
    """Appends one line for each look; a new file each month."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def note(
        self, now: datetime, site: str, account_id: int | None, noted: Iterable[tuple[str, int]]
    ) -> None:
        """Write who looked at what, or took which list away; only what concerns a person."""
        lines = [
            msgspec.json.encode(
                {"at": now, "site": site, "account": account_id, "of": kind, "id": id}
            )
            for kind, id in dict.fromkeys(noted)
            if kind in PERSONAL or kind.endswith(FILES)
        ]
        if not lines:
            return
        path = self.path.with_name(f"{self.path.stem}-{now:%Y-%m}{self.path.suffix}")
        with self._lock:
            if not path.exists():
                self.sweep(now)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(b"\n".join(lines) + b"\n")

    def sweep(self, now: datetime) -> list[Path]:
        """Delete the files of months that began more than twelve months ago; return them."""
        oldest = f"{now.year - 1}-{now.month:02}"
        old = [
            each
            for each in sorted(self.path.parent.glob(f"{self.path.stem}-*{self.path.suffix}"))
            if each.stem.removeprefix(f"{self.path.stem}-") <= oldest
        ]
        for each in old:
            each.unlink()
        return old
