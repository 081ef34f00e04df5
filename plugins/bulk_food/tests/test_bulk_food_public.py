"""What anyone reads of the next common order, and finds in their calendar."""

from datetime import date
from typing import Any

from icalendar import Calendar

from palier.testing import Caretaker
from palier_bulk_food.actions import open_round

CLOSES, PICKUP = date(2026, 10, 15), date(2026, 10, 22)


def test_anyone_reads_until_when_to_order_and_when_to_fetch(caretaker: Caretaker) -> None:
    caretaker.does(open_round, closes_on=CLOSES, pickup_on=PICKUP)
    is_open = caretaker.public()

    caretaker.is_at(2026, 10, 16)

    assert "Order until Thursday 15 October, pick-up Thursday 22 October." in is_open
    assert "Pick-up of the common order: Thursday 22 October." in caretaker.public()


def test_the_pick_up_is_a_whole_day_in_the_calendar(caretaker: Caretaker) -> None:
    caretaker.does(open_round, closes_on=CLOSES, pickup_on=PICKUP)

    events: list[Any] = Calendar.from_ical(caretaker.calendar()).walk("VEVENT")
    (event,) = events

    assert event["dtstart"].dt == PICKUP
    assert event["summary"] == "Pick-up of the common order"
    assert event["description"] == "Order until Thursday 15 October."
