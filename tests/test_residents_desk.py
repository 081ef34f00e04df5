"""Residents and households at the desk, on both databases."""

import pytest
from sqlalchemy import func, select

from palier.db.engine import Database
from palier.db.search import nearest
from palier.residents.actions import add_household, add_resident, has_left, is_back, move
from palier.residents.contact import NoPhone, NotAPhoneNumber, NotToThemselves
from palier.residents.models import Address, Channel, Household, Resident, ResidentState
from palier.residents.people import find_people
from palier.residents.rules import MaybeTheSame
from palier.testing.plugin import At, counted_statements
from palier.text import Reader, read_by
from palier.trail import perform


@pytest.fixture
def home(at: At) -> int:
    """Odile Kern, born in 1968, in stairwell B; the household's id."""
    with at() as desk:
        household = add_household(desk, street="rue de Wattwiller", number="40", stairwell="B")
        household.code = "F-7KM3XP"
        add_resident(
            desk,
            household,
            given_name="Odile",
            family_name="Kern",
            birth_year=1968,
            phone="0612345678",
        )
        return household.id


@pytest.mark.usefixtures("home")
def test_a_resident_has_a_card_and_a_way_to_be_reached(at: At) -> None:
    with at() as desk:
        resident = desk.session.scalars(select(Resident)).one()

        assert resident.card_code.startswith("H-")
        assert (resident.channel, resident.phone) == (Channel.SMS, "+33612345678")
        assert resident.last_contact_on == desk.today


def test_a_near_duplicate_is_offered_before_saving(at: At, home: int) -> None:
    with at() as desk, read_by(Reader("en")):
        household = desk.session.get_one(Household, home)

        with pytest.raises(MaybeTheSame) as refusal:
            add_resident(desk, household, given_name="Odille", family_name="Kern")

        assert refusal.value.field == "family_name"
        assert "Odile Kern, household F-7KM3XP, stairwell B" in str(refusal.value)
        assert desk.session.scalar(select(func.count(Resident.id))) == 1


def test_two_different_people_may_have_one_name(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)

        other = add_resident(desk, household, given_name="Odile", family_name="Kern", sure=True)

        assert desk.session.scalar(select(func.count(Resident.id))) == 2
        assert other.household is household


@pytest.mark.usefixtures("home")
def test_the_same_name_elsewhere_with_another_year_is_not_offered(at: At) -> None:
    with at() as desk:
        elsewhere = add_household(desk, street="rue de Wattwiller", number="42")

        add_resident(desk, elsewhere, given_name="Odile", family_name="Kern", birth_year=1990)

        assert desk.session.scalar(select(func.count(Resident.id))) == 2


@pytest.mark.usefixtures("home")
def test_another_site_knows_nothing_of_her(at: At) -> None:
    with at(site_id=2) as desk:
        elsewhere = add_household(desk, street="rue de Wattwiller", number="40", stairwell="B")

        add_resident(desk, elsewhere, given_name="Odile", family_name="Kern", birth_year=1968)

        assert desk.session.scalar(select(func.count(Resident.id))) == 1


def test_looking_for_duplicates_costs_one_statement(at: At, database: Database, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)
        for given in ("Anna", "Bruno", "Carla"):
            add_resident(desk, household, given_name=given, family_name="Kern", sure=True)

    with at(write=False) as desk:
        household = desk.session.get_one(Household, home)

        with counted_statements(database) as sent, pytest.raises(MaybeTheSame):
            add_resident(desk, household, given_name="Ana", family_name="Kern")

    assert len(sent) == 1


def test_a_wrong_number_is_refused_beside_its_field(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)

        with pytest.raises(NotAPhoneNumber) as refusal:
            add_resident(desk, household, given_name="Théo", family_name="Ritter", phone="3631")

        assert refusal.value.field == "phone"


def test_a_call_needs_a_number(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)

        with pytest.raises(NoPhone):
            add_resident(
                desk, household, given_name="Théo", family_name="Ritter", channel=Channel.CALL
            )


@pytest.mark.usefixtures("home")
def test_a_relative_gets_the_messages_but_nobody_their_own(at: At) -> None:
    with at() as desk:
        odile = desk.session.scalars(select(Resident)).one()
        marie = Resident(given_name="Marie", family_name="Kern", card_code="H-2")
        odile.contact_via = desk.add(marie)
        odile_id = odile.id

    with at() as desk:
        odile = desk.session.get_one(Resident, odile_id)
        assert str(odile.contact_via) == "Marie Kern"

        with pytest.raises(NotToThemselves):
            odile.contact_via = odile


def test_a_household_is_found_by_its_address(at: At, home: int) -> None:
    with at() as desk:
        household = desk.session.get_one(Household, home)

        assert nearest(desk.session, Household, "40 watwiller") == [household]

        move(desk, household, street="rue de Genève", number="3")
        desk.session.flush()

        assert nearest(desk.session, Household, "geneve 3") == [household]
        assert nearest(desk.session, Household, "wattwiller") == []
        assert household.detail == "3 rue de Genève"


@pytest.mark.usefixtures("home")
def test_a_number_that_is_needed_is_not_erased(at: At) -> None:
    with at() as desk:
        resident = desk.session.scalars(select(Resident)).one()
        resident.phone = None

        with pytest.raises(NoPhone):
            desk.session.flush()

        desk.session.rollback()


def test_one_door_is_one_address(at: At, home: int) -> None:
    with at() as desk:
        first = desk.session.get_one(Household, home)
        second = add_household(desk, street="Rue de Wattwiller ", number="40", stairwell="b")

        assert second.address is first.address
        assert second.code != first.code

        move(desk, second, street="rue de Wattwiller", number="40", stairwell="C")

        assert desk.session.scalar(select(func.count(Address.id))) == 2


@pytest.mark.usefixtures("home")
def test_the_trace_names_personal_columns_without_their_words(at: At) -> None:
    with at() as desk:
        resident = desk.session.scalars(select(Resident)).one()

        gone = perform(desk, has_left, resident, {}).row

        assert (gone.name, gone.resident_id) == ("residents.has_left", resident.id)
        assert "Kern" not in str(gone.changes)


@pytest.mark.usefixtures("home")
def test_who_has_left_is_not_at_the_desk_until_back(at: At) -> None:
    with at() as desk:
        resident = desk.session.scalars(select(Resident)).one()
        perform(desk, has_left, resident, {})

        assert find_people(desk, "kern") == []

        perform(desk, is_back, resident, {})

        assert resident.state is ResidentState.ACTIVE
        assert find_people(desk, "kern") == [resident]


@pytest.mark.usefixtures("home")
def test_a_card_finds_its_owner(at: At) -> None:
    with at() as desk:
        resident = desk.session.scalars(select(Resident)).one()

        assert find_people(desk, f" {resident.card_code.lower()} ") == [resident]
