"""Brackets: a paper seen and never copied, a colour and no word more."""

from datetime import date

import pytest
from sqlalchemy import select

from palier.accounts.models import Staff, StaffRole
from palier.db.fields import Keep
from palier.residents.actions import add_household, drop_bracket, note_bracket
from palier.residents.models import Bracket, Colour, Household
from palier.residents.rules import PaperOver
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.trail import ActRow, perform

HOME = "/ampere/desk/residents/household/1"
INCOME = "Quotient up to 500"


@pytest.fixture
def green(at: At) -> int:
    """A household, and a green bracket; the bracket's id."""
    with at() as desk:
        add_household(desk, street="rue de Wattwiller", number="40")
        return desk.add(Bracket(code="A", colour=Colour.GREEN, label=INCOME)).id


def test_the_paper_is_noted_with_the_day_and_who_saw_it(at: At, green: int) -> None:
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        bracket = desk.session.get_one(Bracket, green)
        values = {"bracket": bracket, "bracket_until": date(2027, 3, 31)}

        row = perform(desk, note_bracket, home, values).row

        assert (home.bracket, home.bracket_seen_on) == (bracket, NOW.date())
        assert home.bracket_until == date(2027, 3, 31)
        assert (row.who, row.household_id) == ("MK", 1)
        (change,) = row.changes
        assert change["set"] == {"bracket_seen_on": None, "bracket_until": None}


def test_a_paper_that_is_over_is_refused_beside_its_day(at: At, green: int) -> None:
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        bracket = desk.session.get_one(Bracket, green)

        with pytest.raises(PaperOver) as refused:
            note_bracket(desk, home, bracket=bracket, bracket_until=date(2026, 10, 5))

    assert refused.value.field == "bracket_until"
    assert "Monday 5 October" in str(refused.value)


def test_back_to_the_full_price_leaves_no_paper(at: At, green: int) -> None:
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        note_bracket(
            desk, home, bracket=desk.session.get_one(Bracket, green), bracket_until=NOW.date()
        )

        perform(desk, drop_bracket, home, {})

        assert (home.bracket, home.bracket_until) == (None, None)


def test_every_column_of_the_bracket_says_how_long_it_is_kept() -> None:
    kept = [
        Household.__table__.c[each].info.get("personal")
        for each in ("bracket_id", "bracket_seen_on", "bracket_until")
    ]

    assert all(isinstance(each, Keep) and each.after == "bracket_until" for each in kept)


def test_neither_page_nor_list_nor_file_of_the_household_names_it(
    at: At, browser: Browser, green: int
) -> None:
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        bracket = desk.session.get_one(Bracket, green)
        perform(desk, note_bracket, home, {"bracket": bracket, "bracket_until": date(2027, 3, 31)})

    told = [browser.opens(each) for each in (HOME, "/ampere/desk/residents/household")]
    told.append(browser.client.get("/ampere/desk/residents/household/export.csv").text)
    told.append(str(browser.asks("/api/v1/ampere/residents/household/1")))

    assert not any("Green" in each or INCOME in each for each in told)
    assert "Note the bracket" in words_of(told[0])


def test_the_form_asks_for_a_colour_and_says_nothing_of_income(
    browser: Browser, green: int
) -> None:
    form = words_of(browser.opens(f"{HOME}/note_bracket"))

    assert "Green" in form
    assert INCOME not in form
    browser.sends(f"{HOME}/note_bracket", bracket=str(green), bracket_until="2027-03-31")


def test_brackets_are_a_managers(at: At, browser: Browser, green: int) -> None:
    page = words_of(browser.opens("/ampere/desk/residents/bracket"))
    with at() as desk:
        desk.session.scalars(select(Staff)).one().role = StaffRole.CARETAKER

    assert INCOME in page
    browser.opens("/ampere/desk/residents/bracket", status=403)
    browser.opens(f"/ampere/desk/residents/bracket/{green}", status=403)


def test_a_colour_is_given_once(browser: Browser, green: int) -> None:
    assert green

    refused = browser.sends(
        "/ampere/desk/residents/bracket/new",
        status=422,
        code="B", colour="green", label="Something else", position="2",
    )  # fmt: skip

    assert "This is already taken." in words_of(refused)


def test_noting_it_leaves_one_act_row(at: At, browser: Browser, green: int) -> None:
    browser.sends(f"{HOME}/note_bracket", bracket=str(green), bracket_until="2027-03-31")

    with at(write=False) as desk:
        rows = desk.all(select(ActRow).where(ActRow.name == "residents.note_bracket"))
    assert [(each.subject_type, each.subject_id) for each in rows] == [("household", 1)]
