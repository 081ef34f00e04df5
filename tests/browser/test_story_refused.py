"""What a payment is refused for is said on the card, beside its field; nothing typed is lost."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from palier.receipts.actions import take_article
from palier.receipts.models import Article, Price, Receipt
from palier.residents.models import Resident
from palier.testing.windows import DESK as WIDE
from palier.testing.windows import PHONE, Served, overflow
from palier.visits.models import Visit, VisitState

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def owes(ampere: Served, given_name: str, quantity: int = 2) -> str:
    """Let someone owe some tram tickets; return their card's address."""
    with ampere.house.at("ampere", "test") as desk:
        query = select(Resident).where(Resident.given_name == given_name).order_by(Resident.id)
        who = desk.session.scalars(query.limit(1)).one()
        ticket = desk.session.scalars(select(Article).where(Article.key == "t")).one()
        take_article(desk, resident=who, article=ticket, quantity=quantity)
        return f"{DESK}/desk/card?resident={who.id}"


def receipts(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return desk.session.scalar(select(func.count(Receipt.id))) or 0


def due(page: Page) -> int:
    return int(page.locator("form.pay").get_attribute("data-due") or 0)


def typed(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def looked_at(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [each["id"] for each in found]


def test_five_cents_too_little_waits_in_its_field(magda: Page, ampere: Served) -> None:
    magda.goto(owes(ampere, "Odile"))
    before, given = receipts(ampere), magda.locator("#given")
    total = due(magda)
    magda.wait_for_load_state()
    magda.keyboard.press("g")
    expect(given).to_be_focused()
    magda.keyboard.type(typed(total - 5), delay=60)
    magda.keyboard.press("Enter")

    expect(magda.locator("#given-wrong")).to_contain_text("Il manque 0,05")
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Odile Kern")
    expect(given).to_have_value(typed(total - 5))
    expect(given).to_be_focused()
    assert receipts(ampere) == before
    assert looked_at(magda) == []
    magda.set_viewport_size(PHONE)
    assert (overflow(magda), looked_at(magda)) == (0, [])
    magda.set_viewport_size(WIDE)
    given.fill(typed(total))
    magda.keyboard.press("Enter")
    expect(magda.get_by_role("article")).to_contain_text("Ticket de tram")
    assert receipts(ampere) == before + 1


def pays_by_voucher(page: Page, card: str) -> None:
    page.goto(card)
    page.locator("form.pay .ways label", has_text="Bon").click()
    expect(page.locator("#reference")).to_be_focused()
    page.keyboard.type("BON 00417", delay=60)
    page.keyboard.press("Enter")


def test_a_voucher_used_twice_is_refused_and_says_where_it_was(magda: Page, ampere: Served) -> None:
    pays_by_voucher(magda, owes(ampere, "Odile"))
    expect(magda.get_by_role("article")).to_contain_text("Bon")

    pays_by_voucher(magda, owes(ampere, "Aïcha"))

    said = magda.locator("#reference-wrong")
    expect(said).to_contain_text(re.compile(r"Ce bon a déjà servi.*AMPERE-01-2026-\d{6}, par MK"))
    expect(magda.locator("#reference")).to_have_value("BON 00417")
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Aïcha Benali")


def test_a_price_that_changed_meanwhile_is_said_and_nothing_is_taken(
    magda: Page, ampere: Served
) -> None:
    magda.goto(owes(ampere, "Mehmet", 1))
    before, total = receipts(ampere), due(magda)
    with ampere.house.at("ampere", "test") as desk:
        item = desk.session.scalars(select(Article).where(Article.key == "t")).one().price_item
        dearer = update(Price).where(Price.item == item).values(cents=Price.cents + 10)
        desk.session.execute(dearer.execution_options(synchronize_session=False))

    magda.locator("form.pay [type=submit]").click()

    said = magda.get_by_role("alert").filter(has_text="Le panier a changé")
    expect(said).to_contain_text(typed(total))
    expect(said).to_contain_text(typed(total + 10))
    assert receipts(ampere) == before
    expect(magda.locator(".total")).to_contain_text(typed(total + 10))
    magda.locator("form.pay [type=submit]").click()
    expect(magda.get_by_role("article")).to_contain_text(typed(total + 10))


def test_a_visit_without_a_name_is_paid_in_parts_and_not_closed_before(
    magda: Page, ampere: Served
) -> None:
    magda.goto(DESK)
    magda.get_by_role("link", name=re.compile("^Panier sans nom")).click()
    magda.get_by_role("dialog").locator("[type=submit]").last.click()
    magda.wait_for_url("**/desk/visit?visit=*")
    page = magda.url
    magda.keyboard.press("a")
    dialog = magda.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.locator("label.pick, option", has_text="Ticket de tram").first.click()
    dialog.locator("[type=submit]").last.click()
    expect(magda.get_by_role("dialog")).to_have_count(0)
    magda.wait_for_load_state()
    magda.keyboard.press("x")
    dialog.locator("[type=submit]").last.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ticket de tram")
    magda.goto(page)
    total = due(magda)

    magda.wait_for_load_state()
    magda.keyboard.press("g")
    expect(magda.locator("#given")).to_be_focused()
    magda.keyboard.type("0,50", delay=60)
    magda.locator("details.parts > summary").first.click()
    magda.locator("#second-mode").select_option("card")
    magda.locator("form.pay [type=submit]").click()

    sheet = magda.get_by_role("article")
    expect(sheet).to_contain_text("Espèces")
    expect(sheet).to_contain_text(typed(total - 50))
    with ampere.house.at("ampere", "test") as desk:
        visit = desk.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()
        assert visit.resident_id is None
        assert visit.state is VisitState.OPEN
    magda.locator("[data-enter]").click()


def test_beyond_the_cap_of_the_tab_the_card_says_what_still_fits(
    magda: Page, ampere: Served
) -> None:
    magda.goto(owes(ampere, "Yves", 6))
    total = due(magda)
    assert total > 1000
    magda.locator("form.pay .ways label", has_text="Ardoise").click()
    magda.locator("form.pay [type=submit]").click()

    said = magda.get_by_role("alert").filter(has_text="ardoise")
    expect(said).to_contain_text("10,00")
    expect(said).to_contain_text(typed(total))
    expect(magda.locator("[name=mode][value=tab]")).to_be_checked()
    magda.wait_for_load_state()
    magda.locator("details.parts > summary").first.click()
    magda.locator("#second-mode").select_option("card")
    magda.locator("#given").fill("10")
    magda.locator("form.pay [type=submit]").click()
    expect(magda.get_by_role("article")).to_contain_text("Ardoise")
