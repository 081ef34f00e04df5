"""What anyone reads of today's bread."""

from palier.testing import Caretaker
from palier_bread_depot.actions import receive, sell
from palier_bread_depot.models import Bread


def test_anyone_reads_how_much_bread_is_left(caretaker: Caretaker) -> None:
    bread = caretaker.finds(Bread, 1)
    caretaker.prices(bread, 120)
    before = caretaker.public()
    caretaker.does(receive, bread, delivered=3)
    came = caretaker.public()

    caretaker.does(sell, bread, loaves=3)

    assert "left today" not in before
    assert "3 loaves left today." in came
    assert "No loaf left today." in caretaker.public()
