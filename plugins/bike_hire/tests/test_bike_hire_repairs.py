"""What can't be lent: due, stopped, repaired by us, and what it cost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from palier.accounts.models import StaffSkill
from palier.api import Resident
from palier.messages.models import Message
from palier.testing import Caretaker
from palier.testing.caretaker import words_of
from palier.testing.plugin import MAGDA, NOW
from palier.trail import perform
from palier_bike_hire.actions import first_free, lend, take_back
from palier_bike_hire.models import Bike, Loan, Repair, RepairPart, Rhythm
from palier_bike_hire.repairing import (
    add_part,
    block,
    cancel_repair,
    finish,
    open_repair,
    put_back,
    remove_part,
    set_rhythm,
)
from palier_bike_hire.rules import InRepair

CHECKED = ("brakes", "lights")
NEXT_WEEK = "2026-10-13T09:05:00+02:00"
NO_DEPOSIT = {"deposit": "waived", "waived": "known"}
Yard = Any  # made in conftest.py


# It is due.


def test_what_is_due_stays_here_and_says_what_to_do(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    bike = yard.worn("V07", loans_since=10)
    values: dict[str, Any] = {"before": CHECKED, "due_at": NEXT_WEEK, **NO_DEPOSIT}

    refused = caretaker.is_refused(lend, bike, resident=theo, **values)
    page = caretaker.browser.sends(
        f"/ampere/desk/bike_hire/bike/{bike.id}/lend",
        status=422,
        resident=str(theo.id),
        due_at="2026-10-13T09:05",
        before="brakes,lights",
        deposit="waived",
        waived="known",
    )

    words = "is due for maintenance. Open its repair, finish it, then it may leave."
    assert refused[""].endswith(words)
    assert f"/bike/{bike.id}/open_repair?back=" in page  # the way out, and back to this form


def test_what_is_due_or_in_repair_is_not_proposed(caretaker: Caretaker, yard: Yard) -> None:
    yard.worn("V01", loans_since=10)
    yard.opened("V02")

    with caretaker.desk(write=False) as desk:
        proposed = first_free(desk)

    assert proposed is not None
    assert proposed.code == "V03"  # a city bike, before the cargo bikes and the machine


def test_the_tag_of_what_is_due_says_so_and_offers_its_repair(
    caretaker: Caretaker, yard: Yard
) -> None:
    bike = yard.worn("V07", loans_since=10)

    found = caretaker.reads("find", q="V07")

    assert "V07 is due for maintenance." in words_of(found)
    assert f"/bike/{bike.id}/open_repair?what=" in found


def test_the_day_names_what_is_due_and_who_waits_for_it(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    yard.booked(theo, "V07")
    yard.worn("V07", days_since=60)

    assert caretaker.day() == ["V07 is due for maintenance."]
    page = words_of(caretaker.reads("bike_hire/maintenance"))
    assert "V07" in page
    assert "Théo Ritter, from Wednesday 7 October at 10:00" in page
    assert "V01" not in page


def test_a_loan_that_makes_it_due_opens_its_repair_on_return(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    yard.worn("V07", loans_since=9)
    loan = yard.lent(theo)

    caretaker.does(take_back, loan)

    found = yard.newest()
    assert (found.bike.code, found.cause.value, found.state.value) == ("V07", "due", "open")
    assert yard.state("V07") == "blocked"


def test_a_kind_may_be_due_after_each_loan_from_a_day_on(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    kind = yard.thing("V07").kind
    caretaker.does(set_rhythm, kind, loans=1, valid_from="2026-10-08")
    first, second = yard.lent(theo), yard.lent(theo, "V01")
    caretaker.does(take_back, first)
    caretaker.is_at(2026, 10, 8)

    caretaker.does(take_back, second)

    assert (yard.state("V07"), yard.state("V01")) == ("ready", "blocked")
    assert caretaker.day() == [  # V07 had its one loan before, and is due by the rule of today
        "V01 is to be repaired: Entretien.",
        "V07 is due for maintenance.",
    ]


def test_a_rhythm_is_dated_and_never_in_the_past(caretaker: Caretaker, yard: Yard) -> None:
    kind = yard.thing("V07").kind

    past = caretaker.is_refused(set_rhythm, kind, loans=1, valid_from="2026-10-05")
    never = caretaker.is_refused(set_rhythm, kind, loans=0, valid_from="2026-10-06")
    same = caretaker.does(set_rhythm, kind, days=100, valid_from="2026-10-06")

    assert past["valid_from"].startswith("What was due before stays as it was.")
    assert never == {"loans": "At least 1."}
    today = caretaker.finds(Rhythm, same)
    assert (today.loans, today.days_out, today.days) == (None, None, 100)


# It is repaired by us.


def test_a_repair_is_done_paid_for_signed_and_counted(caretaker: Caretaker, yard: Yard) -> None:
    yard.worn("V07", loans_since=4, days_since=20)
    repair = yard.opened(what="Brake cable")
    caretaker.does(add_part, repair, name="Cable", quantity=2, cents=450)
    caretaker.does(add_part, repair, name="Pads", cents=1290)

    caretaker.does(finish, repair, labour=1500, checked=CHECKED)

    done = caretaker.finds(Repair, repair.id)
    assert (done.state.value, done.parts, done.labour) == ("done", 2190, 1500)
    assert done.checked is not None
    assert done.checked.by == "MK"
    bike = yard.thing("V07")
    assert (bike.state.value, bike.loans_since, bike.days_since) == ("ready", 0, 0)
    assert bike.serviced_on == NOW.date()
    assert caretaker.counted() == {"repair": 1}
    record = words_of(caretaker.reads(f"bike_hire/bike/{bike.id}"))
    assert "Cost of its repairs €36.90" in record


def test_its_costs_are_a_list_to_take_along(caretaker: Caretaker, yard: Yard) -> None:
    repair = yard.opened(what="Brake cable")
    caretaker.does(add_part, repair, name="Cable", quantity=2, cents=450)
    caretaker.does(finish, repair, labour=1500, checked=CHECKED)

    page = words_of(caretaker.reads("bike_hire/repair"))
    table = caretaker.browser.client.get("/ampere/desk/bike_hire/repair/export.csv").text

    assert "€9.00" in page
    assert "€15.00" in page
    assert "Brake cable" in table


@pytest.mark.parametrize(
    ("checked", "sentence"),
    [
        ((), "Still to check: Brakes, Lights."),
        (("lights",), "Still to check: Brakes."),
        (("brakes",), "Still to check: Lights."),
    ],
)
def test_a_bike_leaves_no_repair_without_its_brake_test(
    caretaker: Caretaker, yard: Yard, checked: tuple[str, ...], sentence: str
) -> None:
    repair = yard.opened()

    refused = caretaker.is_refused(finish, repair, checked=checked)

    assert refused == {"checked": sentence}
    assert yard.state("V07") == "blocked"


def test_who_has_not_learnt_it_signs_no_brakes(caretaker: Caretaker, yard: Yard) -> None:
    repair = yard.opened()
    with caretaker.desk() as desk:
        for learnt in desk.session.scalars(select(StaffSkill)):
            desk.session.delete(learnt)
    caretaker.is_at(2026, 10, 6)

    refused = caretaker.is_refused(finish, repair, checked=CHECKED)

    words = "Brakes: this needs the skill Brake test. Ask someone who has it."
    assert refused == {"checked": words}


def test_a_machine_needs_no_brake_test(caretaker: Caretaker, yard: Yard) -> None:
    repair = yard.opened("R01", "Descale")

    caretaker.does(finish, repair, checked=("cable", "works"))

    assert yard.state("R01") == "ready"


def test_a_thing_has_one_repair_at_a_time(caretaker: Caretaker, yard: Yard) -> None:
    first = yard.opened(what="Chain")

    refused = caretaker.is_refused(open_repair, yard.thing("V07"), what="Bell")
    back = caretaker.is_refused(put_back, yard.thing("V07"), checked=CHECKED)
    caretaker.does(finish, first, checked=CHECKED)

    assert refused[""].endswith("is in repair: Chain. Finish that repair first.")
    assert back == refused
    assert yard.opened(what="Bell").id != first.id


def test_what_is_out_is_taken_back_first(caretaker: Caretaker, yard: Yard, theo: Resident) -> None:
    yard.lent(theo)

    refused = caretaker.is_refused(open_repair, yard.thing("V07"), what="Chain")

    assert "is out, due back" in refused[""]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "Cable", "cents": -1}, {"cents": "At least €0.00."}),
        ({"name": "Cable", "cents": 1, "quantity": 0}, {"quantity": "At least 1."}),
        ({"name": "", "cents": 1}, {"name": "Fill in: Part used."}),
        ({"name": "Cable"}, {"cents": "Fill in: Price of one."}),
    ],
)
def test_a_part_has_a_name_a_number_and_a_price(
    caretaker: Caretaker, yard: Yard, values: dict[str, Any], sentence: dict[str, str]
) -> None:
    repair = yard.opened()

    assert caretaker.is_refused(add_part, repair, **values) == sentence


def test_no_cost_is_below_nothing(caretaker: Caretaker, yard: Yard) -> None:
    refused = caretaker.is_refused(finish, yard.opened(), labour=-500, checked=CHECKED)

    assert refused == {"labour": "At least €0.00."}


def test_a_part_noted_by_mistake_is_taken_out(caretaker: Caretaker, yard: Yard) -> None:
    repair = yard.opened()
    caretaker.does(add_part, repair, name="Cable", quantity=3, cents=450)
    with caretaker.desk(write=False) as desk:
        part = desk.all(select(RepairPart), RepairPart.repair)[0]

    caretaker.does(remove_part, part)

    assert caretaker.finds(Repair, repair.id).parts == 0


def test_a_cancelled_repair_leaves_it_blocked_and_counts_nothing(
    caretaker: Caretaker, yard: Yard
) -> None:
    repair = yard.opened()

    caretaker.does(cancel_repair, repair)
    stopped = yard.state("V07")
    caretaker.does(put_back, yard.thing("V07"), checked=CHECKED)

    assert (stopped, yard.state("V07")) == ("blocked", "ready")
    assert caretaker.counted() == {}


def test_what_is_only_blocked_has_no_repair(caretaker: Caretaker, yard: Yard) -> None:
    caretaker.does(block, yard.thing("V07"), reason="The key is lost")

    assert caretaker.day() == []
    assert "/put_back" in caretaker.scans("V07")
    assert "The key is lost" in words_of(caretaker.reads("bike_hire/maintenance"))


def test_two_desks_open_one_repair(caretaker: Caretaker, yard: Yard) -> None:
    house, bike, both = caretaker.house, yard.thing("V07").id, Barrier(2)

    def opens(what: str) -> str:
        both.wait()
        with house.at("ampere", "test", actor=MAGDA) as desk:
            mine = desk.session.get_one(Bike, bike)
            try:
                return str(perform(desk, open_repair, mine, {"what": what}).result.what)
            except InRepair as refusal:
                return f"refused: {refusal.what}"

    with ThreadPoolExecutor(2) as desks:
        said = sorted(desks.map(opens, ("Chain", "Bell")))

    assert said in (["Bell", "refused: Bell"], ["Chain", "refused: Chain"])


# It came back with a problem.


def test_a_problem_on_return_opens_its_repair_and_moves_the_next_booking(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    loan = yard.lent(theo, "V03")
    with caretaker.desk() as desk:
        stored = desk.session.get_one(Loan, loan.id)
        stored.line.ends_at = stored.due_at = stored.line.busy_to = NOW.replace(hour=20)
    yard.booked(theo, "V03")

    caretaker.does(take_back, loan, problem="brakes")

    found = yard.newest()
    assert (found.bike.code, found.cause.value, found.what) == ("V03", "problem", "Freins")
    with caretaker.desk(write=False) as desk:
        told = [each.kind for each in desk.all(select(Message))]
    assert "bookings.moved" in told


def test_a_booking_that_nothing_else_can_take_is_seen_behind_the_repair(
    caretaker: Caretaker, yard: Yard, theo: Resident
) -> None:
    yard.booked(theo, "R01")

    repair = yard.opened("R01", "Descale")

    record = words_of(caretaker.reads(f"bike_hire/repair/{repair.id}"))
    assert "Booked next Théo Ritter, from Wednesday 7 October at 10:00" in record
    assert caretaker.day() == ["R01 is to be repaired: Descale."]
