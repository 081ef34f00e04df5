"""Chapter P of the day: the drawer counted, the sheet, the note; all of it against the ledgers."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from palier.desk.handover import open_things
from palier.desk.models import HandoverItem
from palier.receipts.actions import pay, take_article
from palier.receipts.checking import verify_site
from palier.receipts.daysheet import DaySheet, read_day
from palier.receipts.models import (
    Article,
    ClosedPeriod,
    Closing,
    Payment,
    PayMode,
    Receipt,
    TillSession,
    WhyOther,
)
from palier.receipts.till_acts import close_till, open_till
from palier.residents.models import Resident
from palier.testing.books import agreed_sheet
from palier.testing.hands import Hands
from palier.testing.windows import Served, tab_to
from palier.text import Cents

from .going import DESK, TODAY, settled
from .opening import last_till

OWN_LINE = "Le livreur rappelle à 10 h"
BAKER = "Boulangerie Rhin"
EXPECTED, COUNTED = 14040, 13990  # in cents; the float is 50.00


def counts_the_drawer(page: Page, hands: Hands, ampere: Served) -> None:
    expected = last_till(ampere).float_cents + cash_taken(ampere)
    assert (expected, expected - 50) == (EXPECTED, COUNTED)
    hands.press("o")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Compté dans le tiroir")).to_be_focused()
    hands.type(euros(expected - 50))
    hands.press("Enter")
    said = dialog.get_by_role("alert").first
    expect(said).to_contain_text(f"il devrait y avoir {euros(expected)}")
    hands.press("Tab", "Enter", "Space")
    expect(dialog.get_by_label("Une pièce a roulé")).to_be_checked()
    hands.press("Enter")
    expect(page.get_by_text("Caisse fermée", exact=True)).to_be_visible()
    settled(page)
    session = last_till(ampere)
    assert (session.expected_cents, session.difference_cents) == (expected, -50)
    assert session.reason is WhyOther.COIN_ROLLED
    the_sums_are_the_days(ampere)
    one_more_is_sold_after_the_count(ampere)


def the_sums_are_the_days(ampere: Served) -> None:
    """Compare the sheet with what the day's chapters come to, before anything else is sold."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        sheet = agreed_sheet(desk, TODAY)
    assert sheet.turnover_cents == 400 + 1135
    assert [(str(each.label), each.cents) for each in sheet.collected] == [(BAKER, 8040)]
    assert (sheet.containers_out.cents, sheet.containers_back.cents) == (0, -200)
    assert sheet.due_cents == sheet.paid_cents == 9375
    assert (sheet.paid_by(PayMode.CASH), sheet.paid_by(PayMode.TAB)) == (9040, 335)
    assert {each.taken for each in sheet.boxes if each.taken} == {15000}


def one_more_is_sold_after_the_count(ampere: Served) -> None:
    counted = last_till(ampere)
    with ampere.house.at("ampere", "test") as desk:
        session = open_till(desk, float_cents=Cents(5000))
        who = desk.session.scalars(select(Resident).where(Resident.given_name == "Théo")).one()
        article = desk.session.scalars(select(Article).where(Article.key == "p")).one()
        take_article(desk, resident=who, article=article, quantity=2)
        receipt = pay(desk, who, mode=PayMode.CASH)
        assert receipt.till_session_id == session.id > counted.id
        close_till(desk, session, counted_cents=Cents(5000 + receipt.due_cents))


def writes_the_note(page: Page, hands: Hands, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        still_open = {each.text for each in open_things(desk)}
    hands.press("f")
    expect(page.locator("#text")).to_be_focused()
    settled(page)
    hands.say(OWN_LINE)
    hands.press("Enter")
    expect(page.get_by_text("Écrite", exact=True)).to_be_visible()
    settled(page)
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(HandoverItem.text).where(HandoverItem.on == TODAY)
        assert set(desk.session.scalars(query)) == still_open | {OWN_LINE}
    assert still_open
    hands.press("Tab", "p")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Feuilles papier")
    settled(page)


def closes_the_day(page: Page, hands: Hands, ampere: Served) -> None:
    page.goto(f"{DESK}/receipts/closing")
    tab_to(page, "main a[href*='close_day']")
    hands.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Clôturer un jour")
    tab_to(page, "dialog .go")
    hands.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("mardi 6 octobre")
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Closing).where(Closing.to_on == TODAY, Closing.period == ClosedPeriod.DAY)
        closed = desk.session.scalars(query).one()
        total, count = func.sum(Receipt.total_cents), func.count(Receipt.id)
        sold = desk.session.execute(select(total, count).where(Receipt.sold_on == TODAY)).one()
        assert (closed.total_cents, closed.tickets) == tuple(sold)
        assert closed.person_code == "MK"


def the_day_sheet_adds_up(page: Page, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(TillSession).where(TillSession.reason == WhyOther.COIN_ROLLED)
        session = desk.session.scalars(query).one()
    page.goto(f"{DESK}/receipts/day_sheet")
    rows = page.locator("section[aria-labelledby^=till-]").get_by_role("row")
    for label, cents in (
        ("Fond de caisse", session.float_cents),
        ("Devrait", session.expected_cents),
        ("Une pièce a roulé", -50),
    ):
        expect(rows.filter(has_text=label).first).to_contain_text(euros(cents or 0))
    expect(page.get_by_role("region", name="Cautions")).to_contain_text(euros(15000))
    turnover = sheet_of(ampere).turnover_cents
    expect(page.get_by_role("main")).to_contain_text(euros(turnover))
    with ampere.house.at("ampere", "test", write=False) as desk:
        sheet = agreed_sheet(desk, TODAY)
    assert turnover == sheet.turnover_cents > 400
    assert sum(each.cents for each in sheet.funds) >= 400
    assert sheet.held_cents >= 15000


def sheet_of(ampere: Served) -> DaySheet:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return read_day(desk, TODAY)


def euros(cents: int) -> str:
    return f"{'−' if cents < 0 else ''}{abs(cents) / 100:.2f}".replace(".", ",")


def cash_taken(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(func.coalesce(func.sum(Payment.cents), 0)).join(Payment.receipt)
        cash = query.where(Payment.mode == PayMode.CASH, Receipt.sold_on == TODAY)
        return int(desk.session.scalars(cash).one())


def the_books_are_whole(ampere: Served) -> None:
    house = ampere.house
    with house.at("ampere", "test", write=False) as desk:
        checked = verify_site(desk.session, desk.signing_key, house.settings.closings / "ampere")
    assert [each.ok for each in checked] == [True]
