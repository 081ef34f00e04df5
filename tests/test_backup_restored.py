"""A backup: made while others write, restored elsewhere, tried by a drill that compares all."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from palier.backup.archive import (
    BackupDamaged,
    FileThere,
    NewerBackup,
    NotABackup,
    opened_archive,
)
from palier.backup.lately import last_backup, noted
from palier.backup.making import make_backup
from palier.backup.postgresql import NotTheOwner
from palier.backup.restoring import (
    AlreadyInstalled,
    NewerTables,
    NoKeys,
    OtherDatabase,
    OtherKeys,
    drill,
    restore,
)
from palier.cli import main
from palier.db.migrations import core_package, newest, owner_connection, upgrade
from palier.errors import Refused
from palier.settings import Settings
from palier.testing.places import Place, filled, installed, places, receipts_of, sell
from palier.testing.plugin import NOW, SECRET


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give settings of one installation after the other, none of which has tables yet."""
    with places(tmp_path, request.param) as place:
        yield place


def test_what_is_restored_is_what_was_saved_and_its_books_are_whole(
    empty_place: Place, tmp_path: Path
) -> None:
    there = empty_place()
    with filled(empty_place()) as house:
        told = make_backup(house, tmp_path / "a.palier")

    restored = restore(there, tmp_path / "a.palier", NOW)

    assert restored.well
    assert told.tables["receipt"].rows == 2
    assert [site for site, _checked in restored.books] == ["ampere"]
    assert all(checked.verdict.sure_to_seq for _site, checked in restored.books)
    with installed(there) as house:
        sell(house, "F3")
    assert receipts_of(there)[-1].endswith("000003")


def test_the_journal_says_that_it_was_restored(empty_place: Place, tmp_path: Path) -> None:
    there = empty_place()
    with filled(empty_place()) as house:
        make_backup(house, tmp_path / "a.palier")

    restore(there, tmp_path / "a.palier", NOW)

    with owner_connection(there.owner_url) as connection:
        last = connection.scalar(text("SELECT body FROM journal ORDER BY seq DESC LIMIT 1"))
    assert json.loads(str(last))["code"] == "restore"


def test_a_table_that_differs_is_named_by_the_drill(empty_place: Place, tmp_path: Path) -> None:
    with filled(empty_place()) as house:
        told = make_backup(house, tmp_path / "a.palier")
        tables = {**told.tables, "receipt": replace_count(told.tables["receipt"])}
        rewrite_manifest(tmp_path / "a.palier", {"tables": tables})

        tried = drill(house.settings, tmp_path / "a.palier", NOW)

    assert tried.differing == ["receipt"]
    assert not tried.well


def replace_count(counted: object) -> dict[str, object]:
    return {"rows": getattr(counted, "rows", 0) + 1, "sha256": "0" * 64}


def rewrite_manifest(path: Path, changed: dict[str, object]) -> None:
    """Write a backup anew with another manifest, the parts as they are."""
    with zipfile.ZipFile(path) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    told = json.loads(parts.pop("manifest.json")) | changed
    with zipfile.ZipFile(path, "w") as new:
        for name, body in parts.items():
            new.writestr(name, body)
        new.writestr("manifest.json", json.dumps(told, default=plain))


def plain(value: object) -> object:
    return {"rows": getattr(value, "rows", None), "sha256": getattr(value, "sha256", None)}


def test_every_damaged_part_is_found(empty_place: Place, tmp_path: Path) -> None:
    there = empty_place()
    with filled(empty_place()) as house:
        make_backup(house, tmp_path / "a.palier", keys=True)
    with opened_archive(tmp_path / "a.palier") as archive:
        parts = list(archive.told.files)
    refused = []

    for at, part in enumerate(parts):
        damaged = tmp_path / f"damaged{at}.palier"
        with zipfile.ZipFile(tmp_path / "a.palier") as old, zipfile.ZipFile(damaged, "w") as new:
            for name in old.namelist():
                body = old.read(name)
                new.writestr(name, body[:-1] + b"?" if name == part else body)
        with pytest.raises(BackupDamaged) as refusal:
            read_all(damaged)
        refused.append(refusal.value.values["part"])

    assert refused == parts
    assert not (there.home / "palier.sqlite3").exists()


def read_all(path: Path) -> None:
    with opened_archive(path) as archive:
        for name in archive.told.files:
            with archive.part(name) as blocks:
                b"".join(blocks)


def test_the_keys_are_in_it_only_when_asked(empty_place: Place, tmp_path: Path) -> None:
    there = empty_place()
    bare = replace(there, secret=b"")
    with filled(empty_place()) as house:
        make_backup(house, tmp_path / "bare.palier")
        make_backup(house, tmp_path / "keys.palier", keys=True)

    with pytest.raises(NoKeys):
        restore(bare, tmp_path / "bare.palier", NOW)
    with pytest.raises(OtherKeys):
        restore(replace(there, secret=b"another"), tmp_path / "bare.palier", NOW)
    restored = restore(bare, tmp_path / "keys.palier", NOW)

    assert restored.well
    assert (there.home / "secret").read_bytes() == SECRET
    assert (there.home / "secret").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "bare.palier") as zipped:
        assert not any(SECRET in zipped.read(each) for each in zipped.namelist())
    assert (tmp_path / "bare.palier").stat().st_mode & 0o777 == 0o600


def test_nothing_is_ever_written_over(empty_place: Place, tmp_path: Path) -> None:
    with filled(empty_place()) as house:
        make_backup(house, tmp_path / "a.palier")

        with pytest.raises(FileThere):
            make_backup(house, tmp_path / "a.palier")
        with pytest.raises(AlreadyInstalled):
            restore(house.settings, tmp_path / "a.palier", NOW)

        assert receipts_of(house.settings)[-1].endswith("000002")


def test_a_backup_that_fails_half_way_leaves_no_file(empty_place: Place, tmp_path: Path) -> None:
    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    with filled(empty_place()) as house:
        with suppress(OSError):
            make_backup(house, tmp_path / "kept" / "a.palier", say=full)

        assert list((tmp_path / "kept").iterdir()) == []
        assert noted(house.settings).made_at is None


def test_an_older_backup_is_restored_and_brought_up_to_date(
    empty_place: Place, tmp_path: Path
) -> None:
    old, there = empty_place(), empty_place()
    upgrade(old.owner_url, [], at={"palier": "0004"})
    with owner_connection(old.owner_url) as connection:
        connection.execute(
            text("INSERT INTO operator (legal_name, form, address) VALUES ('C', 'coop', '')")
        )
    with installed(old) as house:
        make_backup(house, tmp_path / "old.palier")

    restored = restore(there, tmp_path / "old.palier", NOW)

    assert restored.well
    with owner_connection(there.owner_url) as connection:
        names = connection.scalar(text("SELECT count(*) FROM operator"))
        found = connection.scalar(text("SELECT version_num FROM alembic_version_palier"))
    assert names == 1
    assert found == newest(core_package())


def test_a_backup_from_a_newer_palier_is_refused_in_words(
    empty_place: Place, tmp_path: Path
) -> None:
    there = empty_place()
    with filled(empty_place()) as house:
        make_backup(house, tmp_path / "a.palier")
        make_backup(house, tmp_path / "b.palier")
    rewrite_manifest(tmp_path / "a.palier", {"revisions": {"palier": "9999"}})
    rewrite_manifest(tmp_path / "b.palier", {"format": 2})

    with pytest.raises(NewerTables):
        restore(there, tmp_path / "a.palier", NOW)
    with pytest.raises(NewerBackup):
        restore(there, tmp_path / "b.palier", NOW)


def test_a_backup_goes_back_into_the_kind_of_database_it_came_from(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    url = f"sqlite:///{home / 'palier.sqlite3'}"
    settings = Settings(home, url, url, SECRET, home / "closings", home / "access.jsonl")
    with filled(settings) as house:
        make_backup(house, tmp_path / "a.palier")
    elsewhere = "postgresql://nobody@localhost/none"

    with pytest.raises(OtherDatabase):
        restore(
            replace(settings, database_url=elsewhere, owner_url=elsewhere),
            tmp_path / "a.palier",
            NOW,
        )


def test_a_role_that_sees_a_part_only_saves_nothing(tmp_path: Path) -> None:
    with places(tmp_path, "postgresql") as place, filled(place()) as house:
        house.settings = replace(house.settings, owner_url=house.settings.database_url)

        with pytest.raises(NotTheOwner):
            make_backup(house, tmp_path / "a.palier")

        assert not (tmp_path / "a.palier").exists()


@pytest.mark.parametrize("body", [b"", b"not a zip", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_backup_is_refused_in_words(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.palier").write_bytes(body)

    with pytest.raises(NotABackup) as refusal, opened_archive(tmp_path / "a.palier"):
        pass

    assert isinstance(refusal.value, Refused)
    assert "a.palier" in str(refusal.value)


def test_the_doctor_says_when_the_last_backup_was(empty_place: Place, tmp_path: Path) -> None:
    with filled(empty_place()) as house:
        never = last_backup(house)
        make_backup(house, tmp_path / "a.palier")
        drill(house.settings, tmp_path / "a.palier", NOW)
        today = last_backup(house)
        house.clock = lambda: NOW + timedelta(days=8)
        old = last_backup(house)

    assert (never.well, today.well, old.well) == (False, True, False)
    assert "palier backup FILE" in never.words
    assert today.words.startswith("today")
    assert today.words.endswith("tried today")
    assert old.words.startswith("8 days ago")


def test_the_commands_save_try_and_bring_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "one"))
    file, run = str(tmp_path / "a.palier"), CliRunner().invoke
    for words in (["init"], ["site", "new", "ampere", "--name", "Ampère"]):
        assert run(main, words).exit_code == 0

    saved = run(main, ["backup", file, "--with-keys", "--drill", "--json"])
    planned = run(main, ["restore", file, "--plan"])
    again = run(main, ["backup", file])
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "two"))
    back = run(main, ["restore", file, "--json"])

    rows = {each["what"]: each["same"] for each in json.loads(saved.stdout)}
    assert rows["site"]
    assert all(rows.values())
    assert "Made at" in planned.stdout
    assert again.exit_code == 1
    assert "nothing is written over" in again.stderr
    assert back.exit_code == 0, back.stderr
    assert "ampere" in run(main, ["site", "list"]).stdout
