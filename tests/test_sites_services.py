"""The services page says what is on."""

from palier.testing.caretaker import Browser, words_of


def test_the_services_page_names_every_installed_service(browser: Browser) -> None:
    page = words_of(browser.opens("/ampere/desk/sites/services"))

    assert "Bike hire" in page
    assert "Off" in page
