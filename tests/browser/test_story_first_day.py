"""Ampère's first day, as a caretaker lives it: one morning, in French, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.receipts.checking import verify_site
from palier.testing.windows import Served

pytestmark = pytest.mark.browser

DESK = "/ampere/desk"
NUMBER = re.compile(r"AMPERE-01-2026-\d{6}")


def test_magdas_morning(ampere: Served, browser_window: Browser) -> None:
    with ampere.window(browser_window) as context:
        page = context.new_page()

        signs_in(page)
        reads_what_the_day_needs(page)
        finds_mrs_kern(page)
        adds_her_grandson_without_writing_him_twice(page)
        sells_the_membership(page)
        hires_out_a_bike(page)
        number = takes_the_money_on_one_receipt(page)
        prints_it(page, number)
        ampere.clock.forward(hours=2)
        takes_it_back_with_broken_brakes(page)
        sees_that_the_booking_has_another_bike(page)
        covers_the_hour_that_nobody_covers(page)
        is_told_that_nobody_works_twice_at_once(page)

        finds_no_bikes_at_cathedrale(page)

    assert ampere.said == []
    the_books_are_whole(ampere)


def signs_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Nom de connexion").fill("magda")
    page.get_by_label("Mot de passe").fill("pas le bon mot")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    page.get_by_label("Mot de passe").fill(OPENS_WITH)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Ampère", exact=True).click()
    page.wait_for_url("**/ampere/desk")


def reads_what_the_day_needs(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Mardi 6 octobre")
    expect(page.get_by_role("region", name="En service")).to_contain_text("Magda K.")
    back = page.get_by_role("region", name="À rendre")
    expect(back).to_contain_text("V03 est en retard")
    expect(back).to_contain_text("Thi Lan Nguyen rend C01")
    expect(page.get_by_role("region", name="Réservé aujourd’hui")).to_contain_text("Théo Ritter")


def search(page: Page, words: str) -> None:
    page.wait_for_load_state()
    page.keyboard.press("/")
    field = page.get_by_role("search").get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill(words)
    field.press("Enter")


def finds_mrs_kern(page: Page) -> None:
    search(page, "kenr")
    expect(page.get_by_role("heading", name="Noms proches")).to_be_visible()
    expect(page.get_by_role("link", name="Odile Kern")).to_be_visible()
    search(page, "ker")
    if "find" in page.url:  # others of that beginning stand below her
        page.get_by_role("link", name="Odile Kern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    expect(page.get_by_role("main")).to_contain_text("Pas d’adhésion en cours")


def adds_her_grandson_without_writing_him_twice(page: Page) -> None:
    card = page.url
    page.get_by_role("link", name="Fiche").click()
    page.get_by_role("link", name=re.compile("^F-")).first.click()
    page.get_by_role("link", name="Ajouter un habitant").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Prénom").fill("Odille")
    dialog.get_by_label("Nom de famille").fill("Kern")
    dialog.get_by_role("button", name="Ajouter un habitant").click()
    expect(dialog.get_by_role("alert").or_(dialog.get_by_role("status")).first).to_contain_text(
        "Odile Kern"
    )
    expect(dialog.get_by_label("Prénom")).to_have_value("Odille")
    dialog.get_by_label("Prénom").fill("Paul")
    dialog.get_by_role("button", name="Ajouter un habitant").click()
    expect(page.get_by_role("main")).to_contain_text("Paul")
    page.goto(card)


def sells_the_membership(page: Page) -> None:
    page.get_by_role("link", name="Vendre l’adhésion").click()
    page.get_by_role("dialog").get_by_role("button", name="Vendre l’adhésion").click()
    basket = page.get_by_role("complementary", name="Panier")
    expect(basket).to_contain_text("Adhésion du foyer pour un an")
    expect(basket).to_contain_text("10,00 €")


def hires_out_a_bike(page: Page) -> None:
    page.get_by_role("link", name="Calendrier des vélos").click()
    free = page.get_by_role("region", name="Libres maintenant, pour Odile Kern")
    expect(free.get_by_role("link", name="Prêter V02")).to_have_count(0)  # Mr Yilmaz has it
    free.get_by_role("link", name="Prêter V01").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Prêter").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Freins")
    for each in ("Freins", "Éclairage", "Antivol et clé"):
        dialog.get_by_label(each, exact=True).check()
    dialog.get_by_label("Chèque", exact=True).check()
    dialog.get_by_label("Numéro du chèque").fill("00A5128")
    dialog.get_by_role("button", name="Prêter").click()
    expect(dialog.get_by_role("alert")).to_contain_text("numéro de chèque")
    dialog.get_by_label("Numéro du chèque").fill("0045128")
    dialog.get_by_role("button", name="Prêter").click()
    basket = page.get_by_role("complementary", name="Panier")
    expect(basket).to_contain_text("à la semaine")  # the price, with its reason
    expect(basket).to_contain_text("chèque 0045128")  # beside the total, never in it
    expect(basket.locator(".total")).to_contain_text("18,00 €")


def takes_the_money_on_one_receipt(page: Page) -> str:
    basket = page.get_by_role("complementary", name="Panier")
    basket.get_by_role("link", name="20,00 €").click()
    expect(basket.get_by_role("status")).to_contain_text("2,00 €")
    basket.get_by_role("button", name="Encaisser 18,00 €").click()
    sheet = page.get_by_role("article")
    expect(sheet).to_contain_text("Adhésion du foyer pour un an")
    expect(sheet).to_contain_text("V01")
    expect(sheet).to_contain_text("18,00 €")
    expect(sheet).to_contain_text("Signature")
    expect(sheet).to_contain_text("Elle ne fait pas partie du total.")  # the deposit: no income
    found = NUMBER.search(sheet.inner_text())
    assert found is not None
    return found.group()


def prints_it(page: Page, number: str) -> None:
    page.get_by_role("button", name="Imprimer", exact=True).click()
    expect(page.get_by_role("article")).to_contain_text(number)
    page.get_by_role("link", name="Retour au reçu").click()
    expect(page.get_by_role("main")).to_contain_text("le prochain papier porte DUPLICATA 1")
    page.get_by_role("button", name="En PDF", exact=True).click()
    expect(page.get_by_role("article")).to_contain_text("DUPLICATA 1")
    answer = page.request.get(page.get_by_role("link", name="PDF").get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert number in answer.headers["content-disposition"]
    page.get_by_role("link", name="Retour au reçu").click()
    expect(page.get_by_role("main")).to_contain_text("le prochain papier porte DUPLICATA 2")


def takes_it_back_with_broken_brakes(page: Page) -> None:
    search(page, "V01")  # the tag on its frame, typed or scanned
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reprendre")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Problème").select_option(label="Freins")
    dialog.get_by_role("button", name="Reprendre").click()
    page.goto(f"{DESK}/bike_hire/bike")
    row = page.get_by_role("row", name=re.compile("V01"))
    expect(row).to_contain_text("Bloqué")
    expect(row).to_contain_text("Freins")


def sees_that_the_booking_has_another_bike(page: Page) -> None:
    page.goto(f"{DESK}/bike_hire/timeline")
    booked = page.get_by_role("link", name=re.compile("^Yves Muller"))
    expect(booked).to_have_count(2)  # as before, though V01 is no longer one of them
    expect(page.locator(".tl-row", has_text="V01")).not_to_contain_text("Yves Muller")


def covers_the_hour_that_nobody_covers(page: Page) -> None:
    page.get_by_role("link", name="Planning").click()
    gap = page.get_by_role("link", name=re.compile("17 h 30 – 18 h 30.*Personne pour l’instant"))
    gap.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Magda K.").check()
    dialog.get_by_role("button").last.click()
    expect(page.get_by_role("row", name=re.compile("Magda K."))).to_contain_text(
        "17 h 30 – 18 h 30"
    )
    expect(gap).to_have_count(0)


def is_told_that_nobody_works_twice_at_once(page: Page) -> None:
    page.goto(f"{DESK}/rosters/shifts/cover?starts_at=2026-10-08T15:00&ends_at=2026-10-08T16:00")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Magda K.").check()
    dialog.get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Magda K. est déjà de service à ce moment")


def finds_no_bikes_at_cathedrale(page: Page) -> None:
    for path in ("bike", "bike/1", "loan", "timeline"):
        answer = page.goto(f"/cathedrale/desk/bike_hire/{path}")
        assert answer is not None
        assert answer.status == 404
    page.goto("/cathedrale/desk")
    services = page.get_by_role("navigation", name="Services").first
    expect(services).to_contain_text("Habitants")
    expect(services).not_to_contain_text("vélo")


def the_books_are_whole(ampere: Served) -> None:
    house = ampere.house
    with house.at("ampere", "test", write=False) as desk:
        checked = verify_site(desk.session, desk.signing_key, house.settings.closings / "ampere")
    assert [each.ok for each in checked] == [True]
