"""Closings: once, complete, in the journal and outside; and the proof of a site's books."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import close_day, pay
from palier.receipts.checking import Beside, verify_site
from palier.receipts.closings import (
    AlreadyClosed,
    NotOverYet,
    TillStillOpen,
    close_month,
    close_year,
    write_closings,
)
from palier.receipts.journal import Reason
from palier.receipts.models import Journal, PayMode, Register
from palier.receipts.till_acts import close_till
from palier.testing.plugin import NOW, At
from palier.testing.till import counts_the_till, make_resident, opens_the_till, owe

DAY = date(2026, 10, 6)
NOVEMBER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _counted(at: At) -> None:
    """The till of the morning is counted: what is sold here is paid by card."""
    counts_the_till(at)


def sells(at: At, code: str, cents: int, now: datetime = NOW) -> None:
    with at(now=now) as desk:
        resident = make_resident(desk, code)
        owe(desk, resident, cents)
        pay(desk, resident, mode=PayMode.CARD)


def bodies(desk: Context) -> list[tuple[str, str, int, int]]:
    query = select(Journal.body).where(Journal.kind == "closing").order_by(Journal.seq)
    said = [json.loads(body) for body in desk.session.scalars(query)]
    return [(one["period"], one["to"], one["tickets"], one["total_cents"]) for one in said]


def spans(desk: Context) -> list[tuple[str, str]]:
    query = select(Journal.body).where(Journal.kind == "closing").order_by(Journal.seq)
    said = [json.loads(body) for body in desk.session.scalars(query)]
    return [(one["from"], one["to"]) for one in said]


def test_a_day_is_closed_with_its_total(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240)

    with at() as desk:
        close_day(desk, day=DAY)

        assert bodies(desk) == [("day", "2026-10-06", 2, 1240)]


def test_a_day_is_closed_once(at: At) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        close_day(desk, day=DAY)

    with at() as desk, pytest.raises(AlreadyClosed):
        close_day(desk, day=DAY)


def test_a_day_is_not_closed_while_its_till_is_open(at: At) -> None:
    opens_the_till(at)

    with at() as desk, pytest.raises(TillStillOpen) as refused:
        close_day(desk, day=DAY)
    assert refused.value.till == "AMPERE-01"
    assert refused.value.step.act is close_till

    counts_the_till(at)
    with at() as desk:
        close_day(desk, day=DAY)
        assert bodies(desk) == [("day", "2026-10-06", 0, 0)]


def test_the_day_before_is_closed_while_todays_till_is_open(at: At) -> None:
    sells(at, "F1", 1000)
    opens_the_till(at, NOW + timedelta(days=1))

    with at(now=NOW + timedelta(days=1)) as desk:
        close_day(desk, day=DAY)

        assert bodies(desk) == [("day", "2026-10-06", 1, 1000)]


def test_a_day_to_come_is_not_closed(at: At) -> None:
    with at() as desk, pytest.raises(NotOverYet):
        close_day(desk, day=DAY + timedelta(days=1))


def test_what_is_sold_after_the_closing_belongs_to_the_next_day(at: At) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        close_day(desk, day=DAY)
    sells(at, "F2", 240)

    with at(now=NOW + timedelta(days=1)) as desk:
        close_day(desk, day=DAY + timedelta(days=1))

        assert bodies(desk)[-1] == ("day", "2026-10-07", 1, 240)


def test_a_day_forgotten_is_closed_by_itself_before_the_next_one(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240, NOW + timedelta(days=3))

    with at(now=NOW + timedelta(days=3)) as desk:
        close_day(desk, day=DAY + timedelta(days=3))

        assert bodies(desk) == [("day", "2026-10-06", 1, 1000), ("day", "2026-10-09", 1, 240)]
        assert spans(desk) == [("2026-10-06", "2026-10-06"), ("2026-10-09", "2026-10-09")]
        assert [each.ok for each in verify_site(desk.session, desk.signing_key)] == [True]


def test_a_late_sale_and_a_day_forgotten_keep_their_places(at: At) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        close_day(desk, day=DAY)
    sells(at, "F2", 240)
    sells(at, "F3", 300, NOW + timedelta(days=1))
    sells(at, "F4", 50, NOW + timedelta(days=2))

    with at(now=NOW + timedelta(days=2)) as desk:
        close_day(desk, day=DAY + timedelta(days=2))

        assert bodies(desk)[1:] == [("day", "2026-10-07", 2, 540), ("day", "2026-10-08", 1, 50)]


def test_a_month_skipped_is_closed_before_the_next_one(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240, NOVEMBER)

    with at(now=datetime(2026, 12, 1, 9, 0, tzinfo=UTC)) as desk:
        close_month(desk, 2026, 11)

        assert bodies(desk) == [
            ("day", "2026-10-06", 1, 1000),
            ("month", "2026-10-31", 1, 1000),
            ("day", "2026-11-02", 1, 240),
            ("month", "2026-11-30", 1, 240),
        ]
        assert spans(desk)[1::2] == [("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30")]
        with pytest.raises(AlreadyClosed):
            close_month(desk, 2026, 10)


def test_a_year_skipped_is_closed_before_the_next_one(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240, datetime(2027, 3, 2, 9, 0, tzinfo=UTC))

    with at(now=datetime(2028, 1, 2, 9, 0, tzinfo=UTC)) as desk:
        close_year(desk, 2027)

        years = [each for each in bodies(desk) if each[0] == "year"]
        assert years == [("year", "2026-12-31", 1, 1000), ("year", "2027-12-31", 1, 240)]
        assert [each.ok for each in verify_site(desk.session, desk.signing_key)] == [True]


def test_a_sale_after_the_last_closing_of_a_month_is_in_that_month(at: At) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        close_day(desk, day=DAY)
    sells(at, "F2", 240)

    with at(now=NOVEMBER) as desk:
        close_month(desk, 2026, 10)

        assert bodies(desk)[1:] == [("day", "2026-10-06", 1, 240), ("month", "2026-10-31", 2, 1240)]
        assert [each.ok for each in verify_site(desk.session, desk.signing_key)] == [True]


def test_days_without_a_receipt_get_no_record(at: At) -> None:
    with at() as desk:
        close_day(desk, day=DAY)

    with at(now=NOW + timedelta(days=5)) as desk:
        close_day(desk, day=DAY + timedelta(days=5))

        assert [each[1] for each in bodies(desk)] == ["2026-10-06", "2026-10-11"]


def test_the_month_closes_its_missing_days_first(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240, NOW + timedelta(days=1))

    with at(now=NOVEMBER) as desk:
        close_month(desk, 2026, 10)

        assert bodies(desk) == [
            ("day", "2026-10-06", 1, 1000),
            ("day", "2026-10-07", 1, 240),
            ("month", "2026-10-31", 2, 1240),
        ]


def test_the_year_closes_its_missing_months_first(at: At) -> None:
    sells(at, "F1", 1000)
    sells(at, "F2", 240, NOVEMBER)

    with at(now=datetime(2027, 1, 2, 9, 0, tzinfo=UTC)) as desk:
        close_year(desk, 2026)

        assert bodies(desk) == [
            ("day", "2026-10-06", 1, 1000),
            ("month", "2026-10-31", 1, 1000),
            ("day", "2026-11-02", 1, 240),
            ("month", "2026-11-30", 1, 240),
            ("year", "2026-12-31", 2, 1240),
        ]
        assert [each.ok for each in verify_site(desk.session, desk.signing_key)] == [True]


def test_a_site_without_a_sale_closes_its_day_at_nothing(at: At) -> None:
    with at() as desk:
        close_day(desk, day=DAY)

        assert bodies(desk) == [("day", "2026-10-06", 0, 0)]


def test_a_closing_is_kept_outside_once_it_is_committed(at: At, tmp_path: Path) -> None:
    folder = tmp_path / "closings"
    sells(at, "F1", 1000)

    with at() as desk:
        desk.closings = folder
        close_day(desk, day=DAY)
        before = folder.exists()

    assert not before
    assert [each.name for each in folder.iterdir()] == ["AMPERE-01-000000004.json"]


def test_a_closing_that_was_not_committed_is_not_kept(at: At, tmp_path: Path) -> None:
    folder = tmp_path / "closings"

    with at() as desk:
        desk.closings = folder
        close_day(desk, day=DAY)
        desk.session.rollback()

    assert not folder.exists()


def test_a_closing_lost_by_a_full_disk_is_written_later(at: At, tmp_path: Path) -> None:
    occupied = tmp_path / "closings"
    occupied.write_text("a file where the folder should be")
    sells(at, "F1", 1000)
    with at() as desk:
        desk.closings = occupied
        close_day(desk, day=DAY)
    occupied.unlink()

    with at(write=False) as desk:
        written = write_closings(desk.session, occupied)
        (checked,) = verify_site(desk.session, desk.signing_key, occupied)

    assert written == 1
    assert (checked.ok, checked.verdict.sure_to_seq) == (True, 4)


def test_another_installations_key_proves_nothing(at: At) -> None:
    sells(at, "F1", 1000)

    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, lambda _name: b"another")

    assert {each.reason for each in checked.verdict.chain} == {Reason.HASH}


def test_a_cut_behind_the_closing_is_found(at: At, database: Database, tmp_path: Path) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        desk.closings = tmp_path
        close_day(desk, day=DAY)
    with database.across_sites("test", write=True) as session:
        # Only a training site's rows can be deleted: that is how a test can cut.
        session.execute(text("UPDATE site SET kind = 'training' WHERE id = 1"))
        session.execute(text("DELETE FROM journal WHERE site_id = 1 AND seq = 4"))

    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, desk.signing_key, tmp_path)

    assert [each.reason for each in checked.verdict.chain] == [Reason.CUT]
    assert checked.beside == ((4, Beside.CLOSING), (3, Beside.HEAD))


def test_a_receipt_that_the_journal_does_not_know_is_found(at: At, database: Database) -> None:
    sells(at, "F1", 1000)
    with database.across_sites("test", write=True) as session:
        session.execute(text("UPDATE site SET kind = 'training' WHERE id = 1"))
        session.execute(text("DELETE FROM journal WHERE site_id = 1"))

    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, desk.signing_key)

    assert checked.beside == ((3, Beside.RECEIPT), (0, Beside.HEAD))


def test_a_register_that_says_another_end_is_found(at: At) -> None:
    sells(at, "F1", 1000)
    with at() as desk:
        desk.session.scalars(select(Register)).one().next_seq = 7

    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, desk.signing_key)

    assert checked.verdict.ok
    assert checked.beside == ((3, Beside.HEAD),)
