"""The operator's VAT regime from a day on, and the thresholds, against every row of the vectors."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from palier.db.engine import Database
from palier.errors import DayIsOver
from palier.providers.models import VatRegime
from palier.receipts.actions import pay
from palier.receipts.charging import charge_item
from palier.receipts.events import OnlyTraining
from palier.receipts.models import Journal, PayMode, Receipt, VatClass
from palier.receipts.price_list import set_price
from palier.receipts.regimes import (
    State,
    change_regime,
    franchise,
    near_threshold,
    read_turnover,
    threshold_on,
)
from palier.receipts.till_acts import change_vat_regime
from palier.site_settings import decide
from palier.sites.letterhead import regimes_of
from palier.sites.models import Site
from palier.sites.opening import NewSite, OperatorHasRegime, open_site
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import assert_books_are_whole, make_resident, pays, someone_owes
from palier.text import Cents

TILL = "/ampere/desk/receipts/till"
TURNOVER = "/ampere/desk/receipts/turnover"
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

    with at() as desk, pytest.raises(DayIsOver):
        change_regime(desk, VatRegime.FRANCHISE, yesterday, "Letter")


def rate_changes(at: At, site_id: int) -> list[str]:
    with at(site_id, write=False) as desk:
        bodies = desk.session.scalars(select(Journal.body).where(Journal.kind == "event"))
        said = [json.loads(each) for each in bodies]
    return [each["regime"] for each in said if each["code"] == "rate_change"]


def test_every_live_site_of_the_operator_writes_the_change_down(at: At) -> None:
    pays(at, someone_owes(at, 835))
    with at() as desk:
        change_regime(desk, VatRegime.FRANCHISE, TODAY, "Letter")
        here = desk.session.scalars(select(Receipt.number)).all()

    assert [rate_changes(at, site) for site in (1, 2)] == [["franchise"], ["franchise"]]
    assert here == ["AMPERE-01-2026-000001"]  # the desk is at its own site again
    assert_books_are_whole(at)


def test_a_training_site_changes_no_real_regime(at: At) -> None:
    with at() as desk:
        desk.site = replace(desk.site, kind="training")

        with pytest.raises(OnlyTraining):
            change_regime(desk, VatRegime.FRANCHISE, TODAY, "Letter")


def sells(
    at: At, euros: int, now: datetime = NOW, *, site_id: int = 1, goods: bool = False
) -> None:
    with at(site_id, now) as desk:
        who = make_resident(desk, f"G{next(CODES)}")
        vat_class = VatClass.REDUCED if goods else VatClass.STANDARD
        since = date(2025, 1, 1)
        set_price(desk, f"test.{who.id}", Cents(euros * 100), valid_from=since, vat_class=vat_class)
        charge_item(desk, item=f"test.{who.id}", label="Thing", source=who, resident=who)
        pay(desk, who, mode=PayMode.CARD)


def said(at: At, regime: str = "franchise", now: datetime = NOW) -> str:
    with at(now=now, write=False) as desk:
        return str(near_threshold(desk, regime, read_turnover(desk)) or "")


NEXT_YEAR = NOW.replace(year=2027)
CODES = count(1)


def test_a_year_that_nears_the_threshold_is_said_quietly(at: At) -> None:
    sells(at, 29_999)
    before = said(at)
    sells(at, 1)

    assert (before, said(at, "taxable")) == ("", "")
    assert "services: €30,000.00. Above €37,500.00 VAT is due from next year on." in said(at)


def test_the_sites_of_the_operator_count_together(at: At) -> None:
    sells(at, 20_000)
    sells(at, 18_000, site_id=2)

    assert "€38,000.00, above €37,500.00. VAT is due from 1 January 2027" in said(at)


def test_passing_the_higher_limit_is_due_at_once(at: At) -> None:
    sells(at, 41_251)

    assert "above €41,250.00. VAT is due since the day it was passed" in said(at)


def test_last_years_turnover_makes_all_of_this_year_due(at: At) -> None:
    sells(at, 37_501)

    assert "Turnover of last year, services: €37,501.00" in said(at, now=NEXT_YEAR)


def test_goods_have_the_higher_limit_and_services_count_in_it(at: At) -> None:
    sells(at, 70_000, goods=True)
    near = said(at)
    sells(at, 16_000)

    assert "all that is sold: €70,000.00. Above €85,000.00" in near
    assert "all that is sold: €86,000.00, above €85,000.00. VAT is due from 1 January" in said(at)


def test_training_adds_up_its_own_sales_and_no_live_ones(at: At) -> None:
    sells(at, 300)
    sells(at, 200, site_id=2)
    with at(write=False) as desk:
        desk.site = replace(desk.site, kind="training")

        told = read_turnover(desk)

    assert (told.this, told.last) == (30_000, 0)


def test_an_association_has_a_ceiling_of_its_own(at: At) -> None:
    sells(at, 79_000)
    near = said(at, "none")
    sells(at, 2_000)

    assert "Above €80,011.00 an association is no longer exempt" in near
    assert "Turnover above €80,011.00" in said(at, "none")


def test_a_new_site_of_a_known_operator_takes_no_other_regime(database: Database, at: At) -> None:
    wanted = NewSite(slug="plaine", name="Plaine", operator="Conciergerie d'essai", vat="none")
    with at() as desk:  # what is to come does not hold yet
        change_regime(desk, VatRegime.FRANCHISE, TODAY + timedelta(days=1), "Letter")

    with pytest.raises(OperatorHasRegime, match="regime taxable"):
        open_site(database, wanted, NOW)

    assert open_site(database, msgspec.structs.replace(wanted, vat="taxable"), NOW) == 3


def test_an_operator_stands_towards_vat_from_the_day_at_its_first_site(database: Database) -> None:
    evening = datetime(2026, 10, 6, 1, tzinfo=UTC)  # the fifth, 21:00, in Guadeloupe
    wanted = NewSite(slug="moule", name="Le Moule", vat="taxable", timezone="America/Guadeloupe")

    site_id = open_site(database, wanted, evening)

    with database.read(site_id) as session:
        operator = session.get_one(Site, site_id).operator_id
        found = session.scalars(regimes_of(operator, date(2026, 10, 5))).all()
    assert [each.valid_from for each in found] == [date(2026, 10, 5)]


def test_two_years_are_summed_on_their_own_page_and_never_by_the_till(
    at: At, browser: Browser, database: Database
) -> None:
    sells(at, 38_000)
    with at() as desk:
        change_regime(desk, VatRegime.FRANCHISE, TODAY, "Letter")
    browser.opens(TILL)

    with counted_statements(database) as sent:
        till = browser.opens(TILL)
    page = words_of(browser.opens(TURNOVER))

    assert not [each for each in sent if "is_service" in each]
    assert f'href="{TURNOVER}"' in till
    assert f'href="{TURNOVER}"' in browser.opens("/ampere/desk/sites/operator")
    assert "2026, all that is sold €38,000.00" in page
    assert "Limit, services €37,500.00 Higher limit, services €41,250.00" in page
    assert "€38,000.00, above €37,500.00. VAT is due from 1 January 2027" in page


def test_a_limit_that_the_site_wrote_stands_above_the_packaged_one(at: At) -> None:
    sells(at, 30_000)
    before = said(at)
    with at() as desk:
        decide(desk.session, "receipts", {"services_limit": 50_000}, desk.today, None)

    assert "Above €37,500.00" in before
    assert said(at) == ""
