"""A trip from the asking to the basket, through the real application."""

from typing import Any

import pytest
from sqlalchemy import select, update

from palier.api import BookingLine, Charge, LineState, Provider, ProviderState, Resident
from palier.messages.models import Message, MessageState
from palier.receipts.models import Ledger
from palier.testing import Caretaker
from palier_mobility.actions import ask_another, ask_companion, ask_trip, call_off, done, not_made
from palier_mobility.models import BY_VEHICLE, ON_FOOT, Companion, Fare, Stop, Trip, Turn, Vehicle
from palier_mobility.people import add_provider, add_volunteer, come_back, stop
from palier_mobility.plugin import the_day_before

FRIDAY = "2026-10-09T10:00:00+02:00"
LATER_ON_FRIDAY = "2026-10-09T10:30:00+02:00"
EVERY_DAY = frozenset("1234567")


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern", bracket="green")


@pytest.fixture
def theo(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Théo", "Ritter")


@pytest.fixture
def places(caretaker: Caretaker) -> tuple[Stop, Stop]:
    """The resident's home, made when the service was switched on, and the market; with prices."""
    fare, home = caretaker.finds(Fare, 1), caretaker.finds(Stop, 1)
    caretaker.prices(fare, 200, {"green": 50}, tariff=ON_FOOT)
    caretaker.prices(fare, 600, {"green": 100}, tariff=BY_VEHICLE)
    return home, caretaker.makes(Stop(name="Market", fare=fare))


@pytest.fixture
def car(caretaker: Caretaker) -> Vehicle:
    return caretaker.makes(Vehicle(code="MOB1", name="Small car", seats=3))


@pytest.fixture
def marc(caretaker: Caretaker) -> Companion:
    """Marc Weber drives, on every day."""
    return companion(caretaker, caretaker.knows("Marc", "Weber"), drives=True)


@pytest.fixture
def lea(caretaker: Caretaker, marc: Companion) -> Companion:  # noqa: ARG001 - the second in turn
    """Léa Haas drives too; she was written down after Marc."""
    return companion(caretaker, caretaker.knows("Léa", "Haas"), drives=True)


def companion(caretaker: Caretaker, who: Resident, *, drives: bool = False) -> Companion:
    number = caretaker.does(add_volunteer, volunteer=who, days=EVERY_DAY, drives=drives)
    return caretaker.finds(Companion, number)


def wanted(who: Resident, places: tuple[Stop, Stop], **changed: object) -> dict[str, Any]:
    """To the market on Friday at ten for an hour, on foot, but for what is changed."""
    home, market = places
    return {
        "resident": who, "starts_at": FRIDAY, "origin": home, "target": market, "what": "shops",
        "people": 1, "lasts": 60,
    } | changed  # fmt: skip


def noted(
    caretaker: Caretaker, who: Resident, places: tuple[Stop, Stop], **changed: object
) -> Trip:
    return caretaker.finds(Trip, caretaker.does(ask_trip, **wanted(who, places, **changed)))


def agreed(caretaker: Caretaker, trip: Trip, who: Companion) -> Trip:
    caretaker.does(ask_companion, trip, companion=str(who.id))
    return caretaker.finds(Trip, trip.id)


def told(caretaker: Caretaker, who: Resident | None) -> list[str]:
    assert who is not None
    with caretaker.desk(write=False) as desk:
        query = select(Message.said).where(
            Message.resident == who, Message.state != MessageState.WITHDRAWN
        )
        return [str(each) for each in desk.session.scalars(query.order_by(Message.id))]


def turns(caretaker: Caretaker) -> list[tuple[str, str]]:
    with caretaker.desk(write=False) as desk:
        found = desk.all(select(Turn).order_by(Turn.id), Turn.companion)
        return [(each.companion.name, each.heard.value) for each in found]


def line_state(caretaker: Caretaker) -> LineState:
    with caretaker.desk(write=False) as desk:
        return desk.session.scalars(select(BookingLine.state)).one()


def test_a_trip_is_agreed_and_both_are_told(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    trip = noted(caretaker, odile, places)
    before = caretaker.card(odile)

    agreed(caretaker, trip, marc)

    assert before == ["Trip to Market, Friday 9 October at 10:00: nobody goes along yet."]
    assert caretaker.card(odile) == ["Trip to Market, Friday 9 October at 10:00, with Marc Weber."]
    assert caretaker.card(caretaker.finds(Resident, 2)) == [
        "Goes along with Odile Kern, Friday 9 October at 10:00."
    ]
    assert len(told(caretaker, odile)) == 1
    assert "Marc Weber" in told(caretaker, odile)[0]
    assert "Odile Kern" in told(caretaker, marc.resident)[0]


def test_the_form_says_whose_turn_it_is_and_why(
    caretaker: Caretaker,
    odile: Resident,
    places: tuple[Stop, Stop],
    marc: Companion,
    lea: Companion,
) -> None:
    agreed(caretaker, noted(caretaker, odile, places), marc)
    trip = noted(caretaker, odile, places, starts_at="2026-10-12T10:00:00+02:00")

    page = caretaker.reads(f"mobility/trip/{trip.id}/ask_companion")

    assert page.index(f"{lea.name}, never asked yet") < page.index("Marc Weber, last asked on")


def test_after_a_no_the_next_one_is_asked_and_the_log_says_so(
    caretaker: Caretaker,
    odile: Resident,
    places: tuple[Stop, Stop],
    marc: Companion,
    lea: Companion,
) -> None:
    trip = noted(caretaker, odile, places)

    caretaker.does(ask_companion, trip, companion=str(marc.id), answer="no")
    again = caretaker.is_refused(ask_companion, trip, companion=str(marc.id))
    done_ = agreed(caretaker, trip, lea)

    assert list(again) == ["companion"]
    assert done_.state.value == "agreed"
    assert turns(caretaker) == [("Marc Weber", "no"), ("Léa Haas", "yes")]


def test_nobody_is_passed_over_twice(
    caretaker: Caretaker,
    odile: Resident,
    places: tuple[Stop, Stop],
    marc: Companion,
    lea: Companion,
) -> None:
    agreed(caretaker, noted(caretaker, odile, places), lea)
    second = noted(caretaker, odile, places, starts_at="2026-10-12T10:00:00+02:00")

    refused = caretaker.is_refused(ask_companion, second, companion=str(lea.id))
    agreed(caretaker, second, marc)

    assert refused == {"companion": "Marc Weber was passed over last time. Ask them first."}
    assert turns(caretaker) == [
        ("Marc Weber", "passed"), ("Léa Haas", "yes"), ("Marc Weber", "yes"),
    ]  # fmt: skip


def test_who_cant_after_all_is_followed_by_the_next(
    caretaker: Caretaker,
    odile: Resident,
    places: tuple[Stop, Stop],
    marc: Companion,
    lea: Companion,
) -> None:
    trip = agreed(caretaker, noted(caretaker, odile, places), marc)

    caretaker.does(ask_another, trip)
    again = caretaker.is_refused(ask_companion, trip, companion=str(marc.id))
    agreed(caretaker, trip, lea)

    assert list(again) == ["companion"]
    assert turns(caretaker) == [("Marc Weber", "yes"), ("Marc Weber", "no"), ("Léa Haas", "yes")]
    assert caretaker.card(odile) == ["Trip to Market, Friday 9 October at 10:00, with Léa Haas."]


def test_a_volunteer_with_a_trip_of_their_own_goes_along_with_nobody_then(
    caretaker: Caretaker,
    odile: Resident,
    places: tuple[Stop, Stop],
    marc: Companion,
    lea: Companion,
) -> None:
    trip = agreed(caretaker, noted(caretaker, odile, places), lea)
    assert lea.resident is not None
    own = caretaker.is_refused(ask_trip, **wanted(lea.resident, places, starts_at=LATER_ON_FRIDAY))
    caretaker.does(call_off, trip, why="weather")
    noted(caretaker, lea.resident, places)

    other = noted(caretaker, odile, places)

    assert own["starts_at"].startswith("Léa Haas has a trip at that time already: ")
    assert list(caretaker.is_refused(ask_companion, other, companion=str(lea.id))) == ["companion"]
    assert marc.drives


def test_when_all_have_said_no_the_desk_says_so(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    trip = noted(caretaker, odile, places)
    caretaker.does(ask_companion, trip, companion=str(marc.id), answer="no")

    page = caretaker.reads(f"mobility/trip/{trip.id}/ask_companion")
    refused = caretaker.is_refused(ask_companion, trip, companion="0")

    assert "Nobody else is free. Call the trip off, or ask again later." in page
    assert list(refused) == ["companion"]
    assert caretaker.day() == ["Odile Kern: nobody goes along yet."]


@pytest.mark.usefixtures("marc")
def test_what_nobody_can_ask_for_is_refused_beside_its_field(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], car: Vehicle
) -> None:
    home, _market = places

    def refused(**changed: object) -> dict[str, str]:
        return caretaker.is_refused(ask_trip, **wanted(odile, places, **changed))

    assert refused(starts_at="2026-10-06T08:00:00+02:00") == {
        "starts_at": "That moment is over. Choose a later one."
    }
    assert refused(starts_at="2026-10-11T10:00:00+02:00") == {
        "starts_at": "The desk is closed on that day. Choose another day."
    }
    assert list(refused(starts_at="2027-10-08T10:00:00+02:00")) == ["starts_at"]
    assert list(refused(target=home)) == ["target"]
    assert refused(people=4, vehicle=car) == {
        "people": "MOB1 Small car has 3 seats. Choose another one, or fewer people."
    }
    assert list(refused(people=0)) == list(refused(people=9)) == ["people"]
    assert list(refused(lasts=5)) == ["lasts"]
    assert list(refused(what="surgery")) == ["what"]


@pytest.mark.usefixtures("lea")
def test_a_vehicle_that_is_taken_is_told_in_words_and_nothing_is_written(
    caretaker: Caretaker, odile: Resident, theo: Resident, places: tuple[Stop, Stop], car: Vehicle
) -> None:
    noted(caretaker, odile, places, vehicle=car)

    clash = wanted(theo, places, vehicle=car, starts_at=LATER_ON_FRIDAY)
    refused = caretaker.is_refused(ask_trip, **clash)

    assert refused["vehicle"].startswith("MOB1 Small car is booked by Odile Kern from ")
    with caretaker.desk(write=False) as desk:
        assert len(desk.all(select(Trip))) == len(desk.all(select(BookingLine))) == 1


def test_with_nobody_free_nothing_is_booked(
    caretaker: Caretaker, odile: Resident, theo: Resident, places: tuple[Stop, Stop], car: Vehicle
) -> None:
    nobody = caretaker.is_refused(ask_trip, **wanted(odile, places))
    walker = companion(caretaker, theo)
    no_driver = caretaker.is_refused(ask_trip, **wanted(odile, places, vehicle=car))
    own_trip = caretaker.is_refused(ask_trip, **wanted(theo, places))
    agreed(caretaker, noted(caretaker, odile, places), walker)
    other = caretaker.knows("Aïcha", "Benali")
    busy = caretaker.is_refused(ask_trip, **wanted(other, places, starts_at=LATER_ON_FRIDAY))
    twice = caretaker.is_refused(ask_trip, **wanted(odile, places, starts_at=LATER_ON_FRIDAY))

    assert nobody == {"starts_at": "Nobody who goes along is free then. Choose another time."}
    assert list(no_driver) == list(own_trip) == list(busy) == ["starts_at"]
    assert "may drive" in no_driver["starts_at"]
    assert twice["starts_at"].startswith("Odile Kern has a trip at that time already: ")
    with caretaker.desk(write=False) as desk:
        assert desk.all(select(BookingLine)) == []


def test_a_trip_that_was_made_is_counted_and_its_share_is_in_the_basket(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion, car: Vehicle
) -> None:
    trip = agreed(caretaker, noted(caretaker, odile, places, vehicle=car), marc)
    early = caretaker.is_refused(done, trip)
    caretaker.is_at(2026, 10, 9, 11, 30)
    asked = caretaker.day()

    caretaker.does(done, trip)

    assert early[""].startswith("This trip begins ")
    assert asked == ["Odile Kern with Marc Weber: did the trip take place?"]
    assert caretaker.counted() == {"trip": 1}
    assert line_state(caretaker) is LineState.ATTENDED
    assert caretaker.day() == caretaker.card(odile) == []
    assert caretaker.is_paid(odile) == 100


def test_with_an_empty_fund_the_full_price_is_asked_and_the_form_says_so(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    with caretaker.desk() as desk:
        desk.session.execute(update(Ledger).values(balance_cents=0))
    trip = agreed(caretaker, noted(caretaker, odile, places), marc)
    home, market = places
    page = caretaker.reads(
        "mobility/trip/ask_trip", resident=odile, origin=home, target=market, starts_at=FRIDAY
    )
    caretaker.is_at(2026, 10, 9, 11, 30)
    caretaker.does(done, trip)

    assert "there is not enough left in the fund" in page
    assert caretaker.is_paid(odile) == 200


def test_a_price_taken_out_of_the_basket_undoes_the_trip(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    trip = agreed(caretaker, noted(caretaker, odile, places), marc)
    caretaker.is_at(2026, 10, 9, 11, 30)
    caretaker.does(done, trip)

    caretaker.empties_basket(odile)
    caretaker.does(not_made, trip, why="resident")

    found = caretaker.finds(Trip, trip.id)
    assert (found.state.value, str(found.why)) == ("not_made", "The resident can't or did not come")
    with caretaker.desk(write=False) as desk:
        assert [each.state.value for each in desk.all(select(Charge))] == ["cancelled"]


def test_a_trip_called_off_frees_vehicle_and_companion_and_tells_both(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion, car: Vehicle
) -> None:
    trip = agreed(caretaker, noted(caretaker, odile, places, vehicle=car), marc)

    caretaker.does(call_off, trip, why="weather")

    assert line_state(caretaker) is LineState.CANCELLED
    assert told(caretaker, odile)[-1].endswith("le trajet est annulé.")
    assert told(caretaker, marc.resident)[-1].endswith("le trajet est annulé.")
    assert caretaker.counted() == {}
    assert list(caretaker.is_refused(call_off, trip, why="weather")) == [""]
    noted(caretaker, odile, places, vehicle=car)


def test_both_are_reminded_once_on_the_day_before(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    agreed(caretaker, noted(caretaker, odile, places), marc)
    caretaker.is_at(2026, 10, 8, 18)
    for _again in range(2):
        with caretaker.desk() as desk:
            the_day_before(desk)

    assert [each[:8] for each in told(caretaker, odile)][1:] == ["Demain, "]
    assert len(told(caretaker, marc.resident)) == 2


def test_who_goes_along_is_written_down_once_and_stops_when_nothing_waits(
    caretaker: Caretaker, odile: Resident, theo: Resident, places: tuple[Stop, Stop]
) -> None:
    walker = companion(caretaker, theo)
    twice = caretaker.is_refused(add_volunteer, volunteer=theo, days=EVERY_DAY)
    no_day = caretaker.is_refused(add_volunteer, volunteer=odile, days=frozenset())
    trip = agreed(caretaker, noted(caretaker, odile, places), walker)

    still = caretaker.is_refused(stop, walker)
    caretaker.does(call_off, trip, why="weather")
    caretaker.does(stop, walker)
    nobody = caretaker.is_refused(ask_trip, **wanted(odile, places))
    caretaker.does(come_back, walker)
    noted(caretaker, odile, places)

    assert twice == {"": "Théo Ritter goes along already."}
    assert list(no_day) == ["days"]
    assert still[""].startswith("Théo Ritter has a trip to come: ")
    assert list(nobody) == ["starts_at"]


def test_a_provider_takes_turns_with_the_volunteers(
    caretaker: Caretaker, odile: Resident, places: tuple[Stop, Stop], marc: Companion
) -> None:
    agreed(caretaker, noted(caretaker, odile, places), marc)
    firm = caretaker.makes(Provider(name="Coup de Main"))
    paused = caretaker.makes(Provider(name="Repos", state=ProviderState.PAUSED))
    number = caretaker.does(add_provider, provider=firm, days=frozenset("1"))
    other = caretaker.does(add_provider, provider=paused, days=EVERY_DAY)

    monday = noted(caretaker, odile, places, starts_at="2026-10-12T10:00:00+02:00")
    tuesday = noted(caretaker, odile, places, starts_at="2026-10-13T10:00:00+02:00")
    not_on_tuesdays = caretaker.is_refused(ask_companion, tuesday, companion=str(number))
    not_now = caretaker.is_refused(ask_companion, monday, companion=str(other))
    agreed(caretaker, monday, caretaker.finds(Companion, number))

    assert list(not_on_tuesdays) == list(not_now) == ["companion"]
    assert turns(caretaker)[-1] == ("Coup de Main", "yes")
