"""Seats are given once each, however many ask at one moment, and votes add up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from palier.api import Desk, Resident, func, select
from palier.db.engine import Database
from palier.testing.plugin import At
from palier.testing.races import threads
from palier_workshops import actions, attending
from palier_workshops.models import Enrolment, Kind, Vote, Wish, Workshop

CROWD, SEATS = 60, 12


def ready(desk: Desk) -> Desk:
    desk.site = replace(desk.site, plugins=frozenset({"workshops"}))
    return desk


@pytest.fixture
def crowd(at: At) -> list[int]:
    """Sixty residents."""
    with at() as desk:
        people = [
            desk.add(Resident(given_name="P", family_name=f"N{n}", card_code=f"C-{n}"))
            for n in range(CROWD)
        ]
        return [each.id for each in people]


@pytest.mark.parametrize("_run", range(2))
def test_sixty_at_once_get_twelve_seats(
    at: At, database: Database, crowd: list[int], _run: int
) -> None:
    with at() as desk:
        starts = desk.now + timedelta(days=1)
        made = desk.add(
            Workshop(
                title="Soap", starts_at=starts, ends_at=starts + timedelta(hours=1), seats=SEATS
            )
        )
        number = made.id

    def enrols(which: int) -> None:
        with at() as desk:
            ready(desk)
            workshop, person = desk.find(Workshop, number), desk.find(Resident, crowd[which])
            assert workshop is not None
            assert person is not None
            attending.take_seat(desk, workshop, person)

    came = threads(database, enrols, CROWD)

    with at() as desk:
        given = desk.session.scalar(select(func.count(Enrolment.id)))
        stored = desk.find(Workshop, number)
        assert stored is not None
        assert (came, given, stored.taken) == ({"done": SEATS, "Full": CROWD - SEATS}, SEATS, SEATS)


def test_a_wish_planned_at_two_desks_is_told_once(at: At, database: Database) -> None:
    with at() as desk:
        number = actions.wish_for(ready(desk), title="Parcels", kind=Kind.SERVICE).id

    def plans(_desk: int) -> None:
        with at() as desk:
            wish = desk.find(Wish, number)
            assert wish is not None
            actions.plan(ready(desk), wish)

    assert threads(database, plans, 2) == {"done": 1, "StepTaken": 1}


def test_votes_of_a_moment_are_all_counted_and_one_persons_once(
    at: At, database: Database, crowd: list[int]
) -> None:
    with at() as desk:
        number = actions.wish_for(ready(desk), title="Soap", households=3).id
    voters = [*crowd[:7], crowd[0]]

    def votes(which: int) -> None:
        with at() as desk:
            ready(desk)
            wish, person = desk.find(Wish, number), desk.find(Resident, voters[which])
            assert wish is not None
            assert person is not None
            actions.vote(desk, wish, resident=person)

    came = threads(database, votes, len(voters))

    with at() as desk:
        stored = desk.find(Wish, number)
        assert stored is not None
        assert (came, stored.votes) == ({"done": 7, "VotedAlready": 1}, 10)
        assert desk.session.scalar(select(func.count(Vote.id))) == 7
