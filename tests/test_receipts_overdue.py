"""A day, month or year that nobody closed is told to whoever closes it, and to the administrator."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from palier.context import Context
from palier.receipts.actions import close_day, pay
from palier.receipts.closings import close_month, close_year
from palier.receipts.models import ArchiveState, PayMode, YearArchive
from palier.receipts.overdue import Overdue, read_overdue
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import counts_the_till, make_resident, owe

DAY = date(2026, 10, 6)
NEW_YEAR = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _counted(at: At) -> None:
    """The till of the morning is counted: what is sold here is paid by card."""
    counts_the_till(at)


def sells(at: At, code: str, now: datetime = NOW) -> None:
    with at(now=now) as desk:
        resident = make_resident(desk, code)
        owe(desk, resident, 100)
        pay(desk, resident, mode=PayMode.CARD)


def due(at: At, now: datetime) -> Overdue:
    with at(now=now, write=False) as desk:
        return read_overdue(desk)


def archived(desk: Context, year: int) -> YearArchive:
    row = YearArchive(year=year, asked_at=desk.now, asked_by="MK")
    row.state = ArchiveState.DONE
    return row


def test_nothing_is_due_before_anything_was_sold(at: At) -> None:
    assert due(at, NEW_YEAR) == Overdue()


def test_the_day_itself_is_not_due_and_the_next_morning_it_is(at: At) -> None:
    sells(at, "F1")

    assert due(at, NOW) == Overdue()
    assert due(at, NOW + timedelta(days=1)) == Overdue(day=DAY)


def test_what_is_closed_is_no_longer_due(at: At) -> None:
    sells(at, "F1")
    steps = []
    for close in (
        lambda desk: close_day(desk, day=DAY),
        lambda desk: close_month(desk, 2026, 10),
        lambda desk: close_year(desk, 2026),
        lambda desk: desk.add(archived(desk, 2026)),
    ):
        steps.append(due(at, NEW_YEAR))
        with at(now=NEW_YEAR) as desk:
            close(desk)

    assert steps == [
        Overdue(day=DAY, month=DAY, year=DAY),
        Overdue(month=DAY, year=DAY),
        Overdue(year=DAY),
        Overdue(archive=date(2026, 12, 31)),
    ]
    assert due(at, NEW_YEAR) == Overdue()


def test_the_newest_that_is_open_is_named_for_it_closes_those_before(at: At) -> None:
    sells(at, "F1")
    sells(at, "F2", NOW + timedelta(days=2))
    later = NOW + timedelta(days=3)
    newest = due(at, later).day
    assert newest == DAY + timedelta(days=2)

    with at(now=later) as desk:
        close_day(desk, day=newest)

    assert due(at, later) == Overdue()


def test_the_desk_page_names_the_day_and_leads_to_its_closing(at: At, browser: Browser) -> None:
    sells(at, "F1", NOW - timedelta(days=1))

    page = browser.opens("/ampere/desk")
    href = re.findall(r'href="([^"]*close_day[^"]*)"', page)[0]
    form = browser.opens(unescape(href))

    assert "Monday 5 October was not closed." in words_of(page)
    assert 'value="2026-10-05"' in form


def test_each_length_has_its_sentence() -> None:
    said = Overdue(DAY, DAY, DAY, date(2025, 12, 31)).words

    assert [str(words) for _what, words in said] == [
        "Tuesday 6 October 2026 was not closed.",
        "The month October 2026 is not closed.",
        "The year 2026 is not closed.",
        "The archive of 2025 is missing: the law wants one each year.",
    ]
