"""What anyone reads of workshops and wishes, and what a calendar that subscribes to them holds."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from palier.api import Resident
from palier.testing import Caretaker
from palier_workshops.actions import add_dots, plan, wish_for
from palier_workshops.attending import add_workshop, change_seats, enrol
from palier_workshops.cancelling import cancel_workshop
from palier_workshops.models import Kind, Wish, Workshop

THURSDAY = "2026-10-22T14:00:00+02:00"


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern", member=True)


@pytest.fixture
def sewing(caretaker: Caretaker) -> Workshop:
    number = caretaker.does(add_workshop, title="Sewing, hems", starts_at=THURSDAY, seats=2)
    return caretaker.finds(Workshop, number)


def events(caretaker: Caretaker) -> list[Any]:
    return list(Calendar.from_ical(caretaker.calendar()).walk("VEVENT"))


def test_a_workshop_to_come_says_when_and_how_many_seats_are_left(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    before = caretaker.public()
    caretaker.does(enrol, sewing, resident=odile)
    one_left = caretaker.public()
    caretaker.does(change_seats, sewing, seats=1)

    assert "Sewing, hems Thursday 22 October at 14:00. 2 seats left." in before
    assert "1 seat left." in one_left
    assert "Sewing, hems Thursday 22 October at 14:00. Full." in caretaker.public()
    assert "Kern" not in caretaker.public()


def test_what_is_cancelled_leaves_the_page_and_stays_in_calendars(
    caretaker: Caretaker, sewing: Workshop
) -> None:
    (before,) = events(caretaker)

    caretaker.does(cancel_workshop, sewing)

    (after,) = events(caretaker)
    assert "Sewing" not in caretaker.public()
    assert after["uid"] == before["uid"]
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert after["summary"] == "Called off: Sewing, hems"
    assert after["sequence"] > before["sequence"]


def test_a_calendar_has_the_hour_on_the_wall(caretaker: Caretaker, sewing: Workshop) -> None:
    (event,) = events(caretaker)

    start = event["dtstart"]
    assert start.dt == datetime(2026, 10, 22, 14, tzinfo=ZoneInfo("Europe/Paris"))
    assert start.params["TZID"] == "Europe/Paris"
    assert event["summary"] == sewing.title


def test_wishes_are_told_with_their_votes_and_without_names(
    caretaker: Caretaker, odile: Resident
) -> None:
    soap = caretaker.finds(Wish, caretaker.does(wish_for, title="Make soap", resident=odile))
    caretaker.does(add_dots, soap, households=5)

    page = caretaker.public()

    assert "Make soap 6 households wish for it. 4 more make a workshop." in page
    assert "Odile" not in page


def test_a_service_wished_for_is_planned_one_day(caretaker: Caretaker, odile: Resident) -> None:
    number = caretaker.does(wish_for, title="Bike wash", kind=Kind.SERVICE, resident=odile)
    wash = caretaker.finds(Wish, number)
    before = caretaker.public()

    caretaker.does(plan, wash)

    assert "Bike wash 1 household wishes for it." in before
    assert "Bike wash 1 household wishes for it. It is planned." in caretaker.public()


def test_the_list_of_workshops_leads_to_the_calendar(caretaker: Caretaker) -> None:
    page = caretaker.reads("workshops/workshop")

    assert 'href="/ampere/calendar.ics"' in page
