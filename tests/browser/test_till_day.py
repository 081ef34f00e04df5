"""The till by keyboard alone: counted with a coin missing, explained, and opened again."""

import pytest
from playwright.sync_api import Page, expect

from palier.receipts.drawer import drawer_of, open_sessions
from palier.testing.windows import Served

pytestmark = pytest.mark.browser

TILL = "/ampere/desk/receipts/till"


def expected(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return drawer_of(desk, desk.session.scalars(open_sessions()).one()).expected


def typed(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def test_a_missing_coin_is_explained_and_the_till_opens_again(ampere: Served, magda: Page) -> None:
    keys, dialog = magda.keyboard, magda.get_by_role("dialog")
    short = expected(ampere) - 50
    magda.goto(TILL)
    keys.press("c")
    expect(dialog).to_be_visible()
    keys.type(typed(short), delay=60)
    keys.press("Enter")
    expect(dialog.get_by_role("alert").first).to_contain_text("0,50 € manquent")
    for each in ("Tab", "Enter", "Space"):  # the sentence leads to its field
        keys.press(each)
    expect(dialog.get_by_label("Une pièce a roulé")).to_be_checked()
    keys.press("Enter")
    expect(magda.get_by_role("main")).to_contain_text("Caisse fermée")

    magda.goto("/ampere/desk/receipts/day_sheet")
    expect(magda.get_by_role("main")).to_contain_text("Une pièce a roulé")

    magda.goto(TILL)
    keys.press("c")
    expect(dialog).to_be_visible()
    keys.type(typed(min(short, 5000)), delay=60)  # what the count left
    keys.press("Enter")
    expect(magda.get_by_role("main")).to_contain_text("Caisse ouverte")
