"""The hand-over note: every open thing by query, written once, ticked by the next."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select

from palier import hookspecs as hooks
from palier.asking import Hooks
from palier.bookings.models import Bookable, ThingState
from palier.context import Actor, Role
from palier.db.engine import Database
from palier.desk.actions import NothingToRead, add_line, close_desk, read_note
from palier.desk.counter import Desk
from palier.desk.models import HandoverItem
from palier.hookspecs import Card
from palier.house import House
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import MAGDA, NOW, SECRET, At, place
from palier.testing.till import make_resident, owe
from palier.text import Text
from palier.trail import ActRow
from palier.visits import visiting
from palier.visits.models import VisitState

ILYES = Actor("Ilyes B.", account_id=1, role=Role.TRAINEE, staff_id=1, person_code="IB")
EVENING = NOW + timedelta(hours=9, minutes=27)  # 18:32 in Strasbourg
MORNING = NOW + timedelta(days=1)
HOME = "/ampere/desk"


def plain(text: str) -> str:
    """Return a text with ordinary spaces and apostrophes."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def texts(at: At) -> list[str]:
    with at(write=False) as desk:
        found = desk.session.scalars(select(HandoverItem.text).order_by(HandoverItem.id))
        return [plain(each) for each in found]


def something_open(at: At) -> None:
    with at() as desk:
        owe(desk, make_resident(desk), 250)
        desk.add(Bookable(code="V03", state=ThingState.BLOCKED, blocked_reason="freins"))


def test_the_note_says_everything_that_is_open(at: At) -> None:
    something_open(at)

    with at(now=EVENING, actor=ILYES) as desk:
        add_line(desk, text="Le livreur passe à 9 h")
        close_desk(desk)

    assert texts(at) == [
        "Le livreur passe à 9 h",
        "V03 est hors service : freins.",
        "1 chose à payer, 2,50 €.",
    ]


def test_nothing_open_leaves_an_empty_note(at: At) -> None:
    with at(now=EVENING) as desk:
        close_desk(desk)

    assert texts(at) == []


def test_visits_end_with_the_day_and_those_that_owe_stand_in_the_note(at: At) -> None:
    with at() as desk:
        free = visiting.take_up(desk, make_resident(desk).id)
        for family in ("F2", "F3"):
            someone = make_resident(desk, family)
            visiting.take_up(desk, someone.id)
            owe(desk, someone, 100, what=family)
        for _each in range(2):
            close_desk(desk)

        assert free.state is VisitState.CLOSED
        assert len(visiting.open_visits(desk)) == 2
    assert texts(at) == ["2 choses à payer, 2,00 €.", "2 visites encore ouvertes, à payer."]


def test_written_again_it_says_what_is_open_then_and_nothing_twice(at: At) -> None:
    something_open(at)
    with at(now=EVENING) as desk:
        close_desk(desk, text="Une ligne")
    with at() as desk:
        desk.session.scalars(select(Bookable)).one().state = ThingState.READY

    for _each in range(2):
        with at(now=EVENING + timedelta(minutes=5)) as desk:
            close_desk(desk)

    assert texts(at) == ["Une ligne", "1 chose à payer, 2,50 €."]


def test_two_desks_that_close_at_once_write_one_note(at: At) -> None:
    something_open(at)
    ready = threading.Barrier(8)

    def close() -> None:
        ready.wait()
        with at(now=EVENING) as desk:
            close_desk(desk)

    desks = [threading.Thread(target=close) for _each in range(8)]
    for each in desks:
        each.start()
    for each in desks:
        each.join()

    assert sorted(texts(at)) == ["1 chose à payer, 2,50 €.", "V03 est hors service : freins."]


def test_the_next_one_reads_it_once(at: At) -> None:
    something_open(at)
    with at(now=EVENING, actor=ILYES) as desk:
        close_desk(desk)

    with at(now=EVENING) as desk, pytest.raises(NothingToRead):
        read_note(desk)  # it is for tomorrow
    with at(now=MORNING) as desk:
        read_note(desk)
    with at(now=MORNING) as desk, pytest.raises(NothingToRead):
        read_note(desk)

    with at(write=False) as desk:
        items = desk.all(select(HandoverItem))
    assert {each.written_by for each in items} == {"Ilyes B."}
    assert {each.done_by for each in items} == {"Magda K."}
    assert {each.done_at for each in items} == {MORNING}


def ill(desk: Desk) -> Iterable[Card]:
    """Answer for a service that has a fault."""
    raise ZeroDivisionError(desk.today)


def ill_service() -> Plugin:
    module = ModuleType("palier_ill")
    module.__dict__["manifest"] = Manifest("ill", Text("Ill"), Text("Ill"), icon="bike")
    module.__dict__["today"] = hooks.today(ill)
    return Plugin("ill", module, "1.0")


def test_a_service_that_fails_is_named_and_the_note_is_written(database: Database) -> None:
    core = {name: each for name, each in discover().plugins.items() if each.is_core}
    asked = Hooks(Registry({**core, "ill": ill_service()}))
    site = place(plugins=frozenset({"ill"}))

    with database.write(1) as session:
        close_desk(
            Desk(session, site, MAGDA, EVENING, hooks=asked, secret=SECRET), text="Une ligne"
        )

    with database.read(1) as session:
        said = [plain(each) for each in session.scalars(select(HandoverItem.text))]
    assert said[0] == "Une ligne"  # what was written before the fault is kept
    assert "Ill n'a pas pu dire ce qui est en cours." in said


def test_the_morning_page_shows_it_until_it_is_read(house: House, browser: Browser) -> None:
    with house.at("ampere", "test", now=NOW - timedelta(days=1)) as desk:
        owe(desk, make_resident(desk), 250)
        close_desk(replace_actor(desk), text="Le livreur passe à 9 h")

    before = browser.opens(HOME)
    after = browser.sends("/ampere/desk/desk/do/read_note")

    assert "Le livreur passe à 9 h" in words_of(before)
    assert "1 chose à payer, 2,50 €." in plain(words_of(before))
    assert "Ilyes B., " in words_of(before)
    assert "The last note" not in words_of(browser.opens(HOME))
    assert "Le livreur passe à 9 h" in words_of(browser.opens(f"{HOME}/desk/handover_item"))
    assert after
    with house.at("ampere", "test", write=False) as desk:
        row = desk.session.scalars(select(ActRow).where(ActRow.name == "desk.read_note")).one()
    assert (row.who, row.at) == ("MK", NOW)


def replace_actor(desk: Desk) -> Desk:
    desk.actor = ILYES
    return desk


def test_the_page_shows_before_closing_what_the_note_will_say(
    house: House, browser: Browser
) -> None:
    with house.at("ampere", "test") as desk:
        owe(desk, make_resident(desk), 250)

    page = words_of(browser.opens(f"{HOME}/desk/handover"))
    browser.sends(f"{HOME}/desk/do/close_desk", text="Une ligne")
    after = words_of(browser.opens(f"{HOME}/desk/handover"))

    assert "Nothing yet." in page
    assert "1 chose à payer, 2,50 €." in plain(page)  # as it will be written
    assert "Une ligne" in after
    assert "Written" in after
