"""Two windows at two desks: each sees what the other did, without reload."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.residents.models import Household, Resident
from palier.testing.windows import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def first(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    ampere.said.clear()
    with ampere.window(browser_window) as made:
        ampere.let_in(made, "magda", OPENS_WITH)
        yield made
    assert ampere.said == []


@pytest.fixture
def second(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    with ampere.window(browser_window) as made:
        ampere.let_in(made, "sonia", OPENS_WITH)
        yield made


@pytest.fixture
def kern(ampere: Served) -> tuple[int, int]:
    """Odile Kern and her household."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        odile = desk.session.scalars(select(Resident).where(Resident.given_name == "Odile")).first()
        assert odile is not None
        assert odile.household is not None
        return odile.id, odile.household.id


def card(context: BrowserContext, resident: int) -> Page:
    page = context.new_page()
    page.goto(f"/ampere/desk/desk/card?resident={resident}")
    expect(page.get_by_text("En ligne")).to_be_visible()
    return page


def test_each_desk_sees_what_the_other_does(
    first: BrowserContext, second: BrowserContext, kern: tuple[int, int]
) -> None:
    mine, theirs = card(first, kern[0]), card(second, kern[0])
    home = second.new_page()
    home.goto("/ampere/desk")
    expect(home.get_by_text("En ligne")).to_be_visible()
    theirs.bring_to_front()

    mine.get_by_role("link", name="Vendre l’adhésion").first.click()
    mine.get_by_role("dialog").get_by_role("button", name="Vendre l’adhésion").click()
    expect(mine.locator(".total")).to_contain_text("10,00 €")
    expect(theirs.locator(".total")).to_contain_text("10,00 €")
    expect(theirs.locator("#live-said")).to_contain_text("Panier")
    expect(home.get_by_role("region", name="Reste à payer")).to_contain_text("10,00 €")

    theirs.get_by_role("button", name="Encaisser 10,00 €").click()
    expect(theirs.get_by_role("article")).to_contain_text("10,00 €")

    expect(mine.get_by_role("complementary", name="Panier")).to_contain_text(
        "Réglé ou retiré à l’autre poste : Adhésion du foyer"
    )
    expect(mine.locator(".total")).to_contain_text("0,00 €")


def test_a_list_says_what_changed_and_waits(first: BrowserContext, ampere: Served) -> None:
    page = first.new_page()
    page.goto("/ampere/desk/residents/household")
    expect(page.get_by_text("En ligne")).to_be_visible()
    rows = page.locator("main tbody tr")
    before = rows.first.inner_text()

    with ampere.house.at("ampere", "test") as desk:
        household = desk.session.scalars(select(Household).order_by(Household.code)).first()
        assert household is not None
        code, household.code = household.code, "A-0"
        from palier.trail import ActRow

        desk.session.add(ActRow(name="residents.move", who="XX", at=desk.now, recorded_at=desk.now))
    note = page.get_by_role("status").filter(has_text="de cette liste")
    expect(note).to_be_visible()
    assert rows.first.inner_text() == before
    page.get_by_role("button", name="Afficher les changements").click()

    expect(page.get_by_role("link", name="A-0")).to_be_visible()
    with ampere.house.at("ampere", "test") as desk:
        back = desk.session.scalars(select(Household).where(Household.code == "A-0")).one()
        back.code = code


def test_what_is_typed_stays_and_a_dialog_is_not_touched(
    first: BrowserContext, second: BrowserContext, kern: tuple[int, int]
) -> None:
    page, other = card(first, kern[0]), second.new_page()
    page.get_by_role("link", name="Fiche").click()
    page.goto(f"/ampere/desk/residents/household/{kern[1]}/add_resident")
    page.get_by_label("Prénom").fill("Paul")

    other.goto(f"/ampere/desk/residents/household/{kern[1]}/add_resident")
    other.get_by_label("Prénom").fill("Zoé")
    other.get_by_label("Nom de famille").fill("Abcd")
    other.get_by_role("button", name="Ajouter un habitant").click()
    expect(other.get_by_role("main")).to_contain_text("Zoé")

    expect(page.get_by_label("Prénom")).to_have_value("Paul")


def test_without_a_network_the_bar_says_since_when(first: BrowserContext) -> None:
    page = first.new_page()
    page.goto("/ampere/desk/residents/household")
    expect(page.get_by_text("En ligne")).to_be_visible()

    first.set_offline(True)
    expect(page.get_by_text("Hors ligne depuis")).to_be_visible()
    expect(page.get_by_text("Pas de réseau depuis")).to_be_visible()
    first.set_offline(False)

    expect(page.get_by_text("En ligne")).to_be_visible()
    expect(page.get_by_text("Pas de réseau depuis")).to_be_hidden()
