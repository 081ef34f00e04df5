"""A rate that the law changed before Palier did: a manager writes it, from a day on."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from palier.errors import DayIsOver
from palier.receipts.models import Journal, ReceiptLine, VatClass
from palier.receipts.rates import NeverTaxed, NoRate, change_rate
from palier.receipts.till_acts import change_vat_rate
from palier.site_settings import SiteSetting
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, pays, someone_owes

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def test_a_rate_holds_from_its_day_on_at_every_site_and_the_journal_says_so(at: At) -> None:
    with at() as desk:
        change_vat_rate(
            desk, vat_class=VatClass.STANDARD, rate="19,6 %", valid_from=TOMORROW, source="Law 1"
        )
    pays(at, someone_owes(at, 1000))
    pays(at, someone_owes(at, 1000, code="F2"), NOW + timedelta(days=1))

    with at(write=False) as desk:
        rates = list(desk.session.scalars(select(ReceiptLine.vat_rate).order_by(ReceiptLine.id)))
    said = []
    for site in (1, 2):
        with at(site, write=False) as desk:
            bodies = desk.session.scalars(select(Journal.body).where(Journal.kind == "event"))
            told = [json.loads(each) for each in bodies]
            source = desk.session.scalars(select(SiteSetting.source)).one()
        said += [(e["rate"], source) for e in told if e["code"] == "rate_change"]
    assert rates == ["20", "19.6"]
    assert said == [("19.6", "Law 1"), ("19.6", "Law 1")]
    assert_books_are_whole(at)


@pytest.mark.parametrize("typed", ["", "x", "100", "-5", "5.555"])
def test_what_is_no_rate_is_refused(at: At, typed: str) -> None:
    with at() as desk, pytest.raises(NoRate):
        change_rate(desk, VatClass.REDUCED, typed, TODAY, "Law")


def test_a_rate_is_never_changed_in_the_past_nor_for_what_is_exempt(at: At) -> None:
    with at() as desk:
        with pytest.raises(DayIsOver):
            change_rate(desk, VatClass.REDUCED, "6", TODAY - timedelta(days=1), "Law")
        with pytest.raises(NeverTaxed):
            change_rate(desk, VatClass.EXEMPT, "6", TODAY, "Law")
