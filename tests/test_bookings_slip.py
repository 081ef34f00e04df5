"""The slip of a booking: printed for who takes it home, its code scanned when they come."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from palier.bookings import booking
from palier.bookings.actions import print_slip
from palier.bookings.models import Bookable, BookingLine
from palier.residents.languages import Language
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import make_resident
from palier.trail import ActRow

TOMORROW = NOW + timedelta(days=1)
LINES = "/ampere/desk/bookings/lines"


@pytest.fixture
def booked(at: At) -> int:
    """A pressure washer that Rose, who reads English, has from tomorrow on."""
    with at() as desk:
        rose = make_resident(desk)
        rose.language = Language.ENGLISH
        washer = desk.add(Bookable(code="N01", name="Nettoyeur"))
        until = TOMORROW + timedelta(hours=2)
        return booking.book_thing(desk, washer, TOMORROW, until, rose).id


def test_the_slip_says_what_and_when_in_both_languages_and_nothing_to_sign(
    browser: Browser, booked: int, at: At
) -> None:
    paper = browser.sends(f"{LINES}/{booked}/print_slip")

    said = words_of(paper)
    with at(write=False) as desk:
        code = desk.session.get_one(BookingLine, booked).booking.code
        told = select(func.count(ActRow.id)).where(ActRow.name == "bookings.print_slip")
        assert desk.session.scalar(told) == 1
    assert code in said
    assert "N01 Nettoyeur" in said
    assert "Rose Kern" in said
    assert "7 octobre" in said
    assert "7 October" in said
    assert "Apportez ce papier" in said
    assert "Bring this paper with you" in said
    assert 'class="signers"' not in paper


def test_the_code_of_the_slip_opens_the_booking(browser: Browser, booked: int) -> None:
    paper = browser.opens(f"/ampere/desk/bookings/slip?made={booked}")
    code = re.findall(r'class="code">(B-[^<]+)<', paper)[0]

    found = browser.opens(f"/ampere/desk/find?q={code.lower()}")

    assert "N01" in words_of(found)
    assert f"{LINES}/{booked}" in found or "Rose Kern" in words_of(found)


def test_only_who_is_still_to_come_has_a_slip(at: At, booked: int) -> None:
    def offered() -> bool:
        with at(write=False) as desk:
            assert print_slip.when is not None
            return print_slip.when(desk.session.get_one(BookingLine, booked))

    before = offered()
    with at() as desk:
        booking.cancel(desk, desk.session.get_one(BookingLine, booked))

    assert (before, offered()) == (True, False)


def test_a_thing_that_is_kept_free_for_nobody_has_none(browser: Browser, at: At) -> None:
    with at() as desk:
        thing = desk.add(Bookable(code="N02"))
        line = booking.book_thing(desk, thing, TOMORROW, TOMORROW + timedelta(hours=1), None).id

    browser.opens(f"/ampere/desk/bookings/slip?made={line}", status=404)
