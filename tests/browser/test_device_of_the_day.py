"""One browser, three people: opened with a password, from then on four digits, by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import delete, select

from palier.accounts.codes import keep_code
from palier.accounts.models import SignIn, Staff, Terminal
from palier.demo.arranging import OPENS_WITH
from palier.residents.models import Resident
from palier.testing.scanner import scan
from palier.testing.windows import PHONE, Served, overflow, tab_to
from palier.trail import ActRow

pytestmark = pytest.mark.browser
MAGDA, ILYES, SONIA = "4711", "9052", "3690"
FRESH = "8264"
DRAWN = {"resultTypes": ["violations"]}


@pytest.fixture
def context(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    """A window that nobody has signed in; its device is gone after the test."""
    ampere.said.clear()
    with ampere.window(browser_window) as made:
        yield made
    assert ampere.said == []
    with ampere.house.at("ampere", "test") as desk:
        desk.session.execute(delete(SignIn))
        desk.session.execute(delete(Terminal))


@pytest.fixture
def page(context: BrowserContext, ampere: Served) -> Page:
    """Magda's page at the desk; she has opened the browser for the day."""
    ampere.let_in(context, "magda", OPENS_WITH)
    made = context.new_page()
    made.goto("/ampere/desk/accounts/do/open_device?name=Comptoir&back=/ampere/desk")
    made.get_by_role("button", name="Ouvrir ce poste").click()
    expect(me(made, "Magda K.")).to_be_visible()
    made.wait_for_load_state()
    return made


def me(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=f"{name} : changer de personne")


def entry(page: Page) -> Locator:
    return page.get_by_label("Code à quatre chiffres")


def in_four_keys(page: Page, code: str) -> None:
    expect(entry(page)).to_be_focused()
    for each in code:
        page.keyboard.press(each)


def menu(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("votre compte")).click()
    page.locator("#me").get_by_text(name, exact=True).click()


def opens_for_the_day(page: Page) -> None:
    keys = page.keyboard
    page.goto("/sign-in?next=/ampere/desk")
    tab_to(page, "[name=login]")
    keys.insert_text("magda")
    tab_to(page, "[name=password]")
    keys.insert_text(OPENS_WITH)
    keys.press("Enter")
    expect(page.locator("#scan")).to_be_focused()
    tab_to(page, ".me")
    keys.press("Enter")
    tab_to(page, "#me [href*=open_device]")
    keys.press("Enter")
    expect(page.get_by_label("Nom du poste")).to_have_value("Comptoir")
    keys.press("Enter")
    expect(me(page, "Magda K.")).to_be_visible()
    page.wait_for_load_state()


def locks(page: Page) -> None:
    tab_to(page, ".me.square")
    page.keyboard.press("Enter")
    tab_to(page, "[data-lock] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk-code?*")
    expect(page.get_by_role("main")).not_to_contain_text("Magda")


def becomes(page: Page, name: str, code: str) -> None:
    in_four_keys(page, code)
    expect(me(page, name)).to_be_visible()
    page.wait_for_load_state()


def sells_a_membership(page: Page) -> None:
    keys = page.keyboard
    keys.insert_text("odile kern")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    page.wait_for_load_state()
    letter = page.locator("main .key", has_text="Adhésion").get_attribute("data-key")
    keys.press(letter or "")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "dialog [type=submit]")
    keys.press("Enter")
    expect(page.locator(".total")).to_contain_text("10,00 €")
    page.wait_for_load_state()


def test_a_day_of_one_browser_by_keyboard_alone(context: BrowserContext, ampere: Served) -> None:
    page = context.new_page()

    opens_for_the_day(page)
    locks(page)
    becomes(page, "Sonia R.", SONIA)
    sells_a_membership(page)
    page.keyboard.press("*")
    becomes(page, "Magda K.", MAGDA)
    page.keyboard.press("Enter")

    expect(page.get_by_role("article")).to_contain_text("10,00 €")
    expect(page.get_by_role("article")).to_contain_text("MK")
    with ampere.house.at("ampere", "test", write=False) as desk:
        rows = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc()).limit(2)).all()
        done = [(each.name, each.who) for each in rows]
    assert done == [("receipts.pay", "MK"), ("desk.sell_membership", "SR")]


def test_esc_leaves_everything_as_it_was(page: Page) -> None:
    page.keyboard.press("*")
    expect(entry(page)).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(me(page, "Magda K.")).to_be_visible()


def test_a_wrong_code_says_so_and_the_next_one_may_be_right(page: Page) -> None:
    page.keyboard.press("*")
    in_four_keys(page, "3691")
    expect(page.get_by_role("alert")).to_contain_text("Essais restants : 4.")

    in_four_keys(page, ILYES)

    expect(me(page, "Ilyes B.")).to_be_visible()


def test_the_row_of_a_french_keyboard_needs_no_shift(page: Page) -> None:
    page.keyboard.press("*")
    expect(entry(page)).to_be_focused()

    for each in "çà(é":  # 9 0 5 2
        page.keyboard.insert_text(each)

    expect(me(page, "Ilyes B.")).to_be_visible()


def test_what_was_typed_is_still_there_after_the_lock(page: Page, ampere: Served) -> None:
    page.goto("/ampere/desk/residents/household")
    page.get_by_role("link", name="Ajouter un foyer").first.click()
    dialog = page.get_by_role("dialog", name="Ajouter un foyer")
    dialog.get_by_label("Rue").fill("rue de Genève")
    page.evaluate("document.querySelector('form[data-lock]').requestSubmit()")
    expect(entry(page)).to_be_focused()
    seen = page.locator("body").inner_text()

    page.keyboard.press("Escape")
    in_four_keys(page, SONIA)

    expect(entry(page)).to_have_count(0)
    expect(dialog.get_by_label("Rue")).to_have_value("rue de Genève")
    expect(page.locator(".me bdi").first).to_have_text("Sonia R.")
    dialog.get_by_label("Numéro").fill("12")
    dialog.get_by_role("button", name="Ajouter un foyer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_load_state()
    assert "Genève" not in seen
    assert "Kern" not in seen
    with ampere.house.at("ampere", "test", write=False) as desk:
        row = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc()).limit(1)).one()
        assert (row.name, row.who) == ("residents.add_household", "SR")


def test_left_alone_it_locks_and_a_touch_keeps_it_open(page: Page) -> None:
    page.clock.install()
    page.goto("/ampere/desk/residents/resident")
    page.clock.fast_forward("04:00")
    page.keyboard.press("ArrowDown")
    page.clock.fast_forward("04:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Habitants")

    page.clock.fast_forward("02:00")

    expect(entry(page)).to_be_focused()
    expect(page.get_by_role("main")).not_to_contain_text("Kern")


def test_one_tab_locks_them_all_and_one_code_opens_them(page: Page) -> None:
    second = page.context.new_page()
    second.goto("/ampere/desk/residents/resident")

    menu(page, "Verrouiller")
    expect(entry(page)).to_be_focused()
    expect(entry(second)).to_be_visible()
    in_four_keys(page, ILYES)

    expect(me(page, "Ilyes B.")).to_be_visible()
    expect(me(second, "Ilyes B.")).to_be_visible()
    expect(second.get_by_role("heading", level=1)).to_have_text("Habitants")


def test_five_wrong_codes_lead_to_the_password(page: Page) -> None:
    page.keyboard.press("*")
    for number in range(5):
        in_four_keys(page, f"360{number}")
        said = "Trop de codes faux" if number == 4 else f"Essais restants : {4 - number}."
        expect(page.get_by_role("alert")).to_contain_text(said)

    page.get_by_role("button", name="Avec mon mot de passe").click()
    page.get_by_label("Nom de connexion").fill("magda")
    page.get_by_label("Mot de passe").fill(OPENS_WITH)
    page.get_by_role("button", name="Se connecter").click()

    expect(me(page, "Magda K.")).to_be_visible()


def test_a_forgotten_code_is_replaced_with_the_password(page: Page, ampere: Served) -> None:
    menu(page, "Verrouiller")
    expect(entry(page)).to_be_focused()
    expect(page.get_by_text("Code oublié")).to_be_visible()
    page.get_by_role("button", name="Avec mon mot de passe").click()
    page.get_by_label("Nom de connexion").fill("magda")
    page.get_by_label("Mot de passe").fill(OPENS_WITH)
    page.get_by_role("button", name="Se connecter").click()
    expect(me(page, "Magda K.")).to_be_visible()

    menu(page, "Mon code d’accueil")
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=password]").fill(OPENS_WITH)
    dialog.locator("[name=code]").fill(FRESH)
    dialog.locator("[type=submit]").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    menu(page, "Verrouiller")
    in_four_keys(page, MAGDA)
    expect(page.get_by_role("alert")).to_contain_text("Essais restants")
    in_four_keys(page, FRESH)

    expect(me(page, "Magda K.")).to_be_visible()
    with ampere.house.at("ampere", "test") as desk:  # as it was, for the others
        staff = desk.session.scalars(select(Staff).where(Staff.person_code == "MK")).one()
        keep_code(desk, staff, MAGDA)


def is_closed(page: Page) -> None:
    """What is private of the Nguyens is closed, and none of it can be read."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nguyen")
    expect(page.locator("[data-private]")).not_to_have_attribute("open", "")
    seen = page.locator("body").inner_text()
    assert not any(each in seen for each in ("3,35", "ardoise 3", "Justificatif", "Quotient"))


def test_what_is_private_is_closed_at_first_after_a_scan_and_after_the_lock(
    page: Page, ampere: Served
) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Resident.card_code).where(Resident.given_name.in_(("Thi Lan", "Odile")))
        theirs = desk.session.scalars(query.order_by(Resident.given_name, Resident.id)).all()
    odile, nguyen = theirs[0], theirs[-1]
    scan(page, nguyen)
    is_closed(page)
    page.wait_for_load_state()

    page.keyboard.press("d")
    expect(page.locator("[data-private]")).to_contain_text("3,35")
    expect(page.locator("[data-private]")).to_have_attribute("open", "")
    scan(page, odile)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Odile")
    page.go_back()
    is_closed(page)

    page.wait_for_load_state()
    page.locator("main h1").click()
    page.keyboard.press("d")
    expect(page.locator("[data-private]")).to_have_attribute("open", "")
    page.evaluate("document.querySelector('form[data-lock]').requestSubmit()")
    expect(entry(page)).to_be_focused()
    assert "3,35" not in page.locator("body").inner_text()
    in_four_keys(page, ILYES)
    expect(me(page, "Ilyes B.")).to_be_visible()
    is_closed(page)


def test_the_page_of_codes_is_for_everyone(page: Page) -> None:
    menu(page, "Verrouiller")
    expect(entry(page)).to_be_focused()
    whole = Axe().run(page, options=DRAWN).response["violations"]
    in_four_keys(page, MAGDA)
    expect(me(page, "Magda K.")).to_be_visible()
    page.wait_for_load_state()  # the keys listen from here on
    page.keyboard.press("*")
    expect(entry(page)).to_be_focused()
    over = Axe().run(page, options=DRAWN).response["violations"]

    assert [each["id"] for each in (*whole, *over)] == []


def test_the_page_of_codes_fits_a_phone_and_needs_no_script(
    page: Page, ampere: Served, browser_window: Browser
) -> None:
    with ampere.window(browser_window, size=PHONE, script=False) as plain:
        plain.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what it gave us
        small = plain.new_page()
        small.goto("/ampere/desk")
        me(small, "Magda K.").click()
        expect(entry(small)).to_be_visible()
        wide = overflow(small)
        entry(small).fill(ILYES)
        small.get_by_role("button", name="Continuer").click()

        expect(me(small, "Ilyes B.")).to_be_visible()
    assert wide == 0
