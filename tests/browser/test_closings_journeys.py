"""A day, a month and a year closed by keyboard, at the till, in the back office, from the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.receipts.actions import pay
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import ClosedPeriod, Closing, PayMode
from palier.receipts.till_acts import close_till
from palier.testing.till import make_resident, owe
from palier.testing.windows import DESK, PHONE, Served, overflow, tab_to
from palier.text import Cents

pytestmark = pytest.mark.browser
DRAWN = {"resultTypes": ["violations"]}
ARCHIVES = "/ampere/desk/receipts/year_archive"
TILL, CLOSINGS = "/ampere/desk/receipts/till", "/ampere/desk/receipts/closing"
TUESDAY = date(2026, 10, 6)
NEW_YEAR = datetime(2027, 1, 4, 9, 5, tzinfo=ZoneInfo("Europe/Paris"))


@contextmanager
def window_of(ampere: Served, browser: Browser, login: str) -> Iterator[Page]:
    with ampere.window(browser) as context:
        ampere.let_in(context, login, OPENS_WITH)
        yield context.new_page()


def is_readable(page: Page) -> None:
    assert Axe().run(page, options=DRAWN).response["violations"] == []
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
    page.set_viewport_size(DESK)


def opens(page: Page, selector: str) -> Locator:
    """Press what leads to a form, by Tab and Enter; return the form's window."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def sends(page: Page) -> None:
    tab_to(page, "dialog .go, main form .go")
    page.keyboard.press("Enter")


def cash_in(ampere: Served) -> Cents:
    """Return what should lie in the open till."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        return drawer_of(desk, desk.session.scalars(open_sessions()).one()).expected


def count_till(ampere: Served) -> None:
    """Count the till, if it is open still."""
    with ampere.house.at("ampere", "test") as desk:
        for session in desk.session.scalars(open_sessions()):
            close_till(desk, session, counted_cents=drawer_of(desk, session).expected)


def sell_a_day_later(ampere: Served) -> None:
    """Let Wednesday have a receipt, paid by card, with the till counted."""
    count_till(ampere)
    ampere.clock.now = NEW_YEAR.replace(2026, 10, 7)
    with ampere.house.at("ampere", "test") as desk:
        resident = make_resident(desk, "F-WEDNESDAY")
        owe(desk, resident, 835)
        pay(desk, resident, mode=PayMode.CARD)


def closed(ampere: Served, period: ClosedPeriod) -> list[date]:
    """Return the ends of the closings of that length, the newest last."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Closing.to_on).where(Closing.period == period)
        return list(desk.session.scalars(query.order_by(Closing.id)))


def test_a_day_whose_till_is_open_leads_to_the_count_and_is_closed_once(
    ampere: Served, browser_window: Browser
) -> None:
    with (
        window_of(ampere, browser_window, "magda") as page,
        window_of(ampere, browser_window, "sonia") as other,
    ):
        other.goto(TILL)
        page.goto(CLOSINGS)
        is_readable(page)
        dialog = opens(page, "main a[href*='close_day']")
        sends(page)
        expect(dialog.get_by_role("alert")).to_contain_text(
            "La caisse AMPERE-01 est encore ouverte"
        )
        expect(dialog.get_by_role("alert")).to_contain_text("Rien n’a changé")
        is_readable(page)

        follows_the_sentence_to_the_count(page, cash_in(ampere))
        expect(page.get_by_role("heading", level=1)).to_have_text("Clôturer un jour")
        expect(page.locator("[name=day]")).to_have_value("2026-10-06")  # the form as it was
        other.reload()
        opens(other, "main a[href*='close_day']")  # the other desk is about to
        is_readable(page)
        sends(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Clôtures")
        expect(page.locator("tbody tr").first).to_contain_text("mardi 6 octobre")
        sends(other)
        said = other.get_by_role("dialog").get_by_role("alert")
        expect(said.first).to_contain_text("MK l’a déjà clôturé")
        expect(said.first).to_contain_text("Il n’y a plus rien à faire")
        is_readable(other)

    assert closed(ampere, ClosedPeriod.DAY).count(TUESDAY) == 1
    assert ampere.said == []


def follows_the_sentence_to_the_count(page: Page, cash: Cents) -> None:
    tab_to(page, "dialog [role=alert] a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Compter et fermer")
    tab_to(page, "[name=counted_cents]")
    page.keyboard.type(f"{cash / 100:.2f}".replace(".", ","), delay=60)
    sends(page)


def test_what_the_desk_says_is_due_is_closed_from_there_one_after_the_other(
    ampere: Served, browser_window: Browser
) -> None:
    sell_a_day_later(ampere)
    ampere.clock.now = NEW_YEAR
    with window_of(ampere, browser_window, "sonia") as page:
        page.goto("/ampere/desk")
        due = page.get_by_role("region", name="À clôturer")
        for act, words in (
            ("close_day", "La journée du mercredi 7 octobre 2026 n’est pas close."),
            ("close_month", "Le mois n’est pas clos : octobre 2026."),
            ("close_year", "L’année 2026 n’est pas close."),
            ("ask_archive", "L’archive de 2026 manque"),
        ):
            expect(due.get_by_role("listitem").first).to_contain_text(words)
            is_readable(page)
            dialog = opens(page, f"main a[href*='/{act}?']")
            is_readable(page)
            sends(page)
            expect(dialog).to_be_hidden()
            expect(page.get_by_role("status").filter(has_text="C’est fait")).to_be_visible()

        page.goto(ARCHIVES)
        expect(page.get_by_role("row", name="2026")).to_contain_text("Demandé")

    assert closed(ampere, ClosedPeriod.DAY)[-1] == date(2026, 10, 7)
    assert closed(ampere, ClosedPeriod.MONTH)[-1] == date(2026, 10, 31)
    assert closed(ampere, ClosedPeriod.YEAR) == [date(2026, 12, 31)]
    assert ampere.said == []


def test_a_month_and_a_year_are_closed_in_the_back_office(
    ampere: Served, browser_window: Browser
) -> None:
    count_till(ampere)
    ampere.clock.now = NEW_YEAR.replace(year=2029)
    with window_of(ampere, browser_window, "sonia") as page:
        for period, field, words in (
            (ClosedPeriod.MONTH, "month", "2028-11-15"),
            (ClosedPeriod.YEAR, "year", "2028"),
        ):
            page.goto(CLOSINGS)
            dialog = fills(page, period, field, words)
            is_readable(page)
            sends(page)
            expect(page.get_by_role("status").filter(has_text="C’est fait")).to_be_visible()

            dialog = fills(page, period, field, words)
            sends(page)
            expect(dialog.get_by_role("alert").first).to_contain_text("SR l’a déjà clôturé")
            is_readable(page)

    assert closed(ampere, ClosedPeriod.MONTH).count(date(2028, 11, 30)) == 1
    assert closed(ampere, ClosedPeriod.YEAR).count(date(2028, 12, 31)) == 1
    assert ampere.said == []


def fills(page: Page, period: ClosedPeriod, field: str, words: str) -> Locator:
    """Open the form of such a closing and say which one; return the form's window."""
    if period is ClosedPeriod.YEAR:  # the third of three: behind the points
        tab_to(page, "main [popovertarget=other-acts]")
        page.keyboard.press("Enter")
        expect(page.locator("#other-acts")).to_be_visible()
    dialog = opens(page, f"main a[href*='/close_{period.value}']")
    dialog.locator(f"[name={field}]").fill(words)
    return dialog
