"""Mme Kern is found, however she is typed, on both databases."""

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.db.search import matching, nearest
from palier.residents.models import Household, Resident
from palier.testing.plugin import counted_statements

PEOPLE = (
    ("Odile", "Kern"),
    ("Martin", "Becker"),
    ("Jeanne", "Martinez"),
    ("Théo", "Ritter"),
    ("Éloïse", "Kernbach"),
    ("Ọdilo", "N'Diaye"),
)


@pytest.fixture
def people(database: Database) -> Database:
    """Six residents at Ampère and one Kern at Cathédrale."""
    for site_id, names in ((1, PEOPLE), (2, (("Odile", "Kern"),))):
        with database.write(site_id) as session:
            home = Household(code="F-7KM3XP")
            session.add_all(
                Resident(household=home, given_name=given, family_name=family, card_code=f"H{i}")
                for i, (given, family) in enumerate(names)
            )
    return database


def found(database: Database, words: str) -> list[str]:
    with database.read(1) as session:
        return [str(each) for each in nearest(session, Resident, words)]


@pytest.mark.parametrize("typed", ["Kenr", "kèrn", "KERN", "kren", "lern", "Kerm"])
def test_kern_is_found_first(people: Database, typed: str) -> None:
    assert found(people, typed)[0] == "Odile Kern"


@pytest.mark.parametrize(
    "typed", ["odile kern", "kern odile", "  ODILE,KERN!", "od ke", "odlie kern"]
)
def test_two_words_in_any_order(people: Database, typed: str) -> None:
    assert found(people, typed)[0] == "Odile Kern"
    assert "Martin Becker" not in found(people, typed)


def test_three_letters_are_enough(people: Database) -> None:
    assert found(people, "ker") == ["Éloïse Kernbach", "Odile Kern", "Martin Becker"]


def test_a_whole_word_stands_before_a_beginning(people: Database) -> None:
    assert found(people, "martin") == ["Martin Becker", "Jeanne Martinez"]


def test_less_than_three_letters_begin_a_word(people: Database) -> None:
    assert found(people, "ri") == ["Théo Ritter"]
    assert found(people, "r") == ["Théo Ritter"]
    assert found(people, "rn") == []


def test_apostrophes_are_forgiven(people: Database) -> None:
    assert found(people, "ndiaye") == found(people, "N\u2019diaye") == ["Ọdilo N'Diaye"]


def test_a_longer_word_may_begin_with_a_typo(people: Database) -> None:
    assert found(people, "matrine") == ["Jeanne Martinez"]


@pytest.mark.parametrize(
    "typed",
    ["%", "_", "%%%", "'", '"', "' OR 1=1 --", '" OR rowid > 0 --', "*", "\x00", "((", "\\"],
)
def test_signs_find_nobody_and_break_nothing(people: Database, typed: str) -> None:
    assert found(people, typed) == []


@pytest.mark.parametrize("typed", ['ker"', "k%rn ker", 'ker AND "', "ker*", "NEAR(ker)", "-kern"])
def test_signs_among_words_break_nothing(people: Database, typed: str) -> None:
    with people.read(1) as session:
        fits = matching(session, Resident, typed)

        assert session.scalar(select(func.count()).select_from(Resident).where(fits)) is not None


def test_four_kilobytes_are_cut(people: Database) -> None:
    assert found(people, "kern " * 820)[0] == "Odile Kern"
    assert found(people, "\U0001f6b2" * 1024) == []


def test_nothing_typed_fits_everyone(people: Database) -> None:
    with people.read(1) as session:
        fits = matching(session, Resident, "  ")
        names = session.scalars(select(Resident.family_name).where(fits)).all()

    assert len(names) == len(PEOPLE)


def test_another_sites_kern_is_not_found(people: Database) -> None:
    assert found(people, "odile kern") == ["Odile Kern"]


def test_a_page_goes_on_where_the_last_one_ended(people: Database) -> None:
    with people.read(1) as session:
        fits = matching(session, Resident, "odilx")
        query = select(Resident).where(fits).order_by(Resident.family_name, Resident.id).limit(1)
        first = session.scalars(query).one()
        after = Resident.family_name > first.family_name
        again = session.scalars(query.where(after)).all()

    assert [str(first), *map(str, again)] == ["Odile Kern", "Ọdilo N'Diaye"]


def test_a_new_name_is_found_and_the_old_one_is_not(people: Database) -> None:
    with people.write(1) as session:
        ritter = session.scalars(select(Resident).where(Resident.family_name == "Ritter")).one()
        ritter.family_name = "Schmitt"

    assert found(people, "schmitt") == ["Théo Schmitt"]
    assert found(people, "ritter") == []


def test_a_typo_costs_two_statements(people: Database) -> None:
    with people.read(1) as session, counted_statements(people) as sent:
        found_there = nearest(session, Resident, "kenr")
        details = [each.detail for each in found_there]

    assert details == ["F-7KM3XP"]
    assert len(sent) == 2
