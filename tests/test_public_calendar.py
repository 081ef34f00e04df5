"""The calendar of a site that anyone may subscribe to, read back as calendars read it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from litestar.testing import TestClient
from sqlalchemy import select

from palier.app import create_app
from palier.db.engine import Database
from palier.house import House
from palier.sites.models import Site, SiteState
from palier.sites.switching import disable, enable, plan_disable, plan_enable
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, At, counted_statements
from palier_workshops.models import State, Workshop

PATH = "/ampere/calendar.ics"
PARIS = ZoneInfo("Europe/Paris")
CORE = 2  # statements: where, and whether it is open
HARD = 'Réparer; "tout", ou \\ presque\nà la main: ' + "é" * 14


def add(house: House, title: str, starts_at: datetime, **values: Any) -> int:
    with house.at("ampere", "test") as desk:
        made = Workshop(
            title=title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), seats=8, **values
        )  # fmt: skip
        return int(desk.add(made).id)


@pytest.fixture(autouse=True)
def workshops(house: House) -> None:
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "workshops"))


@pytest.fixture
def client(house: House) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(house)) as made:
        made.headers["accept-language"] = "en"
        yield made


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_an_event_is_read_back_as_it_was_written(house: House, client: TestClient[Any]) -> None:
    number = add(house, HARD, datetime(2026, 10, 24, 23, 30, tzinfo=PARIS), place="Cour, 2e étage")

    answer = client.get(PATH)

    (event,) = events(answer.text)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert 'filename="ampere.ics"' in answer.headers["content-disposition"]
    assert event["summary"] == HARD
    assert event["location"] == "Cour, 2e étage"
    # The night in which clocks change: two hours later it is half past one.
    assert event["dtstart"].dt == datetime(2026, 10, 24, 23, 30, tzinfo=PARIS)
    assert event["dtend"].dt == datetime(2026, 10, 25, 1, 30, tzinfo=PARIS)
    assert str(event["uid"]).startswith(f"workshops_workshop-{number}@ampere.")
    assert event["dtstamp"].dt == NOW
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75


def test_the_rules_of_the_time_zone_come_along(house: House, client: TestClient[Any]) -> None:
    add(house, "Soap", datetime(2026, 12, 1, 14, tzinfo=PARIS))

    calendar = Calendar.from_ical(client.get(PATH).text)

    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Paris"
    assert {each.name for each in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
    assert calendar["method"] == "PUBLISH"


def test_what_changes_keeps_its_name_and_has_a_higher_number(
    house: House, client: TestClient[Any]
) -> None:
    number = add(house, "Soap", datetime(2026, 10, 20, 14, tzinfo=PARIS))
    (before,) = events(client.get(PATH).text)
    with house.at("ampere", "test") as desk:
        desk.session.get_one(Workshop, number).starts_at += timedelta(hours=1)

    (after,) = events(client.get(PATH).text)

    assert (before["uid"], before["sequence"]) == (after["uid"], after["sequence"] - 1)
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(hours=1)


def test_what_is_called_off_stays_and_says_so(house: House, client: TestClient[Any]) -> None:
    add(house, "Soap", datetime(2026, 10, 20, 14, tzinfo=PARIS), state=State.CANCELLED)

    (event,) = events(client.get(PATH).text)

    assert (event["status"], event["summary"]) == ("CANCELLED", "Called off: Soap")


def test_one_event_can_be_fetched_alone(house: House, client: TestClient[Any]) -> None:
    numbers = [add(house, title, NOW + timedelta(days=3)) for title in ("Soap", "Bread")]

    answer = client.get(f"{PATH}?event=workshops_workshop-{numbers[1]}")
    none = client.get(f"{PATH}?event=workshops_workshop-99")

    assert [str(each["summary"]) for each in events(answer.text)] == ["Bread"]
    assert (
        f'filename="workshops_workshop-{numbers[1]}.ics"' in answer.headers["content-disposition"]
    )
    assert none.status_code == 404


def test_the_page_leads_to_it_and_to_each_event(house: House, client: TestClient[Any]) -> None:
    number = add(house, "Soap", NOW + timedelta(days=3))

    html = client.get("/ampere/").text

    assert f'href="{PATH}?lang=en"' in html
    assert f'href="{PATH}?lang=en&amp;event=workshops_workshop-{number}"' in html


def test_where_no_service_has_events_nothing_leads_to_it(
    house: House, client: TestClient[Any]
) -> None:
    add(house, "Soap", NOW + timedelta(days=3))
    with house.at("ampere", "test") as desk:
        disable(desk, plan_disable(house.registry, desk.site.plugins, "workshops"))

    assert "calendar.ics" not in client.get("/ampere/").text
    assert events(client.get(PATH).text) == []


@pytest.mark.parametrize("state", [SiteState.DRAFT, SiteState.CLOSED])
def test_a_site_that_serves_nobody_has_an_empty_calendar(
    house: House, client: TestClient[Any], at: At, state: SiteState
) -> None:
    add(house, "Soap", NOW + timedelta(days=3))
    with at() as desk:
        desk.session.get_one(Site, 1).state = state

    assert events(client.get(PATH).text) == []


def test_another_sites_events_are_its_own(house: House, client: TestClient[Any]) -> None:
    add(house, "Soap", NOW + timedelta(days=3))

    assert events(client.get("/cathedrale/calendar.ics").text) == []


def test_the_same_is_not_sent_again_a_minute_later(house: House) -> None:
    add(house, "Soap", NOW + timedelta(days=3))
    tags: list[str] = []
    for now in (NOW, NOW + timedelta(minutes=1)):
        with TestClient(create_app(replace(house, clock=Clock(now)))) as client:
            known = {"if-none-match": tags[-1]} if tags else {}
            answer = client.get(PATH, headers=known)
            tags.append(answer.headers["etag"])

    assert tags[0] == tags[1]
    assert answer.status_code == 304


def test_it_costs_the_same_for_one_event_and_for_many(
    house: House, client: TestClient[Any], database: Database
) -> None:
    add(house, "Soap", NOW + timedelta(days=1))
    client.get(PATH)  # what the site switched is read once
    with counted_statements(database) as few:
        client.get(PATH)
    for day in range(30):
        add(house, "Bread", NOW + timedelta(days=day))
    with counted_statements(database) as many:
        found = client.get(PATH)

    assert len(events(found.text)) == 31
    assert len(few) == len(many) <= CORE + 2


def test_old_events_stay_a_while_and_then_leave(house: House, client: TestClient[Any]) -> None:
    for days in (30, 300):
        add(house, f"{days} days ago", NOW - timedelta(days=days), state=State.DONE)
    with house.at("ampere", "test") as desk:
        kept = len(desk.all(select(Workshop)))

    found = [str(each["summary"]) for each in events(client.get(PATH).text)]

    assert (kept, found) == (2, ["30 days ago"])
