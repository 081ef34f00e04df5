"""The rules of lent bikes: no database, no server."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from palier.api import Cents, Text, _
from palier.plugins import discover
from palier.text import catalogue
from palier_bike_hire import rules
from palier_bike_hire.identifier import NotAnIdentifier, read_identifier
from palier_bike_hire.models import Bike, Kind, Rhythm, Tier

VECTORS = json.loads((Path(__file__).parent / "vectors" / "bicycles.json").read_text("utf-8"))
ZONE = ZoneInfo("Europe/Paris")
TEN = datetime(2026, 10, 6, 10, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def cents(amount: str) -> Cents:
    return Cents(round(float(amount) * 100))


@pytest.mark.parametrize("case", [c for c in VECTORS["identifier"] if c["valid"]])
def test_an_identifier_is_read_in_capitals_without_separators(case: dict[str, Any]) -> None:
    assert read_identifier(case["input"]) == case["normalised"]


@pytest.mark.parametrize("case", [c for c in VECTORS["identifier"] if not c["valid"]])
def test_other_signs_are_no_identifier(case: dict[str, Any]) -> None:
    with pytest.raises(NotAnIdentifier) as refusal:
        read_identifier(case["input"])

    assert refusal.value.field == "identifier"


def test_a_bike_may_have_no_identifier_and_keeps_a_read_one() -> None:
    kind = Kind(name="City", deposit=Cents(15000))

    assert Bike(kind=kind, code="E02", identifier="").identifier is None
    assert Bike(kind=kind, code="V07", identifier="bc5a-7k2m-9x").identifier == "BC5A7K2M9X"


@pytest.mark.parametrize("case", VECTORS["deposit"])
def test_a_deposit_is_kept_as_far_as_it_goes(case: dict[str, Any]) -> None:
    late = Cents(case["late_days"] * cents(case["late_fee_per_day"]))

    settled = rules.settle(cents(case["deposit"]), *map(cents, case["damages"]), late)

    assert settled == tuple(cents(case[each]) for each in ("kept", "returned", "still_owed"))


@pytest.mark.parametrize(
    ("hours", "days"), [(0.5, 0), (1.5, 1), (24, 1), (24.9, 1), (25.1, 2), (48, 2), (168, 7)]
)
def test_a_day_begins_after_the_grace(hours: float, days: int) -> None:
    assert rules.days_between(TEN, TEN + hours * HOUR, HOUR) == days


@pytest.mark.parametrize("day", ["2026-10-24", "2027-03-27"])
def test_the_night_when_clocks_change_is_one_day(day: str) -> None:
    start = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZONE)
    end = start + timedelta(days=1)

    assert end.timestamp() - start.timestamp() != timedelta(days=1).total_seconds()
    assert rules.days_between(start, end) == 1


@pytest.mark.parametrize(
    ("days", "charged"),
    [
        (1, [(Tier.DAY, 1)]),
        (3, [(Tier.DAY, 3)]),
        (4, [(Tier.WEEK, 1)]),
        (7, [(Tier.WEEK, 1)]),
        (9, [(Tier.WEEK, 1), (Tier.DAY, 2)]),
        (12, [(Tier.WEEK, 2)]),
        (14, [(Tier.WEEK, 2)]),
    ],
)
def test_a_week_is_charged_where_it_costs_less(days: int, charged: list[object]) -> None:
    assert list(rules.units(days, week_from=4)) == charged


def test_longer_loans_never_cost_less() -> None:
    price = {Tier.DAY: 200, Tier.WEEK: 800}
    totals = [sum(price[t] * n for t, n in rules.units(days, 4)) for days in range(1, 60)]

    assert totals == sorted(totals)


MONDAY = date(2026, 10, 5)
DUE = {"loans": 10, "days_out": 60, "days": 182}


@pytest.mark.parametrize(
    ("since", "said", "due"),
    [
        ({"loans_since": 9, "days_since": 59}, DUE, False),
        ({"loans_since": 10}, DUE, True),
        ({"days_since": 60}, DUE, True),
        ({"serviced_on": date(2026, 4, 7)}, DUE, False),
        ({"serviced_on": date(2026, 4, 6)}, DUE, True),
        ({"loans_since": 1}, {"loans": 1}, True),
        ({"loans_since": 0}, {"loans": 1}, False),
        ({"loans_since": 99, "days_since": 999}, {}, False),
        ({}, {"days": 4}, True),  # never maintained: it counts from the first day of the rhythm
        ({}, {"days": 5}, False),
    ],
)
def test_what_is_lent_is_due_after_loans_or_days(
    since: dict[str, Any], said: dict[str, int], due: bool
) -> None:
    kind = Kind(name="City", deposit=Cents(0))
    rhythm = Rhythm(kind=kind, valid_from=date(2026, 10, 1), **said)

    assert rules.is_due(Bike(kind=kind, code="V01", **since), rhythm, MONDAY) is due


def test_a_kind_without_a_rhythm_is_never_due() -> None:
    worn = Bike(kind=Kind(name="City", deposit=Cents(0)), code="V01", loans_since=500)

    assert not rules.is_due(worn, None, MONDAY)


@pytest.mark.parametrize("locale", ["fr", "de", "tr", "ar"])
@pytest.mark.parametrize(
    "words",
    [
        _("%(bike)s is kept for you from %(start)s until %(end)s."),
        _("%(bike)s is due back at the desk %(due)s."),
        _("%(bike)s was due back %(due)s. Please bring it to the desk."),
    ],
    ids=str,
)
def test_what_people_are_told_of_a_bike_is_said_in_their_language(locale: str, words: Text) -> None:
    discover()

    assert catalogue(locale).has(words)
