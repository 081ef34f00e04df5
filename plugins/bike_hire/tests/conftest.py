"""A yard at Ampère: eight bikes, a raclette machine, and Magda, who has learnt the brake test."""

from dataclasses import dataclass
from typing import Any

import pytest

from palier.api import Bookable, Resident, select
from palier.testing import Caretaker
from palier_bike_hire.actions import book, lend
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import BRAKE_TEST, Bike, Loan, Repair
from palier_bike_hire.repairing import open_repair

CHECKED = ("brakes", "lights")
NEXT_WEEK = "2026-10-13T09:05:00+02:00"
FROM_WEDNESDAY = {
    "starts_at": "2026-10-07T10:00:00+02:00",
    "ends_at": "2026-10-09T10:00:00+02:00",
}


@dataclass(frozen=True)
class Yard:
    """What stands there, and what Magda does with it through the application."""

    caretaker: Caretaker

    def thing(self, code: str) -> Bike:
        with self.caretaker.desk(write=False) as desk:
            return desk.all(select(Bike).where(Bike.code == code), Bike.kind)[0]

    def state(self, code: str) -> str:
        return str(self.thing(code).state.value)

    def lent(self, who: Resident, code: str = "V07") -> Loan:
        values: dict[str, Any] = {"before": CHECKED, "due_at": NEXT_WEEK}
        values |= {"deposit": "waived", "waived": "known"}
        made = self.caretaker.does(lend, self.thing(code), resident=who, **values)
        return self.caretaker.finds(Loan, made)

    def worn(self, code: str, **since: int) -> Bike:
        """Let a thing be used so much."""
        with self.caretaker.desk() as desk:
            bike = desk.session.scalars(select(Bike).where(Bookable.code == code)).one()
            for name, value in since.items():
                setattr(bike, name, value)
        return self.thing(code)

    def opened(self, code: str = "V07", what: str = "Chain") -> Repair:
        made = self.caretaker.does(open_repair, self.thing(code), what=what)
        return self.caretaker.finds(Repair, made)

    def booked(self, who: Resident, code: str) -> None:
        self.caretaker.does(book, self.thing(code), resident=who, **FROM_WEDNESDAY)

    def newest(self) -> Repair:
        with self.caretaker.desk(write=False) as desk:
            return desk.all(select(Repair).order_by(Repair.id.desc()), Repair.bike)[0]


@pytest.fixture
def yard(caretaker: Caretaker) -> Yard:
    with caretaker.desk() as desk:
        make_fleet(desk)
    caretaker.learns(BRAKE_TEST)
    return Yard(caretaker)


@pytest.fixture
def theo(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Théo", "Ritter", member=True)
