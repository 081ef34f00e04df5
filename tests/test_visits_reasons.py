"""The keys of the keypad: nine at most, each its own; what was used is switched off, not deleted."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.sites.opening import NewSite, open_site
from palier.testing.caretaker import Browser, words_of
from palier.testing.keypad import make_keypad, reason_of
from palier.testing.plugin import At
from palier.trail import perform
from palier.visits import actions
from palier.visits.models import VisitReason
from palier.visits.reasons import KeyIsTaken

SCREEN = "/ampere/desk/visits/visit_reason"


@pytest.mark.parametrize(
    ("locale", "first", "last"),
    [("fr", "Un café", "Bénévole, partenaire"), ("en", "A coffee", "Volunteer, partner")],
)
def test_a_new_site_begins_with_a_keypad_in_its_language(
    database: Database, locale: str, first: str, last: str
) -> None:
    wanted = NewSite(slug="meinau", name="Meinau", locale=locale)

    site_id = open_site(database, wanted, datetime(2026, 10, 6, tzinfo=UTC))

    with database.read(site_id) as session:
        found = session.scalars(select(VisitReason).order_by(VisitReason.key)).all()
    assert [each.key for each in found] == [1, 2, 3, 4, 5, 6, 7]
    assert (found[0].label, found[-1].label, found[-1].apart) == (first, last, True)


def test_a_manager_adds_a_key_and_a_taken_one_is_refused_beside_its_field(
    browser: Browser, at: At
) -> None:
    with at() as desk:
        make_keypad(desk)

    refused = words_of(
        browser.sends(f"{SCREEN}/new", status=422, key="1", label="Bread", icon="bread")
    )
    too_far = words_of(
        browser.sends(f"{SCREEN}/new", status=422, key="10", label="B", icon="bread")
    )
    done = words_of(browser.sends(f"{SCREEN}/new", key="8", label="Bread", icon="bread"))

    assert "This is already taken. Choose another." in refused
    assert "At most 9." in too_far
    assert "Saved." in done


def test_a_key_is_free_again_when_its_reason_is_off_until_another_takes_it(at: At) -> None:
    with at() as desk:
        make_keypad(desk)
        coffee = reason_of(desk, 1)
        perform(desk, actions.switch_off, coffee, {})
        desk.add(VisitReason(key=1, label="Tea"))

        with pytest.raises(KeyIsTaken):
            perform(desk, actions.switch_on, coffee, {})

        assert reason_of(desk, 1).label == "Tea"


def test_a_site_without_reasons_says_how_to_get_some(browser: Browser) -> None:
    page = browser.opens("/ampere/desk")

    assert "No reasons yet. Choose why people come" in words_of(page)
    assert f'href="{SCREEN}"' in page
