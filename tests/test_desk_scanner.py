"""The page that tries a scanner says in words how it read, and what to set."""

from urllib.parse import urlencode

import pytest

from palier.codes.keyboard import written
from palier.codes.trying import Trial
from palier.testing.caretaker import Browser, words_of

PAGE = "/ampere/desk/desk/scanner"


def said(browser: Browser, **given: str) -> str:
    return words_of(browser.opens(f"{PAGE}?{urlencode(given)}"))


def test_the_page_shows_codes_and_says_nothing_yet(browser: Browser) -> None:
    page = browser.opens(PAGE)

    assert page.count('<svg class="drawn') == len(Trial)
    assert "Read" not in words_of(page).replace("What the scanner", "")


def test_a_code_read_right_is_said_and_ticked(browser: Browser) -> None:
    page = browser.opens(f"{PAGE}?{urlencode({'read': 'RR123456785FR', 'done': 'digits'})}")

    assert "Read right: RR123456785FR." in words_of(page)
    assert 'name="done" value="digits.post"' in page


def test_a_scanner_with_other_keys_is_told_what_to_set(browser: Browser) -> None:
    page = said(browser, read=written("H-MQWZ2589"), done="letters")

    assert "Read as H-MQWZ2589." in page
    assert "The scanner is set to an American keyboard, this computer to a French one." in page
    assert "Keyboard country" in page


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("unended", "No Enter came at the end."),
        ("slow", "The signs came slowly."),
        ("locked", "Capitals and small letters came the wrong way round."),
    ],
)
def test_what_the_browser_saw_is_said(browser: Browser, flag: str, words: str) -> None:
    assert words in said(browser, read="2012345678903", **{flag: "1"})


def test_the_last_code_read_right_ends_the_test(browser: Browser) -> None:
    done = "digits.letters.post.separator"

    page = said(browser, read=Trial.SQUARES.value, done=done)

    assert "All five codes are read right: this scanner is ready." in page


def test_a_member_s_card_is_judged_and_opens_nobody(browser: Browser) -> None:
    page = said(browser, read="H-4TRX92QB")

    assert "Read right: H-4TRX92QB." in page


@pytest.mark.parametrize(
    "typed", ["x" * 4096, "<b>Kern</b>", "\x1d\x1d", "' OR 1=1 --", "\u202eKern"]
)
def test_whatever_is_scanned_is_answered(browser: Browser, typed: str) -> None:
    answer = browser.client.get(PAGE, params={"read": typed, "done": "x" * 80})

    assert answer.status_code == 200
    assert "<b>Kern" not in answer.text


def test_the_sheet_has_every_code(browser: Browser) -> None:
    page = browser.opens("/ampere/desk/desk/scanner_sheet")

    assert page.count('<svg class="drawn') == len(Trial)
    assert "010201234567890310AB12\u241d3075" in page
