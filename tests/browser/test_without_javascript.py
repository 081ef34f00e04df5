"""The desk where no script runs: every button is a form or a link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.testing.windows import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def page(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    with ampere.window(browser_window, script=False) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        yield context.new_page()


def test_a_bike_is_hired_out_and_paid(page: Page) -> None:
    page.goto("/ampere/desk/find?q=Benali")
    page.get_by_role("link", name=re.compile("Aïcha Benali")).click()
    page.get_by_role("link", name="Prêter un vélo").click()
    for each in ("Freins", "Éclairage", "Antivol et clé"):
        page.get_by_label(each, exact=True).check()
    page.get_by_label("Chèque", exact=True).check()
    page.get_by_label("Numéro du chèque").fill("0045128")
    page.get_by_role("button", name="Prêter un vélo").click()
    page.get_by_role("link", name="20,00 €").click()
    expect(page.get_by_role("status").filter(has_text="À rendre")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Encaisser")).click()

    expect(page.get_by_role("article")).to_contain_text("Caution gardée : ")


def test_a_resident_is_searched_inside_a_form(page: Page) -> None:
    page.goto("/ampere/desk/bike_hire/loan/hire")

    page.get_by_label("Habitant").fill("kenr")
    page.get_by_role("button", name="Chercher").click()

    expect(page.get_by_role("radio", name=re.compile("Odile Kern"))).to_be_visible()


def test_what_was_typed_is_kept_beside_a_refusal(page: Page) -> None:
    page.goto("/ampere/desk/residents/household/1/add_resident")

    page.get_by_label("Prénom").fill("Odille")
    page.get_by_label("Nom de famille").fill("Kern")
    page.get_by_role("button", name="Ajouter un habitant").click()

    expect(page.get_by_label("Prénom")).to_have_value("Odille")
    expect(page.get_by_role("main")).to_contain_text("Odile Kern")
