"""What anyone reads of the exchange: how much there is, and of nobody."""

from palier.testing import Caretaker
from palier_skills_exchange.actions import add_listing
from palier_skills_exchange.models import Category, Side


def test_anyone_reads_how_many_offer_and_ask_and_no_name(caretaker: Caretaker) -> None:
    theo = caretaker.knows("Théo", "Ritter")
    before = caretaker.public()

    for side, what in ((Side.OFFER, "Fix phones"), (Side.WANT, "Cook"), (Side.WANT, "Sew")):
        caretaker.does(add_listing, resident=theo, side=side, category=Category.DIGITAL, what=what)

    page = caretaker.public()
    assert "offer of help" not in before
    assert "1 offer of help. 2 neighbours ask for help." in page
    assert "Ritter" not in page
    assert "Fix phones" not in page
