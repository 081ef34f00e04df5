"""Things that are no bicycle: a raclette machine with its eight pans, counted out and in."""

from typing import Any

import pytest
from sqlalchemy import select

from palier.api import Cents, Charge, Price, Resident, Ticks
from palier.testing import Caretaker
from palier.testing.caretaker import words_of
from palier_bike_hire.actions import hire, lend, take_back
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import BRAKE_TEST, Bike, Kind, Loan
from palier_bike_hire.rules import checks_after, checks_before

FRIDAY = "2026-10-09T18:00:00+02:00"
LOOKED_AT = ("cable", "works", "clean")
NO_DEPOSIT = {"deposit": "waived", "waived": "known"}


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    with caretaker.desk() as desk:
        make_fleet(desk)
    return caretaker.knows("Odile", "Kern", member=True)


def tagged(caretaker: Caretaker, code: str) -> Bike:
    with caretaker.desk(write=False) as desk:
        return desk.all(select(Bike).where(Bike.code == code), Bike.kind)[0]


def lent(caretaker: Caretaker, who: Resident, pans: int = 8) -> Loan:
    """Lend R01 to someone with so many pans."""
    values: dict[str, Any] = {
        "before": LOOKED_AT, "due_at": FRIDAY, "pieces_out": pans, **NO_DEPOSIT
    }  # fmt: skip
    machine = tagged(caretaker, "R01")
    return caretaker.finds(Loan, caretaker.does(lend, machine, resident=who, **values))


def charged(caretaker: Caretaker, what: str) -> list[tuple[int, int]]:
    with caretaker.desk(write=False) as desk:
        rows = desk.all(select(Charge).where(Charge.what == what))
        return [(each.quantity, each.total_cents) for each in rows]


def test_a_kind_says_what_is_looked_at() -> None:
    looked_at: dict[str, Any] = {"before": Ticks({"cable", "clean"}), "after": Ticks({"clean"})}
    machine = Bike(code="R01", kind=Kind(name="Raclette", deposit=Cents(0), **looked_at))
    bike = Bike(code="V01", kind=Kind(name="City", deposit=Cents(0)))

    assert [each.name for each in checks_before(machine)] == ["cable", "clean"]
    assert [each.name for each in checks_after(machine)] == ["clean"]
    assert "brakes" in [each.name for each in checks_before(bike)]
    assert (machine.kind.has_brakes, bike.kind.has_brakes) == (False, True)
    assert checks_before(None) == ()


def test_a_machine_leaves_without_a_brake_test_and_with_its_pans(
    caretaker: Caretaker, odile: Resident
) -> None:
    loan = lent(caretaker, odile)

    assert (loan.pieces_out, set(loan.before)) == (8, set(LOOKED_AT))
    assert caretaker.counted() == {"loan": 1}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pieces_out": None}, {"pieces_out": "Fill in: Pieces counted."}),
        ({"pieces_out": 9}, {"pieces_out": "9 is too many: only 8 belong to it. Count again."}),
        ({"pieces_out": -1}, {"pieces_out": "At least 0."}),
        (
            {"before": ["works"]},
            {"before": "Still to check: Cable and plug without damage."},
        ),
        ({"before": ["brakes", "cable"]}, {"before": "Choose lines of this list."}),
    ],
)
def test_what_is_not_counted_or_looked_at_stays_here(
    caretaker: Caretaker, odile: Resident, changed: dict[str, Any], sentence: dict[str, str]
) -> None:
    values = {"before": LOOKED_AT, "due_at": FRIDAY, "pieces_out": 8, **NO_DEPOSIT, **changed}

    refused = caretaker.is_refused(lend, tagged(caretaker, "R01"), resident=odile, **values)

    assert refused == sentence


def test_a_bike_is_asked_for_no_pans(caretaker: Caretaker, odile: Resident) -> None:
    caretaker.learns(BRAKE_TEST)
    values: dict[str, Any] = {"before": ("brakes", "lights"), "due_at": FRIDAY, **NO_DEPOSIT}
    bike = tagged(caretaker, "V01")

    refused = caretaker.is_refused(hire, resident=odile, bike=bike, pieces_out=8, **values)

    assert refused == {"pieces_out": "This value is not asked for."}
    assert caretaker.does(hire, resident=odile, bike=bike, **values)


def test_the_form_follows_the_thing_that_is_chosen(caretaker: Caretaker, odile: Resident) -> None:
    machine = tagged(caretaker, "R01")

    first = words_of(caretaker.reads("bike_hire/loan/hire", resident=odile))
    chosen = words_of(caretaker.reads("bike_hire/loan/hire", resident=odile, bike=machine))

    assert "Saddle at the right height" in first
    assert "Pieces counted" not in first
    assert "Cable and plug without damage" in chosen
    assert "Poêlons: 8 belong to it." in chosen
    assert "Saddle" not in chosen


def test_all_pans_back_and_it_may_leave_again(caretaker: Caretaker, odile: Resident) -> None:
    loan = lent(caretaker, odile)

    caretaker.does(take_back, loan, pieces_in=8, after=("clean",))

    assert tagged(caretaker, "R01").state.value == "ready"
    assert charged(caretaker, "piece") == []


def test_seven_of_eight_pans_are_charged_and_the_machine_waits(
    caretaker: Caretaker, odile: Resident
) -> None:
    loan = lent(caretaker, odile)

    caretaker.does(take_back, loan, pieces_in=7)

    assert charged(caretaker, "piece") == [(1, 650)]
    assert caretaker.finds(Loan, loan.id).pieces_in == 7
    stopped = tagged(caretaker, "R01")
    assert stopped.state.value == "blocked"
    assert str(stopped.blocked_reason).endswith("1 manque")


def test_missing_pans_may_only_be_noted(caretaker: Caretaker, odile: Resident) -> None:
    loan = lent(caretaker, odile)

    caretaker.does(take_back, loan, pieces_in=6, missing="noted")

    assert charged(caretaker, "piece") == []
    assert str(tagged(caretaker, "R01").blocked_reason).endswith("2 manquent")


@pytest.mark.parametrize(
    ("pans", "sentence"),
    [
        (9, "9 is too many: only 8 left with it. Count again."),
        (None, "Fill in: Pieces counted."),
    ],
)
def test_more_pans_than_left_or_none_counted_are_refused(
    caretaker: Caretaker, odile: Resident, pans: int | None, sentence: str
) -> None:
    loan = lent(caretaker, odile)

    refused = caretaker.is_refused(take_back, loan, pieces_in=pans)

    assert refused == {"pieces_in": sentence}
    assert caretaker.finds(Loan, loan.id).back_at is None


def test_what_left_with_seven_comes_back_whole_with_seven(
    caretaker: Caretaker, odile: Resident
) -> None:
    loan = lent(caretaker, odile, pans=7)

    caretaker.does(take_back, loan, pieces_in=7)

    assert tagged(caretaker, "R01").state.value == "ready"


def test_a_missing_price_refuses_no_return(caretaker: Caretaker, odile: Resident) -> None:
    loan = lent(caretaker, odile)
    with caretaker.desk() as desk:
        for price in desk.all(select(Price).where(Price.item.endswith("piece"))):
            desk.session.delete(price)

    caretaker.does(take_back, loan, pieces_in=0)

    assert charged(caretaker, "piece") == []
    assert caretaker.finds(Loan, loan.id).pieces_in == 0


def test_its_tag_opens_its_form_and_later_its_return(caretaker: Caretaker, odile: Resident) -> None:
    machine = tagged(caretaker, "R01")

    first = caretaker.scans("R01")
    lent(caretaker, odile)
    second = caretaker.scans("r01")

    assert f"/bike/{machine.id}/lend" in first
    assert "/loan/1/take_back" in second


def test_its_contract_says_what_was_counted(caretaker: Caretaker, odile: Resident) -> None:
    loan = lent(caretaker, odile)

    paper = words_of(caretaker.reads("bike_hire/contract", made=loan))

    assert "Prêt d’un objet" in paper
    assert "Poêlons : 8" in paper
    assert "Freins" not in paper
