"""The doors: signed in or not, here or not, on or off."""

from typing import Any

from litestar.testing import TestClient

from palier.testing.caretaker import Browser, words_of


def test_without_a_session_one_is_asked_to_sign_in(client: TestClient[Any]) -> None:
    answer = client.get("/ampere/desk/residents/resident", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_a_site_that_is_not_there_says_so(browser: Browser) -> None:
    page = browser.opens("/nowhere/desk", status=404)

    assert "does not exist here" in words_of(page)


def test_the_list_of_residents_opens(browser: Browser) -> None:
    page = browser.opens("/ampere/desk/residents/resident")

    assert "Residents" in words_of(page)
