"""The file of a backup: a zip with a manifest, the tables, the closings, and the keys if asked."""

import hashlib
import hmac
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from palier.errors import Refused
from palier.text import _

FORMAT = 1
MANIFEST, SECRET, CLOSINGS = "manifest.json", "keys/secret", "closings/"
BLOCK = 1 << 20


class NotABackup(Refused):
    text = _("%(file)s is not a backup of Palier, or only a part of one. Choose another file.")


class BackupDamaged(Refused):
    text = _("%(part)s in the backup is damaged: it is not what was saved. Use another backup.")


class FileThere(Refused):
    text = _("%(file)s is already there, and nothing is written over. Choose another name.")


class NewerBackup(Refused):
    text = _("This backup was made by a newer Palier. Install that version to restore it.")


class Counted(msgspec.Struct, frozen=True):
    """What a table held: its rows, and a digest of them in the order of their key."""

    rows: int
    sha256: str


class Told(msgspec.Struct, frozen=True):
    """What a backup says of itself. `key_check` proves a secret without telling it."""

    format: int
    palier: str
    made_at: datetime
    dialect: str
    revisions: dict[str, str]
    columns: dict[str, list[str]]
    tables: dict[str, Counted]
    files: dict[str, str]
    key_check: str
    with_keys: bool

    @property
    def rows(self) -> int:
        """How many rows it holds in all."""
        return sum(each.rows for each in self.tables.values())


def key_check(secret: bytes, made_at: datetime) -> str:
    """Return what proves that a secret is the one a backup was made with."""
    return hmac.digest(secret, f"backup:{made_at.isoformat()}".encode(), "sha256").hex()


class Writer:
    """Adds parts to a backup; each part's digest goes into the manifest."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self.zipped = zipped
        self.files: dict[str, str] = {}

    @contextmanager
    def part(self, name: str) -> Iterator["Digesting"]:
        """Open a part to be written in blocks."""
        with self.zipped.open(name, "w", force_zip64=True) as stream:
            writing = Digesting(stream)
            yield writing
        self.files[name] = writing.digest.hexdigest()

    def copy(self, name: str, path: Path) -> None:
        """Add a file as it is."""
        with path.open("rb") as source, self.part(name) as there:
            while block := source.read(BLOCK):
                there.write(block)

    def tell(self, told: Told) -> None:
        """Write the manifest, the last part: a backup without it is none."""
        text = msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1)
        self.zipped.writestr(MANIFEST, text)


class Digesting:
    """A stream that knows the digest of what went through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def write(self, block: bytes | memoryview) -> None:
        """Write a block."""
        self.digest.update(block)
        self.stream.write(block)


@contextmanager
def new_archive(path: Path) -> Iterator[Writer]:
    """Make a backup file, whole or not at all, readable by its owner only. Raises `FileThere`."""
    if path.exists():
        raise FileThere(file=path.name)
    half = path.with_name(f"{path.name}.part")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(handle, "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as zipped,
        ):
            yield Writer(zipped)
            zipped.close()
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


class Archive:
    """A backup that was made, open for reading."""

    def __init__(self, zipped: zipfile.ZipFile, told: Told) -> None:
        self.zipped = zipped
        self.told = told

    @contextmanager
    def part(self, name: str) -> Iterator[Iterator[bytes]]:
        """Give a part in blocks. Raises `BackupDamaged` at its end when it is not what was saved."""
        digest = hashlib.sha256()

        def blocks() -> Iterator[bytes]:
            with self.zipped.open(name) as stream:
                while block := stream.read(BLOCK):
                    digest.update(block)
                    yield block

        try:
            yield blocks()
        except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
            raise BackupDamaged(part=name) from error
        if digest.hexdigest() != self.told.files.get(name):
            raise BackupDamaged(part=name)

    def unpack(self, name: str, path: Path) -> None:
        """Write a part to a file. Raises `BackupDamaged`, and leaves no file then."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.part(name) as blocks, path.open("xb") as file:
                for block in blocks:
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
        except BackupDamaged:
            path.unlink(missing_ok=True)
            raise

    def secret(self) -> bytes | None:
        """Return the secret, if it was asked for when the backup was made."""
        if SECRET not in self.told.files:
            return None
        with self.part(SECRET) as blocks:
            return b"".join(blocks)

    def closings(self) -> Mapping[str, str]:
        """Return the parts that are closings: name in the backup, path below the folder."""
        names = (each for each in self.told.files if each.startswith(CLOSINGS))
        return {each: each.removeprefix(CLOSINGS) for each in names}


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Open a backup. Raises `NotABackup` and `NewerBackup`."""
    try:
        zipped = zipfile.ZipFile(path)
        told = msgspec.json.decode(zipped.read(MANIFEST), type=Told)
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        raise NotABackup(file=path.name) from error
    with zipped:
        if told.format > FORMAT:
            raise NewerBackup
        if any(".." in Path(each).parts or each.startswith("/") for each in told.files):
            raise NotABackup(file=path.name)
        yield Archive(zipped, told)
