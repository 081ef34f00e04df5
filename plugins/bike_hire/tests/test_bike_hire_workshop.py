"""An outside workshop repairs it; and what leaves while nobody is there who signs the brakes."""

from typing import Any

import pytest
from sqlalchemy import select

from palier.accounts.models import Staff
from palier.api import Provider, ProviderState, Resident
from palier.rosters.models import Absence
from palier.testing import Caretaker
from palier.testing.caretaker import words_of
from palier.testing.plugin import NOW
from palier_bike_hire.actions import book
from palier_bike_hire.models import Kind, Repair
from palier_bike_hire.repairing import came_back, finish, print_order, send

CHECKED = ("brakes", "lights")
WEDNESDAY, FRIDAY = "2026-10-07T10:00:00+02:00", "2026-10-09T10:00:00+02:00"
Yard = Any  # made in conftest.py


@pytest.fixture
def workshop(caretaker: Caretaker) -> Provider:
    return caretaker.makes(Provider(name="Vélo Relais"))


def test_a_workshop_repairs_it_and_says_what_it_costs(
    caretaker: Caretaker, yard: Yard, workshop: Provider
) -> None:
    repair = yard.opened(what="Wheel")

    caretaker.does(send, repair, provider=workshop, due_back="2026-10-08")
    away = caretaker.day()
    at_workshop = caretaker.is_refused(finish, repair, checked=CHECKED)
    caretaker.is_at(2026, 10, 9)
    late = caretaker.day()
    caretaker.does(came_back, repair, labour=4500)
    here = caretaker.day()
    caretaker.does(finish, repair, checked=CHECKED)

    assert away == ["V07 is at Vélo Relais: Wheel."]
    assert at_workshop
    assert late == ["V07 should be back from Vélo Relais since Thursday 8 October: Wheel."]
    assert here == ["V07 is to be repaired: Wheel."]
    done = caretaker.finds(Repair, repair.id)
    assert (done.labour, done.provider) == (4500, workshop) or done.labour == 4500


@pytest.mark.parametrize("stands", [ProviderState.PAUSED, ProviderState.STRUCK_OFF])
def test_work_goes_to_listed_workshops_alone(
    caretaker: Caretaker, yard: Yard, workshop: Provider, stands: ProviderState
) -> None:
    repair = yard.opened()
    with caretaker.desk() as desk:
        desk.session.get_one(Provider, workshop.id).state = stands

    refused = caretaker.is_refused(send, repair, provider=workshop)
    form = words_of(caretaker.reads(f"bike_hire/repair/{repair.id}/send"))

    assert refused["provider"].startswith("Vélo Relais is given no work at the moment.")
    assert "Vélo Relais" not in form


def test_it_comes_back_today_or_later(caretaker: Caretaker, yard: Yard, workshop: Provider) -> None:
    refused = caretaker.is_refused(send, yard.opened(), provider=workshop, due_back="2026-10-05")

    assert refused["due_back"].startswith("This day is past.")


def test_its_tag_and_its_order_open_what_comes_next(
    caretaker: Caretaker, yard: Yard, workshop: Provider
) -> None:
    repair = yard.opened(what="Wheel")
    code = f"BIKE_HIRE_REPAIR-{repair.id}"

    to_do = caretaker.scans("V07")
    caretaker.does(send, repair, provider=workshop)
    sent, order = caretaker.scans("V07"), caretaker.scans(code)
    caretaker.does(came_back, repair, labour=0)
    here = caretaker.scans(code)
    caretaker.does(finish, repair, checked=CHECKED)
    ended = words_of(caretaker.reads("find", q=code))

    path = f"/bike_hire/repair/{repair.id}"
    assert f"{path}/finish" in to_do
    assert f"{path}/came_back" in sent
    assert order.split("?")[0] == sent.split("?")[0]
    assert f"{path}/finish" in here
    assert "This repair has ended: Repaired." in ended


def test_the_order_that_goes_with_it_has_its_code(
    caretaker: Caretaker, yard: Yard, workshop: Provider
) -> None:
    repair = yard.opened(what="Wheel")
    caretaker.does(send, repair, provider=workshop, due_back="2026-10-08")

    paper = words_of(caretaker.reads("bike_hire/work_order", made=repair))

    assert "V07" in paper
    assert "Vélo Relais" in paper
    assert f"BIKE_HIRE_REPAIR-{repair.id}" in paper
    assert print_order.then == "work_order"


# Nobody is there who signs the brakes.


def test_no_bike_leaves_while_all_who_sign_brakes_are_away(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    with caretaker.desk() as desk:
        magda = desk.session.scalars(select(Staff)).one()
        wednesday = NOW.replace(day=7, hour=0, minute=0)
        desk.add(Absence(staff=magda, from_at=wednesday, to_at=wednesday.replace(hour=12)))
    span = {"starts_at": WEDNESDAY, "ends_at": FRIDAY}

    refused = caretaker.is_refused(book, yard.thing("V07"), resident=theo, **span)
    machine = caretaker.does(book, yard.thing("R01"), resident=theo, **span)
    later = {**span, "starts_at": "2026-10-07T15:00:00+02:00"}
    afternoon = caretaker.does(book, yard.thing("V07"), resident=theo, **later)

    assert refused["starts_at"].endswith(
        "whoever signs the brakes is away until Wednesday 7 October at 14:00. Choose a later moment."
    )
    assert machine
    assert afternoon


def test_who_signs_brakes_and_came_all_the_same_hands_it_over(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    with caretaker.desk() as desk:
        magda = desk.session.scalars(select(Staff)).one()
        desk.add(Absence(staff=magda, from_at=NOW, to_at=NOW.replace(hour=12)))

    assert yard.lent(theo).bike.code == "V07"


def test_kinds_show_when_they_are_due(caretaker: Caretaker, yard: Yard) -> None:
    kind = yard.thing("V07").kind

    page = words_of(caretaker.reads(f"bike_hire/kind/{kind.id}"))

    assert "When it is due" in page
    assert isinstance(kind, Kind)
