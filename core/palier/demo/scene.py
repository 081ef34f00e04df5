"""A moment of the past: the acts of the desk, done by those who were there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import select

from palier.accounts.models import Account, Staff, StaffSkill
from palier.accounts.rules import ROLES
from palier.acts import Act
from palier.bookings.models import Bookable
from palier.context import Actor
from palier.db.records import SiteRecord
from palier.db.types import Choice, Ticks, chosen
from palier.demo.people import Person
from palier.desk.counter import Desk
from palier.house import House
from palier.plugins import Registry
from palier.residents.models import Resident
from palier.trail import perform

ORIGIN = "palier demo"


@dataclass
class Scene:
    """One transaction at a site; each act moves its clock forward."""

    desk: Desk
    registry: Registry

    @cached_property
    def staff(self) -> Mapping[str, Actor]:
        """Who works here, by the name they sign in with."""
        rows = self.desk.session.execute(
            select(Account.login, Staff).join(Staff, Staff.account_id == Account.id)
        )
        skills: dict[int, set[str]] = {}
        for row in self.desk.session.scalars(select(StaffSkill)):
            skills.setdefault(row.staff_id, set()).add(row.skill)
        return {login: _actor(each, skills.get(each.id, set())) for login, each in rows}

    def does(
        self, login: str, act: Act[..., Any], record: SiteRecord | None, at: datetime, **values: Any
    ) -> Any:
        """Let someone do an act then; return what it gave back."""
        self.desk.actor, self.desk.now = self.staff[login], at
        return perform(self.desk, act, record, values).result

    def act(self, service: str, name: str) -> Act[..., Any]:
        """Return a service's act. Raises `LookupError` for one that it does not have."""
        manifest = self.registry.plugins[service].manifest
        screens = [each for screen in manifest.screens for each in screen.acts]
        extending = [each for extend in manifest.extends for each in extend.acts]
        for each in (*manifest.acts, *screens, *extending):
            if each.name == name:
                return each
        raise LookupError(name)

    def all_ticked(
        self, act: Act[..., Any], value: str, by: str, at: datetime, about: SiteRecord | None
    ) -> Ticks:
        """Return an act's checklist with every line ticked that this record asks for."""
        asked = next(each for each in act.signature.values_for(about) if each.name == value)
        return Ticks.made([each.name for each in asked.items], self.staff[by].name, at)

    def choice(self, act: Act[..., Any], value: str, word: str) -> Choice:
        """Return a word of a service's own closed list."""
        asked = next(each for each in act.signature.values if each.name == value)
        return chosen(cast("type[Choice]", asked.kind), word)

    def resident(self, person: Person) -> Resident:
        """Return someone as they are stored."""
        query = select(Resident).where(Resident.card_code == person.card_code)
        return self.desk.session.scalars(query).one()

    def thing(self, code: str) -> Bookable:
        """Return a thing by its tag."""
        return self.desk.session.scalars(select(Bookable).where(Bookable.code == code)).one()


def _actor(staff: Staff, skills: set[str]) -> Actor:
    return Actor(
        staff.name,
        account_id=staff.account_id,
        role=ROLES[staff.role],
        staff_id=staff.id,
        person_code=staff.person_code,
        skills=frozenset(skills),
    )


@contextmanager
def scene(house: House, slug: str, at: datetime) -> Iterator[Scene]:
    """Open a site's desk at a moment of the past, in one transaction."""
    with house.at(slug, ORIGIN, now=at) as desk:
        yield Scene(desk, house.registry)
