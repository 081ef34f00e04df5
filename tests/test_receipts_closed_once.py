"""A day is closed once, whoever closes it and whenever it ends; the list of what was closed."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.house import House
from palier.installing import examine
from palier.jobs.running import Run
from palier.receipts.actions import close_day
from palier.receipts.checking import Beside, verify_site
from palier.receipts.closings import AlreadyClosed, TillStillOpen, closings_missing
from palier.receipts.daysheet import read_day
from palier.receipts.models import ClosedPeriod, Closing, PayMode, Receipt
from palier.receipts.plugin import copy_closings
from palier.serving import make_up_copies
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.races import threads
from palier.testing.till import (
    assert_books_are_whole,
    counts_the_till,
    pays,
    someone_owes,
)
from palier.text import Cents

DAY = date(2026, 10, 6)
LIST = "/ampere/desk/receipts/closing"


def closed(at: At) -> list[tuple[str, str, int, int]]:
    """Return what was closed: how long, up to when, how many receipts, how much."""
    with at(write=False) as desk:
        rows = desk.session.scalars(select(Closing).order_by(Closing.id)).all()
        return [(e.period.value, e.to_on.isoformat(), e.tickets, e.total_cents) for e in rows]


def test_of_many_desks_that_close_a_day_one_does(at: At, database: Database) -> None:
    pays(at, someone_owes(at, 835))
    counts_the_till(at)

    def closes(_number: int) -> None:
        with at() as desk:
            close_day(desk, day=DAY)

    came_of_it = threads(database, closes)

    assert came_of_it == {"done": 1, "AlreadyClosed": 15}
    assert closed(at) == [("day", "2026-10-06", 1, 835)]
    assert_books_are_whole(at)


def test_who_comes_second_is_told_who_closed_and_when(at: At) -> None:
    counts_the_till(at)
    with at(now=NOW + timedelta(hours=9)) as desk:
        close_day(desk, day=DAY)

    with at(now=NOW + timedelta(hours=10)) as desk, pytest.raises(AlreadyClosed) as refused:
        close_day(desk, day=DAY)

    said = refused.value
    assert (said.who, said.when, said.to) == ("MK", NOW + timedelta(hours=9), DAY)


def test_a_till_counted_after_midnight_belongs_to_both_days_and_each_sale_to_its_own(
    at: At,
) -> None:
    late, after = NOW + timedelta(hours=14, minutes=30), NOW + timedelta(hours=15, minutes=30)
    pays(at, someone_owes(at, 100), late)  # 23:35
    pays(at, someone_owes(at, 20, code="F2"), after)  # 00:35, in the drawer of the day before
    with at(now=after) as desk, pytest.raises(TillStillOpen):
        close_day(desk, day=DAY)
    counts_the_till(at, after)

    for day in (DAY, DAY + timedelta(days=1)):
        with at(now=after) as desk:
            close_day(desk, day=day)

    assert closed(at) == [("day", "2026-10-06", 1, 100), ("day", "2026-10-07", 1, 20)]
    with at(write=False) as desk:
        sheets = [read_day(desk, day) for day in (DAY, DAY + timedelta(days=1))]
    assert [each.turnover_cents for each in sheets] == [100, 20]
    assert [len(each.counted) for each in sheets] == [1, 1]
    assert_books_are_whole(at)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)],
    ids=["an hour twice", "an hour less"],
)
def test_a_day_on_which_the_clock_changes_is_closed_whole(at: At, day: date, hours: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(
        hours=2 if hours == 25 else 1
    )
    for hour in range(-1, hours + 1):
        moment = midnight + timedelta(hours=hour, minutes=30)
        pays(at, someone_owes(at, 10, code=f"H{hour}"), moment, mode=PayMode.CARD)
    counts_the_till(at, midnight + timedelta(hours=hours + 1))

    with at(now=midnight + timedelta(hours=hours + 1)) as desk:
        close_day(desk, day=day)

    assert closed(at) == [
        ("day", (day - timedelta(days=1)).isoformat(), 1, 10),
        ("day", day.isoformat(), hours, 10 * hours),
    ]
    with at(write=False) as desk:
        sheet = read_day(desk, day)
        sold = desk.session.scalars(select(Receipt.id).where(Receipt.sold_on == day)).all()
    assert (sheet.turnover_cents, len(sold)) == (10 * hours, hours)


def test_closings_are_listed_found_and_given_as_a_file(at: At, browser: Browser) -> None:
    empty = words_of(browser.opens(LIST))
    for number in range(3):
        now = NOW + timedelta(days=number)
        pays(at, someone_owes(at, 100, code=f"F{number}"), now, mode=PayMode.CARD)
        if number == 0:
            counts_the_till(at)
        with at(now=now) as desk:
            close_day(desk, day=now.astimezone(desk.site.zone).date())

    page = words_of(browser.opens(LIST))
    found = words_of(browser.opens(f"{LIST}?q=000002"))
    file = browser.client.get(f"{LIST}/export.csv").text

    assert "2026" not in empty
    assert page.index("8 October") < page.index("7 October") < page.index("6 October")
    assert "Missing: it is written again tonight" in page
    assert "7 October" in found
    assert "8 October" not in found
    assert file.count("AMPERE-01") >= 3


def test_a_list_that_says_other_than_the_journal_is_found(at: At) -> None:
    counts_the_till(at)
    with at() as desk:
        close_day(desk, day=DAY)
        register = desk.session.scalars(select(Closing)).one().register
        desk.add(
            Closing(
                register=register,
                journal_seq=99,
                period=ClosedPeriod.DAY,
                from_on=DAY,
                to_on=DAY,
                at=desk.now,
                person_code="MK",
                tickets=0,
                total_cents=Cents(0),
                perpetual_cents=Cents(0),
                perpetual_abs_cents=Cents(0),
                copy="-",
            )
        )

    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, desk.signing_key)

    assert checked.beside == ((99, Beside.CLOSING),)


def test_a_server_writes_the_copies_that_are_missing_when_it_starts(at: At, house: House) -> None:
    counts_the_till(at)
    with at() as desk:
        close_day(desk, day=DAY)
    with house.at("ampere", "test", write=False) as desk:
        assert desk.closings is not None
        folder, lost = desk.closings, closings_missing(desk.session, desk.closings)

    make_up_copies(house)

    assert [each.name for each in folder.glob("*.json")] == lost == ["AMPERE-01-000000003.json"]
    assert list(folder.glob("*.part")) == []


def test_a_half_copy_of_a_process_that_died_is_swept_and_troubles_nobody(
    at: At, house: House
) -> None:
    counts_the_till(at)
    with house.at("ampere", "test") as desk:
        close_day(desk, day=DAY)
        folder = desk.closings
    assert folder is not None
    halves = {"AMPERE-01-000000003.71-1.part": 60, "AMPERE-01-000000003.72-1.part": 1}
    for name, minutes in halves.items():
        (folder / name).write_bytes(b"{")
        touched = (NOW - timedelta(minutes=minutes)).timestamp()
        os.utime(folder / name, (touched, touched))

    (said,) = (each for each in examine(house) if each.what == "closings")
    copy_closings(Run(house, "ampere", "job receipts.copy_closings"))

    assert (said.well, said.words) == (True, "every copy lies outside")
    assert sorted(each.name for each in folder.iterdir()) == [
        "AMPERE-01-000000003.72-1.part",  # of a process that may still be at it
        "AMPERE-01-000000003.json",
    ]


def test_a_proof_without_any_closing_outside_says_that_it_compared_nothing(
    at: At, tmp_path: Path
) -> None:
    counts_the_till(at)
    with at() as desk:
        desk.closings = tmp_path / "kept"
        close_day(desk, day=DAY)

    with at(write=False) as desk:
        (alone,) = verify_site(desk.session, desk.signing_key, tmp_path / "elsewhere")
        (beside,) = verify_site(desk.session, desk.signing_key, tmp_path / "kept")

    assert (alone.ok, alone.compared) == (True, False)
    assert (beside.ok, beside.compared) == (True, True)
