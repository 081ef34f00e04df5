"""A relay at Ampère: a shelf, carriers, Odile, and two households called Nguyen."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from palier.api import Actor, Desk, Household, Resident, Ticks, select
from palier.asking import Hooks
from palier.messages.models import Message
from palier.plugins import discover
from palier.residents.models import Address, Channel
from palier.testing.plugin import MAGDA, NOW, At
from palier.text import Reader, read_by
from palier.trail import perform
from palier_postal_relay import actions, fleet, queries
from palier_postal_relay.models import Carrier, Drop, Parcel, State, Taker

HOOKS = Hooks(discover())
COLISSIMO, ONE = "laposte_colissimo_pickup_relay", "8L20524752032"
MAGDA_SKILLED = replace(MAGDA, skills=frozenset({"registered_mail"}))


@dataclass(frozen=True)
class Here:
    """An open desk with a shelf, carriers, and Odile, whom the site knows."""

    desk: Desk
    odile: Resident

    def carrier(self, word: str = COLISSIMO) -> Carrier:
        return self.desk.session.scalars(select(Carrier).where(Carrier.word == word)).one()

    def drop(self, word: str = COLISSIMO, **values: Any) -> Drop:
        return actions.open_drop(self.desk, carrier=self.carrier(word), **values)

    def scans(self, drop: Drop, *codes: str) -> None:
        for each in codes:
            perform(self.desk, actions.scan, drop, {"code": each})

    def parcel(self, number: str = ONE) -> Parcel:
        return self.desk.session.scalars(select(Parcel).where(Parcel.number == number)).one()

    def shelved(self, *codes: str, word: str = COLISSIMO) -> Drop:
        """A drop that was scanned and closed; what is for Odile follows its number as a name."""
        drop = self.drop(word)
        self.scans(drop, *codes)
        perform(self.desk, actions.close_drop, drop, {})
        return drop

    def hands_out(self, number: str = ONE, *papers: str, taker: Taker = Taker.ADDRESSEE) -> None:
        values = {"taker": taker, "seen": self.saw(*(papers or ("document",)))}
        perform(self.desk, actions.hand_out, self.parcel(number), values)

    def saw(self, *papers: str) -> Ticks:
        return Ticks.made(papers, "MK", self.desk.now)

    def steps(self, number: str = ONE) -> list[tuple[State, str]]:
        rows = queries.stages_of(self.desk, self.parcel(number))
        return [(each.state, each.by) for each in rows]

    def told(self) -> list[Message]:
        return self.desk.all(select(Message).order_by(Message.id))


Relay = Callable[..., AbstractContextManager[Here]]


@pytest.fixture
def relay(at: At) -> Relay:
    """Open the desk at a moment; Odile reads papers, two households are called Nguyen."""

    @contextmanager
    def opened(now: datetime = NOW, actor: Actor = MAGDA_SKILLED, **more: Any) -> Iterator[Here]:
        with at(now=now, actor=actor, **more) as desk, read_by(Reader("en", desk.site.zone)):
            desk.hooks = HOOKS
            desk.site = replace(desk.site, plugins=frozenset({"postal_relay"}))
            odile = desk.all(select(Resident).order_by(Resident.id), Resident.household)[0]
            yield Here(desk, odile)

    with at() as desk:
        fleet.make_carriers(desk)
        fleet.make_shelf(desk)
        for given, family, stairwell in (
            ("Odile", "Kern", "4"),
            ("Thi", "Nguyen", "1"),
            ("Minh", "Nguyen", "6"),
        ):
            door = desk.add(Address(street="rue de Wattwiller", number="40", stairwell=stairwell))
            home = desk.add(Household(code=f"F-{stairwell}", address=door))
            desk.add(
                Resident(
                    given_name=given,
                    family_name=family,
                    household=home,
                    card_code=f"C-{stairwell}",
                    channel=Channel.LETTER,
                )
            )
    return opened
