"""Erasing a person: nothing in the whole database says who it was, and the books stay whole."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from palier.accounts.rights import Who, allow
from palier.asking import Hooks
from palier.bookings.booking import book_thing, hand_out, take_back
from palier.bookings.models import Bookable, BookingLine
from palier.db.engine import Database
from palier.db.links import tables
from palier.desk.handover import write_note
from palier.desk.models import HandoverItem
from palier.messages.models import Message, MessageState
from palier.messages.telling import tell
from palier.messages.wording import from_stored
from palier.plugins import discover
from palier.privacy.actions import forget, give_data
from palier.privacy.erasure import ErasedBefore, MergedElsewhere, StillOpen, erase, still_open
from palier.privacy.export import NobodyLeft, as_json, dossier_of
from palier.privacy.register import register_of, rows_of
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.models import Deposit, DepositForm, Receipt
from palier.residents.actions import add_household, add_resident, merge
from palier.residents.models import Household, Resident, ResidentState
from palier.residents.people import find_people
from palier.testing.caretaker import Browser, words_of
from palier.testing.everything import dump, figures
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, owe, pays
from palier.text import Cents, Reader, Text, read_by
from palier.trail import perform

REGISTER = "/ampere/desk/privacy/register"
RETENTION = Path(__file__).parent / "vectors" / "gdpr_retention.json"
SECRETS = ("Zénaïde", "zenaide", "Quetzal", "quetzal", "+33612345678", "zq@example.org")


@pytest.fixture
def zenaide(at: At) -> str:
    """Zénaïde Quetzal, alone at home, who borrowed, left a deposit and paid; her card."""
    with at() as desk:
        home = add_household(desk, street="impasse du Toucan", number="7")
        person = add_resident(
            desk, home, given_name="Zénaïde", family_name="Quetzal", birth_year=1951,
            phone="06 12 34 56 78", email="zq@example.org",
        )  # fmt: skip
        owe(desk, person, 240)
        thing = desk.add(Bookable(code="V01", name="City"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(hours=2), person)
        hand_out(desk, line)
        hold_deposit(desk, line.booking, Cents(5000), DepositForm.CHEQUE, "0045128")
        return person.card_code


def all_ends(at: At) -> None:
    pays(at, 1)
    with at(now=NOW + timedelta(hours=1)) as desk:
        line = desk.session.scalars(select(BookingLine)).one()
        take_back(desk, line, desk.now)
        give_deposit_back(desk, line.booking)


def erased(at: At, who: int = 1) -> None:
    with at(now=NOW + timedelta(hours=3)) as desk:
        perform(desk, forget, desk.session.get_one(Resident, who), {})


def test_nothing_says_any_more_who_it_was(at: At, database: Database, zenaide: str) -> None:
    all_ends(at)
    before, secrets = figures(at), (*SECRETS, zenaide, "Toucan", "0045128")
    assert [each for each in secrets if each not in dump(at, database)] in ([], ["zenaide"])

    erased(at)

    left = dump(at, database)
    assert [each for each in (*SECRETS, zenaide, "0045128") if each in left] == []
    assert figures(at) == before
    assert_books_are_whole(at)
    with at(write=False) as desk:
        person = desk.session.get_one(Resident, 1)
        assert person.state is ResidentState.ERASED
        assert person.household is None
        assert desk.session.get_one(Household, 1).address is None
        assert desk.session.scalars(select(Receipt)).one().resident is None
        assert find_people(desk, "quetzal") == find_people(desk, zenaide) == []


@pytest.mark.usefixtures("zenaide")
def test_what_is_open_is_named_and_nothing_is_erased(at: At) -> None:
    with at() as desk, read_by(Reader("en")):
        person = desk.session.get_one(Resident, 1)

        told = [str(each.text) for each in still_open(desk, person)]
        with pytest.raises(StillOpen) as refusal:
            erase(desk, person)

        assert told == ["To pay: Thing , €2.40", "A deposit held: €50.00", "Out: V01 City"]
        assert "€2.40" in str(refusal.value)
        assert str(person) == "Zénaïde Quetzal"


@pytest.mark.usefixtures("zenaide")
def test_who_lives_there_too_keeps_the_address(at: At) -> None:
    all_ends(at)
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        add_resident(desk, home, given_name="Paul", family_name="Weber")

    erased(at)

    with at(write=False) as desk:
        assert desk.session.get_one(Household, 1).address is not None
        assert len(desk.all(select(Resident).where(Resident.household_id == 1))) == 1


def test_a_merged_record_goes_with_the_person(at: At, database: Database, zenaide: str) -> None:
    all_ends(at)
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        kept = add_resident(desk, home, given_name="Z.", family_name="Quetzalle", sure=True)
        perform(desk, merge, kept, {"other": desk.session.get_one(Resident, 1)})
    with at() as desk, pytest.raises(MergedElsewhere):
        erase(desk, desk.session.get_one(Resident, 1))

    erased(at, 2)

    left = dump(at, database)
    assert [each for each in (*SECRETS, zenaide, "Quetzalle") if each in left] == []
    with at() as desk, pytest.raises(ErasedBefore):
        erase(desk, desk.session.get_one(Resident, 2))


def test_what_was_said_and_handed_over_names_nobody(
    at: At, database: Database, zenaide: str
) -> None:
    with at(now=NOW + timedelta(hours=5)) as desk:
        person = desk.session.get_one(Resident, 1)
        words = Text("%(who)s, call %(number)s.").fill(who=str(person), number=str(person.phone))
        for once in ("sent", "waits"):
            tell(desk, person, words, kind="test", about=person, once=once)
        desk.session.scalars(select(Message)).all()[0].state = MessageState.SENT
        write_note(desk)
    said = [each for each in dump(at, database).splitlines() if "Quetzal" in each]
    assert {each.partition(":")[0] for each in said} >= {"message", "handover_item"}
    all_ends(at)

    erased(at)

    left = dump(at, database)
    assert [each for each in (*SECRETS, zenaide) if each in left] == []
    with at(write=False) as desk, read_by(Reader("en")):
        messages = desk.session.scalars(select(Message).order_by(Message.id)).all()
        assert [each.state for each in messages] == [MessageState.SENT, MessageState.WITHDRAWN]
        assert {each.resident for each in messages} == {None}
        assert [str(from_stored(each.words)) for each in messages] == ["Erased", "Erased"]
        assert not any(each.resident for each in desk.session.scalars(select(HandoverItem)))


@pytest.mark.usefixtures("zenaide")
def test_nobody_is_booked_for_who_was_erased(at: At) -> None:
    all_ends(at)
    erased(at)

    with at() as desk:
        thing = desk.session.scalars(select(Bookable)).one()
        person = desk.session.get_one(Resident, 1)
        later = NOW + timedelta(days=3)
        with pytest.raises(IntegrityError, match="a person whose data were erased"):
            book_thing(desk, thing, later, later + timedelta(hours=1), person)
        desk.session.rollback()


def test_one_person_s_data_are_all_of_theirs_and_nobody_else_s(at: At, zenaide: str) -> None:
    all_ends(at)
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        add_resident(desk, home, given_name="Paul", family_name="Weber", phone="03 88 60 90 90")
        perform(desk, give_data, desk.session.get_one(Resident, 1), {})

    with at(write=False) as desk, read_by(Reader("en")):
        dossier = dossier_of(desk, desk.session.get_one(Resident, 1))
        told = b"".join(as_json(dossier)).decode()

    found = {each["table"] for each in json.loads(told)["data"]}
    assert found >= {"resident", "household", "address", "receipt", "charge", "booking", "act"}
    assert found >= {"booking_line", "receipt_line", "payment", "deposit"}
    assert {word for word in ("Zénaïde", zenaide) if word in told} == {"Zénaïde", zenaide}
    assert [word for word in ("Paul", "+33388609090", '"MK"', "Magda") if word in told] == []
    assert "Give the person their data" in told or "privacy.give_data" in told


@pytest.mark.usefixtures("zenaide")
def test_of_who_was_erased_nothing_can_be_given(at: At) -> None:
    all_ends(at)
    erased(at)

    with at(write=False) as desk, pytest.raises(NobodyLeft):
        dossier_of(desk, desk.session.get_one(Resident, 1))


@pytest.mark.usefixtures("zenaide")
def test_the_manager_counts_first_then_erases(browser: Browser, at: At) -> None:
    path = "/ampere/desk/residents/resident/1/forget"

    first = words_of(browser.opens(path))
    all_ends(at)
    then = words_of(browser.opens(path))
    browser.sends(path)

    assert "To end first" in first
    assert "Out: V01 City" in first
    assert "Will no longer name anybody" in then
    assert "nobody else lives there" in then
    assert "Quetzal" not in words_of(browser.opens("/ampere/desk/residents/resident"))


@pytest.mark.usefixtures("zenaide")
def test_the_data_are_handed_over_as_files(browser: Browser, at: At) -> None:
    page = browser.opens("/ampere/desk/privacy/dossier?resident=1")
    file = "/ampere/desk/privacy/dossier_file?resident=1&kind="

    answer = browser.client.get(f"{file}json")
    paper = browser.client.get(f"{file}pdf")

    assert "What is kept about Zénaïde Quetzal" in words_of(page)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.json()["about"] == "Zénaïde Quetzal"
    assert paper.content.startswith(b"%PDF")
    assert b"StructTreeRoot" in paper.content or b"/ObjStm" in paper.content
    with at(write=False) as desk:
        assert desk.session.scalar(select(func.count(Deposit.id))) == 1


def test_the_register_shows_whatever_a_package_keeps(at: At) -> None:
    registry = discover()
    with at(write=False) as desk:
        desk.site = desk.site.__class__(
            **{**vars(desk.site), "plugins": frozenset(each.name for each in registry.services())}
        )
        desk.hooks = Hooks(registry)
        register = register_of(desk, registry)
    shown = {pair for each in register.entries for pair in each.columns}
    kept = {
        (table.name, column.name)
        for kind, table in tables()
        for column in table.c
        if column.info.get("personal")
    }

    assert shown == kept
    assert all(each.kept and each.data for each in register.entries)
    data = " ".join(what for each in register.entries for what in each.data)
    assert not re.search(r"[a-z][A-Z]|[a-z]_[a-z]|: former|: words", data)


def test_the_register_says_who_sees_it_as_the_site_decided(at: At) -> None:
    def who_sees() -> list[str]:
        with at(write=False) as desk, read_by(Reader("en")):
            entries = register_of(desk, discover()).entries
            cards = [each for each in entries if ("replaced_card", "resident_id") in each.columns]
            return [str(each.recipients) for each in cards]

    usual = who_sees()
    with at() as desk:
        desk.hooks = Hooks(discover())
        allow(desk, "residents.see_replaced_card", Who.TRAINEE)

    assert usual == ["Caretakers and managers of the site"]
    assert who_sees() == ["Trainees, caretakers and managers of the site"]


def test_a_service_that_is_off_is_not_in_the_register(at: At) -> None:
    with at(write=False) as desk:
        names = {each.columns[0][0] for each in register_of(desk, discover()).entries}

    assert not any(each.startswith("bike_hire") for each in names)


def test_the_register_is_a_page_and_a_file(browser: Browser) -> None:
    page = words_of(browser.opens("/ampere/desk/privacy/register"))
    rows = browser.client.get("/ampere/desk/privacy/register_file?kind=json").json()

    assert "Register of processing: Ampère" in page
    assert "Residents: Know who is served" in page
    assert {"Purpose", "Legal basis", "Kept for how long", "Security", "Who sees them"} <= set(
        rows[0]
    )


def test_the_register_says_all_that_the_law_asks_for(at: At) -> None:
    asked = json.loads(RETENTION.read_text("utf-8"))["register_fields"]
    with at(write=False) as desk, read_by(Reader("en")):
        rows = rows_of(register_of(desk, discover()))

    assert list(ASKED_FOR) == asked
    assert len(asked) == 11
    wanted = [label for labels in ASKED_FOR.values() for label in labels]
    assert [list(each) for each in rows] == [wanted] * len(rows)
    assert all(all(each.values()) for each in rows)
    assert rows


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_register_names_who_answers_on_the_page_and_in_the_file(
    browser: Browser, at: At, language: str
) -> None:
    path = re.search(r'href="([^"]*/privacy/do/change_settings[^"]*)"', browser.opens(REGISTER))
    assert path is not None
    today = NOW.date().isoformat()
    browser.sends(unescape(path[1]), contact="Sonia R., 03 88 60 90 90", valid_from=today)

    page = words_of(browser.opens(REGISTER))
    with at(write=False) as desk, read_by(Reader(language)):
        rows = rows_of(register_of(desk, discover()))

    assert "Conciergerie d'essai, Sonia R., 03 88 60 90 90" in page
    told = {next(value for label, value in each.items() if "ontact" in label) for each in rows}
    assert told == {"Conciergerie d'essai, Sonia R., 03 88 60 90 90"}
    assert len(rows) == page.count("Sonia R., 03 88 60 90 90")


# The fields of the register as the vector names them, and the words under which ours shows each.
ASKED_FOR = {
    "name of the processing": ["Processing"],
    "controller and contact": ["Controller and contact"],
    "purpose": ["Purpose"],
    "legal basis": ["Legal basis"],
    "categories of people": ["Whose data"],
    "categories of data": ["Which data"],
    "recipients": ["Who sees them"],
    "transfer outside the EU": ["Outside the European Union"],
    "retention": ["Kept for how long"],
    "security measures": ["Security"],
    "date of entry and of last review": ["Entered on", "Last review"],
}
WORDS = {
    "surname", "firstname", "lastname", "phone", "mobile", "email", "birth",
    "born", "birthday", "street", "stairwell", "iban", "customer", "contact", "referent",
}  # fmt: skip
# About a door or a legal body, not about a person.
NOBODY = {"address.street", "address.stairwell", "resident.last_contact_on", "tab.label"}
NEVER = {"nir", "passport", "religion", "health", "nationality", "origin_country", "disability"}


def undeclared() -> Iterator[str]:
    """Name the columns that look personal, or lead to a resident, and say nothing of it."""
    from palier.privacy.about import leads_to_people

    for kind, table in tables():
        if getattr(kind, "stays", False) or table.name in {"act"}:
            continue
        for column in table.c:
            named = column.name.endswith(("given_name", "family_name"))
            worded = bool(WORDS & set(column.name.split("_")))
            linked = leads_to_people(column)
            looks = named or worded or linked
            if looks and not column.info.get("personal") and column.name != "merged_into_id":
                yield f"{table.name}.{column.name}"


def test_an_undeclared_personal_column_is_found() -> None:
    assert set(undeclared()) - NOBODY == set()


def test_what_is_never_stored_has_no_column() -> None:
    names = {word for _k, table in tables() for c in table.c for word in c.name.split("_")}

    assert names & NEVER == set()
