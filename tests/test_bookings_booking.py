"""Booking, handing out, taking back: on both databases."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from palier import hookspecs as hooks
from palier.asking import Hooks
from palier.bookings import actions, booking, rules
from palier.bookings.models import Bookable, BookingLine, LineState, ResourceKind, ThingState
from palier.bookings.plugin import booked_but_blocked
from palier.db.engine import Database
from palier.db.guards import install, missing
from palier.desk.counter import Desk
from palier.errors import NotNow, Refused
from palier.plugins import Manifest, Plugin, Registry
from palier.residents.models import Household, Resident
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import _

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(at: At) -> Iterator[Desk]:
    """A desk with three city bikes, one cargo, and Odile Kern."""
    with at() as opened:
        city, cargo = (ResourceKind(code=each, name=each) for each in ("city", "cargo"))
        for code, kind in (("V01", city), ("V02", city), ("V03", city), ("C01", cargo)):
            opened.add(Bookable(code=code, resource_kind=kind))
        home = Household(code="F-001")
        opened.add(Resident(household=home, given_name="Odile", family_name="Kern", card_code="A"))
        yield opened


def thing(desk: Desk, code: str = "V01") -> Bookable:
    return next(each for each in desk.session.query(Bookable) if each.code == code)


def book(desk: Desk, code: str = "V01", start: float = 0, hours: float = 2) -> BookingLine:
    odile = desk.session.get_one(Resident, 1)
    starts_at = NOW + start * HOUR
    return booking.book_thing(desk, thing(desk, code), starts_at, starts_at + hours * HOUR, odile)


def test_a_booking_keeps_the_person_and_the_household(desk: Desk) -> None:
    line = book(desk)

    assert line.state is LineState.BOOKED
    assert str(line.booking.resident) == "Odile Kern"
    assert str(line.booking.household) == "F-001"
    assert line.booking.service == "bookings"


def test_the_refusal_names_who_has_it_and_until_when(desk: Desk) -> None:
    book(desk, start=1)

    with pytest.raises(rules.AlreadyBooked) as refusal:
        book(desk, start=2)

    assert (refusal.value.who, refusal.value.until) == ("Odile Kern", NOW + 3 * HOUR)
    assert refusal.value.field == "ends_at"


def test_after_a_refusal_the_desk_goes_on(desk: Desk) -> None:
    book(desk)
    with pytest.raises(rules.AlreadyBooked):
        book(desk)

    other = book(desk, "V02")

    assert other.id is not None


def test_what_ends_when_the_next_begins_is_no_overlap(desk: Desk) -> None:
    book(desk, start=0, hours=1)

    assert book(desk, start=1, hours=1).state is LineState.BOOKED


def test_a_blocked_bike_is_not_booked(desk: Desk) -> None:
    booking.block_thing(desk, thing(desk), "brakes")

    with pytest.raises(rules.ThingBlocked):
        book(desk)


def test_put_back_it_can_be_booked_again(desk: Desk) -> None:
    booking.block_thing(desk, thing(desk), "brakes")
    booking.put_thing_back(desk, thing(desk))

    assert book(desk).state is LineState.BOOKED
    assert thing(desk).blocked_reason is None


def test_a_bike_that_is_out_is_not_handed_out_twice(desk: Desk) -> None:
    first, second = book(desk, hours=1), book(desk, start=2)
    booking.hand_out(desk, first)
    desk.now = NOW + 2 * HOUR

    with pytest.raises(rules.AlreadyOut):
        booking.hand_out(desk, second)


def test_a_bike_that_is_late_is_not_booked_from_now(desk: Desk) -> None:
    booking.hand_out(desk, book(desk, hours=1))
    desk.now = NOW + 2 * HOUR

    with pytest.raises(rules.AlreadyOut):
        book(desk, start=2)

    assert book(desk, start=24).state is LineState.BOOKED


def test_back_at_ten_it_goes_out_again_the_same_morning(desk: Desk) -> None:
    line = book(desk, hours=5)
    booking.hand_out(desk, line)
    desk.now = NOW + HOUR
    booking.take_back(desk, line, desk.now)

    again = book(desk, start=1)
    booking.hand_out(desk, again)

    assert line.ends_at == NOW + HOUR
    assert again.state is LineState.OUT


def test_handed_out_early_it_must_be_free_till_then(desk: Desk) -> None:
    early = book(desk, start=2)
    book(desk, start=1, hours=1)

    with pytest.raises(rules.AlreadyBooked):
        booking.hand_out(desk, early)

    assert early.starts_at == NOW + 2 * HOUR


def test_a_cancelled_booking_makes_room(desk: Desk) -> None:
    booking.cancel(desk, book(desk))

    assert book(desk).state is LineState.BOOKED


def test_what_was_used_without_a_hand_out_is_free_again(desk: Desk) -> None:
    line = book(desk)
    desk.now += HOUR

    booking.note_used(desk, line)

    assert (line.state, line.done_at) == (LineState.ATTENDED, NOW + HOUR)
    assert book(desk, start=1).state is LineState.BOOKED
    with pytest.raises(NotNow):
        booking.note_used(desk, line)


def test_buffers_stay_free(desk: Desk) -> None:
    thing(desk).resource_kind = desk.add(ResourceKind(code="b", name="b", buffer_after=30))
    book(desk, hours=1)

    free = booking.free_things(desk, Bookable, NOW + HOUR, NOW + 2 * HOUR)

    assert "V01" not in [each.code for each in free]
    with pytest.raises(rules.AlreadyBooked):
        book(desk, start=1)


def test_a_hold_that_ran_out_makes_room(desk: Desk) -> None:
    odile = desk.session.get_one(Resident, 1)
    held = booking.book_thing(desk, thing(desk), NOW, NOW + HOUR, odile, held_until=NOW + HOUR / 4)
    desk.now = NOW + HOUR / 2

    free = booking.free_things(desk, Bookable, desk.now, NOW + HOUR)
    book(desk, start=0.5)

    assert "V01" in [each.code for each in free]
    assert held.state is LineState.EXPIRED


def test_any_of_a_kind_is_the_first_free_one(desk: Desk) -> None:
    book(desk, "V01")
    city = thing(desk).resource_kind

    line = booking.book_any(
        desk, Bookable, NOW, NOW + HOUR, None, Bookable.resource_kind == city, wanted=city
    )

    assert line.resource.code == "V02"
    assert line.wanted_kind is city


def test_with_none_free_the_refusal_says_so(desk: Desk) -> None:
    book(desk, "C01")
    cargo = thing(desk, "C01").resource_kind

    with pytest.raises(rules.NothingFree):
        booking.book_any(desk, Bookable, NOW, NOW + HOUR, None, Bookable.resource_kind == cargo)


def test_a_swap_takes_the_next_of_its_kind_and_frees_the_first(desk: Desk) -> None:
    line = book(desk)
    book(desk, "V02")

    booking.swap_any(desk, line)

    assert line.resource.code == "V03"
    assert book(desk).state is LineState.BOOKED


def test_a_swap_with_another_kind_is_refused(desk: Desk) -> None:
    line = book(desk)

    with pytest.raises(rules.NotAlike):
        booking.swap(desk, line, thing(desk, "C01"))


def test_a_swap_with_a_taken_one_is_refused_and_changes_nothing(desk: Desk) -> None:
    line = book(desk)
    book(desk, "V02")

    with pytest.raises(rules.AlreadyBooked):
        booking.swap(desk, line, thing(desk, "V02"))

    assert line.resource.code == "V01"


def test_a_booked_bike_that_is_blocked_is_offered_another(desk: Desk) -> None:
    line = book(desk, start=1)
    booking.block_thing(desk, thing(desk), "brakes")

    (card,) = booked_but_blocked(desk)

    assert card.step is not None
    assert (card.step.act, card.step.record) == (actions.swap, line)


def test_a_thing_of_an_uninstalled_service_is_a_plain_thing(database: Database, at: At) -> None:
    with at() as desk:
        desk.add(Bookable(code="V09"))
    with database.across_sites("a service was uninstalled", write=True) as session:
        session.execute(text("UPDATE resource SET what = 'gone_bike'"))

    with at() as desk:
        found = thing(desk, "V09")
        booking.block_thing(desk, found, "no service")

    with at(write=False) as desk:
        assert type(thing(desk, "V09")) is Bookable
        assert thing(desk, "V09").state is ThingState.BLOCKED


def test_the_database_itself_refuses_an_overlap(desk: Desk) -> None:
    book(desk, start=0)
    later = book(desk, start=4)
    moved = {"starts_at": NOW, "ends_at": NOW + HOUR, "busy_from": NOW, "busy_to": NOW + HOUR}

    with (
        pytest.raises(IntegrityError, match="booking_line_no_overlap"),
        desk.session.begin_nested(),
    ):
        desk.session.execute(update(BookingLine).where(BookingLine.id == later.id).values(moved))


def test_another_site_has_none_of_it(desk: Desk, at: At) -> None:
    book(desk)
    desk.session.commit()

    with at(2, write=False) as other:
        assert booking.free_things(other, Bookable, NOW, NOW + HOUR) == []


def test_free_things_are_one_statement_for_one_and_for_many(desk: Desk, database: Database) -> None:
    with counted_statements(database) as few:
        booking.free_things(desk, Bookable, NOW, NOW + HOUR)
    for number in range(30):
        desk.add(Bookable(code=f"N{number:02}"))
    book(desk, "N01")

    with counted_statements(database) as many:
        free = booking.free_things(desk, Bookable, NOW, NOW + HOUR)

    assert len(free) == 33
    assert len(set(few)) == len(set(many)) == 1


def test_a_booking_asks_little_of_the_database(desk: Desk, database: Database) -> None:
    bike = thing(desk)
    odile = desk.session.get_one(Resident, 1)

    with counted_statements(database) as sent:
        booking.book_thing(desk, bike, NOW, NOW + HOUR, odile)

    # The thing locked, holds ended, what is in the way, savepoint, booking, line, released.
    assert len(set(sent)) == 7


def test_the_rules_can_be_made_again_and_none_is_missing(database: Database) -> None:
    if not database.on_sqlite:
        with database.read() as session:
            assert missing(session.connection()) == []
        return

    with database.writer.begin() as connection:
        install(connection)
        assert missing(connection) == []


class ServiceDue(Refused):
    text = _("%(bike)s is due for its service.")


def test_a_service_may_refuse_and_nothing_is_written(desk: Desk) -> None:
    service = ModuleType("palier_repairs")

    @hooks.check_booking
    def due(desk: Desk, line: BookingLine) -> Iterable[Refused]:  # noqa: ARG001
        yield ServiceDue(bike=line.resource.code)

    service.due = due  # type: ignore[attr-defined]  # what a plugin's module holds
    registry = Registry({"repairs": Plugin("repairs", service)})
    service.manifest = Manifest(  # type: ignore[attr-defined]
        name="repairs", label=_("Repairs"), summary=_("Repairs"), icon="wrench"
    )
    desk.site = replace(desk.site, plugins=frozenset({"repairs"}))
    desk.hooks = Hooks(registry)

    with pytest.raises(ServiceDue):
        book(desk)

    assert desk.session.query(BookingLine).all() == []
