"""What anyone reads of bikes: how many of each kind are in the house."""

from palier.testing import Caretaker
from palier_bike_hire.models import Bike, Kind
from palier_bike_hire.repairing import block


def test_anyone_reads_how_many_bikes_are_here(caretaker: Caretaker) -> None:
    kind = caretaker.finds(Kind, 1)
    bikes = [caretaker.makes(Bike(code=f"V{n}", kind=kind)) for n in (1, 2)]
    both = caretaker.public()

    caretaker.does(block, bikes[0], reason="Flat tyre")

    assert f"{kind.name}: 2 here now." in both
    assert f"{kind.name}: 1 here now." in caretaker.public()
