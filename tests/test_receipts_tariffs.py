"""Prices set where the thing is: nobody types the name of a row in the price list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from palier.errors import DayIsOver
from palier.house import House
from palier.receipts.actions import add_price, set_its_price
from palier.receipts.models import Article, Price, Unit, VatClass
from palier.receipts.price_list import NoSuchTariff, PricedThatDay
from palier.receipts.pricing import price
from palier.sites.models import SitePlugin
from palier.sites.switching import grow
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.text import Cents
from palier_bike_hire.models import Kind, Tier

DESK = "/ampere/desk"
TODAY = date(2026, 10, 6)


@pytest.fixture(autouse=True)
def english(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "en"


def bread(at: At) -> int:
    with at() as desk:
        return desk.add(Article(name="Baguette", key="b")).id


def test_an_article_has_one_price_set_on_its_page(browser: Browser, at: At) -> None:
    article = bread(at)
    path = f"{DESK}/receipts/article/{article}/set_its_price"
    browser.sends(path, tariff="one", cents="1.20", vat_class="reduced", valid_from="2026-10-06")
    browser.sends(path, tariff="one", cents="1.30", valid_from="2026-10-07")

    with at(write=False) as desk:
        first, last = desk.session.scalars(select(Price).order_by(Price.id)).all()
        assert (first.item, first.label, first.cents) == (
            f"receipts.article.{article}",
            "Baguette",
            120,
        )
        assert (last.cents, last.vat_class) == (130, VatClass.REDUCED)
        assert price(desk, first.item, 2, None).payable_cents == 240
    with at(now=NOW + timedelta(days=1), write=False) as desk:
        assert price(desk, first.item, 2, None).payable_cents == 260


def test_a_price_of_a_day_is_set_once_and_never_back(at: At) -> None:
    article = bread(at)
    with at() as desk:
        thing = desk.session.get_one(Article, article)
        set_its_price(desk, thing, cents=Cents(120), valid_from=TODAY)

        with pytest.raises(PricedThatDay):
            set_its_price(desk, thing, cents=Cents(130), valid_from=TODAY)
        with pytest.raises(NoSuchTariff):
            set_its_price(desk, thing, tariff="week", cents=Cents(1), valid_from=TODAY)
    with at(now=NOW + timedelta(days=2)) as desk:
        thing = desk.session.get_one(Article, article)
        with pytest.raises(DayIsOver):
            set_its_price(desk, thing, cents=Cents(130), valid_from=date(2026, 10, 7))


@pytest.fixture
def kind(house: House, at: At) -> int:
    """A kind of bike, where bikes are hired."""
    with at() as desk:
        desk.session.add(SitePlugin(name="bike_hire", state="on", since_at=NOW, prepared=True))
        grow(desk)
    with house.at("ampere", "test") as desk:
        return desk.add(Kind(name="Cargo bike", deposit=Cents(30000))).id


def test_a_kind_of_bike_has_a_price_for_each_of_its_tariffs(
    kind: int, browser: Browser, at: At
) -> None:
    path = f"{DESK}/bike_hire/kind/{kind}/set_its_price"
    form = words_of(browser.opens(path))
    for tariff, cents in (("day", "5"), ("week", "20"), ("late_fee", "6")):
        browser.sends(path, tariff=tariff, cents=cents, valid_from="2026-10-06")
    wrong = browser.sends(path, status=422, tariff="one", cents="5", valid_from="2026-10-06")

    assert "by the day" in form
    assert "Choose one of the list." in words_of(wrong)
    with at(write=False) as desk:
        found = desk.session.get_one(Kind, kind)
        units = {row.item: (row.unit, row.cents) for row in desk.session.scalars(select(Price))}
        assert units == {
            found.price_of(Tier.DAY): (Unit.DAY, 500),
            found.price_of(Tier.WEEK): (Unit.WEEK, 2000),
            found.price_of(Tier.LATE): (Unit.DAY, 600),
        }


def test_every_tier_of_a_bike_has_its_tariff() -> None:
    assert set(Kind.tariffs) == {each.value for each in Tier}


def test_the_membership_is_priced_from_the_price_list(browser: Browser, at: At) -> None:
    page = browser.opens(f"{DESK}/receipts/price")
    path = f"{DESK}/receipts/price/price_membership"
    browser.sends(path, cents="12", valid_from="2026-10-06")

    assert "Set the price of the membership" in page
    with at(write=False) as desk:
        row = desk.session.scalars(select(Price)).one()
        assert (row.item, row.unit, row.cents) == ("membership.year", Unit.YEAR, 1200)
        assert row.label == "Adhésion du foyer pour un an"


def test_a_price_without_a_thing_is_added_by_its_code(at: At) -> None:
    with at() as desk:
        add_price(
            desk,
            label="Photocopie",
            item="copies.page",
            cents=Cents(10),
            unit=Unit.PIECE,
            vat_class=VatClass.STANDARD,
            valid_from=TODAY,
        )

        assert price(desk, "copies.page", 3, None).payable_cents == 30


def test_the_api_knows_where_a_price_is_set(kind: int, browser: Browser) -> None:
    paths = browser.asks("/api/v1/schema")["paths"]

    assert "/api/v1/{site}/bike_hire/kind/{id}/set_its_price" in paths
    assert "/api/v1/{site}/receipts/article/{id}/set_its_price" in paths
    assert kind
