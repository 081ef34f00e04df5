"""The form of a hand-out: only the papers that this carrier asks for."""

from collections.abc import Mapping

from palier.api import Desk, Page, person_in_words, with_homes

from . import queries, rules
from .models import Parcel, Taker
from .words import until_words, where


def at_the_counter(desk: Desk, parcel: Parcel, _typed: Mapping[str, str]) -> Page:
    """Return the form that asks for what an item's carrier asks for, of the person and of others."""
    rule = queries.rule_of(desk, parcel.carrier, desk.today)
    own = rules.ways_to_prove(rule, Taker.ADDRESSEE)
    others = rules.ways_to_prove(rule, Taker.OTHER)
    resident = parcel.resident
    if resident is not None:
        with_homes(desk, [resident])
    return Page(
        "postal_relay/hand_out.html",
        parcel=parcel,
        who=person_in_words(resident) if resident is not None else parcel.addressee,
        place=where(parcel),
        until=until_words(parcel, desk.today),
        own=frozenset().union(*own),
        more=frozenset().union(*others) - frozenset().union(*own),
        own_ways=[rules.words_for(each) for each in own],
        other_ways=[rules.words_for(each) for each in others],
    )
