"""The desk page: who is on duty, what is due, what each service says of today."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType

import pytest

from palier import hookspecs as hooks
from palier.accounts.models import Staff
from palier.asking import Hooks
from palier.bookings.actions import cancel
from palier.bookings.booking import book_thing, hand_out
from palier.bookings.models import Bookable, BookingLine
from palier.context import Context
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.desk.home import HomeView
from palier.desk.screens import home
from palier.hookspecs import Card
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.receipts.models import Charge
from palier.residents.models import Resident
from palier.rosters.models import Absence, Shift
from palier.screens.declared import Page
from palier.screens.views import Block, Line
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import MAGDA, NOW, SECRET, At, counted_statements, place
from palier.testing.till import owe
from palier.text import Reader, Text, read_by

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOME = "/ampere/desk"
MORNING = NOW.replace(minute=0)


def busy_day(desk: Desk, how_many: int) -> None:
    """So many things late, due today and booked for today, and so much to pay."""
    resident = desk.add(Resident(given_name="Odile", family_name="Kern", card_code="H-1"))
    for number in range(how_many):
        for letter, starts_at, ends_at in (
            ("L", NOW - 3 * DAY, NOW - DAY),
            ("D", NOW - 3 * DAY, NOW + 2 * HOUR),
            ("B", NOW + HOUR, NOW + 3 * DAY),
        ):
            thing = desk.add(Bookable(code=f"{letter}{number}", name="Bike"))
            desk.now = min(NOW, starts_at)
            line = book_thing(desk, thing, starts_at, ends_at, resident)
            if starts_at < NOW:
                hand_out(desk, line)
        owe(desk, resident, 250, what=str(number))
    desk.now = NOW


def on_duty(desk: Desk) -> None:
    """Magda until half past twelve and in the afternoon, with an hour away."""
    magda = desk.session.get_one(Staff, 1)
    for start, end in ((0, 3.5), (7, 9.5)):
        desk.add(Shift(starts_at=MORNING + start * HOUR, ends_at=MORNING + end * HOUR, staff=magda))
    desk.add(Absence(staff=magda, from_at=MORNING + 8 * HOUR, to_at=MORNING + 9 * HOUR))


def test_an_empty_day_says_so_in_short_sentences(browser: Browser) -> None:
    page = words_of(browser.opens(HOME))

    assert "Tuesday 6 October" in page
    assert "Open until 12:30" in page
    for sentence in (
        "Everything is back.",
        "Nothing is booked for today.",
        "Everything is paid.",
        "Nobody is on duty any more today.",
    ):
        assert sentence in page


def test_the_desk_says_who_is_on_duty_and_until_when(at: At, browser: Browser) -> None:
    with at() as desk:
        on_duty(desk)

    page = words_of(browser.opens(HOME))

    assert "Magda K. until 12:30, then 16:00 to 17:00, then 18:00 to 18:30" in page


def test_open_hours_that_nobody_covers_stand_with_their_act(at: At, browser: Browser) -> None:
    with at() as desk:
        on_duty(desk)

    page = browser.opens(HOME)

    assert "Nobody on duty, 14:00 – 16:00." in words_of(page)
    assert "/rosters/do/cover_today/" in page


def test_what_is_late_due_and_booked_stands_in_its_block(at: At, browser: Browser) -> None:
    with at() as desk:
        busy_day(desk, 1)

    page = words_of(browser.opens(HOME))

    assert "L0 Bike, Odile Kern 1 day late" in page
    assert "D0 Bike, Odile Kern Today before 11:05" in page
    assert "10:05 B0 Bike, Odile Kern" in page
    assert "1 thing to pay €2.50 in all" in page


def test_blocks_show_five_lines_and_say_how_many_are_left(at: At, browser: Browser) -> None:
    with at() as desk:
        busy_day(desk, 7)

    page = words_of(browser.opens(HOME))

    assert "See the 9 others" in page  # of 14 due back
    assert "See the 2 others" in page  # of 7 booked


def test_another_site_sees_nothing_of_it(at: At, browser: Browser) -> None:
    with at() as desk:
        busy_day(desk, 1)

    page = words_of(browser.opens("/cathedrale/desk"))

    assert "Odile" not in page
    assert "Everything is back." in page


@pytest.mark.parametrize("how_many", [0, 1, 12])
def test_the_page_costs_the_same_however_much_there_is(
    at: At, database: Database, browser: Browser, how_many: int
) -> None:
    with at() as desk:
        on_duty(desk)
        busy_day(desk, how_many)
    browser.opens(HOME)

    with counted_statements(database) as sent:
        browser.opens(HOME)

    areas_that_speak = 2  # bookings and rosters, with two statements each at most
    assert len(sent) <= 8 + 2 * areas_that_speak


def block_of(page: Page, name: str) -> Block:
    """A block of the page."""
    view = page.values["home"]
    assert isinstance(view, HomeView)
    spots = {spot.id: spot for column in view.columns for spot in column}
    return spots[name].block


def lines_of(page: Page, name: str) -> tuple[Line, ...]:
    """What a block of the page says."""
    return block_of(page, name).lines


Says = Callable[[Desk], Iterable[Card]]


def service(name: str, says: Says) -> Plugin:
    """A service line that says something of today."""
    module = ModuleType(f"palier_{name}")
    label = Text(name.capitalize())
    module.__dict__["manifest"] = Manifest(name, label, label, icon="bike")
    module.__dict__["today"] = hooks.today(says)
    return Plugin(name, module, "1.0")


@contextmanager
def desk_with(database: Database, **services: Says) -> Iterator[Desk]:
    """A desk that reads, where these services are on."""
    registry = Registry({name: each for name, each in discover().plugins.items() if each.is_core})
    registry.plugins |= {name: service(name, says) for name, says in services.items()}
    here = place(plugins=frozenset(services))
    with database.read(1) as session, read_by(Reader("en", here.zone)):
        yield Desk(session, here, MAGDA, NOW, hooks=Hooks(registry), secret=SECRET)


def test_a_service_that_fails_is_one_warning_and_the_rest_works(at: At, database: Database) -> None:
    def fails(desk: Context) -> Iterable[Card]:
        desk.session.get_one(Charge, 999)
        return ()

    def speaks(desk: Context) -> Iterable[Card]:  # noqa: ARG001 - as every hook
        yield Card(Text("Ten loaves are here."))

    with at() as desk:
        busy_day(desk, 1)
    with desk_with(database, broken=fails, bread=speaks) as desk:
        page = home(desk)

    warning = block_of(page, "failed-1").warning
    assert warning is not None
    assert "Broken" in str(warning.detail)
    assert str(lines_of(page, "today")[-1].text) == "Ten loaves are here."
    assert len(lines_of(page, "back")) == 2


def test_what_a_service_says_of_a_booking_stands_there_and_not_twice(
    at: At, database: Database
) -> None:
    def speaks(desk: Context) -> Iterable[Card]:
        for line in desk.session.query(BookingLine).order_by(BookingLine.id).limit(1):
            yield Card(Text("The late bike is called for."), cancel.on(line))

    with at() as desk:
        busy_day(desk, 1)
    with desk_with(database, bikes=speaks) as desk:
        page = home(desk)

    assert not any("called for" in str(each.text) for each in lines_of(page, "today"))
    assert str(lines_of(page, "back")[0].text) == "The late bike is called for."


def test_cards_come_in_their_order_whatever_the_order_of_services(database: Database) -> None:
    def first(desk: Context) -> Iterable[Card]:  # noqa: ARG001
        yield Card(Text("Second"), order=60)

    def second(desk: Context) -> Iterable[Card]:  # noqa: ARG001
        yield Card(Text("First"), order=1)

    with desk_with(database, a=first, b=second) as desk:
        page = home(desk)

    said = [str(each.text) for each in lines_of(page, "today")]
    assert said[0] == "First"
    assert said[-1] == "Second"


def test_what_is_late_stands_before_what_is_soon_and_before_the_rest(database: Database) -> None:
    def says(desk: Context) -> Iterable[Card]:  # noqa: ARG001
        yield Card(Text("As it comes"))
        yield Card(Text("Soon"), kind="soon")
        yield Card(Text("Very late"), kind="late")

    with desk_with(database, a=says) as desk:
        page = home(desk)

    said = [str(each.text) for each in lines_of(page, "today")]
    assert [each for each in said if "on duty" not in each] == ["Very late", "Soon", "As it comes"]
