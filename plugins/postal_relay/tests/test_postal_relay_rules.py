"""The rules of the relay: no database, no server. Vectors: `vectors/`, with their sources inside."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.api import Refused, Ticks
from palier.testing.plugin import NOW
from palier_postal_relay import rules, shipped
from palier_postal_relay.models import Carrier, Drop, Event, Parcel, Rule, State, Taker

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


S10, DOMESTIC, GS1, RETENTION = map(vectors, ("s10", "laposte_domestic", "gs1", "postal_retention"))
TODAY = date(2026, 10, 6)


def carrier(word: str = "mondial_relay", network: str = "", *, registered: bool = False) -> Carrier:
    return Carrier(name=word, word=word, network=network or word, registered=registered)


def parcel(state: State = State.NOTIFIED, **values: Any) -> Parcel:
    drop = Drop(carrier=carrier(), opened_at=NOW, opened_by="MK")
    return Parcel(carrier=drop.carrier, drop=drop, number="8L20524752032", state=state, **values)


@pytest.mark.parametrize("case", [*S10["valid"], *DOMESTIC["valid"]], ids=lambda c: c["number"])
def test_a_number_with_a_right_check_digit_is_proven(case: dict[str, Any]) -> None:
    label = rules.read_label(case["number"])

    assert label is not None
    assert (label.number, label.proven) == (case["number"], True)


@pytest.mark.parametrize("case", [*S10["invalid"], *DOMESTIC["invalid"]], ids=lambda c: c["reason"])
def test_another_number_warns_and_is_taken(case: dict[str, Any]) -> None:
    label = rules.read_label(case["number"])

    assert (label is None) is (not case["number"])
    assert label is None or not label.proven


@pytest.mark.parametrize("case", S10["normalise"], ids=lambda c: c["input"])
def test_a_number_is_read_however_it_was_written(case: dict[str, Any]) -> None:
    assert rules.read_label(case["input"]) == rules.read_label(case["normalised"])


@pytest.mark.parametrize("case", GS1["sscc"], ids=lambda c: c["sscc"])
def test_a_logistic_unit_is_proven_by_its_check_digit(case: dict[str, Any]) -> None:
    plain, behind = rules.read_label(case["sscc"]), rules.read_label(f"00{case['sscc']}")

    assert plain is not None
    assert (plain.number, plain.proven) == (case["sscc"], case["valid"])
    assert not case["valid"] or behind == plain


def test_a_unit_within_an_element_string_is_its_number() -> None:
    raw = GS1["element_strings"][2]

    label = rules.read_label(raw["raw"])

    assert label is not None
    assert label.number == raw["expected"]["00"]


@pytest.mark.parametrize("typed", ["Nguyen", "B2", "", "O'Neill-Kern", "V07"])
def test_a_name_or_a_place_is_no_number(typed: str) -> None:
    assert rules.read_label(typed) is None


@pytest.mark.parametrize("length", [41, 4096])
def test_an_endless_scan_is_no_number(length: int) -> None:
    assert rules.read_label("7" * length) is None


@given(st.text(max_size=300))
def test_whatever_is_scanned_is_read_or_left(typed: str) -> None:
    label = rules.read_label(typed)

    assert label is None or 0 < len(label.number) <= rules.LONGEST_NUMBER


COLISSIMO = carrier("laposte_colissimo_pickup_relay", "laposte")
SIGNED_FOR = carrier("laposte_registered", "laposte", registered=True)
MONDIAL = carrier()
ALL = (COLISSIMO, SIGNED_FOR, MONDIAL)


@pytest.mark.parametrize(
    ("number", "brought_by", "whose"),
    [
        ("8L20524752032", COLISSIMO, COLISSIMO),
        ("RR473124829FR", COLISSIMO, SIGNED_FOR),
        ("RR473124829FR", SIGNED_FOR, SIGNED_FOR),
        ("8L20524752032", MONDIAL, COLISSIMO),
        ("40123456", MONDIAL, MONDIAL),
        ("40123456", COLISSIMO, COLISSIMO),
    ],
)
def test_the_label_says_whose_it_is(number: str, brought_by: Carrier, whose: Carrier) -> None:
    label = rules.read_label(number)

    assert label is not None
    assert rules.carrier_of(label, brought_by, ALL) is whose


@pytest.mark.parametrize(
    "case", RETENTION["cases"], ids=lambda c: f"{c['carrier']} {c['event_date']}"
)
def test_the_last_day_follows_the_carriers_rule(case: dict[str, Any]) -> None:
    event = date.fromisoformat(case["event_date"])
    rule = shipped.shipped_rule(case["carrier"], event)

    assert rule is not None
    assert rule.days == case["days"]
    assert rules.last_day(event, rule.days).isoformat() == case["last_day_for_pickup"]


@pytest.mark.parametrize("case", RETENTION["carriers"], ids=lambda c: c["id"])
def test_each_known_carrier_has_its_dated_rule(case: dict[str, Any]) -> None:
    rule = shipped.shipped_rule(case["id"], date(2026, 11, 23))

    assert rule is not None
    assert rule.days == case["days"]
    assert rule.source
    wanted = Event.NOTICE if "notice" in case["start"] else Event.ARRIVAL
    assert rule.counted_from is wanted


def test_a_rule_holds_from_its_day_on() -> None:
    before, after = (shipped.shipped_rule("mondial_relay", date(2025, 10, d)) for d in (7, 8))

    assert before is not None
    assert after is not None
    assert (before.days, after.days) == (8, 5)


def test_a_site_s_own_rule_wins_while_it_holds() -> None:
    mine = Rule(
        carrier=MONDIAL,
        days=7,
        valid_from=date(2026, 10, 1),
        valid_to=date(2026, 10, 15),
        source="letter of the carrier",
    )
    usual = shipped.shipped_rule("mondial_relay", TODAY)

    on = [rules.rule_on([mine], usual, date(2026, 10, day)) for day in (1, 14, 15)]

    assert [each.days for each in on if each] == [7, 7, 5]


def test_the_open_day_before_a_closed_last_day_is_told() -> None:
    saturday, sunday = date(2026, 10, 10), date(2026, 10, 11)

    assert rules.told_day(sunday, [TODAY, saturday]) == saturday
    assert rules.told_day(sunday, []) == sunday


def test_reminders_come_at_half_time_and_on_the_day_before() -> None:
    until = TODAY + timedelta(days=8)
    days = [TODAY + timedelta(days=each) for each in range(9)]

    half = [each for each in days if rules.is_half_time(TODAY, until, each)]
    before = [each for each in days if rules.is_day_before(until, each)]

    assert half[0] == TODAY + timedelta(days=4)
    assert before == [TODAY + timedelta(days=7)]
    assert not set(half) & set(before)


def seen(*papers: str) -> Ticks:
    return Ticks.made(papers, "MK", NOW)


REGISTERED_RULE = shipped.shipped_rule("laposte_registered", TODAY)
PICKUP_RULE = shipped.shipped_rule("chronopost_relay", TODAY)
MONDIAL_RULE = shipped.shipped_rule("mondial_relay", TODAY)


@pytest.mark.parametrize(
    ("rule", "taker", "papers"),
    [
        (PICKUP_RULE, Taker.ADDRESSEE, ["document"]),
        (PICKUP_RULE, Taker.OTHER, ["document", "addressee_document"]),
        (MONDIAL_RULE, Taker.ADDRESSEE, ["code"]),
        (REGISTERED_RULE, Taker.ADDRESSEE, ["document", "notice"]),
        (REGISTERED_RULE, Taker.OTHER, ["document", "notice", "proxy"]),
        (None, Taker.ADDRESSEE, ["document"]),
        (None, Taker.OTHER, ["document", "addressee_document"]),
    ],
)
def test_the_carriers_papers_let_an_item_go(
    rule: shipped.ShippedRule | None, taker: Taker, papers: list[str]
) -> None:
    rules.check_papers(MONDIAL, rule, taker, seen(*papers))

    for each in papers:
        with pytest.raises(rules.PapersMissing):
            rules.check_papers(MONDIAL, rule, taker, seen(*(p for p in papers if p != each)))


def test_a_proxy_fails_where_the_carrier_takes_none_and_says_what_to_say() -> None:
    with pytest.raises(rules.NoProxy) as refusal:
        rules.check_papers(MONDIAL, PICKUP_RULE, Taker.OTHER, seen("document", "proxy"))

    assert "takes no proxy" in str(refusal.value)
    assert "Identity document of the addressee too" in str(refusal.value)
    assert refusal.value.field == "seen"


def test_nobody_else_collects_where_neither_paper_will_do() -> None:
    rule = Rule(
        carrier=MONDIAL, days=5, other_document=False, other_proxy=False,
        valid_from=TODAY, source="letter",
    )  # fmt: skip

    with pytest.raises(rules.OnlyThemselves):
        rules.check_papers(MONDIAL, rule, Taker.OTHER, seen("document", "addressee_document"))


@pytest.mark.parametrize("state", list(State))
def test_no_state_is_jumped_over(state: State) -> None:
    here = parcel(state)
    for to in State:
        try:
            rules.check_move(here, to)
        except Refused:
            assert to not in rules.NEXT[state]
        else:
            assert to in rules.NEXT[state]


def test_the_end_of_an_item_is_its_end() -> None:
    assert not rules.NEXT[State.COLLECTED]
    assert not rules.NEXT[State.RETURNED]
    assert State.COLLECTED not in rules.NEXT[State.EXPECTED] | rules.NEXT[State.RECEIVED]


def test_an_item_goes_back_the_day_after_its_last() -> None:
    kept = parcel(last_day=TODAY)

    assert not rules.goes_back(kept, TODAY)
    assert rules.goes_back(kept, TODAY + timedelta(days=1))
    assert rules.goes_back(parcel(State.REFUSED), TODAY)
    assert not rules.goes_back(parcel(State.COLLECTED, last_day=TODAY), date(2027, 1, 1))


def test_a_list_is_numbers_with_names() -> None:
    text = "8L20524752032 Kern Odile\nRR473124829FR;Yilmaz\n\nhello\n8L20524752032\n"

    listed = rules.read_list(text)

    assert [(each.label.number, each.name) for each in listed] == [
        ("8L20524752032", "Kern Odile"),
        ("RR473124829FR", "Yilmaz"),
    ]
    with pytest.raises(rules.NotListed):
        rules.read_list("nothing here")


@pytest.mark.parametrize(
    ("announced", "listed", "of_list", "received", "gap"),
    [
        (8, 0, 0, 7, (1, 0)),
        (7, 0, 0, 8, (0, 1)),
        (None, 0, 0, 5, (0, 0)),
        (8, 8, 7, 8, (1, 1)),
    ],
)
def test_the_gap_to_what_was_announced(
    announced: int | None, listed: int, of_list: int, received: int, gap: tuple[int, int]
) -> None:
    assert rules.gap_of(announced, listed, of_list, received) == gap


@pytest.mark.parametrize(
    ("label", "person", "same"),
    [
        ("KERN Odile", "Odile Kern", True),
        ("Aicha BENALI", "Aïcha Benali", True),
        ("Karn Odile", "Odile Kern", False),
        ("Kern", "Odile Kern", False),
        ("", "", False),
    ],
)
def test_only_a_whole_name_is_somebody(label: str, person: str, same: bool) -> None:
    assert rules.is_named(label, person) is same
