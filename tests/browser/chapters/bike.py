"""Chapter E of the day: a bike is hired out for a week, its deposit held, its contract signed."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.receipts.daysheet import read_day
from palier.receipts.models import ChargeKind, Deposit, Fund, Receipt, ReceiptLine
from palier.residents.memberships import holding_on
from palier.residents.models import Membership
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier_bike_hire.models import Loan

from .going import TODAY, settled


def hires_out_a_bike(page: Page, hands: Hands, ampere: Served) -> None:
    fund, before = fund_left(ampere), turnover(ampere)
    hands.scan("V07")
    expect(page.locator("[name=resident__q]")).to_be_focused()
    hands.type("rit")
    hands.press("Enter")
    expect(page.locator("[name=before]").first).to_be_focused()
    expect(page.locator("[data-price]")).to_contain_text("le fonds paie 4,00")
    for key in "123456c":
        hands.press(key)
        expect(page.locator(f'[data-key="{key}"]')).to_be_checked()
    hands.press("Tab")
    hands.type("0045128")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    expect(page.locator(".total")).to_contain_text("4,00 €")
    settled(page)
    prints_the_contract(page, hands)
    hands.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("4,00 €")
    settled(page)
    hands.press("p")
    expect(page.get_by_role("article")).to_contain_text("Signature")
    the_hire_is_written(ampere, fund)
    assert turnover(ampere) - before == 400  # the deposit is no income


def prints_the_contract(page: Page, hands: Hands) -> None:
    shown = page.locator("main [data-key][href*=print_contract]").first
    hands.press(shown.get_attribute("data-key") or "")
    expect(page.get_by_role("dialog")).to_contain_text("Imprimer le contrat")
    hands.press("Enter")
    paper = page.get_by_role("article")
    expect(paper).to_contain_text("Prêt d’un vélo")
    expect(paper).to_contain_text("4,00 €")
    expect(page.get_by_role("link", name="Retour à la carte")).to_be_focused()
    hands.press("Enter")
    expect(page.locator(".total")).to_contain_text("4,00 €")
    settled(page)


def the_hire_is_written(ampere: Served, fund: int) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        loan = desk.session.scalars(select(Loan).order_by(Loan.id.desc()).limit(1)).one()
        assert (str(loan.resident), loan.bike.code) == ("Théo Ritter", "V07")
        of_home = Membership.household == loan.resident.household
        assert len(desk.all(select(Membership).where(of_home, holding_on(TODAY)))) == 1
        assert desk.local(loan.due_at).date() == TODAY + timedelta(days=7)
        assert (len(loan.before), loan.before.by) == (6, "MK")
        deposit = desk.session.scalars(select(Deposit).order_by(Deposit.id.desc()).limit(1)).one()
        assert (deposit.cents, deposit.reference) == (15000, "0045128")
        receipt = desk.session.scalars(select(Receipt).order_by(Receipt.id.desc()).limit(1)).one()
        assert (receipt.total_cents, receipt.due_cents) == (400, 400)
        lines = select(ReceiptLine.kind).where(ReceiptLine.receipt == receipt)
        assert desk.session.scalars(lines).all() == [ChargeKind.SALE]
    assert fund - fund_left(ampere) == 400


def fund_left(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return desk.session.scalars(select(Fund.balance_cents)).one()


def turnover(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return read_day(desk, TODAY).turnover_cents
