"""Chapter I of the day: an exchange noted by two names, a voucher scanned; by keyboard and scanner alone."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.residents.models import Resident
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier_skills_exchange.models import Entry, Exchange, Kind, Voucher, VoucherState
from palier_skills_exchange.queries import balance_of

from .going import at_the_desk, key_of


def person(ampere: Served, given: str, family: str) -> Resident:
    with ampere.house.at("ampere", "test", write=False) as desk:
        named = Resident.given_name == given, Resident.family_name == family
        return desk.session.scalars(select(Resident).where(*named)).one()


def balances(ampere: Served, *people: Resident) -> list[int]:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return [balance_of(desk, each) for each in people]


def notes_an_hour_as_a_gift(page: Page, hands: Hands, ampere: Served) -> None:
    theo, mehmet = person(ampere, "Théo", "Ritter"), person(ampere, "Mehmet", "Yilmaz")
    before = balances(ampere, theo, mehmet)

    hands.scan(theo.card_code)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    hands.press(key_of(page, "Noter un échange"))
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=resident__q]")).to_be_focused()
    hands.press("Tab")
    expect(dialog.locator("[name=receiver__q]")).to_be_focused()
    hands.press(*"yil", "Enter")
    expect(dialog.get_by_label("Catégorie")).to_be_focused()
    hands.press("n", "Tab")
    expect(dialog.get_by_label("Cadeau")).to_be_checked()
    hands.press("Enter")

    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    with ampere.house.at("ampere", "test", write=False) as desk:
        done = desk.session.scalars(select(Exchange).order_by(Exchange.id.desc()).limit(1)).one()
        told = (str(done.giver), str(done.receiver), done.category.value, done.kind, done.minutes)
        assert told == ("Théo Ritter", "Mehmet Yilmaz", "digital", Kind.GIFT, 60)
        assert desk.total(Entry.minutes) == 0
    assert balances(ampere, theo, mehmet) == before


def keys_a_voucher(page: Page, hands: Hands, ampere: Served) -> None:
    mehmet, odile = person(ampere, "Mehmet", "Yilmaz"), person(ampere, "Odile", "Kern")
    before = balances(ampere, mehmet, odile)

    hands.scan("BON-00231")
    expect(page.locator("[name=minutes]")).to_be_focused()
    hands.press(*"1.5", "Enter")
    expect(page.locator("#scan")).to_be_focused()

    after = balances(ampere, mehmet, odile)
    assert [now - then for now, then in zip(after, before, strict=True)] == [90, -90]
    with ampere.house.at("ampere", "test", write=False) as desk:
        voucher = desk.session.scalars(select(Voucher).where(Voucher.number == 231)).one()
        assert (voucher.state, voucher.person_code) == (VoucherState.USED, "MK")

    at_the_desk(page, hands)
    hands.scan("BON-00231")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Le bon 00231 a été utilisé mardi 6 octobre à 10 h 28, par MK.")
    assert balances(ampere, mehmet, odile) == after
