"""Chapters K and M of the day: a wish becomes a workshop, a workshop is marked; by keyboard alone."""

import re
from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.messages.models import Message
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier_workshops.models import Enrolment, HeadCount, State, Wish, WishState, Workshop


def makes_a_workshop_of_nine_dots(page: Page, hands: Hands, ampere: Served) -> None:
    hands.press(*"v12+9", "Enter")
    expect(page.get_by_label("Foyers sur papier")).to_have_value("9")
    hands.press("Enter")
    expect(page.get_by_label("Places")).to_have_value("10")
    expect(page.get_by_label("Début")).to_have_value("2026-10-22T14:00")
    hands.press("Enter")
    expect(page).to_have_url(re.compile("done=workshops.make_workshop"))

    with ampere.house.at("ampere", "test", write=False) as desk:
        wish = desk.session.scalars(select(Wish).where(Wish.number == 12)).one()
        made = desk.session.scalars(select(Workshop).where(Workshop.wish == wish)).one()
        told = select(Message).where(Message.kind.endswith("wish"))
        assert (wish.votes, wish.state) == (15, WishState.PLANNED)
        assert (made.seats, made.first_until) == (10, date(2026, 10, 13))
        assert len(desk.all(told)) == 4


def marks_who_came(page: Page, hands: Hands, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        today = desk.session.scalars(select(Workshop).where(Workshop.title.like("Raccommoder%")))
        workshop = today.one()

    hands.scan(f"WORKSHOPS_WORKSHOP-{workshop.id}")
    for here, key in enumerate("pppppp"):
        expect(page.locator(".sub")).to_contain_text(f"{here} présents")
        hands.press(key)
    expect(page.locator(".sub")).to_contain_text("6 présents")
    hands.press("e")
    expect(page.locator(".lines")).to_contain_text("Excusé")
    hands.press("n")
    expect(page.get_by_label("Sans nom")).to_be_focused()
    hands.press(*"f4f6", "Enter")
    expect(page.locator(".sub")).to_contain_text("2 sans nom")

    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Enrolment).where(Enrolment.workshop == workshop)
        marks = sorted(each.mark.value for each in desk.all(query))
        assert marks == ["excused", "no_show", *["present"] * 6]
        found = desk.all(select(HeadCount).where(HeadCount.workshop == workshop))
        heads = {(each.sex.value, each.band.value, each.people) for each in found}
        assert heads == {("woman", "40", 1), ("woman", "60", 1)}
        held = desk.session.get_one(Workshop, workshop.id)
        assert (held.taken, held.state) == (7, State.OPEN)  # the excused seat alone is free
