"""Fifty processes die at each step of a sale, of a closing, and of its copy outside."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.receipts.checking import verify_site
from palier.receipts.closings import closings_missing, keep_closings
from palier.receipts.models import Closing, Journal
from palier.testing.dying import tries_of
from palier.testing.plugin import At
from palier.testing.till import (
    assert_books_are_whole,
    counted,
    counts_the_till,
    numbers,
    pays,
    someone_owes,
)

KILLS = 50
DAY = date(2026, 10, 6)
SCRIPT = Path(__file__).parent / "races" / "dying_till.py"
Tries = Callable[[str], str]
pytestmark = pytest.mark.slow


@pytest.fixture
def tries(database: Database) -> Iterator[Tries]:
    """Ask for a try that dies, of one warm process that forks for each."""
    with tries_of(SCRIPT, database.url.render_as_string(hide_password=False)) as ask:
        yield ask


def dies_at_each_step(tries: Tries, line: str, looks: Callable[[], object]) -> int:
    """Let fifty processes die at each step, until one has no such step and goes through."""
    before, step = looks(), 1
    while (first := tries(f"{line} {step}")) == "died":
        rest = {tries(f"{line} {step}") for _kill in range(KILLS - 1)}
        assert rest == {"died"}
        assert looks() == before
        step += 1
    assert first == "ended"
    return step - 1


def test_a_sale_is_whole_or_nothing(at: At, tries: Tries) -> None:
    first, who = someone_owes(at, 100), someone_owes(at, 1000, 240, code="F2")
    pays(at, first)

    steps = dies_at_each_step(tries, f"sale {who}", lambda: counted(at))

    assert steps >= 15
    assert counted(at) == [2, 3, 2, 2]
    assert numbers(at) == ["AMPERE-01-2026-000001", "AMPERE-01-2026-000002"]
    assert_books_are_whole(at)


def test_a_closing_is_whole_or_nothing_in_the_books_and_outside(
    at: At, tries: Tries, tmp_path: Path
) -> None:
    pays(at, someone_owes(at, 835))
    counts_the_till(at)
    folder = tmp_path / "closings"

    steps = dies_at_each_step(
        tries, f"close {DAY} {folder}", lambda: (records(at), folder.exists())
    )

    assert steps >= 6
    assert records(at) == (4, 1)
    assert [each.name for each in folder.iterdir()] == ["AMPERE-01-000000004.json"]
    assert_books_are_whole(at)


@pytest.mark.parametrize("point", ["open", "sync", "name", "folder"])
def test_a_closing_that_is_committed_has_its_copy_in_the_end(
    at: At, tries: Tries, tmp_path: Path, point: str
) -> None:
    counts_the_till(at)

    died = {tries(f"copy {DAY + timedelta(days=n)} {tmp_path} {point}") for n in range(KILLS)}
    with at(write=False) as desk:
        lost = closings_missing(desk.session, tmp_path)
        desk.closings = tmp_path
        keep_closings(desk)
        after = closings_missing(desk.session, tmp_path)
        (checked,) = verify_site(desk.session, desk.signing_key, tmp_path)

    assert died == {"died"}
    assert len(lost) == (0 if point == "folder" else KILLS)
    assert after == []
    assert records(at) == (2 + KILLS, KILLS)
    assert (checked.ok, checked.verdict.sure_to_seq) == (True, 2 + KILLS)


def records(at: At) -> tuple[int, int]:
    """Return how many records the journal has, and how many closings are listed."""
    with at(write=False) as desk:
        journal = desk.session.scalar(select(func.count()).select_from(Journal)) or 0
        return journal, desk.session.scalar(select(func.count(Closing.id))) or 0
