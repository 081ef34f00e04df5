"""A manager's tariffs: a new price from a day on, a bracket, a fund that runs empty; all in Chromium."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from palier.receipts.models import Fund, Price
from palier.residents.models import Resident
from palier.testing.windows import Served, overflow
from palier_bike_hire.models import Bike, Tier

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def does(page: Page, path: str, act: str) -> Locator:
    """Open a record, then one of its acts as a dialog."""
    page.goto(f"{DESK}/{path}")
    more = page.locator("details.more summary, [popovertarget=more-acts]")
    link = page.locator(f"main a[href*='/{act}']").first
    if not link.is_visible():
        more.first.click()
    link.click()
    return page.get_by_role("dialog")


def ends(page: Page, dialog: Locator) -> None:
    dialog.locator("[type=submit]").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def picks(dialog: Locator, name: str, label: str) -> None:
    choice = dialog.locator(f"select[name={name}]")
    if choice.count():
        value = choice.locator("option", has_text=label).get_attribute("value")
        choice.select_option(value)
    else:
        dialog.locator("label.pick", has_text=label).first.click()


def price_id(ampere: Served, item: str) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        full = select(Price).where(Price.item == item, Price.bracket_id.is_(None))
        return desk.session.scalars(full.order_by(Price.valid_from.desc())).first().id  # type: ignore[union-attr]  # the demonstration has it


def pays_a_membership(page: Page, ampere: Served, given: str) -> tuple[Locator, str]:
    """Sell a year to a household and take the money; return the sheet and its address."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        who = desk.session.scalars(select(Resident).where(Resident.given_name == given)).first()
        assert who is not None
        card = f"{DESK}/desk/card?resident={who.id}"
    page.goto(card)
    page.get_by_role(
        "link", name=re.compile("Vendre l’adhésion|^. Adhésion|Adhésion")
    ).first.click()
    ends(page, page.get_by_role("dialog"))
    page.locator("form.pay [type=submit]").click()
    sheet = page.get_by_role("article")
    expect(sheet).to_be_visible()
    return sheet, page.url


def test_a_new_price_holds_from_its_day_and_old_receipts_keep_theirs(
    sonia: Page, ampere: Served
) -> None:
    before, address = pays_a_membership(sonia, ampere, "Odile")
    expect(before).to_contain_text("10,00")
    row = price_id(ampere, "membership.year")

    dialog = does(sonia, f"receipts/price/{row}", "change_price")
    dialog.locator("[name=cents]").fill("12")
    ends(sonia, dialog)
    after, _address = pays_a_membership(sonia, ampere, "Aïcha")

    expect(after).to_contain_text("12,00")
    sonia.goto(address)
    expect(sonia.get_by_role("article")).to_contain_text("10,00")
    expect(sonia.get_by_role("article")).not_to_contain_text("12,00")
    sonia.goto(f"{DESK}/receipts/price")
    expect(sonia.get_by_role("row", name=re.compile("Adhésion"))).to_contain_text("12,00")
    assert overflow(sonia) == 0


def test_a_fund_that_runs_empty_means_the_full_price_and_says_so(
    sonia: Page, ampere: Served
) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        bike = desk.session.scalars(select(Bike).where(Bike.code == "V01")).one()
        item, lend = bike.kind.price_of(Tier.WEEK), f"{DESK}/bike_hire/bike/{bike.id}/lend"
        theo = desk.session.scalars(select(Resident).where(Resident.given_name == "Théo")).first()
        assert theo is not None
        whose = theo.id
    dialog = does(sonia, "receipts/fund", "open_fund")
    dialog.locator("[name=label]").fill("Petit fonds")
    ends(sonia, dialog)
    with ampere.house.at("ampere", "test", write=False) as desk:
        fund = desk.session.scalars(select(Fund).where(Fund.label == "Petit fonds")).one().id
    puts_in(sonia, fund, "3")

    dialog = does(sonia, f"receipts/price/{price_id(ampere, item)}", "add_reduced_price")
    picks(dialog, "bracket", "Vert")
    picks(dialog, "fund_ledger", "Petit fonds")
    dialog.locator("[name=cents]").fill("4")
    ends(sonia, dialog)

    shown = sonia.locator("[data-price]")
    sonia.goto(f"{lend}?resident={whose}")
    expect(shown).to_contain_text("8,00")
    expect(shown).to_contain_text("fonds")
    assert "4,00" not in shown.inner_text()
    puts_in(sonia, fund, "5")
    sonia.goto(f"{lend}?resident={whose}")
    expect(shown).to_contain_text("le fonds paie 4,00")


def puts_in(page: Page, fund: int, amount: str) -> None:
    dialog = does(page, f"receipts/fund/{fund}", "put_in")
    dialog.locator("[name=cents]").fill(amount)
    picks(dialog, "funder", "Ville de Strasbourg")
    ends(page, dialog)
