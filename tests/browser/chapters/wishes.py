"""Chapters K and M of the day: a wish becomes a workshop, a workshop is marked; by keyboard alone."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.messages.models import Message
from palier.testing.hands import Hands
from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_workshops.models import Enrolment, HeadCount, Mark, State, Wish, WishState, Workshop

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def at_the_desk(page: Page) -> None:
    page.goto(DESK)
    expect(page.locator("#scan")).to_be_focused()


def test_nine_new_dots_make_a_workshop_in_eight_keys(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=11, minute=15)
    hands = Hands(magda)
    at_the_desk(magda)

    hands.press(*"v12+9", "Enter")
    expect(magda.get_by_label("Foyers sur papier")).to_have_value("9")
    hands.press("Enter")
    expect(magda.get_by_label("Places")).to_have_value("10")
    expect(magda.get_by_label("Début")).to_have_value("2026-10-22T14:00")
    hands.press("Enter")
    expect(magda).to_have_url(re.compile("done=workshops.make_workshop"))

    assert hands.keys == 8
    with ampere.house.at("ampere", "test", write=False) as desk:
        wish = desk.session.scalars(select(Wish).where(Wish.number == 12)).one()
        made = desk.session.scalars(select(Workshop).where(Workshop.wish == wish)).one()
        told = select(Message).where(Message.kind.endswith("wish"))
        assert (wish.votes, wish.state) == (15, WishState.PLANNED)
        assert (made.seats, made.first_until) == (10, date(2026, 10, 13))
        assert len(desk.all(told)) == 4


def test_eight_names_and_two_without_are_keyed(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=14, minute=5)
    with ampere.house.at("ampere", "test", write=False) as desk:
        today = desk.session.scalars(select(Workshop).where(Workshop.title.like("Raccommoder%")))
        workshop = today.one()
    hands = Hands(magda)
    at_the_desk(magda)

    scan(magda, f"WORKSHOPS_WORKSHOP-{workshop.id}")
    for here, key in enumerate("pppppp"):
        expect(magda.locator(".sub")).to_contain_text(f"{here} présents")
        hands.press(key)
    expect(magda.locator(".sub")).to_contain_text("6 présents")
    hands.press("e")
    expect(magda.locator(".lines")).to_contain_text("Excusé")
    hands.press("n")
    expect(magda.get_by_label("Sans nom")).to_be_focused()
    hands.press(*"f4f6", "Enter")
    expect(magda.locator(".sub")).to_contain_text("2 sans nom")

    assert hands.keys <= 14
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Enrolment).where(Enrolment.workshop == workshop)
        marks = sorted(each.mark.value for each in desk.all(query))
        assert marks == ["excused", "no_show", *["present"] * 6]
        found = desk.all(select(HeadCount).where(HeadCount.workshop == workshop))
        heads = {(each.sex.value, each.band.value, each.people) for each in found}
        assert heads == {("woman", "40", 1), ("woman", "60", 1)}
        held = desk.session.get_one(Workshop, workshop.id)
        assert (held.taken, held.state) == (7, State.OPEN)  # the excused seat alone is free


def test_a_card_scanned_on_the_list_checks_in(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=14, minute=5)
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Enrolment).where(Enrolment.mark != Mark.PRESENT)
        last = desk.all(query.order_by(Enrolment.id.desc()), Enrolment.resident)[0]
        where, card, name = last.workshop.id, last.resident.card_code, str(last.resident)
    magda.goto(f"{DESK}/workshops/workshop/{where}/check_in")
    row = magda.locator(".lines li").filter(has_text=name)
    expect(row).to_be_visible()

    scan(magda, card)

    expect(row.locator("small")).to_contain_text("Présent")
    expect(magda).to_have_url(re.compile("check_in"))
