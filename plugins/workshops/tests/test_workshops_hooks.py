"""What workshops say at the desk takes two statements at most, and forgets who asks for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from palier.api import Desk, Resident, select
from palier.db.engine import Database
from palier.privacy.actions import forget
from palier.testing.plugin import NOW, At, counted_statements
from palier.trail import perform
from palier_workshops import plugin, rules, sample
from palier_workshops.models import Enrolment, State, Vote, Workshop


def ready(desk: Desk) -> Desk:
    desk.site = replace(desk.site, plugins=frozenset({"workshops"}))
    return desk


@pytest.fixture
def neighbours(at: At) -> list[int]:
    """Ten residents, the wall of wishes, a workshop tomorrow."""
    with at(now=NOW - timedelta(days=30)) as desk:
        people = [
            desk.add(Resident(given_name="P", family_name=f"N{n}", card_code=f"C-{n}"))
            for n in range(10)
        ]
        sample.make_wishes(ready(desk))
        sample.make_wishes(ready(desk))
    with at() as desk:
        sample.make_wishes(ready(desk))
        return [each.id for each in people]


@pytest.mark.usefixtures("neighbours")
def test_the_demonstration_shows_workshops_to_come_and_is_not_made_twice(at: At) -> None:
    with at() as desk:
        sample.make_wishes(ready(desk))

        workshops = desk.all(select(Workshop).order_by(Workshop.starts_at))
        assert [each.state for each in workshops] == [State.DONE, State.OPEN, State.OPEN]
        assert [each.taken for each in workshops] == [2, 8, 0]


def test_the_hooks_keep_to_two_statements(
    at: At, database: Database, neighbours: list[int]
) -> None:
    with at(write=False) as desk:
        who = desk.session.get_one(Resident, neighbours[-1])
        desk.now += timedelta(days=1)
        ready(desk).settings(rules.Settings)
        counts = []
        for asks in (
            lambda: list(plugin.seats_of(desk, who)),
            lambda: list(plugin.of_today(desk)),
            lambda: list(plugin.for_everyone(desk)),
            lambda: list(plugin.sessions(desk)),
            lambda: plugin.scanned(desk, "w12+9"),
            lambda: plugin.scanned(desk, "V07"),
        ):
            with counted_statements(database) as sent:
                asks()
            counts.append(len(sent))

    assert all(each <= 2 for each in counts), counts


@pytest.mark.usefixtures("neighbours")
def test_who_is_erased_leaves_an_unnamed_seat_and_vote(at: At) -> None:
    with at() as desk:
        (past,) = desk.all(select(Workshop).where(Workshop.state == State.DONE))
        mine = desk.all(select(Enrolment).where(Enrolment.workshop == past), Enrolment.resident)[0]
        number, person = mine.id, mine.resident

        perform(desk, forget, person, {})

    with at(write=False) as desk:
        kept = desk.session.get_one(Enrolment, number)
        assert "N" not in str(kept.resident)
        assert desk.all(select(Vote))
