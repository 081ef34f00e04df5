"""The carriers and their dated rules as they come with the plugin."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from palier.api import Rows

from .models import Event

SOURCE = Path(__file__).with_name("data") / "carriers.toml"


@dataclass(frozen=True)
class ShippedCarrier:
    """A carrier that a relay of the neighbourhood meets."""

    word: str
    name: str
    network: str
    valid_from: date
    registered: bool = False


@dataclass(frozen=True)
class ShippedRule:
    """What a carrier asks from a day on."""

    carrier: str
    days: int
    valid_from: date
    source: str
    counted_from: Event = Event.ARRIVAL
    notice: bool = False
    code: bool = False
    other_document: bool = True
    other_proxy: bool = False


CARRIERS = Rows(SOURCE, "carrier", ShippedCarrier)
RULES = Rows(SOURCE, "rule", ShippedRule)


def shipped_rule(word: str, day: date) -> ShippedRule | None:
    """Return a carrier's rule of that day as it came; None where none is known."""
    return RULES.on(day, lambda row: row.carrier == word)
