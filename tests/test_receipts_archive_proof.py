"""The proof of an archive: each way of tampering is found by a bare Python, and named."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from palier.receipts.archives import verify
from palier.receipts.archives.writing import SIGNATURE, Writer, signature_of
from palier.receipts.journal import FIRST_PREV, Entry, mac
from palier.testing.till import proved

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "receipt_chain.json").read_text(encoding="utf-8")
)
KEY = VECTORS["hmac_key_for_test"].encode()
KEYS = {"k1": KEY.hex(), "seal": b"seal".hex()}

Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def given_chain() -> Iterator[Entry]:
    prev = FIRST_PREV
    for row in VECTORS["records"]:
        said = row["record"]
        at = datetime.fromisoformat(said["at"])
        yield Entry(said["seq"], said["kind"], at, row["canonical"], prev, row["hmac_sha256"], "k1")
        prev = row["hmac_sha256"]


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    """An archive of the vectors' chain, with its keys beside it."""
    folder = tmp_path / "vectors"
    writer = Writer(folder, KEYS)
    writer.register("AMP-01", given_chain())
    writer.close({"year": 2026, "site": "amp"}, "seal")
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    return folder


def resigned(records: list[dict[str, Any]], key: bytes = KEY) -> list[dict[str, Any]]:
    prev, made = FIRST_PREV, []
    for each in records:
        made.append({**each, "prev": prev, "mac": mac(key, prev, each["body"])})
        prev = made[-1]["mac"]
    return made


def second(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    return lambda chain: [chain[0], change(chain[1]), *chain[2:]]


def cheaper(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "body": record["body"].replace("1690", "1590")}


def plainer(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "body": record["body"].replace("Réglage", "Reglage")}


def signed_again(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "mac": mac(KEY, record["prev"], record["body"])}


TAMPERING: dict[str, Change] = {
    "amount changed": second(cheaper),
    "accent removed": second(plainer),
    "record removed": lambda chain: chain[:2] + chain[3:],
    "two records swapped": lambda chain: [chain[1], chain[0], *chain[2:]],
    "amount changed and its own hash recomputed": second(lambda one: signed_again(cheaper(one))),
    "last record cut off": lambda chain: chain[:-1],
    "whole chain recomputed": lambda chain: resigned(second(plainer)(chain), b"another"),
}
# What the chain alone does not show is shown by the manifest and by the keys.
ALSO = {"last record cut off": (5, "end"), "whole chain recomputed": (1, "hash")}


def tampered(folder: Path, change: Change, *, digests: bool) -> None:
    path = folder / "journal" / "AMP-01.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = (json.dumps(each, ensure_ascii=False) for each in change(records))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if digests:  # as one would who knows how the archive is made
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        told["files"]["journal/AMP-01.jsonl"] = verify.sha256(path)
        (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("digests", [False, True])
@pytest.mark.parametrize("case", VECTORS["tampering"], ids=lambda case: case["name"])
def test_a_tampered_copy_is_found_and_the_record_named(
    vectors: Path, tmp_path: Path, case: dict[str, Any], digests: bool
) -> None:
    tampered(vectors, TAMPERING[case["name"]], digests=digests)

    code, said = proved(vectors, keys=tmp_path / "keys.json")

    asked = case["expected"]
    wanted = ALSO.get(case["name"]) or (asked["first_bad_seq"], asked["reason"])
    assert code == 1
    assert f"AMP-01 {wanted[0]} {wanted[1]}:" in said
    assert ("journal/AMP-01.jsonl - file:" in said) is not digests
    assert ("manifest.json - manifest:" in said) is digests


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("amount changed", "AMP-01 2 total:"),
        ("accent removed", "lignes.csv - table:"),
        ("record removed", "AMP-01 3 sequence_gap:"),
        ("two records swapped", "AMP-01 1 sequence_gap:"),
        ("amount changed and its own hash recomputed", "AMP-01 3 hash:"),
        ("last record cut off", "AMP-01 5 end:"),
        ("whole chain recomputed", "AMP-01 6 end:"),
    ],
)
def test_without_the_keys_links_sums_and_tables_still_tell(
    vectors: Path, name: str, found: str
) -> None:
    tampered(vectors, TAMPERING[name], digests=True)

    code, said = proved(vectors)

    assert code == 1
    assert found in said


def test_a_table_changed_alone_is_found(vectors: Path) -> None:
    path = vectors / "tickets.csv"
    path.write_bytes(path.read_bytes().replace(b"16,90", b"15,90"))

    code, said = proved(vectors)

    assert code == 1
    assert "tickets.csv - file:" in said
    assert "tickets.csv - table:" in said


def test_a_file_that_is_missing_or_too_many_is_named(vectors: Path) -> None:
    (vectors / "tva.csv").unlink()
    (vectors / "note.txt").write_text("?")

    code, said = proved(vectors)

    assert code == 1
    assert "tva.csv - missing_file:" in said
    assert "note.txt - extra_file:" in said


def test_a_manifest_signed_with_another_key_is_found(vectors: Path, tmp_path: Path) -> None:
    text = (vectors / "manifest.json").read_bytes()
    (vectors / SIGNATURE).write_bytes(signature_of(text, "seal", b"forged".hex()))

    code, said = proved(vectors, keys=tmp_path / "keys.json")

    assert code == 1
    assert "manifest.json - manifest:" in said


def test_a_record_without_its_key_is_named(vectors: Path, tmp_path: Path) -> None:
    (tmp_path / "few.json").write_text(json.dumps({"seal": KEYS["seal"]}))

    code, said = proved(vectors, keys=tmp_path / "few.json")

    assert code == 1
    assert "AMP-01 1 unknown_key:" in said


@pytest.mark.parametrize("broken", [b"{", b'{"files": 3}', b"[]"])
def test_what_can_not_be_read_is_said_in_a_sentence(vectors: Path, broken: bytes) -> None:
    (vectors / "manifest.json").write_bytes(broken)

    code, said = proved(vectors)

    assert code == 1
    assert "Archive illisible" in said


def test_whoever_has_the_keys_can_forge_and_the_words_say_so(vectors: Path, tmp_path: Path) -> None:
    shutil.rmtree(vectors)
    forged = list(given_chain())[:4]
    writer = Writer(vectors, KEYS)
    writer.register("AMP-01", forged)
    writer.close({"year": 2026, "site": "amp"}, "seal")

    code, _said = proved(vectors, keys=tmp_path / "keys.json")

    assert code == 0
    assert "qui possède les clés" in (vectors / "LISEZMOI.txt").read_text(encoding="utf-8")
    assert "whoever has the keys" in (vectors / "README.txt").read_text(encoding="utf-8")
