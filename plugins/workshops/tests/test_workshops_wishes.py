"""Wishes at the desk: votes, paper, doubles, and what becomes of them."""

import pytest
from sqlalchemy import select

from palier.api import Resident
from palier.messages.models import Message
from palier.testing import Caretaker
from palier_workshops.actions import (
    add_dots,
    decline,
    fulfil,
    make_workshop,
    merge,
    plan,
    reopen,
    take_dots,
    unvote,
    vote,
    vote_for,
    wish_for,
)
from palier_workshops.models import Vote, Wish, Workshop


@pytest.fixture
def sewing(caretaker: Caretaker, odile: Resident) -> Wish:
    number = caretaker.does(wish_for, title="Sewing", resident=odile, households=2)
    return caretaker.finds(Wish, number)


def fresh(caretaker: Caretaker, wish: Wish) -> Wish:
    return caretaker.finds(Wish, wish.id)


def told(caretaker: Caretaker, who: Resident) -> list[str]:
    with caretaker.desk(write=False) as desk:
        query = select(Message.said).where(Message.resident == who).order_by(Message.id)
        return [str(each) for each in desk.session.scalars(query)]


def test_a_wish_gets_the_next_number_and_counts_its_households(
    caretaker: Caretaker, sewing: Wish
) -> None:
    number = caretaker.does(wish_for, title="A printer", kind="service")

    assert (sewing.number, sewing.votes) == (1, 3)
    assert (caretaker.finds(Wish, number).number, caretaker.finds(Wish, number).votes) == (2, 0)
    assert caretaker.counted() == {"wish": 2}


def test_two_of_one_household_are_both_named_and_count_once(
    caretaker: Caretaker, sewing: Wish, odile: Resident
) -> None:
    with caretaker.desk() as desk:
        home = desk.find(Resident, odile.id)
        assert home is not None
        paul = desk.add(
            Resident(
                given_name="Paul", family_name="Kern", household=home.household, card_code="C-9"
            )
        )

    caretaker.does(vote, sewing, resident=paul)

    assert fresh(caretaker, sewing).votes == 3
    assert caretaker.is_refused(vote, sewing, resident=paul) == {
        "resident": "Paul Kern has voted for it already."
    }


def test_a_vote_by_number_counts_and_can_be_taken_back(
    caretaker: Caretaker, sewing: Wish, theo: Resident
) -> None:
    made = caretaker.does(vote_for, resident=theo, number=1)
    with_theo = fresh(caretaker, sewing).votes
    caretaker.does(unvote, caretaker.finds(Vote, made))

    assert (with_theo, fresh(caretaker, sewing).votes) == (4, 3)
    assert caretaker.is_refused(vote_for, resident=theo, number=77) == {
        "number": "There is no wish 77."
    }


def test_paper_votes_are_typed_as_number_and_households(caretaker: Caretaker, sewing: Wish) -> None:
    opened = caretaker.scans("wish 1 +9")
    caretaker.does(add_dots, sewing, households=9)
    caretaker.does(take_dots, sewing, households=1)

    assert opened.partition("?")[0].endswith(f"/wish/{sewing.id}/add_dots")
    assert "households=9" in opened
    assert (fresh(caretaker, sewing).households, fresh(caretaker, sewing).votes) == (10, 11)
    assert "households" in caretaker.is_refused(take_dots, sewing, households=11)
    assert "households" in caretaker.is_refused(add_dots, sewing, households=0)


def test_a_merge_moves_voters_and_nobody_counts_twice(
    caretaker: Caretaker, sewing: Wish, odile: Resident, theo: Resident
) -> None:
    double = caretaker.finds(
        Wish, caretaker.does(wish_for, title="Hems", resident=odile, households=1)
    )
    caretaker.does(vote, double, resident=theo)

    too_many = caretaker.is_refused(merge, double, into=sewing, on_both=2)
    caretaker.does(merge, double, into=sewing)

    assert list(too_many) == ["on_both"]
    assert fresh(caretaker, sewing).votes == 5  # Odile, Théo, and three on paper
    gone = fresh(caretaker, double)
    assert (gone.state.value, gone.votes, gone.merged_into) == ("merged", 0, 1)
    assert "Wish 2 was merged into this one." in caretaker.reads("find", q="w2")
    assert list(caretaker.is_refused(merge, sewing, into=sewing)) == ["into"]


def test_a_household_with_a_dot_on_both_sheets_counts_once(
    caretaker: Caretaker, sewing: Wish
) -> None:
    before = fresh(caretaker, sewing).households
    double = caretaker.finds(Wish, caretaker.does(wish_for, title="Hems", households=3))

    caretaker.does(merge, double, into=sewing, on_both=1)

    assert fresh(caretaker, sewing).households == before + 2


def test_a_wish_that_was_merged_twice_leads_to_the_one_that_stays(
    caretaker: Caretaker, sewing: Wish
) -> None:
    hems = caretaker.finds(Wish, caretaker.does(wish_for, title="Hems"))
    zips = caretaker.finds(Wish, caretaker.does(wish_for, title="Zips"))

    caretaker.does(merge, zips, into=hems)
    caretaker.does(merge, hems, into=sewing)

    assert f"/wish/{sewing.id}/" in caretaker.reads("find", q=f"w{zips.number}")


def test_each_step_is_told_to_who_is_named(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    wish = caretaker.finds(
        Wish, caretaker.does(wish_for, title="Parcels", kind="service", resident=odile)
    )
    caretaker.does(plan, wish)
    planned = told(caretaker, odile)
    caretaker.does(fulfil, wish)

    assert [len(planned), len(told(caretaker, odile))] == [1, 2]
    assert "Parcels" in planned[0]
    assert "est réalisé" in told(caretaker, odile)[-1]
    assert told(caretaker, theo) == []
    assert caretaker.is_refused(vote, wish, resident=theo)


def test_what_can_t_be_met_says_why_and_can_be_opened_again(
    caretaker: Caretaker, sewing: Wish, odile: Resident
) -> None:
    caretaker.does(decline, sewing, reason="No room.")
    said = told(caretaker, odile)[-1]
    caretaker.does(reopen, sewing)

    assert "No room." in said
    assert fresh(caretaker, sewing).state.value == "open"


def test_a_wish_with_enough_votes_becomes_a_workshop_in_one_act(
    caretaker: Caretaker, sewing: Wish, odile: Resident
) -> None:
    when = "2026-10-22T14:00:00+02:00"
    early = caretaker.is_refused(make_workshop, sewing, starts_at=when, seats=10)
    caretaker.does(add_dots, sewing, households=9)
    offered = caretaker.day()
    no_seat = caretaker.is_refused(make_workshop, sewing, starts_at=when, seats=0)
    past = caretaker.is_refused(
        make_workshop, sewing, starts_at="2026-10-01T14:00:00+02:00", seats=10
    )

    made = caretaker.finds(
        Workshop, caretaker.does(make_workshop, sewing, starts_at=when, seats=10)
    )

    assert early == {"": "3 of 10 households wish for it so far."}
    assert offered == ["Wish 1, “Sewing”: 12 households. Make it a workshop?"]
    assert (list(no_seat), list(past)) == (["seats"], ["starts_at"])
    assert (made.title, made.seats, str(made.first_until)) == ("Sewing", 10, "2026-10-13")
    assert fresh(caretaker, sewing).state.value == "planned"
    assert "Sewing" in told(caretaker, odile)[-1]
    assert caretaker.card(odile) == [
        "Wished for “Sewing”, Thursday 22 October at 14:00: seats are kept until Tuesday 13 October."
    ]
    assert caretaker.day() == []
