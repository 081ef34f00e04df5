"""The one scan field: codes typed in a burst, from anywhere, into the right place."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from palier.bookings.models import Booking
from palier.codes.reading import GS
from palier.receipts.actions import take_article
from palier.receipts.models import Article, Receipt
from palier.residents.models import Household, Resident
from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_bike_hire.models import Loan

pytestmark = pytest.mark.browser

DESK = "/ampere/desk"
LEND = f"{DESK}/bike_hire/bike/4/lend"


def one(ampere: Served, query: Any) -> Any:
    """Return the first of what the demonstration has."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        return desk.session.scalars(query.limit(1)).first()


def card_of(ampere: Served, family_name: str) -> str:
    found: str = one(ampere, select(Resident.card_code).where(Resident.family_name == family_name))
    return found


@pytest.mark.parametrize("azerty", [False, True], ids=["right", "azerty"])
@pytest.mark.parametrize("start", ["", "/residents/resident", "/residents/resident/1/edit"])
def test_a_card_scanned_anywhere_opens_its_owner_s_card(
    ampere: Served, magda: Page, start: str, azerty: bool
) -> None:
    magda.goto(f"{DESK}{start}")
    magda.wait_for_load_state()

    scan(magda, card_of(ampere, "Kern"), azerty=azerty)

    expect(magda.get_by_role("heading", level=1)).to_contain_text("Odile Kern")


def test_a_scan_leaves_the_field_that_had_the_focus_as_it_was(ampere: Served, magda: Page) -> None:
    magda.goto(f"{DESK}/residents/resident/1/edit")
    field = magda.get_by_label("Prénom")
    field.fill("Odilette")
    magda.route("**/desk/find**", lambda route: route.fulfill(status=204))

    scan(magda, card_of(ampere, "Kern"))

    expect(magda.locator("#scan")).to_have_value(card_of(ampere, "Kern"))
    expect(field).to_have_value("Odilette")


@pytest.mark.parametrize("start", ["", "/residents/household"])
def test_a_group_separator_reaches_the_field(magda: Page, start: str) -> None:
    magda.goto(f"{DESK}{start}")
    magda.wait_for_load_state()

    scan(magda, f"]C101037600000000171527063010A1B2C3{GS}3024", azerty=True)

    expect(magda.get_by_role("heading", level=1)).to_contain_text("Recherche")
    sent = magda.evaluate("new URL(location.href).searchParams.get('q')")
    assert GS in sent
    expect(magda.get_by_role("main")).to_contain_text("C’est le code-barres d’un produit.")
    expect(magda.locator(".note.info")).to_contain_text("01037600000000171527063010A1B2C3␝3024")


def test_results_are_walked_through_from_the_field(magda: Page) -> None:
    magda.goto(f"{DESK}/find?q=nguyen")
    expect(magda.locator("#scan")).to_be_focused()
    stops = magda.locator("[data-results] .say a")
    assert stops.count() > 1

    magda.keyboard.press("ArrowDown")
    expect(stops.nth(0)).to_be_focused()
    magda.keyboard.press("ArrowDown")
    expect(stops.nth(1)).to_be_focused()
    name = stops.nth(1).inner_text()
    magda.keyboard.press("Enter")

    expect(magda.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize(
    "path",
    ["residents/resident", "residents/resident/1", "residents/resident/1/edit", "rosters/week"],
)
def test_slash_leads_to_the_field_from_every_page(magda: Page, path: str) -> None:
    magda.goto(f"{DESK}/{path}")
    magda.locator("main").focus()

    magda.keyboard.press("/")

    expect(magda.locator("#scan")).to_be_focused()
    expect(magda.locator("#scan")).to_have_value("")


def lends_in_few_keys(page: Page, who: str) -> None:
    """Fill in the hand-over as fast as a person who knows it, and send it."""
    page.keyboard.type(who, delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("[name=before]").first).to_be_focused()
    for key in "123456c":
        page.keyboard.press(key)
        target = page.locator(f'[data-key="{key}"]')
        expect(target).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("[name=reference]")).to_be_focused()
    page.keyboard.type("0045128", delay=60)
    page.keyboard.press("Enter")


def test_a_bike_is_lent_with_a_scan_and_twenty_keys(ampere: Served, magda: Page) -> None:
    magda.goto(DESK)
    magda.wait_for_load_state()

    scan(magda, "V07", azerty=True)
    expect(magda.locator("[name=resident__q]")).to_be_focused()
    lends_in_few_keys(magda, "rit")

    # They owe for it: the card is open, with the pay button.
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")
    expect(magda.locator(".total")).to_contain_text("4,00 €")
    magda.wait_for_load_state()
    scan(magda, "V07")
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Reprendre")
    loan = one(ampere, select(Loan.id).where(Loan.back_at.is_(None)).order_by(Loan.id.desc()))
    scan(magda, f"BIKE_HIRE_LOAN-{loan}", azerty=True)
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Reprendre")


def test_of_a_code_that_is_heard_only_at_its_end_nothing_is_paid(
    ampere: Served, magda: Page
) -> None:
    with ampere.house.at("ampere", "test") as at:
        who = at.session.scalars(select(Resident).where(Resident.given_name == "Odile")).one()
        ticket = at.session.scalars(select(Article).where(Article.key == "t")).one()
        take_article(at, resident=who, article=ticket)
    before = one(ampere, select(func.count(Receipt.id)))
    card = f"{DESK}/desk/card?resident={who.id}"
    magda.goto(card)
    expect(magda.get_by_role("button", name="Encaisser")).to_be_visible()

    scan(magda, "07")
    scan(magda, "7")

    magda.keyboard.press("/")  # a key of the page, so both bursts were heard before it
    expect(magda.locator("#scan")).to_be_focused()
    expect(magda).to_have_url(re.compile(f"{re.escape(card)}$"))
    assert one(ampere, select(func.count(Receipt.id))) == before


@pytest.mark.parametrize("keys", [("1", "Tab"), ("1", "c"), ("1", "Enter")], ids="+".join)
def test_of_keys_that_two_fingers_press_at_once_none_is_lost(
    magda: Page, keys: tuple[str, str]
) -> None:
    magda.goto(LEND)
    magda.locator("[name=before]").last.focus()
    for each in keys:
        magda.keyboard.down(each)
    for each in keys:
        magda.keyboard.up(each)

    if keys[1] == "Enter":
        expect(magda.get_by_role("alert").first).to_be_visible()  # it was sent
    expect(magda.locator('[data-key="1"]')).to_be_checked()
    if keys[1] == "c":
        expect(magda.locator('[data-key="c"]')).to_be_checked()


def test_a_card_scanned_in_a_form_fills_in_its_owner(ampere: Served, magda: Page) -> None:
    magda.goto(f"{DESK}/bike_hire/bike/3")
    magda.keyboard.press("ArrowDown")
    magda.get_by_role("link", name=re.compile("^Réserver|^Prêter")).first.click()
    dialog = magda.get_by_role("dialog")
    expect(dialog.locator("[name=resident__q]")).to_be_focused()

    scan(magda, card_of(ampere, "Benali"), azerty=True)

    expect(dialog.locator("[name=resident__q]")).to_have_value(re.compile("Benali"))
    expect(dialog.locator("[name=resident]")).to_have_value(re.compile(r"\d+"))
    expect(magda).to_have_url(re.compile("/bike_hire/bike/3$"))


def test_a_code_that_a_form_does_not_know_loses_nothing(ampere: Served, magda: Page) -> None:
    magda.goto(f"{DESK}/bike_hire/bike/3")
    magda.get_by_role("link", name=re.compile("^Réserver|^Prêter")).first.click()
    dialog = magda.get_by_role("dialog")
    dialog.locator("[name=resident__q]").fill("kern")

    scan(magda, one(ampere, select(Receipt.number)))

    expect(dialog.get_by_role("alert")).to_contain_text("n’a pas sa place")
    expect(dialog.locator("[name=resident__q]")).to_have_value("kern")


def test_a_name_that_two_may_be_is_not_guessed(magda: Page) -> None:
    magda.goto(LEND)
    field = magda.locator("[name=resident__q]")
    expect(field).to_be_focused()

    magda.keyboard.type("nguy", delay=60)
    magda.keyboard.press("Enter")

    expect(magda.get_by_role("listbox")).to_be_visible()
    expect(field).to_be_focused()
    magda.keyboard.press("ArrowDown")
    magda.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("Nguyen"))
    expect(magda.locator("[name=before]").first).to_be_focused()


def test_the_same_code_twice_does_no_harm(ampere: Served, magda: Page) -> None:
    magda.goto(f"{DESK}/residents/resident")
    magda.wait_for_load_state()
    magda.evaluate("""() => document.querySelector("form.scan").addEventListener("submit",
        (event) => event.preventDefault(), { once: true })""")

    scan(magda, card_of(ampere, "Kern"))
    expect(magda.locator("#scan")).to_have_value(card_of(ampere, "Kern"))
    scan(magda, card_of(ampere, "Kern"))

    expect(magda.get_by_role("heading", level=1)).to_contain_text("Odile Kern")


def test_a_booking_s_slip_and_a_household_open_what_they_are(ampere: Served, magda: Page) -> None:
    slip = one(ampere, select(Booking.code).order_by(Booking.id.desc()))
    home = one(
        ampere,
        select(Household.code).join(Resident).where(Resident.family_name == "Kern"),
    )
    magda.goto(DESK)
    magda.wait_for_load_state()

    scan(magda, slip, azerty=True)
    expect(magda).not_to_have_url(re.compile("/desk$"))
    magda.goto(DESK)
    magda.wait_for_load_state()
    scan(magda, home, azerty=True)

    expect(magda.get_by_role("heading", level=1)).to_contain_text("Odile Kern")
