"""Sites are apart: each road into another site is closed."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import aliased, joinedload

from palier.db.engine import Database
from palier.errors import NoSiteInScope, WrongSite
from palier.residents import models

# Site and link columns are made by the records themselves: the types do not know them.
Household: Any = models.Household
Resident: Any = models.Resident


@pytest.fixture
def households(database: Database) -> tuple[int, int]:
    """One household with one resident at each site; their ids."""
    ids = []
    for site_id in (1, 2):
        with database.write(site_id) as session:
            home = Household(code="F-001")
            session.add(
                Resident(
                    household=home, given_name="Odile", family_name=f"Kern{site_id}", card_code="A"
                )
            )
            session.flush()
            ids.append(home.id)
    return ids[0], ids[1]


@pytest.mark.usefixtures("households")
def test_select_sees_one_site(database: Database) -> None:
    with database.read(1) as session:
        names = session.scalars(select(Resident.family_name)).all()

    assert names == ["Kern1"]


def test_an_alias_and_a_subquery_see_one_site(
    database: Database, households: tuple[int, int]
) -> None:
    other = aliased(Household)
    living = select(Resident.household_id)

    with database.read(1) as session:
        aliased_ids = session.scalars(select(other.id)).all()
        ids = session.scalars(select(Household.id).where(Household.id.in_(living))).all()

    assert (aliased_ids, ids) == ([households[0]], [households[0]])


def test_get_finds_nothing_of_another_site(database: Database, households: tuple[int, int]) -> None:
    with database.read(1) as session:
        assert session.get(Household, households[1]) is None
        assert session.get(Household, households[0]) is not None


def test_a_relationship_stays_at_its_site(database: Database, households: tuple[int, int]) -> None:
    with database.write(1) as session:
        stray = Resident(given_name="A", family_name="B", card_code="Z")
        session.add(stray)
        session.flush()
        stray.__dict__["household_id"] = households[1]

        assert stray.household is None
        session.expire(stray)


def test_a_joined_load_stays_at_its_site(database: Database, households: tuple[int, int]) -> None:
    query = select(Resident).options(joinedload(Resident.household))

    with database.read(2) as session:
        people = session.scalars(query).unique().all()

    assert [each.household_id for each in people] == [households[1]]


@pytest.mark.usefixtures("households")
def test_bulk_update_changes_one_site(database: Database) -> None:
    with database.write(1) as session:
        session.execute(update(Resident).values(given_name="Changed"))

    with database.read(2) as session:
        assert session.scalars(select(Resident.given_name)).all() == ["Odile"]


@pytest.mark.usefixtures("households")
def test_bulk_delete_empties_one_site(database: Database) -> None:
    with database.write(1) as session:
        session.execute(delete(Resident))

    with database.read(2) as session:
        assert len(session.scalars(select(Resident.id)).all()) == 1


@pytest.mark.usefixtures("households")
def test_an_insert_is_stamped_and_never_strays(database: Database) -> None:
    row = {"code": "F-009", "norm": "", "version": 1}

    with database.write(1) as session:
        session.execute(insert(Household), [dict(row)])
        with pytest.raises(WrongSite):
            session.execute(insert(Household), [{**row, "code": "F-010", "site_id": 2}])

    with database.read(1) as session:
        assert len(session.scalars(select(Household.id)).all()) == 2


def test_a_new_record_of_another_site_is_refused(database: Database) -> None:
    with pytest.raises(WrongSite), database.write(1) as session:
        session.add(Household(code="F-002", site_id=2))


def test_a_record_never_moves_to_another_site(
    database: Database, households: tuple[int, int]
) -> None:
    with database.write(1) as session:
        session.get_one(Household, households[0]).site_id = 2
        with pytest.raises(WrongSite):
            session.flush()
        session.expunge_all()

    with pytest.raises(WrongSite), database.write(1) as session:
        session.execute(update(Household).values(site_id=2))


def test_core_on_a_scoped_table_is_refused(database: Database) -> None:
    with database.read(1) as session, pytest.raises(NoSiteInScope):
        session.execute(select(Household.__table__))


def test_text_is_refused(database: Database) -> None:
    with database.read(1) as session, pytest.raises(NoSiteInScope):
        session.execute(text("SELECT * FROM household"))


def test_without_a_site_nothing_is_read(database: Database) -> None:
    with database.read() as session, pytest.raises(NoSiteInScope):
        session.scalars(select(Household))


def test_a_foreign_key_refuses_another_sites_row(
    database: Database, households: tuple[int, int]
) -> None:
    with pytest.raises(IntegrityError), database.write(1) as session:
        session.add(
            Resident(given_name="A", family_name="B", card_code="Z", household_id=households[1])
        )


@pytest.mark.usefixtures("households")
def test_across_sites_sees_both(database: Database) -> None:
    with database.across_sites("a test") as session:
        assert len(session.scalars(select(Household.id)).all()) == 2


def test_raw_sql_on_postgresql_sees_one_site(
    database: Database, households: tuple[int, int]
) -> None:
    if database.on_sqlite:
        with database.read(1) as session, pytest.raises(NoSiteInScope):
            session.execute(text("SELECT id FROM household"))
        return

    with database.read(1) as session:
        seen = session.connection().exec_driver_sql("SELECT id FROM household").all()

    assert seen == [(households[0],)]


@pytest.mark.usefixtures("households")
def test_raw_sql_can_not_write_into_another_site(database: Database) -> None:
    statement = "INSERT INTO household (site_id, code, norm, version) VALUES (2, 'X', '', 1)"
    if database.on_sqlite:
        return

    with pytest.raises(DBAPIError, match="row-level security"), database.write(1) as session:
        session.connection().exec_driver_sql(statement)
