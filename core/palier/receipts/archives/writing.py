"""The files of a yearly archive: records as they were signed, tables for people, and the proof."""

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from palier.context import Context
from palier.errors import Refused
from palier.receipts.archives import verify
from palier.receipts.archives.segments import Segment
from palier.receipts.journal import Entry, Kind
from palier.receipts.tills import journal_of
from palier.sites.models import Operator
from palier.text import _

HERE = Path(__file__).parent
TEXTS = ("LISEZMOI.txt", "README.txt", "verify.py")
MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
FORMAT = "palier-archive-1"
TOLD_EVERY = 500  # records between two words on how far it is

Tell = Callable[[int], None]


class JournalNotWhole(Refused):
    text = _(
        "The journal of %(till)s is not whole at record %(seq)s (%(what)s). Nothing was archived:"
        " run `palier receipts verify`, and tell the operator."
    )


@dataclass(frozen=True)
class Made:
    """An archive that was written: how many records, and the digest of its manifest."""

    records: int
    sha256: str


def write_archive(
    desk: Context, year: int, segments: Sequence[Segment], folder: Path, tell: Tell
) -> Made:
    """Write a year's archive into a new folder; `tell` hears how many records are written.

    Kept at least yearly, frozen, dated, in an open format, with a proof (domain 1.11). Raises
    `JournalNotWhole` for a journal that does not verify, `OSError` for a disk that can't be written.
    """
    keys = keys_of(desk, segments)
    writer = Writer(folder, keys, tell)
    for each in segments:
        with closing(journal_of(desk.session, each.register, each.last_seq)) as entries:
            writer.register(each.register.code, entries, each.first_seq)
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    told = {
        "site": desk.site.slug,
        "site_name": desk.site.name,
        "operator": operator.legal_name,
        "siret": operator.siret,
        "year": year,
        "made_at": desk.local(desk.now).replace(microsecond=0).isoformat(),
        "made_by": desk.actor.person_code or "system",
    }
    return Made(writer.records, writer.close(told, archive_key(desk)))


def keys_of(desk: Context, segments: Sequence[Segment]) -> dict[str, str]:
    """Return the keys that prove an archive, as `verify.py --keys` reads them.

    Whoever has them can also forge: they are kept elsewhere than the archive.
    """
    names = {each.register.key_id for each in segments} | {archive_key(desk)}
    return {name: desk.signing_key(name).hex() for name in sorted(names)}


def archive_key(desk: Context) -> str:
    """Return the name of the key that signs a site's manifests."""
    return f"{desk.site.id}-archive-1"


def keep(path: Path, content: bytes) -> None:
    """Write a file whole and onto the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class Writer:
    """Writes an archive: one register after the other, then the tables and the manifest.

    `keys` holds the secrets in hexadecimal digits, by the name of the key.
    """

    def __init__(self, folder: Path, keys: Mapping[str, str], tell: Tell = lambda _n: None) -> None:
        (folder / "journal").mkdir(parents=True)
        (folder / "closings").mkdir()
        self.folder, self.keys, self.tell = folder, dict(keys), tell
        self.tables = verify.Tables()
        self.registers: list[dict[str, Any]] = []
        self.records = 0

    def register(self, code: str, entries: Iterable[Entry], first_seq: int = 1) -> None:
        """Write a register's journal from its record `first_seq` on; those before it are proved.

        Raises `JournalNotWhole`.
        """
        walk = verify.Walk(code, verify.fresh(), self.keys)
        start, before = walk.state(), self.records
        name = f"journal/{code}.jsonl"
        with (self.folder / name).open("wb") as file:
            for entry in entries:
                record = msgspec.structs.asdict(entry) | {"at": entry.at.isoformat()}
                body = walk.take(record)
                if body is None or walk.found:
                    raise _not_whole(walk)
                if entry.seq < first_seq:
                    start = walk.state()
                    continue
                file.write(line_of(record))
                self.tables.take(body)
                self._count(code, entry)
            file.flush()
            os.fsync(file.fileno())
        told = {"register": code, "file": name, "records": self.records - before}
        self.registers.append(told | {"start": start, "end": walk.state()})

    def _count(self, code: str, entry: Entry) -> None:
        self.records += 1
        if self.records % TOLD_EVERY == 0:
            self.tell(self.records)
        if entry.kind == Kind.CLOSING:
            copy = self.folder / "closings" / f"{code}-{entry.seq:09d}.json"
            copy.write_bytes(msgspec.json.format(msgspec.json.encode(entry), indent=1))

    def close(self, told: Mapping[str, object], key_id: str) -> str:
        """Write tables, words and the signed manifest; return the manifest's SHA-256."""
        for name in verify.TABLES:
            keep(self.folder / name, self.tables.bytes(name))
        for name in TEXTS:
            keep(self.folder / name, (HERE / name).read_bytes())
        files = sorted(each for each in self.folder.rglob("*") if each.is_file())
        manifest = {
            **told,
            "format": FORMAT,
            "palier": version("palier"),
            "registers": self.registers,
            "files": {
                each.relative_to(self.folder).as_posix(): verify.sha256(each) for each in files
            },
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        keep(self.folder / MANIFEST, text)
        keep(self.folder / SIGNATURE, signature_of(text, key_id, self.keys[key_id]))
        return hashlib.sha256(text).hexdigest()


def signature_of(manifest: bytes, key_id: str, secret: str) -> bytes:
    """Return the file that signs a manifest."""
    signed = hmac.digest(bytes.fromhex(secret), manifest, "sha256").hex()
    return json.dumps({"key_id": key_id, "mac": signed}, indent=1).encode()


def line_of(record: Mapping[str, object]) -> bytes:
    """Return a record as one line of JSON."""
    return f"{json.dumps(record, ensure_ascii=False)}\n".encode("utf-8", "surrogatepass")


def _not_whole(walk: verify.Walk) -> JournalNotWhole:
    seq, word = walk.found[0] if walk.found else (walk.seq, "body")
    return JournalNotWhole(till=walk.register, seq=str(seq), what=word)
