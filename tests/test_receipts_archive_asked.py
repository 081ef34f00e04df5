"""A year's archive asked for in the browser: made by the jobs, taken away, proved without Palier."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from palier.house import House
from palier.jobs.running import Loop
from palier.receipts.archive_pages import ask_archive
from palier.receipts.archives.asking import ArchiveAsked, YearNotOver
from palier.receipts.models import ArchiveState, YearArchive
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At
from palier.testing.till import counts_the_till, pays, proved, someone_owes

JANUARY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def year(at: At) -> None:
    """A sale of 2026, and a till that is counted."""
    pays(at, someone_owes(at, 1000))
    counts_the_till(at)


def state_of(at: At) -> tuple[ArchiveState, int, str | None]:
    with at(write=False) as desk:
        row = desk.session.scalars(select(YearArchive)).one()
        return row.state, row.records, row.why


def at_new_year(house: House, folder: Path) -> House:
    settings = replace(house.settings, archives_folder=folder)
    return replace(house, clock=lambda: JANUARY + timedelta(minutes=1), settings=settings)


@pytest.mark.usefixtures("year")
def test_what_is_asked_for_is_made_by_the_next_look_of_the_jobs(
    at: At, house: House, tmp_path: Path
) -> None:
    later = at_new_year(house, tmp_path / "archives")
    Loop(replace(later, clock=lambda: JANUARY)).once()
    with at(now=JANUARY) as desk:
        ask_archive(desk, year=2026)

    ran = Loop(later).once()

    found = tmp_path / "archives" / "ampere-2026.zip"
    state, records, why = state_of(at)
    with zipfile.ZipFile(found) as file:
        file.extractall(tmp_path / "taken")
    assert "receipts.make_archives" in ran
    assert (state, why) == (ArchiveState.DONE, None)
    assert records > 3
    assert proved(tmp_path / "taken" / "ampere-2026")[0] == 0


@pytest.mark.usefixtures("year")
def test_an_archive_that_could_not_be_made_says_why_and_can_be_asked_again(
    at: At, house: House, tmp_path: Path
) -> None:
    (tmp_path / "archives").write_text("a file where the folder should be")
    later = at_new_year(house, tmp_path / "archives")
    Loop(replace(later, clock=lambda: JANUARY)).once()
    with at(now=JANUARY) as desk:
        ask_archive(desk, year=2026)

    Loop(later).once()

    state, _records, why = state_of(at)
    assert state is ArchiveState.FAILED
    assert why
    with at(now=JANUARY) as desk:
        assert ask_archive(desk, year=2026).state is ArchiveState.ASKED


def test_a_year_is_archived_once_and_when_it_is_over(at: At) -> None:
    with at() as desk, pytest.raises(YearNotOver):
        ask_archive(desk, year=2026)
    with at(now=JANUARY) as desk:
        ask_archive(desk, year=2026)

    with at(now=JANUARY) as desk, pytest.raises(ArchiveAsked):
        ask_archive(desk, year=2026)


def test_an_archive_whose_file_is_gone_can_be_asked_again(at: At, tmp_path: Path) -> None:
    with at(now=JANUARY) as desk:
        ask_archive(desk, year=2026).state = ArchiveState.DONE
    (tmp_path / "ampere-2026.zip").touch()

    with at(now=JANUARY) as desk:
        desk.archives = tmp_path
        with pytest.raises(ArchiveAsked):
            ask_archive(desk, year=2026)
    (tmp_path / "ampere-2026.zip").unlink()
    with at(now=JANUARY) as desk:
        desk.archives = tmp_path
        again = ask_archive(desk, year=2026)

    assert again.state is ArchiveState.ASKED


@pytest.mark.usefixtures("year")
def test_the_file_is_taken_from_the_record(at: At, browser: Browser, house: House) -> None:
    with at(now=JANUARY) as desk:
        row = ask_archive(desk, year=2026)
        row.state = ArchiveState.DONE
    folder = house.settings.archives
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "ampere-2026.zip", "w") as file:
        file.writestr("ampere-2026/README.txt", "read me")

    record = browser.opens("/ampere/desk/receipts/year_archive/1")
    form = hidden_of(browser.opens("/ampere/desk/receipts/year_archive/1/take_archive"))
    answer = browser.client.post("/ampere/desk/receipts/year_archive/1/take_archive", data=form)

    assert "Take the file" in words_of(record)
    assert answer.headers["content-type"].startswith("application/zip")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["ampere-2026/README.txt"]
    assert "/cathedrale/" not in str(answer.url)


def test_a_file_that_is_not_ready_is_not_there(at: At, browser: Browser) -> None:
    with at(now=JANUARY) as desk:
        ask_archive(desk, year=2026)

    browser.opens("/ampere/desk/receipts/archive_file?made=1", status=404)
