"""What a person agrees to: noted, asked before what needs it, withdrawn on any day."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from palier.residents.actions import (
    add_household,
    add_resident,
    agree,
    call_if_not_seen,
    withdraw,
)
from palier.residents.consents import (
    NoConsent,
    NotAskedFor,
    OverBefore,
    ParentFirst,
    check_consent,
    has_agreed,
    holds_on,
    may_agree_alone,
    youngest,
)
from palier.residents.languages import Language
from palier.residents.models import Consent, How, Purpose, Resident, Unseen
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.trail import perform

VECTORS = json.loads((Path(__file__).parent / "vectors" / "gdpr_retention.json").read_text("utf-8"))
AGES = [each for each in VECTORS["minors"] if "consent" in each["act"]]


@pytest.mark.parametrize("vector", AGES, ids=lambda each: str(each["age"]))
def test_under_fifteen_a_parent_agrees_too(vector: dict[str, object]) -> None:
    assert may_agree_alone(int(str(vector["age"])), NOW.date()) is vector["allowed"]


def test_of_a_year_of_birth_the_youngest_age_counts() -> None:
    assert youngest(2011, date(2026, 10, 6)) == 14
    assert youngest(2010, date(2026, 10, 6)) == 15


@pytest.fixture
def odile(at: At) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        add_resident(desk, home, given_name="Odile", family_name="Kern", birth_year=1955)
        add_resident(desk, home, given_name="Lou", family_name="Kern", birth_year=2012)


@pytest.mark.usefixtures("odile")
def test_without_a_consent_the_act_is_refused(at: At) -> None:
    with at() as desk:
        odile = desk.session.get_one(Resident, 1)
        with pytest.raises(NotAskedFor):
            call_if_not_seen(desk, odile)
        given: Consent = perform(desk, agree, odile, {"purpose": Purpose.CALL_IF_NOT_SEEN}).result

        call_if_not_seen(desk, odile, unseen=Unseen.SEVEN)

        seven = str(odile.unseen.value)
        assert has_agreed(desk, odile, Purpose.CALL_IF_NOT_SEEN)
        with pytest.raises(NoConsent):
            check_consent(desk, odile, Purpose.PICTURES)
        perform(desk, withdraw, given, {})
        assert (seven, str(odile.unseen.value)) == ("7", "never")
        assert not has_agreed(desk, odile, Purpose.CALL_IF_NOT_SEEN)


@pytest.mark.usefixtures("odile")
def test_a_consent_ends_on_its_day(at: At) -> None:
    with at() as desk:
        odile = desk.session.get_one(Resident, 1)
        end = desk.today + timedelta(days=3)

        given = agree(desk, odile, purpose=Purpose.PICTURES, ends_on=end)

        assert holds_on(given, end - timedelta(days=1))
        assert not holds_on(given, end)
        with pytest.raises(OverBefore):
            agree(desk, odile, purpose=Purpose.PICTURES, ends_on=desk.today)
    with at(now=NOW + timedelta(days=3)) as desk:
        assert not has_agreed(desk, desk.session.get_one(Resident, 1), Purpose.PICTURES)


@pytest.mark.usefixtures("odile")
def test_a_child_s_consent_needs_a_parent(at: At) -> None:
    with at() as desk:
        lou = desk.session.get_one(Resident, 2)

        with pytest.raises(ParentFirst) as refusal:
            agree(desk, lou, purpose=Purpose.PICTURES)

        assert refusal.value.field == "by_parent"
        agree(desk, lou, purpose=Purpose.PICTURES, by_parent=True)


@pytest.mark.usefixtures("odile")
def test_the_record_shows_what_was_agreed(browser: Browser) -> None:
    path = "/ampere/desk/residents/resident/1"

    page = browser.sends(f"{path}/agree", purpose="pictures", how="said")

    assert "Pictures taken and shown" in words_of(page)
    assert "Pictures taken and shown" in words_of(browser.opens(path))
    browser.sends("/ampere/desk/residents/consent/1/withdraw")


@pytest.mark.usefixtures("odile")
def test_asking_to_be_called_is_a_consent_and_never_takes_it_back(at: At) -> None:
    with at() as desk:
        odile = desk.session.get_one(Resident, 1)

        perform(desk, call_if_not_seen, odile, {"unseen": Unseen.SEVEN, "agreed": True})
        (given,) = desk.all(select(Consent))
        perform(desk, call_if_not_seen, odile, {"unseen": Unseen.THREE})

        assert (given.purpose, given.how) == (Purpose.CALL_IF_NOT_SEEN, How.SAID)
        assert len(desk.all(select(Consent))) == 1
        perform(desk, call_if_not_seen, odile, {"unseen": Unseen.NEVER})
        assert given.withdrawn_on == desk.today
        assert odile.unseen is Unseen.NEVER


@pytest.mark.usefixtures("odile")
def test_taking_back_is_as_easy_as_agreeing(browser: Browser) -> None:
    path = "/ampere/desk/residents/resident/1"
    browser.sends(f"{path}/agree", purpose="pictures", how="said")

    browser.sends(f"{path}/take_back", purpose="pictures")
    again = browser.sends(f"{path}/take_back", purpose="pictures", status=422)

    assert "There is nothing to take back" in words_of(again)


@pytest.mark.usefixtures("odile")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.FRENCH, "Je suis libre de dire non"),
        (Language.GERMAN, "Ich darf Nein sagen"),
        (Language.ARABIC, "أنا حر"),
        (Language.UKRAINIAN, "I am free to say no"),
    ],
)
def test_the_paper_to_sign_is_in_two_languages(
    browser: Browser, at: At, language: Language, words: str
) -> None:
    with at() as desk:
        lou = desk.session.get_one(Resident, 2)
        lou.language = language
        agree(desk, lou, purpose=Purpose.PICTURES, by_parent=True)

    paper = words_of(browser.opens("/ampere/desk/residents/consent_paper?made=1"))

    assert "Ampère peut prendre des photos où on me voit" in paper
    assert words in paper.replace("\u2019", "'")
    assert "CONSENT-1" in paper
    assert "Un parent" in paper


@pytest.mark.usefixtures("odile")
def test_the_signed_paper_is_filed_by_its_code(browser: Browser, at: At) -> None:
    with at() as desk:
        agree(desk, desk.session.get_one(Resident, 1), purpose=Purpose.PICTURES, how=How.SAID)

    found = browser.opens("/ampere/desk/desk/find?q=CONSENT-1")
    browser.sends("/ampere/desk/residents/consent/1/file_consent")

    assert "The paper is signed" in words_of(found)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Consent.how)).one() is How.SIGNED
