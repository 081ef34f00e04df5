"""The operator's VAT regime from a day on, and the thresholds, against every row of the vectors."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from palier.providers.models import VatRegime
from palier.receipts.models import Journal, Receipt
from palier.receipts.regimes import (
    RegimeInThePast,
    State,
    change_regime,
    franchise,
    near_threshold,
    threshold_on,
)
from palier.receipts.till_acts import change_vat_regime
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, pays, someone_owes

FILE = Path(__file__).parent / "vectors" / "vat_rounding.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
TODAY = date(2026, 10, 6)
SAID = {
    "exempt_this_year": State.EXEMPT,
    "exempt_this_year_but_not_next_year": State.LAST_EXEMPT_YEAR,
    "vat_due_from_the_day_the_higher_limit_is_passed": State.DUE_FROM_THAT_DAY,
    "vat_due_all_year": State.DUE_ALL_YEAR,
}


def cents(euros: str) -> int:
    return int(Decimal(euros) * 100)


def figures(kind: str, day: date) -> list[str]:
    of = threshold_on(kind, day)
    assert of is not None
    return [str(of.limit), str(of.higher)]


@pytest.mark.parametrize("row", VECTORS["franchise_293B"], ids=str)
def test_the_franchise_ends_as_the_law_says(row: dict[str, Any]) -> None:
    of = threshold_on(row["kind"], TODAY)
    assert of is not None

    state = franchise(of, cents(row["turnover_last_year"]), cents(row["turnover_this_year_so_far"]))

    assert state is SAID[row["expected"]]


def test_the_thresholds_are_those_of_the_vectors() -> None:
    told = VECTORS["thresholds"]
    side = told["association_side_activities_261_7_1_b"]

    assert figures("services", TODAY) == list(told["services"].values())
    assert figures("goods", TODAY) == list(told["goods_and_catering"].values())
    assert figures("association", date(2024, 6, 1))[0] == side["2024"]
    assert figures("association", TODAY)[0] == side["2025"]


def test_a_regime_holds_from_its_day_on_and_the_journal_says_so(at: At) -> None:
    before = pays(at, someone_owes(at, 835))
    with at() as desk:
        tomorrow = desk.today + timedelta(days=1)
        change_vat_regime(
            desk, regime=VatRegime.FRANCHISE, valid_from=tomorrow, source="Letter of 5 October"
        )
    same_day = pays(at, someone_owes(at, 835, code="F2"))
    after = pays(at, someone_owes(at, 835, code="F3"), NOW + timedelta(days=1))

    with at(write=False) as desk:
        regimes = dict(desk.session.execute(select(Receipt.id, Receipt.vat_regime)).all())
        bodies = desk.session.scalars(select(Journal.body).where(Journal.kind == "event"))
        said = [json.loads(each) for each in bodies][-1]
    assert [regimes[each] for each in (before, same_day, after)] == [
        "taxable",
        "taxable",
        "franchise",
    ]
    assert (said["code"], said["regime"], said["valid_from"]) == (
        "rate_change",
        "franchise",
        "2026-10-07",
    )
    assert_books_are_whole(at)


def test_a_regime_is_never_changed_in_the_past(at: At) -> None:
    yesterday = TODAY - timedelta(days=1)

    with at() as desk, pytest.raises(RegimeInThePast):
        change_regime(desk, VatRegime.FRANCHISE, yesterday, "Letter")


def test_a_year_that_nears_the_threshold_is_said_quietly(at: At) -> None:
    pays(at, someone_owes(at, 2_999_999))
    with at(write=False) as desk:
        before = near_threshold(desk, "franchise")
    pays(at, someone_owes(at, 1, code="F2"))

    with at(write=False) as desk:
        after = near_threshold(desk, "franchise")
        taxable = near_threshold(desk, "taxable")
    assert (before, taxable) == (None, None)
    assert after is not None
    assert "37,500.00" in str(after)
