"""The rules of the exchange: no database, no server.

`vectors/skills_exchange.json` is the domain's own: ledgers with floor and ceiling, a correction, and
the hints (National Assembly answers 10085 and 18196 of 1998; the figures are a project choice).
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from palier.api import Minutes, Refused
from palier_skills_exchange import matching, rules
from palier_skills_exchange.matching import Arc
from palier_skills_exchange.models import Category, Hint, Limit

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "skills_exchange.json").read_text("utf-8")
)
LEDGERS = [*VECTORS["ledgers"], VECTORS["correction"]["expected"]]
ERRORS = {
    rules.OwnHelp: "self",
    rules.NotPositive: "not_positive",
    rules.BelowFloor: "debtor_below_floor",
    rules.AboveCeiling: "creditor_above_ceiling",
}
HINTS = {
    "ok": Hint.NONE,
    "warn_regular_for_same_person": Hint.TO_ONE,
    "warn_members_trade": Hint.TRADE,
    "warn_high_volume": Hint.IN_ALL,
}


def booked(balances: Counter[str], operation: dict[str, Any], ledger: dict[str, Any]) -> None:
    """Book an operation as the ledger does: who was helped is `from`, who helped is `to`."""
    debtor, creditor, minutes = operation["from"], operation["to"], operation["minutes"]
    rules.check_help(creditor, debtor, minutes)
    passed = rules.limit_passed(
        balances[debtor], balances[creditor], minutes, ledger["floor"], ledger["ceiling"]
    )
    if passed is not Limit.NONE:
        raise {Limit.FLOOR: rules.BelowFloor, Limit.CEILING: rules.AboveCeiling}[passed](who="")
    for who, moved in rules.entries_of(creditor, debtor, Minutes(minutes)):
        balances[str(who)] += moved


@pytest.mark.parametrize("ledger", LEDGERS, ids=range(len(LEDGERS)))
def test_the_ledgers_of_the_vectors_come_out(ledger: dict[str, Any]) -> None:
    balances: Counter[str] = Counter()
    errors: list[str | None] = []
    for operation in ledger["operations"]:
        try:
            booked(balances, operation, ledger)
        except Refused as refusal:
            errors.append(ERRORS[type(refusal)])
        else:
            errors.append(None)

    assert errors == [each["error"] for each in ledger["operations"]]
    assert {who: balances[who] for who in ledger["balances"]} == ledger["balances"]
    assert sum(balances.values()) == ledger["sum"] == 0


@pytest.mark.parametrize("hint", VECTORS["hints"], ids=lambda hint: hint["expected"])
def test_the_hints_of_the_vectors_are_said(hint: dict[str, Any]) -> None:
    people = hint["distinct_receivers"]
    given = [
        rules.Given(each % people, Category.SEWING)
        for each in range(hint["services_given_in_12_months"])
    ]
    trade = Category.SEWING if hint["is_in_the_members_trade"] else None

    said = rules.hint_of(given, trade, rules.Settings().hints)

    assert said == HINTS[hint["expected"]]


def test_the_hints_begin_at_the_figures_of_the_vectors() -> None:
    usual = VECTORS["hint_rules_default"]

    assert rules.Settings().hints == (usual["same_receiver_more_than"], usual["services_more_than"])


@pytest.mark.parametrize("category", [Category.ROOF, Category.ELECTRICITY, Category.GAS])
def test_dangerous_work_brings_a_sentence(category: Category) -> None:
    assert rules.hint_of([rules.Given(2, category)], None, rules.HintLimits()) is Hint.DANGER


ANA, BILAL, CHLOE, DENIS = 1, 2, 3, 4
SEW, COOK, LIFT, DIGITAL = Category.SEWING, Category.COOKING, Category.ERRANDS, Category.DIGITAL


def test_a_ring_of_three_comes_from_offers_and_wants() -> None:
    arcs = matching.arcs_of(
        [(ANA, SEW), (BILAL, COOK), (CHLOE, LIFT)], [(BILAL, SEW), (CHLOE, COOK), (ANA, LIFT)]
    )

    found = matching.proposals(arcs)

    ring = (Arc(ANA, BILAL, SEW), Arc(BILAL, CHLOE, COOK), Arc(CHLOE, ANA, LIFT))
    assert (found[0].arcs, found[0].people, found[0].closes) == (ring, (ANA, BILAL, CHLOE), True)
    assert [each.closes for each in found[1:]] == [False, False, False]


def test_a_pair_comes_before_one_way_help_and_is_said_once() -> None:
    arcs = matching.arcs_of(
        [(BILAL, COOK), (ANA, SEW), (DENIS, DIGITAL)],
        [(ANA, COOK), (BILAL, SEW), (ANA, DIGITAL)],
    )

    found = matching.proposals(arcs)

    assert [each.people for each in found] == [(ANA, BILAL), (DENIS, ANA)]
    assert [len(each.arcs) for each in found] == [2, 1]


def test_who_never_exchanged_comes_first() -> None:
    arcs = [Arc(ANA, BILAL, SEW), Arc(CHLOE, DENIS, COOK)]

    found = matching.proposals(arcs, never={DENIS})

    assert [each.people for each in found] == [(CHLOE, DENIS), (ANA, BILAL)]


def test_nobody_is_paired_with_themselves() -> None:
    assert matching.arcs_of([(ANA, SEW)], [(ANA, SEW)]) == []


def test_a_ring_has_the_same_key_from_whomever_it_begins() -> None:
    ring = [Arc(CHLOE, ANA, LIFT), Arc(ANA, BILAL, SEW), Arc(BILAL, CHLOE, COOK)]

    keys = {matching.proposals(ring[at:] + ring[:at])[0].key for at in range(3)}

    assert keys == {"1:sewing:2+2:cooking:3+3:errands:1"}
