"""An act is written once: its signature is the form, the dialog, the plain page and the JSON body."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from palier.residents.actions import add_household
from palier.residents.models import Household, Resident
from palier.screens.forms import starting
from palier.signature import Asked
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.text import Cents, Duration, Minutes, Reader, Text, read_by, show
from palier.trail import ActRow
from palier.values import CannotRead, Euros, Lasting, Moment

PEOPLE = "/ampere/desk/residents"
API = "/api/v1/ampere"
KERN = {"given_name": "Odile", "family_name": "Kern", "birth_year": "1948", "phone": "",
        "email": "odile@example.org", "language": "fr", "channel": ""}  # fmt: skip


@pytest.fixture
def home(at: At) -> int:
    """A household; its id."""
    with at() as desk:
        return add_household(desk, street="rue de Wattwiller", number="40").id


def fields_of(page: str) -> dict[str, str]:
    """What stands in the inputs of a page's form, hidden ones left out."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if said.get("type") != "hidden" and "name" in said:
            found[said["name"]] = unescape(said.get("value", ""))
    return found


def acts_written(at: At) -> list[ActRow]:
    with at(write=False) as desk:
        return list(desk.session.scalars(select(ActRow).order_by(ActRow.id)))


def test_the_form_asks_for_what_the_signature_asks_for(browser: Browser, home: int) -> None:
    page = browser.opens(f"{PEOPLE}/household/{home}/add_resident")

    words = words_of(page)
    form = page.partition('<div class="in-form">')[2].partition("</form>")[0]
    names = re.findall(r'<(?:input|select)\b[^>]*\bname="([^"]+)"', form)
    assert list(dict.fromkeys(names)) == [
        "given_name", "family_name", "birth_year", "phone", "email", "language", "channel", "sure"
    ]  # fmt: skip
    assert "Write down someone who lives in this household." in words
    assert "Given name" in words
    assert "These are two different people" in words
    assert '<form method="post"' in page


@pytest.mark.parametrize(("first", "stands"), [(True, {"turn": "b"}), (False, {})])
def test_the_first_of_what_is_offered_may_stand_in_the_form(
    at: At, first: bool, stands: dict[str, str]
) -> None:
    offered = {"b": Text("Bea"), "a": Text("Ali")}
    turn = Asked("turn", Text("In turn"), str, offers=lambda _desk: offered, first=first)

    with at(write=False) as desk:
        filled = starting([turn], desk)

    assert filled == stands


def test_everything_missing_is_said_at_once_beside_its_field(browser: Browser, home: int) -> None:
    sent = {"given_name": "", "family_name": "", "birth_year": "long ago"}

    page = browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=422, **sent)

    for name, sentence in (
        ("given_name", "Fill in: Given name."),
        ("family_name", "Fill in: Family name."),
        ("birth_year", "Type a number, for instance 3."),
    ):
        assert sentence in words_of(page)
        assert re.search(rf'<input[^>]*name="{name}"[^>]*aria-invalid="true"', page), name
    assert fields_of(page)["birth_year"] == "long ago"


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"birth_year": "1850"}, "birth_year", "At least 1900."),
        ({"birth_year": "Infinity"}, "birth_year", "This number is too large."),
        ({"birth_year": "1e999999999"}, "birth_year", "This number is too large."),
        ({"birth_year": "1948.5"}, "birth_year", "Type a whole number, for instance 3."),
        ({"language": "latin"}, "language", "Choose one of the list."),
        ({"given_name": "x" * 61}, "given_name", "This has 61 letters. At most 60 fit."),
        ({"email": "nobody"}, "email", ""),
    ],
)
def test_what_is_wrong_keeps_everything_typed(
    browser: Browser, home: int, at: At, sent: dict[str, str], field: str, sentence: str
) -> None:
    typed = {**KERN, **sent}

    page = browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=422, **typed)

    shown = fields_of(page)
    texts = {name: value for name, value in typed.items() if name in shown}
    assert {name: shown[name] for name in texts} == texts
    assert sentence in words_of(page)
    assert f'id="{field}' in page or f'name="{field}"' in page
    with at(write=False) as desk:
        assert desk.session.scalars(select(Resident.id)).all() == []


def test_a_refusal_of_the_act_stands_beside_its_field(browser: Browser, home: int) -> None:
    typed = {**KERN, "birth_year": "2027"}

    page = browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=422, **typed)

    assert re.search(r'<input[^>]*name="birth_year"[^>]*aria-invalid="true"', page)
    assert fields_of(page)["given_name"] == "Odile"


def test_the_api_says_the_same_sentences(browser: Browser, home: int) -> None:
    path = f"{API}/residents/household/{home}/add_resident"

    answer = browser.posts(path, {"given_name": "x" * 61, "birth_year": 1850}, status=422)

    assert answer == {
        "refused": "Some answers need another look.",
        "fields": {
            "given_name": ["This has 61 letters. At most 60 fit."],
            "family_name": ["Fill in: Family name."],
            "birth_year": ["At least 1900."],
        },
    }


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"given_name": 7}, "Send text here."),
        ({"birth_year": "1948"}, "Send a whole number here."),
        ({"birth_year": True}, "Send a whole number here."),
        ({"sure": "yes"}, "Send true or false here."),
        ({"age": 7}, "This value is not asked for."),
    ],
)
def test_the_api_takes_no_other_types_and_no_other_names(
    browser: Browser, home: int, value: dict[str, Any], sentence: str
) -> None:
    body = {"given_name": "Odile", "family_name": "Kern", **value}

    answer = browser.posts(f"{API}/residents/household/{home}/add_resident", body, status=422)

    assert answer["fields"] == {next(iter(value)): [sentence]}


@pytest.mark.parametrize("body", [b"[1]", b"{", b'"x"'])
def test_a_body_that_is_no_object_is_refused_in_words(
    browser: Browser, home: int, body: bytes
) -> None:
    token = browser.asks(f"{API}/me")["csrf"]
    path = f"{API}/residents/household/{home}/add_resident"

    answer = browser.client.post(path, content=body, headers={"X-CSRF-Token": token})

    assert answer.status_code == 422
    assert answer.json()["refused"] == "The body must be a JSON object."


def test_form_and_api_end_in_the_same_record(browser: Browser, home: int, at: At) -> None:
    browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=200, **KERN)
    body = {"given_name": "Paul", "family_name": "Ritter", "birth_year": 1950}
    made = browser.posts(f"{API}/residents/household/{home}/add_resident", body)

    with at(write=False) as desk:
        names = desk.session.scalars(select(Resident.family_name).order_by(Resident.id)).all()
    assert names == ["Kern", "Ritter"]
    assert made["result"]["family_name"] == "Ritter"
    assert made["result"]["household"]["id"] == home


def test_an_act_says_who_when_and_to_what(browser: Browser, home: int, at: At) -> None:
    browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=200, **KERN)

    (row,) = acts_written(at)
    assert (row.name, row.who, row.account_id) == ("residents.add_resident", "MK", 1)
    assert (row.at, row.recorded_at) == (NOW, NOW)
    assert (row.subject_type, row.subject_id, row.household_id) == ("household", home, home)
    assert row.changes == [{"in": "resident", "new": True, "id": 1}]


def test_of_a_personal_column_only_the_name_is_kept(browser: Browser, home: int, at: At) -> None:
    browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=200, **KERN)
    form = f"{PEOPLE}/resident/1/edit"
    changed = {**KERN, "household": str(home), "channel": "email", "given_name": "Ottilie",
               "email": "o.kern@example.org"}  # fmt: skip

    browser.sends(form, status=200, **changed)
    browser.sends(f"{PEOPLE}/resident/1/has_left")

    edited, left = acts_written(at)[1:]
    assert edited.changes == [
        {"in": "resident", "id": 1, "set": {"given_name": None, "email": None}}
    ]
    assert left.changes == [{"in": "resident", "id": 1, "set": {"state": ["active", "left"]}}]
    assert "Ottilie" not in str([edited.changes, left.changes])


def test_an_act_that_is_no_longer_possible_says_so(browser: Browser, home: int, at: At) -> None:
    browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=200, **KERN)
    act = f"{PEOPLE}/resident/1/has_left"
    form = hidden_of(browser.opens(act))
    browser.sends(act)

    answer = browser.client.post(act, data={**form, "key": "another"})
    opened = browser.opens(act, status=422)

    assert answer.status_code == 422
    for page in (answer.text, opened):
        assert "This is no longer possible: the record has changed." in words_of(page)
    assert len(acts_written(at)) == 2


def test_a_record_that_is_not_here_is_no_choice(browser: Browser, home: int, at: At) -> None:
    with at(2) as desk:
        elsewhere = desk.add(Household(code="F-2")).id
    browser.sends(f"{PEOPLE}/household/{home}/add_resident", status=200, **KERN)
    typed = {**KERN, "channel": "email", "household": str(elsewhere)}

    page = browser.sends(f"{PEOPLE}/resident/1/edit", status=422, **typed)
    answer = browser.posts(f"{API}/residents/resident/1", {"household": elsewhere}, status=422)

    assert "Choose one of the list: this one is not here." in words_of(page)
    assert answer["fields"]["household"] == ["Choose one of the list: this one is not here."]


def test_signs_that_nobody_types_are_dropped(browser: Browser, home: int, at: At) -> None:
    browser.sends(
        f"{PEOPLE}/household/{home}/add_resident", status=200, **{**KERN, "given_name": " Od\0ile "}
    )

    with at(write=False) as desk:
        assert desk.session.scalars(select(Resident.given_name)).one() == "Odile"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-03-29T02:30", "This hour does not exist: the clocks change that night."),
        ("0001-01-01T00:00", "Type a day and an hour, for instance 08/10/2026 14:00."),
        ("9999-12-31T23:59", "Type a day and an hour, for instance 08/10/2026 14:00."),
        ("soon", "Type a day and an hour, for instance 08/10/2026 14:00."),
    ],
)
def test_a_moment_that_is_none_is_refused(typed: str, sentence: str, at: At) -> None:
    with at(write=False) as desk, pytest.raises(CannotRead) as refusal:
        Moment(Asked("at", Text("At"), datetime)).from_form(typed, desk)

    assert str(refusal.value.words) == sentence


@pytest.mark.parametrize(
    ("typed", "locale", "cents"),
    [
        ("2,40", "fr", 240),
        ("2.40 €", "fr", 240),
        ("1 200,50", "fr", 120050),
        ("1,200.50", "en", 120050),
        ("7", "en", 700),
        ("1,200", "en", None),
        ("1.200", "fr", None),
        ("2,405", "fr", None),
        ("1e20", "fr", None),
        ("NaN", "en", None),
    ],
)
def test_an_amount_is_read_or_refused_never_guessed(
    typed: str, locale: str, cents: int | None, at: At
) -> None:
    def read() -> object:
        with at(write=False) as desk, read_by(Reader(locale)):
            try:
                return Euros(Asked("price", Text("Price"), Cents)).from_form(typed, desk)
            except CannotRead:
                return None

    assert read() == cents


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1.5", 90),
        ("1,5", 90),
        ("1", 60),
        ("1:30", 90),
        ("1 h 30", 90),
        ("2h", 120),
        ("45 min", 45),
        ("45'", 45),
        ("0:05", 5),
        ("0", 0),
        ("1 h 30 min", 90),
        ("-1", -60),
        ("-1:30", -90),
        ("-0:30", -30),
        ("\u22121 h 30", -90),
        ("45", None),  # of what?
        ("1:75", None),
        ("1:-5", None),
        ("1.2345", None),
        ("1:x", None),
        ("", None),
        ("NaN", None),
    ],
)
def test_how_long_is_read_or_refused_never_guessed(typed: str, minutes: int | None, at: At) -> None:
    def read() -> object:
        with at(write=False) as desk:
            try:
                return Lasting(Asked("long", Text("How long"), Minutes)).from_form(typed, desk)
            except CannotRead:
                return None

    assert read() == minutes


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(90, "1 h 30"), (60, "1 h"), (45, "45 min"), (0, "0 min"), (-65, "−1 h 05")],
)
def test_how_long_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    value = Lasting(Asked("long", Text("How long"), Minutes))

    assert str(value.shown(minutes)).replace("\u00a0", " ") == said
    assert show(Duration(minutes)).replace("\u00a0", " ") == said
    assert value.to_form(90) == "1:30"


def test_how_long_stands_in_a_form_as_it_is_read_again(at: At) -> None:
    value = Lasting(Asked("long", Text("How long"), Minutes))
    each = range(-1440, 1441)

    with at(write=False) as desk:
        assert [value.from_form(value.to_form(minutes), desk) for minutes in each] == list(each)
