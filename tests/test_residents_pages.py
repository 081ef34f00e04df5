"""Households, residents and providers through the real application."""

import pytest
from sqlalchemy import select

from palier.providers.models import Provider
from palier.residents.actions import add_household, add_resident
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At

PEOPLE = "/ampere/desk/residents/resident"
HOMES = "/ampere/desk/residents/household"
PROVIDERS = "/ampere/desk/providers/provider"


@pytest.fixture
def home(at: At) -> int:
    """Odile Kern in stairwell B; the household's id."""
    with at() as desk:
        household = add_household(desk, street="rue de Wattwiller", number="40", stairwell="B")
        add_resident(desk, household, given_name="Odile", family_name="Kern", birth_year=1968)
        return household.id


def test_a_household_is_added_with_its_address(browser: Browser) -> None:
    page = browser.sends(f"{HOMES}/add_household", street="rue de Genève", number="3")

    assert "3 rue de Genève" in words_of(page)


def test_the_near_duplicate_is_offered_with_what_was_typed(browser: Browser, home: int) -> None:
    path = f"{HOMES}/{home}/add_resident"

    page = browser.sends(path, status=422, given_name="Odille", family_name="Kern", language="tr")

    assert "Already here: Odile Kern" in words_of(page)
    assert 'value="Odille"' in page

    browser.sends(path, given_name="Odille", family_name="Kern", language="tr", sure="on")

    assert "Odille" in words_of(browser.opens(PEOPLE))


@pytest.mark.usefixtures("home")
def test_the_list_forgives_a_typo(browser: Browser) -> None:
    assert "Odile" in words_of(browser.opens(f"{PEOPLE}?q=Kenr"))
    assert "Odile" not in words_of(browser.opens(f"{PEOPLE}?q=Muller"))


@pytest.mark.usefixtures("home")
def test_a_wrong_number_is_refused_where_a_record_is_changed(browser: Browser) -> None:
    page = browser.sends(
        f"{PEOPLE}/1/edit",
        status=422,
        given_name="Odile",
        family_name="Kern",
        language="fr",
        channel="letter",
        phone="3631",
    )

    assert "This is not a telephone number." in words_of(page)


def test_the_household_shows_who_lives_there(browser: Browser, home: int) -> None:
    assert "Odile" in words_of(browser.opens(f"{HOMES}/{home}"))


def test_a_provider_of_alsace_needs_no_number(browser: Browser, at: At) -> None:
    browser.sends(f"{PROVIDERS}/new", name="Les Doigts d'or", register_ref="Strasbourg, vol. 92")

    assert "Les Doigts d'or" in words_of(browser.opens(f"{PROVIDERS}?q=doits"))
    with at(write=False) as desk:
        assert desk.session.scalars(select(Provider)).one().rna is None


def test_a_wrong_siret_is_refused_beside_its_field(browser: Browser) -> None:
    page = browser.sends(f"{PROVIDERS}/new", status=422, name="Pressing", siret="73282932000075")

    assert "This is not a SIRET." in words_of(page)
    assert 'value="73282932000075"' in page


def test_a_record_says_who_may_see_it_and_why(browser: Browser, at: At) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        add_resident(desk, home, given_name="Odile", family_name="Kern")

    page = words_of(browser.opens("/ampere/desk/residents/resident/1"))
    about_nobody = words_of(browser.opens("/ampere/desk/bookings/kinds"))

    assert "of the site may see this, to: Know who is served; Reach the person." in page
    assert "may see this" not in about_nobody
