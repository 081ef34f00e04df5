"""A day at the desk, as the story tells it: by keyboard alone, each chapter within its keys."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import func, select

from palier.demo.arranging import OPENS_WITH
from palier.desk.actions import close_desk
from palier.desk.handover import open_things
from palier.desk.models import HandoverItem
from palier.messages.models import Message, MessageState, Reply
from palier.receipts.actions import pay, take_article
from palier.receipts.checking import verify_site
from palier.receipts.daysheet import DaySheet, read_day
from palier.receipts.models import (
    Article,
    ChargeKind,
    Deposit,
    Fund,
    Payment,
    PayMode,
    Receipt,
    ReceiptLine,
    TillSession,
    WhyOther,
)
from palier.receipts.till_acts import close_till, open_till
from palier.residents.memberships import holding_on
from palier.residents.models import Membership, Resident
from palier.testing.books import agreed_sheet
from palier.testing.hands import NO_MOUSE, Hands
from palier.testing.windows import Served
from palier.text import Cents, Text
from palier.trail import ActRow
from palier.visits.counting import count_hours
from palier.visits.models import Visit
from palier_bike_hire.models import Loan

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"
TODAY = date(2026, 10, 6)
OWN_LINE = "Le livreur rappelle à 10 h"
MAGDA = "4711"


def yesterday_left_a_note(ampere: Served) -> None:
    monday = ampere.clock.now.replace(hour=18, minute=30) - timedelta(days=1)
    with ampere.house.at("ampere", "test", now=monday) as desk:
        close_desk(desk, text="Le livreur passe à 9 h")


def opened_and_locked(page: Page) -> None:
    page.goto("/ampere/desk/accounts/do/open_device?name=Comptoir&back=/ampere/desk")
    page.get_by_role("button", name="Ouvrir ce poste").click()
    page.wait_for_url(f"**{DESK}*")
    page.wait_for_load_state()
    page.evaluate("document.querySelector('form[data-lock]').requestSubmit()")
    expect(page.get_by_label("Code à quatre chiffres")).to_be_focused()


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def test_a_day_at_the_desk(ampere_before_opening: Served, browser_window: Browser) -> None:
    ampere = ampere_before_opening
    yesterday_left_a_note(ampere)
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        hands = Hands(page)
        opened_and_locked(page)
        context.add_init_script(NO_MOUSE)

        with hands.within(10):
            with hands.within(6):
                reads_the_note(page, hands, ampere)
            with hands.within(4):
                counts_the_float(page, hands, ampere)
        comes_back(page, hands, ampere, 9, 0)
        with hands.within(3):
            counts_three_visits(page, hands, ampere)
        with hands.within(2):
            one_more_waits_and_one_less(page, hands)
        comes_back(page, hands, ampere, 9, 25)
        with hands.within(26):
            hires_out_a_bike(page, hands, ampere)
        three_more_are_to_be_called(ampere)
        comes_back(page, hands, ampere, 11, 40)
        with hands.within(4):
            rings_odile(page, hands, ampere)
        comes_back(page, hands, ampere, 18, 25)
        with hands.within(14):
            counts_the_drawer(page, hands, ampere)
        one_more_is_sold_after_the_count(ampere)
        comes_back(page, hands, ampere, 18, 30)
        with hands.within(4):
            writes_the_note(page, hands, ampere)
        the_day_sheet_adds_up(page, ampere)
    assert ampere.said == []
    the_books_are_whole(ampere)


def comes_back(page: Page, hands: Hands, ampere: Served, hour: int, minute: int) -> None:
    """Let time pass; where the desk has locked itself, its four digits are no chapter's keys."""
    page.goto("about:blank")  # nothing of the page before is on its way any more
    ampere.clock.now = ampere.clock.now.replace(hour=hour, minute=minute)
    page.goto(DESK)
    code, scan = page.get_by_label("Code à quatre chiffres"), page.locator("#scan")
    expect(code.or_(scan)).to_be_focused()
    if code.count():
        hands.press(*MAGDA)
    expect(scan).to_be_focused()
    settled(page)


def reads_the_note(page: Page, hands: Hands, ampere: Served) -> None:
    hands.press(*MAGDA)
    note = page.get_by_role("region", name="La dernière note")
    expect(note).to_contain_text("Le livreur passe à 9 h")
    settled(page)
    hands.press("l")
    expect(note).to_have_count(0)
    settled(page)
    with ampere.house.at("ampere", "test", write=False) as desk:
        row = desk.session.scalars(select(ActRow).where(ActRow.name == "desk.read_note")).one()
        assert row.who == "MK"


def counts_the_float(page: Page, hands: Hands, ampere: Served) -> None:
    hands.press("o")
    expect(page.get_by_role("dialog").get_by_label("Compté dans le tiroir")).to_be_focused()
    hands.type("50")
    hands.press("Enter")
    expect(page.get_by_text("Caisse ouverte", exact=True)).to_be_visible()
    settled(page)
    session = last_till(ampere)
    assert (session.float_cents, session.before_cents, session.float_reason) == (5000, 5000, None)


def counts_three_visits(page: Page, hands: Hands, ampere: Served) -> None:
    answered: list[Response] = []

    def all_three(each: Response) -> bool:
        answered.extend([each] if each.url.endswith("/visits/do/count_visit") else [])
        return len(answered) == 3

    with page.expect_response(all_three):
        hands.press(*"111")
    expect(page.get_by_role("status").filter(has_text="Un café, compté à 9 h")).to_be_visible()
    expect(page.locator("[data-people]")).to_have_text("3")
    with ampere.house.at("ampere", "test", write=False) as desk:
        hours = count_hours(desk, (TODAY,))
        assert hours.count(hour=9) == 3
        newest = select(Visit).order_by(Visit.id.desc()).limit(3)
        assert {str(each.reason) for each in desk.session.scalars(newest)} == {"Un café"}


def one_more_waits_and_one_less(page: Page, hands: Hands) -> None:
    waiting = page.get_by_role("region", name="En attente")
    hands.press("+")
    expect(waiting).to_contain_text("1")
    hands.press("-")
    expect(waiting).to_contain_text("0")
    settled(page)


def hires_out_a_bike(page: Page, hands: Hands, ampere: Served) -> None:
    fund, turnover = fund_left(ampere), sheet_of(ampere).turnover_cents
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
    assert sheet_of(ampere).turnover_cents - turnover == 400  # the deposit is no income


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


def three_more_are_to_be_called(ampere: Served) -> None:
    with ampere.house.at("ampere", "test") as desk:
        for each in ("Aïcha", "Mehmet", "Thi Lan"):
            query = select(Resident).where(Resident.given_name == each).order_by(Resident.id)
            person = desk.session.scalars(query.limit(1)).one()
            desk.tell(person, Text("Une place est libre."), kind="seat", asks=True)


def rings_odile(page: Page, hands: Hands, ampere: Served) -> None:
    hands.press("a")
    page.wait_for_url("**/messages/call_list")
    count = page.get_by_role("region", name="À appeler").locator(".count")
    expect(count).to_have_text("4")
    settled(page)
    hands.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    settled(page)
    hands.press("y")
    page.wait_for_url("**/messages/call_list*")
    expect(count).to_have_text("3")
    with ampere.house.at("ampere", "test", write=False) as desk:
        reached = select(Message).where(Message.state == MessageState.REACHED)
        told = {(str(each.resident), each.reply) for each in desk.session.scalars(reached)}
        assert ("Odile Kern", Reply.YES) in told
        assert {name for name, _reply in told} == {"Odile Kern"}
        row = desk.session.scalars(select(ActRow).where(ActRow.name == "messages.reached")).one()
        assert row.who == "MK"


def counts_the_drawer(page: Page, hands: Hands, ampere: Served) -> None:
    expected = last_till(ampere).float_cents + cash_taken(ampere)
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


def last_till(ampere: Served) -> TillSession:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(TillSession).order_by(TillSession.id.desc()).limit(1)
        return desk.session.scalars(query).one()


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
