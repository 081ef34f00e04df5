"""The timeline: bars in the right columns, every one a link with its words, no style attribute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from palier import bookings
from palier.bookings import booking
from palier.bookings.calendar import read_timeline, things_here
from palier.bookings.models import Bookable
from palier.bookings.screens import timeline as timeline_page
from palier.bookings.timeline import Row, Stay, Window, draw_days, draw_rows
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.residents.models import Resident
from palier.screens.views import Shell
from palier.testing.caretaker import Browser
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import _
from palier.web.render import Renderer

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 10, 19)  # a Monday; the clock changes on Sunday 25
WINDOW = Window(FIRST, date(2026, 10, 20), PARIS, frozenset({date(2026, 10, 25)}))
SHELL = Shell("Ampère", "ampere", "plain", "en", "ltr", (), "Magda K.", "csrf", "/ampere/desk")


def stay(start: str, end: str, kind: str = "booked") -> Stay:
    local = [datetime.fromisoformat(each).replace(tzinfo=PARIS) for each in (start, end)]
    return Stay(local[0], local[1], "Odile Kern", "/line/1", kind)


def places(*stays: Stay) -> list[str]:
    (drawn,) = draw_rows([Row("V01", "City", "/bike/1", "bike", stays, free=False)], WINDOW)
    return [each.place for each in drawn.bars]


def test_a_bar_covers_its_days() -> None:
    assert places(stay("2026-10-20T09:00", "2026-10-22T18:00")) == ["c2 s3"]


def test_a_bar_that_ends_at_midnight_leaves_the_next_day_free() -> None:
    assert places(stay("2026-10-20T09:00", "2026-10-21T00:00")) == ["c2 s1"]


def test_the_long_day_of_october_keeps_its_column() -> None:
    assert places(stay("2026-10-25T00:00", "2026-10-25T23:59")) == ["c7 s1"]


def test_bars_are_cut_at_the_edges() -> None:
    assert places(stay("2026-10-01T09:00", "2026-12-01T09:00")) == ["c1 s14"]


def test_what_lies_outside_is_not_drawn() -> None:
    assert places(stay("2026-10-01T09:00", "2026-10-18T09:00")) == []


def test_two_bars_of_one_day_lie_one_below_the_other() -> None:
    morning = stay("2026-10-20T09:00", "2026-10-21T10:00")
    after = stay("2026-10-21T11:00", "2026-10-22T10:00")

    assert places(morning, after) == ["c2 s2", "c3 s2 r2"]


def test_the_head_knows_today_and_closed_days() -> None:
    days = draw_days(WINDOW)

    assert [each.number for each in days if each.today] == [20]
    assert [each.column for each in days if each.shut] == [7]


def test_a_bar_says_everything_in_words() -> None:
    late = stay("2026-10-19T09:00", "2026-10-20T09:00", "late")

    (drawn,) = draw_rows([Row("V01", "City", "/bike/1", "bike", [late], free=False)], WINDOW)

    assert drawn.bars[0].words == "was due back Tuesday 20 October, 09:00"
    assert drawn.bars[0].icon == "warn"


@pytest.fixture
def desk(at: At) -> Iterator[Desk]:
    """Three things: one booked, one blocked, one free."""
    with at() as opened:
        for code in ("V01", "V02", "V03"):
            opened.add(Bookable(code=code, name="City"))
        odile = opened.add(Resident(given_name="Odile", family_name="Kern", card_code="A"))
        first, second, _third = things_here(opened)
        booking.book_thing(opened, first, NOW, NOW + timedelta(days=2), odile)
        booking.block_thing(opened, second, "brakes")
        yield opened


def drawn_page(desk: Desk, *, day: date | None = None, free: bool = False) -> str:
    page = timeline_page(desk, day=day, free=free)
    renderer = Renderer([Path(str(bookings.__file__)).parent])
    return renderer.draw(page.template, "plain", {**page.values, "shell": SHELL})


def test_the_page_links_every_bar_and_uses_no_style_attribute(desk: Desk) -> None:
    html = drawn_page(desk)

    assert "style=" not in html
    assert 'href="/ampere/desk/bookings/lines/1" title="booked from Tuesday 6 October' in html
    assert '<span>brakes</span><span class="unseen">, blocked since' in html
    assert html.count('class="tl-shut') == 6  # two Sundays, three rows


def test_free_ones_are_named_and_can_be_shown_alone(desk: Desk) -> None:
    html = drawn_page(desk, free=True)

    assert "Free now, 1" in html
    assert "City, free now" in html
    assert "<b>V03</b>" in html
    assert "<b>V01</b>" not in html


def test_with_nothing_to_book_the_page_says_what_will_come(at: At) -> None:
    with at() as desk:
        html = drawn_page(desk)

    assert "There is nothing to book yet." in html


def test_a_booking_far_away_is_found_by_its_window(desk: Desk) -> None:
    far = datetime(2027, 3, 1, 9, tzinfo=UTC)
    booking.book_thing(desk, things_here(desk)[0], far, far + timedelta(days=1), None)

    assert "slotbar" in drawn_page(desk, day=date(2027, 2, 25))


def test_many_bookings_take_as_many_statements_as_one(desk: Desk, database: Database) -> None:
    things = things_here(desk)
    with counted_statements(database) as few:
        read_timeline(desk, _("Bookings"), things, "/here")
    for number in range(5, 30):
        start = NOW + timedelta(days=number)
        booking.book_thing(desk, things[0], start, start + timedelta(hours=5), None)

    with counted_statements(database) as many:
        read_timeline(desk, _("Bookings"), things, "/here")

    assert len(set(few)) == len(set(many)) == 2


def test_a_site_without_things_is_led_to_its_first(browser: Browser) -> None:
    empty = browser.opens("/ampere/desk/bookings/timeline")
    kinds = browser.sends("/ampere/desk/bookings/kinds/new", code="tool", name="Tools")
    browser.sends("/ampere/desk/bookings/things/new", code="P01", name="Drill", resource_kind="1")

    assert 'href="/ampere/desk/bookings/things/new"' in empty
    assert "Tools" in kinds
    assert "Drill" in browser.opens("/ampere/desk/bookings/timeline")
