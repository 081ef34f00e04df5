"""Chapter I of the day: an exchange noted by two names, a voucher scanned; by keyboard and scanner alone."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.residents.models import Resident
from palier.testing.hands import Hands
from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_skills_exchange.models import Entry, Exchange, Kind, Voucher, VoucherState
from palier_skills_exchange.queries import balance_of

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def person(ampere: Served, given: str, family: str) -> Resident:
    with ampere.house.at("ampere", "test", write=False) as desk:
        named = Resident.given_name == given, Resident.family_name == family
        return desk.session.scalars(select(Resident).where(*named)).one()


def balances(ampere: Served, *people: Resident) -> list[int]:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return [balance_of(desk, each) for each in people]


def at_the_desk(page: Page) -> None:
    page.goto(DESK)
    expect(page.locator("#scan")).to_be_focused()


def key_of(page: Page, name: str) -> str:
    """The letter that stands on a card's button."""
    found = page.get_by_role("link", name=name).get_attribute("data-key")
    assert found
    return found


def test_an_hour_of_phone_help_is_a_gift_in_ten_keys(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=10, minute=20)
    theo, mehmet = person(ampere, "Théo", "Ritter"), person(ampere, "Mehmet", "Yilmaz")
    before = balances(ampere, theo, mehmet)
    hands = Hands(magda)
    at_the_desk(magda)

    scan(magda, theo.card_code)
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    hands.press(key_of(magda, "Noter un échange"))
    dialog = magda.get_by_role("dialog")
    expect(dialog.locator("[name=resident__q]")).to_be_focused()
    hands.press("Tab")
    expect(dialog.locator("[name=receiver__q]")).to_be_focused()
    hands.press(*"yil", "Enter")
    expect(dialog.get_by_label("Catégorie")).to_be_focused()
    hands.press("n", "Tab")
    expect(dialog.get_by_label("Cadeau")).to_be_checked()
    hands.press("Enter")

    expect(dialog).to_have_count(0)
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    assert hands.keys <= 10
    with ampere.house.at("ampere", "test", write=False) as desk:
        done = desk.session.scalars(select(Exchange).order_by(Exchange.id.desc()).limit(1)).one()
        told = (str(done.giver), str(done.receiver), done.category.value, done.kind, done.minutes)
        assert told == ("Théo Ritter", "Mehmet Yilmaz", "digital", Kind.GIFT, 60)
        assert desk.total(Entry.minutes) == 0
    assert balances(ampere, theo, mehmet) == before


def test_a_voucher_is_scanned_and_its_hours_keyed_in_five_keys(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=10, minute=28)
    mehmet, odile = person(ampere, "Mehmet", "Yilmaz"), person(ampere, "Odile", "Kern")
    before = balances(ampere, mehmet, odile)
    hands = Hands(magda)
    at_the_desk(magda)

    scan(magda, "BON-00231")
    expect(magda.locator("[name=minutes]")).to_be_focused()
    hands.press(*"1.5", "Enter")
    expect(magda.locator("#scan")).to_be_focused()

    assert hands.keys <= 5
    after = balances(ampere, mehmet, odile)
    assert [now - then for now, then in zip(after, before, strict=True)] == [90, -90]
    with ampere.house.at("ampere", "test", write=False) as desk:
        voucher = desk.session.scalars(select(Voucher).where(Voucher.number == 231)).one()
        assert (voucher.state, voucher.person_code) == (VoucherState.USED, "MK")

    at_the_desk(magda)
    scan(magda, "BON-00231")
    main = magda.get_by_role("main")
    expect(main).to_contain_text("Le bon 00231 a été utilisé mardi 6 octobre à 10 h 28, par MK.")
    assert balances(ampere, mehmet, odile) == after
