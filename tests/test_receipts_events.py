"""What stands in the journal beside sales: the clock, rights, versions, a proof that failed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import select

from palier.accounts.actions import change_role, end_work, take_skill_back
from palier.accounts.models import Staff, StaffRole
from palier.accounts.people import begin_work, newcomer
from palier.cli import main
from palier.receipts.events import note_rights, note_version
from palier.receipts.models import Journal
from palier.testing.caretaker import PASSWORD
from palier.testing.device import add_colleague
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, pays, someone_owes


def events(at: At, code: str) -> list[dict[str, Any]]:
    with at(write=False) as desk:
        query = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq)
        said = [json.loads(each) for each in desk.session.scalars(query)]
    return [each for each in said if each["code"] == code]


def test_a_clock_set_back_within_the_year_is_written_down(at: At) -> None:
    pays(at, someone_owes(at, 100), NOW + timedelta(days=2))
    pays(at, someone_owes(at, 100, code="F2"), NOW)

    (said,) = events(at, "clock")
    assert said["before"].startswith("2026-10-08T")
    assert said["at"].startswith("2026-10-06T")
    assert_books_are_whole(at)


def test_a_clock_that_is_seconds_behind_another_is_none(at: At) -> None:
    pays(at, someone_owes(at, 100), NOW + timedelta(seconds=90))
    pays(at, someone_owes(at, 100, code="F2"), NOW)

    assert events(at, "clock") == []


def test_a_change_of_rights_names_a_code_and_no_name(at: At) -> None:
    with at() as desk:
        note_rights(desk, "KL", "role")

    (said,) = events(at, "rights_change")
    assert (said["of"], said["change"], said["operator"]) == ("KL", "role", "MK")
    assert_books_are_whole(at)


def test_the_acts_of_the_team_write_it_down(at: At) -> None:
    add_colleague(at)
    with at() as desk:
        begin_work(desk, newcomer("nadia", "Nadia R.", PASSWORD), StaffRole.CARETAKER)
        him = desk.session.scalars(select(Staff).where(Staff.person_code == "IB")).one()
        change_role(desk, him, role=StaffRole.TRAINEE, from_day=desk.today)
        take_skill_back(desk, him, skill="brake_test")
        end_work(desk, him, from_day=desk.today)

    said = [(each["of"], each["change"]) for each in events(at, "rights_change")]
    assert said == [("NR", "begun"), ("IB", "role"), ("IB", "skill_back"), ("IB", "ended")]


def test_a_version_is_written_down_once(at: At) -> None:
    done = []
    for version in ("0.1.0", "0.1.0", "0.2.0"):
        with at() as desk:
            done.append(note_version(desk, version, "0027"))

    assert done == [True, False, True]
    assert [each["version"] for each in events(at, "version")] == ["0.1.0", "0.2.0"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation of its own with one site, whose till was opened."""
    for name in ("CONFIG", "DATABASE_URL", "OWNER_URL", "SECRET", "SECRET_FILE", "CLOSINGS"):
        monkeypatch.delenv(f"PALIER_{name}", raising=False)
    monkeypatch.setenv("PALIER_HOME", str(tmp_path))
    before = structlog.get_config()
    for words in (["init"], ["site", "new", "plaine"]):
        assert CliRunner().invoke(main, words).exit_code == 0
    yield tmp_path
    structlog.configure(**before)


def codes(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "palier.sqlite3")) as database:
        rows = database.execute("SELECT body FROM journal WHERE kind = 'event' ORDER BY seq")
        return [json.loads(row[0])["code"] for row in rows]


def test_an_upgrade_and_a_failed_proof_are_in_the_journal(home: Path) -> None:
    runner = CliRunner()
    runner.invoke(main, ["receipts", "close", "--site", "plaine"])
    upgrades = [runner.invoke(main, ["upgrade"]).exit_code for _time in range(2)]
    well = runner.invoke(main, ["receipts", "verify"]).exit_code
    with closing(sqlite3.connect(home / "palier.sqlite3")) as database:
        database.execute("UPDATE register SET head_hash = ?", ("f" * 64,))
        database.commit()

    failed = runner.invoke(main, ["receipts", "verify"])

    assert (upgrades, well, failed.exit_code) == ([0, 0], 0, 1)
    assert codes(home) == ["version", "check_failed"]
