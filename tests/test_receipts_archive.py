"""The yearly archive: frozen, journalled, readable, and proved by a Python that knows no Palier."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.house import House
from palier.jobs.running import Run
from palier.receipts.actions import refund
from palier.receipts.archives import verify
from palier.receipts.archives.making import (
    Archived,
    ArchiveThere,
    make_archive,
    plan_archive,
    write_keys,
)
from palier.receipts.archives.segments import NothingOfThatYear, segments_of
from palier.receipts.archives.writing import JournalNotWhole
from palier.receipts.closings import NotOverYet, close_year
from palier.receipts.models import ArchiveState, Journal, PayMode, Receipt, YearArchive
from palier.receipts.overdue import read_overdue
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    Killed,
    assert_books_are_whole,
    counts_the_till,
    ends_at_each_statement,
    opens_the_till,
    pays,
    proved,
    someone_owes,
)

JANUARY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
LATER = JANUARY + timedelta(days=30)
NEXT_JANUARY = datetime(2028, 1, 4, 9, 0, tzinfo=UTC)


def turn_at(house: House, now: datetime) -> Run:
    return Run(replace(house, clock=lambda: now), "ampere", "palier receipts archive")


def archive(house: House, to: Path, year: int = 2026, now: datetime = JANUARY) -> Archived:
    return make_archive(turn_at(house, now), "ampere", year, to, lambda _records: None)


def events(at: At) -> list[dict[str, Any]]:
    query = select(Journal.body).where(Journal.kind == "event").order_by(Journal.seq)
    with at(write=False) as desk:
        said = [json.loads(each) for each in desk.session.scalars(query)]
    return [each for each in said if each["code"] == "archive"]


@pytest.fixture
def year(at: At) -> None:
    """Three sales of 2026, one of them given back, and a sale of January before the closing."""
    for place, cents in enumerate((1000, 240, 95)):
        receipt = pays(at, someone_owes(at, cents, code=f"F{place}"), NOW + timedelta(days=place))
    later = NOW + timedelta(days=40)
    with at(now=later) as desk:
        refund(desk, desk.session.get_one(Receipt, receipt))
    counts_the_till(at, later)
    opens_the_till(at, JANUARY)
    pays(at, someone_owes(at, 500, code="F9"), JANUARY)
    counts_the_till(at, JANUARY)


@pytest.fixture
def keys(house: House, tmp_path: Path, year: None) -> Path:  # noqa: ARG001 - the year is archived
    """The keys of an archive of 2026 in `tmp_path`."""
    archive(house, tmp_path)
    path = tmp_path / "keys.json"
    write_keys(turn_at(house, JANUARY), 2026, path)
    return path


def test_an_archive_is_proved_by_a_python_without_palier(keys: Path, tmp_path: Path) -> None:
    without = proved(tmp_path / "ampere-2026")
    with_keys = proved(tmp_path / "ampere-2026", keys=keys)

    assert without[0] == with_keys[0] == 0
    assert "Sans les clés" in without[1]
    assert "signatures included" in with_keys[1]


@pytest.mark.usefixtures("year")
def test_an_archive_made_by_a_command_stands_beside_those_asked_for(
    house: House, at: At, tmp_path: Path
) -> None:
    made = archive(house, tmp_path)

    with at(now=JANUARY, write=False) as desk:
        row = desk.session.scalars(select(YearArchive)).one()
        assert (row.state, row.sha256) == (ArchiveState.DONE, made.sha256)
        assert read_overdue(desk).archive is None


@pytest.mark.usefixtures("keys")
def test_an_archive_reads_without_palier(tmp_path: Path) -> None:
    folder = tmp_path / "ampere-2026"

    names = {each.relative_to(folder).parts[0] for each in folder.rglob("*")}
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tickets = rows(folder / "tickets.csv")
    lines = rows(folder / "lignes.csv")
    assert names == {
        "LISEZMOI.txt", "README.txt", "verify.py", "manifest.json", "manifest.hmac", "journal",
        "closings", *verify.TABLES,
    }  # fmt: skip
    assert (told["year"], told["operator"]) == (2026, "Conciergerie d'essai")
    assert told["made_at"] == "2027-01-04T10:00:00+01:00"
    assert [each["total"] for each in tickets] == ["10,00", "2,40", "0,95", "-0,95", "5,00"]
    assert tickets[0]["numero"] == lines[0]["numero"] == "AMPERE-01-2026-000001"
    assert len(list((folder / "closings").iterdir())) == len(rows(folder / "clotures.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    text = io.StringIO(path.read_text(encoding="utf-8-sig"))
    return list(csv.DictReader(text, delimiter=";"))


@pytest.mark.usefixtures("year")
def test_what_was_not_closed_is_closed_first(at: At, house: House, tmp_path: Path) -> None:
    made = archive(house, tmp_path)

    closings = rows(made.folder / "clotures.csv")
    assert [each["periode"] for each in closings] == [*["day"] * 3, "month", "day", "month", "year"]
    assert closings[-1]["total"] == "12,40"
    with at(write=False) as desk:
        assert [each.records for each in segments_of(desk, 2026)] == [made.records]


@pytest.mark.usefixtures("year")
def test_the_archiving_is_itself_journalled(at: At, house: House, tmp_path: Path) -> None:
    made = archive(house, tmp_path)

    (said,) = events(at)
    assert (said["code"], said["year"], said["sha256"]) == ("archive", 2026, made.sha256)
    assert (said["first_seq"], said["last_seq"]) == (1, made.records)
    assert_books_are_whole(at)


@pytest.mark.usefixtures("year")
def test_the_next_years_archive_goes_on_where_this_one_ends(
    at: At, house: House, tmp_path: Path
) -> None:
    first = archive(house, tmp_path)
    pays(at, someone_owes(at, 700, code="G1"), LATER, mode=PayMode.CARD)
    second = archive(house, tmp_path, 2027, NEXT_JANUARY)

    one, two = (
        json.loads((each.folder / "manifest.json").read_text())["registers"][0]
        for each in (first, second)
    )
    assert one["end"] == two["start"]
    assert list(one["end"]["open"]["day"]) == ["2027-01-04"]  # sold before the year was closed
    assert proved(second.folder)[0] == 0
    assert rows(second.folder / "clotures.csv")[-1]["total"] == "12,00"


@pytest.mark.usefixtures("year")
def test_the_plan_says_what_would_be_closed_and_writes_nothing(
    at: At, house: House, tmp_path: Path
) -> None:
    with at(now=JANUARY) as desk:
        plan = plan_archive(desk, 2026, tmp_path)
        desk.session.rollback()

    folder = str(tmp_path / "ampere-2026")
    assert plan == [{"register": "AMPERE-01", "records": 16, "closings first": 7, "folder": folder}]
    assert list(tmp_path.glob("ampere*")) == []
    with pytest.raises(NothingOfThatYear), at(write=False) as desk:
        segments_of(desk, 2026)
    assert archive(house, tmp_path).records == 16


@pytest.mark.usefixtures("year")
def test_a_year_that_is_not_over_is_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(NotOverYet):
        archive(house, tmp_path, 2027)


@pytest.mark.usefixtures("year")
def test_an_archive_is_never_written_over(house: House, tmp_path: Path) -> None:
    archive(house, tmp_path)

    with pytest.raises(ArchiveThere):
        archive(house, tmp_path)


@pytest.mark.usefixtures("year")
def test_a_journal_that_is_not_whole_is_not_archived(at: At, house: House, tmp_path: Path) -> None:
    with at(now=JANUARY) as desk:
        close_year(desk, 2026)
    broken = replace(house, settings=replace(house.settings, secret=b"another secret"))

    with pytest.raises(JournalNotWhole, match="AMPERE-01"):
        archive(broken, tmp_path)

    assert list(tmp_path.glob("ampere-2026")) == []


@pytest.mark.usefixtures("year")
def test_a_process_killed_at_any_statement_leaves_no_half_archive(
    at: At, house: House, database: Database, tmp_path: Path
) -> None:
    steps = 0
    for _step in ends_at_each_statement(database, lambda: archive(house, tmp_path)):
        steps += 1
        assert list(tmp_path.glob("ampere-2026")) == []

    assert steps > 10
    assert proved(tmp_path / "ampere-2026")[0] == 0
    assert len(events(at)) == 1
    assert_books_are_whole(at)


@pytest.mark.usefixtures("year")
def test_a_process_killed_before_the_folder_has_its_name_is_made_up_for(
    at: At, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_self: Path, _target: Path) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dies)
        with pytest.raises(Killed):
            archive(house, tmp_path)
    made = archive(house, tmp_path)

    (said,) = events(at)
    assert said["sha256"] == made.sha256


def test_no_name_of_a_resident_is_in_an_archive(keys: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ampere-2026"

    said = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert b"Rose" not in said
    assert b"Kern" not in said
    assert keys.read_bytes()[:40] not in said
