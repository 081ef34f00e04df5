"""One person's part in the exchange: it follows a merge, is given, and goes with the person alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from palier.api import Desk, Minutes, Resident, select
from palier.asking import Hooks
from palier.plugins import discover
from palier.privacy.actions import forget
from palier.privacy.erasure import StillOpen
from palier.residents.actions import merge
from palier.testing.plugin import NOW, At
from palier.trail import perform
from palier_skills_exchange import actions, queries
from palier_skills_exchange.models import Category, Entry, Exchange, Kind, Member

HOOKS = Hooks(discover())
THEO, MEHMET, TWICE = 1, 2, 3


@contextmanager
def opened(at: At, hours: int = 0, *, write: bool = True) -> Iterator[Desk]:
    with at(now=NOW + timedelta(hours=hours), write=write) as desk:
        desk.hooks = HOOKS
        desk.site = replace(desk.site, plugins=frozenset({"skills_exchange"}))
        yield desk


@pytest.fixture
def helped(at: At) -> None:
    """Théo helped Mehmet for an hour and a half, and once as a gift; Teo is Théo, written twice."""
    with opened(at) as desk:
        theo, mehmet, twice = (
            desk.add(Resident(given_name=name, family_name=family, card_code=name))
            for name, family in (("Théo", "Ritter"), ("Mehmet", "Yilmaz"), ("Teo", "Ritter"))
        )
        for giver, kind, minutes in ((theo, Kind.HOURS, 90), (theo, Kind.GIFT, 60)):
            actions.exchange(
                desk, resident=giver, receiver=mehmet, category=Category.DIGITAL, kind=kind,
                minutes=Minutes(minutes), agreed=True,
            )  # fmt: skip
        actions.exchange(
            desk, resident=twice, receiver=mehmet, category=Category.DIGITAL, kind=Kind.HOURS,
            minutes=Minutes(30), agreed=True,
        )  # fmt: skip


def forgets(at: At, who: int) -> None:
    with opened(at, 3) as desk:
        perform(desk, forget, desk.session.get_one(Resident, who), {})


@pytest.mark.usefixtures("helped")
def test_an_erasure_waits_until_the_person_has_left(at: At) -> None:
    with pytest.raises(StillOpen):
        forgets(at, THEO)


@pytest.mark.usefixtures("helped")
def test_the_name_goes_and_the_entries_stay_at_zero(at: At) -> None:
    with opened(at, 1) as desk:
        theo = desk.session.get_one(Resident, THEO)
        (member,) = queries.open_memberships(desk, theo)
        perform(desk, actions.leave, member, {})

    forgets(at, THEO)

    with opened(at, 4, write=False) as desk:
        mehmet = desk.session.get_one(Resident, MEHMET)
        assert desk.total(Entry.minutes) == 0
        assert queries.balance_of(desk, mehmet) == -120
        done = desk.all(select(Exchange).order_by(Exchange.id), Exchange.giver, Exchange.receiver)
        assert "Ritter" not in " ".join(str(each) for each in done[:2])
        assert [each.giver for each in done[:2]] == [None, None]
        # Who was helped keeps what they received: the row let go of one of its two people.
        assert [each.receiver for each in done[:2]] == [mehmet, mehmet]


@pytest.mark.usefixtures("helped")
def test_the_hours_of_two_records_become_one_person_s(at: At) -> None:
    with opened(at) as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (THEO, TWICE))
        perform(desk, merge, kept, {"other": gone})

    with opened(at, 1) as desk:
        theo = desk.session.get_one(Resident, THEO)
        assert queries.balance_of(desk, theo) == 120
        member = queries.open_memberships(desk, theo)[0]
        perform(desk, actions.leave, member, {})
        assert (
            desk.all(select(Member).where(Member.resident == theo, Member.left_on.is_(None))) == []
        )
        assert queries.balance_of(desk, theo) == 0
