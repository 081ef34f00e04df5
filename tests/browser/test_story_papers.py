"""Papers at the desk: a duplicate, a second language, one line given back, the paper hour by few keys."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.receipts.actions import pay, take_article
from palier.receipts.checking import verify_site
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import Article, PayMode, Receipt
from palier.residents.models import Resident
from palier.testing.windows import Served, tab_to
from palier.visits.models import Visit

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"
AT_PAPER = datetime(2026, 10, 6, 6, 45, tzinfo=UTC)  # a quarter to nine in Strasbourg


def sold(ampere: Served, mode: PayMode = PayMode.CASH) -> Receipt:
    """Two photocopies and a tram ticket for Odile Kern."""
    with ampere.house.at("ampere", "test") as desk:
        named = Resident.given_name == "Odile", Resident.family_name == "Kern"
        who = desk.session.scalars(select(Resident).where(*named)).one()
        articles = {each.key: each for each in desk.session.scalars(select(Article))}
        take_article(desk, resident=who, article=articles["p"], quantity=2)
        take_article(desk, resident=who, article=articles["t"])
        return pay(desk, who, mode=mode)


def opens(page: Page, receipt: Receipt) -> None:
    page.goto(f"{DESK}/desk/receipt?receipt={receipt.id}")
    page.wait_for_load_state()


def prints(page: Page) -> None:
    tab_to(page, "[name=shape]")  # the first shape is the usual one
    page.keyboard.press("Enter")
    page.wait_for_url("**/printed?*")


def test_the_second_paper_of_a_receipt_is_a_duplicate(magda: Page, ampere: Served) -> None:
    receipt = sold(ampere)
    opens(magda, receipt)

    prints(magda)
    expect(magda.get_by_role("article")).to_contain_text(receipt.number)
    expect(magda.get_by_role("article")).not_to_contain_text("DUPLICATA")

    opens(magda, receipt)
    prints(magda)
    expect(magda.get_by_role("article")).to_contain_text("DUPLICATA 1")


def test_a_paper_is_said_in_two_languages(magda: Page, ampere: Served) -> None:
    opens(magda, sold(ampere))

    magda.get_by_label("Deuxième langue").select_option("en")
    prints(magda)

    sheet = magda.get_by_role("article")
    expect(sheet).to_contain_text("Espèces")
    expect(sheet).to_contain_text("Cash")


def test_one_line_goes_back_the_way_it_was_paid(sonia: Page, ampere: Served) -> None:
    opens(sonia, sold(ampere, PayMode.CARD))

    tab_to(sonia, "main a[href*='refund']")
    sonia.keyboard.press("Enter")
    dialog = sonia.get_by_role("dialog")
    lines = dialog.get_by_role("group", name="Seulement cette ligne")
    lines.get_by_label("Ticket de tram").check()
    tab_to(sonia, "dialog .go")
    sonia.keyboard.press("Enter")

    expect(dialog).to_have_count(0)
    with ampere.house.at("ampere", "test", write=False) as desk:
        back = desk.session.scalars(select(Receipt).order_by(Receipt.id.desc()).limit(1)).one()
    opens(sonia, back)
    sheet = sonia.get_by_role("article")
    expect(sheet).to_contain_text("Ticket de tram")
    expect(sheet).to_contain_text("Carte")
    expect(sheet).not_to_contain_text("Photocopie")


class Keys:
    """Presses keys as fast as a hand, faster is a scanner; with the "a" that a French clock does not ask."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *names: str) -> None:
        for each in names:
            self.page.keyboard.press(each, delay=80)
            self.pressed += 1

    def the_sheet(self) -> None:
        """Key the sheet's line: at 8:45 two visits 3, one visit 1."""
        self.press("1")
        expect(self.page.locator("#visits-at")).to_be_focused()
        self.press(*"0845a", "Tab", "Tab", *"331", "Enter")

    def the_paper(self) -> None:
        """Key the paper receipt 7: at 8:45 a photocopy, in cash."""
        self.press("2")
        expect(self.page.locator("#number")).to_be_focused()
        self.press("7", "Tab", *"0845a", "Tab", "Tab", "p", "Enter")


def paper_hour(page: Page) -> Keys:
    page.goto(f"{DESK}/receipts/paper_hour")
    page.wait_for_load_state()
    return Keys(page)


def test_the_paper_hour_is_keyed_by_few_keys_and_once(magda: Page, ampere: Served) -> None:
    keys = paper_hour(magda)
    in_drawer = cash_expected(ampere)

    keys.the_sheet()
    magda.wait_for_url("**done=visits*")
    magda.wait_for_load_state()
    keys.the_paper()
    expect(magda.get_by_role("region", name="Saisi pour ce jour")).to_contain_text("C1-2026-000007")
    expect(magda.locator("#at")).to_be_focused()

    assert keys.pressed <= 24
    with ampere.house.at("ampere", "test", write=False) as desk:
        paper = desk.session.scalars(select(Receipt).where(Receipt.at == AT_PAPER)).one()
        assert paper.number.endswith("C1-2026-000007")
        assert all(each.ok for each in verify_site(desk.session, desk.signing_key))
    assert visits_of_the_sheet(ampere) == 3
    assert cash_expected(ampere) - in_drawer == paper.due_cents > 0
    keyed_again_nothing_is_counted(magda, ampere)


def keyed_again_nothing_is_counted(page: Page, ampere: Served) -> None:
    paper_hour(page).the_sheet()
    expect(page.get_by_role("alert").first).to_contain_text(
        "a saisi cette ligne le mardi 6 octobre"
    )
    keys = paper_hour(page)
    keys.press("2", "Shift+Tab", "7", "Tab", *"0845a", "Tab", "Tab", "p", "Enter")
    expect(page.get_by_role("alert").first).to_contain_text("rien n’est saisi deux fois")
    assert visits_of_the_sheet(ampere) == 3


def test_the_sheets_have_a_place_for_what_was_refused(magda: Page) -> None:
    magda.goto(f"{DESK}/receipts/paper_sheets")

    refused = magda.get_by_role("columnheader", name="Refusé, pourquoi")
    expect(refused).to_be_visible()


def visits_of_the_sheet(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return len(desk.session.scalars(select(Visit.id).where(Visit.at == AT_PAPER)).all())


def cash_expected(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return drawer_of(desk, desk.session.scalars(open_sessions()).one()).expected
