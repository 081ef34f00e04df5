"""A scanner is tried: each thing that may be wrong with it is said, and what to set."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.codes.keyboard import locked
from palier.codes.trying import Trial
from palier.demo.arranging import OPENS_WITH
from palier.testing.scanner import scan
from palier.testing.windows import PHONE, Served, overflow

pytestmark = pytest.mark.browser

TEST = "/ampere/desk/desk/scanner"


def open_test(page: Page) -> None:
    page.goto(TEST)
    expect(page.locator("#read")).to_be_focused()


def test_the_test_is_found_in_the_help_and_in_the_menu(magda: Page) -> None:
    magda.goto("/ampere/desk/residents/resident")
    magda.locator("main").focus()

    magda.keyboard.press("?")
    magda.get_by_role("dialog").get_by_role("link", name="Tester mon scanner").click()
    expect(magda.get_by_role("heading", level=1)).to_have_text("Tester mon scanner")
    magda.get_by_role("button", name="Magda").click()

    expect(magda.locator("#me").get_by_role("link", name="Tester mon scanner")).to_be_visible()


def test_five_codes_read_right_end_the_test(magda: Page) -> None:
    open_test(magda)

    for trial in Trial:
        scan(magda, trial.value)
        expect(magda.locator(".note.ok")).to_contain_text(trial.value.split("\x1d")[0])
        expect(magda.locator("#read")).to_be_focused()

    expect(magda.locator(".note.ok")).to_contain_text("ce scanner est prêt")
    expect(magda.locator(".trials .tag.ok")).to_have_count(len(Trial))


@pytest.mark.parametrize("trial", Trial)
def test_a_qwerty_scanner_is_told_from_the_right_one(magda: Page, trial: Trial) -> None:
    open_test(magda)

    scan(magda, trial.value, azerty=True)

    expect(magda.locator(".note.wait:visible")).to_contain_text("clavier américain")
    expect(magda.locator(".note.ok")).to_contain_text(trial.value.split("\x1d")[0])
    expect(magda.locator(".trials .tag.ok")).to_have_count(0)


def test_a_locked_keyboard_is_said(magda: Page) -> None:
    open_test(magda)

    scan(magda, locked(Trial.LETTERS.value))

    expect(magda.locator(".note.wait:visible")).to_contain_text("Majuscules et minuscules")


def test_a_scanner_without_enter_is_heard_all_the_same(magda: Page) -> None:
    open_test(magda)

    scan(magda, Trial.POST.value, enter=False)

    expect(magda.locator(".note.wait:visible")).to_contain_text("Aucune touche Entrée")
    expect(magda.locator(".note.ok")).to_contain_text(Trial.POST.value)


def test_slow_keys_are_said(magda: Page) -> None:
    open_test(magda)

    magda.keyboard.type(Trial.DIGITS.value, delay=60)
    magda.keyboard.press("Enter")

    expect(magda.locator(".note.wait:visible")).to_contain_text("lentement")


def test_a_scan_lands_in_the_test_wherever_the_focus_is(magda: Page) -> None:
    open_test(magda)
    magda.get_by_role("link", name="Imprimer les codes").focus()

    scan(magda, Trial.POST.value)

    expect(magda.locator(".note.ok")).to_contain_text(f"Bien lu : {Trial.POST.value}")
    expect(magda).to_have_url(re.compile("/desk/desk/scanner"))


def test_a_code_of_no_known_form_is_said_calmly(magda: Page) -> None:
    open_test(magda)

    scan(magda, "BONJOUR+WORLD")

    expect(magda.locator(".note.info").last).to_contain_text("C’est peut-être normal.")


def test_a_phone_and_a_browser_without_scripts_try_a_scanner_too(
    ampere: Served, browser_window: Browser
) -> None:
    with ampere.window(browser_window, size=PHONE, script=False) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        page.goto(TEST)
        page.locator("#read").fill(Trial.POST.value)
        page.get_by_role("button", name="Vérifier").click()

        expect(page.locator(".note.wait:visible")).to_contain_text("Aucune touche Entrée")
        assert overflow(page) == 0
