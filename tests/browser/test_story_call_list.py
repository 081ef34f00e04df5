"""Chapter L: Magda rings Mrs Kern, three keys from the desk page to "reached, yes"."""

import re
from datetime import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.jobs.running import Loop
from palier.messages.models import Message, MessageState
from palier.residents.models import Resident
from palier.testing.windows import Served
from palier.text import Text

pytestmark = pytest.mark.browser


def test_odile_is_rung_up_and_says_yes(ampere: Served, magda: Page) -> None:
    magda.goto("/ampere/desk")
    calls = magda.get_by_role("region", name="À appeler")
    expect(calls).to_contain_text("Odile Kern")
    magda.evaluate("document.activeElement.blur()")
    keys = magda.keyboard

    keys.press("a")
    magda.wait_for_url("**/messages/call_list")
    expect(magda.get_by_role("main")).not_to_contain_text("03 53 01")
    magda.wait_for_load_state()
    keys.press("a")
    magda.wait_for_url("**/messages/calling*")
    expect(magda.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    expect(magda.get_by_role("main")).to_contain_text("03 53 01 01 04")
    magda.wait_for_load_state()
    keys.press("y")

    magda.wait_for_url("**/messages/call_list*")
    expect(magda.get_by_role("main")).not_to_contain_text("atelier couture")
    assert ampere.said == []


@pytest.mark.parametrize(
    ("key", "name", "state"),
    [("l", "Mehmet Yilmaz", MessageState.LEFT_WORD), ("d", "Thi Lan Nguyen", MessageState.TO_CALL)],
)
def test_a_call_that_reached_nobody_comes_up_again_at_its_hour(
    ampere: Served, magda: Page, key: str, name: str, state: MessageState
) -> None:
    message = to_be_called(ampere, name)
    magda.goto("/ampere/desk/messages/call_list")
    magda.get_by_role("button", name=re.compile(name)).press("Enter")
    expect(magda.get_by_role("heading", level=1)).to_have_text(name)
    magda.wait_for_load_state()

    magda.keyboard.press(key)
    again = magda.get_by_role("dialog").get_by_label("Rappeler à")
    expect(again).to_have_value("2026-10-06T11:05")
    again.fill("2026-10-06T16:30")
    magda.keyboard.press("Enter")

    magda.wait_for_url("**/messages/call_list*")
    expect(magda.get_by_role("main")).not_to_contain_text(name)
    assert state_of(ampere, message) == (state, time(16, 30))
    ampere.clock.now = ampere.clock.now.replace(hour=16, minute=29)
    magda.reload()
    expect(magda.get_by_role("heading", level=1)).to_be_visible()
    expect(magda.get_by_role("main")).not_to_contain_text(name)
    ampere.clock.forward(minutes=1)
    magda.reload()
    expect(magda.get_by_role("main")).to_contain_text(name)
    ampere.clock.now = ampere.clock.now.replace(hour=9, minute=5)


def to_be_called(ampere: Served, name: str) -> int:
    given, _, family = name.rpartition(" ")
    with ampere.house.at("ampere", "test") as desk:
        query = select(Resident).where(Resident.given_name == given, Resident.family_name == family)
        person = desk.session.scalars(query.order_by(Resident.id)).first()
        assert person is not None
        desk.tell(person, Text("Une place est libre."), kind="seat", asks=True)
        newest = select(Message.id).where(Message.resident == person).order_by(Message.id.desc())
        return desk.session.scalars(newest.limit(1)).one()


def state_of(ampere: Served, message: int) -> tuple[MessageState, time]:
    with ampere.house.at("ampere", "test", write=False) as desk:
        row = desk.session.get_one(Message, message)
        assert row.next_at is not None
        return row.state, desk.local(row.next_at).time()


def test_who_asked_for_it_and_was_not_seen_is_called_once(ampere: Served, magda: Page) -> None:
    magda.goto("/ampere/desk/find?q=Aïcha Benali")
    magda.get_by_role("link", name="Fiche").click()
    record = magda.url.partition("?")[0]
    asks_to_be_called_after_three_days(magda, record)

    Loop(ampere.house).once()
    ampere.clock.forward(days=4)
    ampere.let_in(magda.context, "magda", OPENS_WITH)
    Loop(ampere.house).once()

    magda.goto("/ampere/desk/messages/call_list")
    expect(magda.get_by_role("main")).to_contain_text("Aïcha Benali")
    is_rung_up_and_all_is_well(magda)
    magda.goto(record)
    expect(magda.get_by_role("main")).to_contain_text("samedi 10 octobre")


def asks_to_be_called_after_three_days(page: Page, record: str) -> None:
    page.goto(f"{record}/call_if_not_seen")
    page.get_by_label("3 jours").check()
    page.get_by_role("button", name="Appeler sans nouvelles").click()
    expect(page.get_by_role("main")).to_contain_text("Demandez d’abord à la personne")
    page.get_by_label("La personne l’a demandé").check()
    page.get_by_role("button", name="Appeler sans nouvelles").click()
    page.wait_for_url(re.compile(r"/resident/\d+(\?|$)"))
    expect(page.get_by_role("region", name="Accords")).to_contain_text("si on ne le voit plus")
    expect(page.get_by_role("main")).to_contain_text("3 jours")


def is_rung_up_and_all_is_well(page: Page) -> None:
    page.goto("/ampere/desk/messages/call_list")
    page.get_by_role("button", name=re.compile("Aïcha Benali")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aïcha Benali")
    expect(page.get_by_role("main")).to_contain_text("Un appel a été demandé")
    page.get_by_role("button", name="Jointe : oui").click()
    page.wait_for_url("**/messages/call_list*")
    expect(page.get_by_role("main")).not_to_contain_text("Aïcha Benali")
