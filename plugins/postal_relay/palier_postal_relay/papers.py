"""The papers of an item: the notice, and the slip that is signed at the hand-out."""

from collections.abc import Iterator

from palier.api import Desk, Refused, Text, ToSign, _

from . import actions
from .models import SEEN, Parcel
from .words import where


class NotForEveryone(Refused):
    text = _("This is a registered item. Ask a colleague who takes registered mail.")


def check_seen(desk: Desk, parcel: Parcel) -> None:
    """Raise `NotForEveryone` for a registered item without the right to see it."""
    if parcel.registered and not desk.may(actions.check_registered):
        raise NotForEveryone


def slip_of(parcel: Parcel) -> ToSign:
    """Return what is signed when an item is handed out: which, by whom, which papers were seen."""
    facts = [*_facts(parcel), *_hand_out(parcel)]
    signers = [_("Who collects"), _("For the service")]
    return ToSign(
        _("Hand-out of an item"), parcel, facts, (_("I have received this item."),), signers
    )


def notice_of(parcel: Parcel) -> ToSign:
    """Return what tells a person that an item waits, with the code that is scanned at the desk."""
    terms = [_("Please bring this paper and an identity document.")]
    facts = [*_facts(parcel), (_("Place"), where(parcel)), (_("Waits until"), parcel.until)]
    return ToSign(_("An item waits for you"), parcel, facts, terms, ())


def _facts(parcel: Parcel) -> Iterator[tuple[Text, object]]:
    yield _("For"), str(parcel.resident or parcel.addressee or "")
    yield _("Carrier"), parcel.carrier.name
    yield _("Number"), parcel.number
    yield _("Arrived"), parcel.arrived_on


def _hand_out(parcel: Parcel) -> Iterator[tuple[Text, object]]:
    yield _("Collected by"), parcel.taken_by.label if parcel.taken_by is not None else None
    yield _("Seen"), tuple(each.label for each in SEEN if parcel.seen and each.name in parcel.seen)
    yield _("Collected"), parcel.ended_at
