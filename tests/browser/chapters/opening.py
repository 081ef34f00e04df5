"""The day's first chapters, A and C: the note read, the float counted, three visits and a queue."""

from datetime import timedelta

from playwright.sync_api import Page, Response, expect
from sqlalchemy import select

from palier.desk.actions import close_desk
from palier.receipts.models import TillSession
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier.trail import ActRow
from palier.visits.counting import count_hours
from palier.visits.models import Visit

from .going import DESK, MAGDA, TODAY, settled


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


def one_more_waits_and_one_less(page: Page, hands: Hands, _ampere: Served) -> None:
    waiting = page.get_by_role("region", name="En attente")
    hands.press("+")
    expect(waiting).to_contain_text("1")
    hands.press("-")
    expect(waiting).to_contain_text("0")
    settled(page)


def last_till(ampere: Served) -> TillSession:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(TillSession).order_by(TillSession.id.desc()).limit(1)
        return desk.session.scalars(query).one()
