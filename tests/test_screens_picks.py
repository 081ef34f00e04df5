"""Choosing a record in a form: by its scanned code, by its name, never by guessing."""

from typing import Annotated

import pytest

from palier.acts import act
from palier.bookings.models import Bookable, ThingState
from palier.codes.keyboard import written
from palier.context import Context
from palier.db.engine import Database
from palier.db.types import Tick, Ticks
from palier.receipts.models import DepositForm
from palier.residents.actions import has_left
from palier.residents.models import Household, Resident
from palier.screens.forms import act_form
from palier.screens.picks import picks_for, with_code
from palier.signature import ask
from palier.testing.caretaker import Browser
from palier.testing.plugin import At, counted_statements
from palier.text import Reader, Text, read_by

PICK = "/ampere/desk/pick/residents/resident"
PEOPLE = (
    ("Théo", "Ritter", "H-2345678B"),
    ("Brigitte", "Ritt", "H-2345678C"),
    ("Odile", "Kern", "H-2345678D"),
)


@pytest.fixture
def people(at: At) -> None:
    with at() as desk:
        home = desk.add(Household(code="F-23456B"))
        for given, family, card in PEOPLE:
            desk.add(Resident(household=home, given_name=given, family_name=family, card_code=card))


def picked(at: At, typed: str) -> tuple[list[str], bool]:
    with at(write=False) as desk:
        found = picks_for(desk, Resident, typed)
        return [str(each) for each in found.records], found.sure


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "typed", ["H-2345678B", "h-2345678b", written("H-2345678B"), "]Q3H-2345678B"]
)
def test_a_card_is_its_owner_s(at: At, typed: str) -> None:
    assert picked(at, typed) == (["Théo Ritter"], True)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("typed", "first", "sure"),
    [
        ("ker", "Odile Kern", True),
        ("rit theo", "Théo Ritter", True),
        ("rit", "Brigitte Ritt", False),  # two begin so
        ("kenr", "Odile Kern", False),  # close to it is not it
        ("ern", "Odile Kern", False),  # nor is the middle of it
    ],
)
def test_a_name_is_sure_where_nobody_else_begins_so(
    at: At, typed: str, first: str, sure: bool
) -> None:
    names, is_sure = picked(at, typed)

    assert (names[0], is_sure) == (first, sure)


@pytest.mark.usefixtures("people")
def test_the_card_of_who_has_left_is_nobody_s(at: At, browser: Browser) -> None:
    with at() as desk:
        has_left(desk, desk.session.get_one(Resident, 1))

    assert picked(at, "H-2345678B") == ([], False)
    assert browser.asks(f"{PICK}?code=H-2345678B") == []


@pytest.mark.usefixtures("people")
def test_a_picker_is_told_what_a_code_stands_for(browser: Browser) -> None:
    answer = browser.client.get(PICK, params={"code": written("H-2345678D")})

    assert answer.json() == [{"value": "3", "label": "Odile Kern, F-23456B", "sure": True}]
    assert browser.asks(f"{PICK}?code=kern") == []


@pytest.mark.usefixtures("people")
def test_a_code_costs_one_statement(at: At, database: Database) -> None:
    with at(write=False) as desk, counted_statements(database) as sent:
        with_code(desk, Resident, "H-2345678B")

    assert len(sent) == 1


def test_a_thing_that_is_gone_is_offered_no_more(at: At) -> None:
    with at() as desk:
        desk.add(Bookable(code="T01"))
        desk.add(Bookable(code="T02", state=ThingState.GONE))

        found = {code: with_code(desk, Bookable, code).sure for code in ("t01", "T02")}

    assert found == {"t01": True, "T02": False}


CHECKS = (Tick("brakes", Text("Brakes")), Tick("lights", Text("Lights")))


@act(Text("Lend"))
def lend(
    desk: Context,
    *,
    deposit: Annotated[DepositForm, ask(Text("Deposit"))],
    before: Annotated[Ticks, ask(Text("Before"), items=CHECKS)],
    after: Annotated[Ticks, ask(Text("After"), items=CHECKS)],
) -> None:
    """Lend something."""


def test_lines_to_tick_have_digits_and_short_lists_letters(at: At) -> None:
    with at(write=False) as desk, read_by(Reader("en")):
        form = act_form(desk, lend, "/", back="/", asked=lend.signature.values)

    keys = ["".join(each.key for each in field.options) for field in form.groups[0].fields]
    assert keys == ["carn", "12", "34"]
