"""Papers at the desk: a duplicate, a second language, one line given back, the paper hour by few keys."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.receipts.actions import pay, take_article
from palier.receipts.models import Article, PayMode, Receipt
from palier.residents.models import Resident
from palier.testing.windows import Served
from palier.visits.models import Visit

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


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
    page.get_by_role("button", name="Imprimer", exact=True).focus()
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

    sonia.get_by_role("link", name="Rembourser").focus()
    sonia.keyboard.press("Enter")
    dialog = sonia.get_by_role("dialog")
    lines = dialog.get_by_role("group", name="Seulement cette ligne")
    lines.get_by_label("Ticket de tram").check()
    dialog.get_by_role("button", name="Rembourser").focus()
    sonia.keyboard.press("Enter")

    expect(dialog).to_have_count(0)
    with ampere.house.at("ampere", "test", write=False) as desk:
        back = desk.session.scalars(select(Receipt).order_by(Receipt.id.desc()).limit(1)).one()
    opens(sonia, back)
    sheet = sonia.get_by_role("article")
    expect(sheet).to_contain_text("Ticket de tram")
    expect(sheet).to_contain_text("Carte")
    expect(sheet).not_to_contain_text("Photocopie")


def test_the_paper_hour_is_keyed_by_few_keys(magda: Page, ampere: Served) -> None:
    pressed = 0  # with the "a" for the morning, which a French clock does not ask

    def keys(*names: str) -> None:
        nonlocal pressed
        for each in names:
            magda.keyboard.press(each, delay=80)  # as fast as a hand: faster is a scanner
        pressed += len(names)

    magda.goto(f"{DESK}/receipts/paper_hour")
    magda.wait_for_load_state()
    magda.locator("#number").focus()  # where the page begins
    keys("7", "Tab", *"0845a", "Tab", "Tab", "p", "Enter")
    expect(magda.get_by_role("region", name="Saisi pour ce jour")).to_contain_text("C1-2026-000007")

    magda.wait_for_load_state()
    magda.locator("#visits-at").click(position={"x": 12, "y": 12})
    pressed += 1
    keys(*"0845a", "Tab", "Tab", *"331", "Enter")
    magda.wait_for_url("**done=visits*")

    with ampere.house.at("ampere", "test", write=False) as desk:
        at = datetime(2026, 10, 6, 6, 45, tzinfo=UTC)
        assert len(desk.session.scalars(select(Visit.id).where(Visit.at == at)).all()) == 3
    assert pressed <= 24
