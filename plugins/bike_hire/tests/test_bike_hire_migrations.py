"""Tables of bike hire that hold something are changed without losing any of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from palier.api import Bookable, Booking, BookingLine, LineState, Resident, Ticks
from palier.db.engine import Database
from palier.db.guards import missing
from palier.db.migrations import owner_connection, upgrade
from palier.installing import packages
from palier.plugins import discover
from palier.testing.databases import open_database, postgresql_database
from palier.testing.plugin import NOW, seed_sites
from palier_bike_hire.models import BIKE_LEAVES, BIKE_RETURNS, Kind, Loan, Rhythm

KINDS = (
    "INSERT INTO bike_hire_kind (id, site_id, name, deposit, marked, version)"
    " VALUES (1, 1, 'City', 15000, false, 1), (2, 2, 'Cargo', 30000, false, 1)"
)
THING = (
    "INSERT INTO resource (id, site_id, what, code, name, state, version, norm)"
    " VALUES (1, 1, 'bike_hire_bike', 'V01', '', 'ready', 1, 'v01')"
)
BIKE = (
    "INSERT INTO bike_hire_bike (id, site_id, loans_since, days_since, kind_id)"
    " VALUES (1, 1, 3, 9, 1)"
)
DECIDED = (
    "INSERT INTO site_setting (site_id, package, key, value, valid_from, source) VALUES"
    " (1, 'bike_hire', 'service_loans', '5', '2026-03-01', ''),"
    " (1, 'bike_hire', 'service_days', '30', '2026-03-01', ''),"
    " (1, 'bike_hire', 'service_loans', '8', '2026-06-01', ''),"
    " (2, 'bike_hire', 'grace_minutes', '15', '2026-06-01', '')"
)
LOAN = (
    "INSERT INTO bike_hire_loan (id, site_id, lent_at, due_at, before, problem, deposit, held,"
    " damage, still_owed, contract, return_slip, bike_id, resident_id, line_id, version)"
    " SELECT 1, site_id, starts_at, ends_at, :before, 'none', 'cash', 15000, 0, 0, 'none', 'none',"
    " 1, 1, id, 1 FROM booking_line"
)
TICKED = '{"ticked": ["brakes", "lights"], "by": "MK", "at": null}'


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Database]]:
    """Bikes from before kinds had checks: the owner's address, and the database."""
    with ExitStack() as stack:
        owner = app = f"sqlite:///{tmp_path / 'palier.sqlite3'}"
        if request.param == "postgresql":
            owner, app = stack.enter_context(postgresql_database())
        upgrade(owner, packages(discover()), at={"bike_hire": "0002"})
        database = open_database(app)
        stack.callback(database.close)
        seed_sites(database)
        _fill(owner, database)
        yield owner, database


def _fill(owner: str, database: Database) -> None:
    """One bike, lent, and what the site had decided of its maintenance."""
    with owner_connection(owner) as connection:
        for each in (KINDS, THING, BIKE, DECIDED):
            connection.execute(text(each))
    with database.write(1) as session:
        theo = Resident(given_name="Théo", family_name="Ritter", card_code="C-1")
        booking = Booking(code="B-1", resident=theo, service="bike_hire")
        thing, until = session.get_one(Bookable, 1), NOW + timedelta(days=7)
        span: dict[str, Any] = {
            "starts_at": NOW,
            "ends_at": until,
            "busy_from": NOW,
            "busy_to": until,
        }
        session.add(BookingLine(booking=booking, resource=thing, state=LineState.OUT, **span))
    with owner_connection(owner) as connection:
        connection.execute(text(LOAN), {"before": TICKED})


def test_kinds_of_before_are_bicycles_and_keep_what_was_decided(
    before: tuple[str, Database],
) -> None:
    owner, database = before

    done = upgrade(owner, packages(discover()))

    assert done.failed == {}
    with owner_connection(owner) as connection:
        assert missing(connection) == []
    with database.read(1) as session:
        kind = session.scalars(select(Kind)).one()
        rhythms = session.scalars(select(Rhythm).order_by(Rhythm.valid_from)).all()
        assert (kind.before, kind.after, kind.pieces) == (BIKE_LEAVES, BIKE_RETURNS, 0)
        assert [(str(r.valid_from), r.loans, r.days_out, r.days) for r in rhythms] == [
            ("2000-01-01", 10, 60, None),
            ("2026-03-01", 5, 30, None),
            ("2026-06-01", 8, 30, None),
        ]
    with database.read(2) as session:
        other = session.scalars(select(Rhythm)).one()
        assert (other.kind.name, other.loans, other.days_out) == ("Cargo", 10, 60)


def test_a_loan_of_before_is_as_it_was(before: tuple[str, Database]) -> None:
    owner, database = before

    upgrade(owner, packages(discover()))

    with database.read(1) as session:
        loan = session.scalars(select(Loan)).one()
        assert (loan.bike.code, loan.held, loan.line.state) == ("V01", 15000, LineState.OUT)
        assert loan.before == Ticks({"brakes", "lights"})
        assert (loan.pieces_out, loan.pieces_in) == (None, None)
