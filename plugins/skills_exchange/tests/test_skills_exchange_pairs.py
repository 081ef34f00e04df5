"""Offers and wants end after a notice; pairs and rings of three are proposed, and dissolve."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from palier import hookspecs
from palier.api import Desk, Resident, select
from palier.db.engine import Database
from palier.demo.people import named_people
from palier.messages.models import Message
from palier.testing import Caretaker
from palier.testing.plugin import NOW, At, counted_statements
from palier_skills_exchange import plugin, queries
from palier_skills_exchange.actions import (
    add_listing,
    agree,
    dismiss,
    end,
    leave,
    look,
    renew,
    seen,
)
from palier_skills_exchange.models import (
    Category,
    Listing,
    ListingState,
    Member,
    Side,
    Suggestion,
    SuggestionState,
)

SEWING, COOKING, DIGITAL = Category.SEWING, Category.COOKING, Category.DIGITAL


@pytest.fixture
def ring(caretaker: Caretaker) -> list[Resident]:
    """Ana sews for Bilal, who cooks for Chloé, who helps Ana with her telephone."""
    names = [("Ana", "Klein"), ("Bilal", "Haddad"), ("Chloé", "Muller")]
    people = [caretaker.knows(*each) for each in names]
    kinds = (SEWING, COOKING, DIGITAL)
    for at, who in enumerate(people):
        for side, category in ((Side.OFFER, kinds[at]), (Side.WANT, kinds[at - 1])):
            caretaker.does(
                add_listing, resident=who, side=side, category=category,
                what=f"{side.value} {category.value}", printed=at == 0,
            )  # fmt: skip
    return people


def states(caretaker: Caretaker) -> list[SuggestionState]:
    with caretaker.desk(write=False) as desk:
        return [each.state for each in desk.all(select(Suggestion).order_by(Suggestion.id))]


def day_ends(caretaker: Caretaker) -> None:
    with caretaker.desk() as desk:
        caretaker.house.hooks.answer(hookspecs.daily, desk, only="skills_exchange")


@pytest.mark.usefixtures("ring")
def test_a_ring_is_a_sentence_on_the_day_s_page(caretaker: Caretaker) -> None:
    caretaker.does(look)

    (said,) = [each for each in caretaker.day() if "Ring" in each]

    assert said == (
        "Ring of three: Ana Klein helps Bilal Haddad (Sewing and knitting), who helps Chloé Muller"
        " (Cooking), who helps Ana Klein (Telephone and computer)."
    )


@pytest.mark.usefixtures("ring")
def test_what_was_dismissed_is_proposed_never_again(caretaker: Caretaker) -> None:
    caretaker.does(look)
    caretaker.does(dismiss, caretaker.finds(Suggestion, 1))

    day_ends(caretaker)
    day_ends(caretaker)

    assert states(caretaker)[0] is SuggestionState.DISMISSED
    assert not any("Ring" in each for each in caretaker.day())


def test_a_ring_whose_member_withdraws_dissolves_and_says_so(
    caretaker: Caretaker, ring: list[Resident]
) -> None:
    caretaker.does(look)
    caretaker.does(agree, caretaker.finds(Suggestion, 1))
    with caretaker.desk(write=False) as desk:
        member = queries.membership_of(desk, ring[1])

    caretaker.does(leave, member)

    assert states(caretaker)[0] is SuggestionState.DISSOLVED
    said = "No longer possible: Bilal Haddad withdrew. Tell the others: Ana Klein, Chloé Muller."
    assert said in caretaker.day()
    caretaker.does(seen, caretaker.finds(Suggestion, 1))
    assert said not in caretaker.day()


@pytest.mark.usefixtures("ring")
def test_a_ring_dissolves_with_an_offer_that_ends(caretaker: Caretaker) -> None:
    caretaker.does(look)

    caretaker.does(end, caretaker.finds(Listing, 1))

    assert states(caretaker)[0] is SuggestionState.DISSOLVED


def test_who_never_exchanged_is_listed(caretaker: Caretaker, ring: list[Resident]) -> None:
    page = caretaker.reads("skills_exchange/never")

    assert all(str(each) in page for each in ring)


def test_an_offer_is_warned_of_once_then_ends(caretaker: Caretaker, ring: list[Resident]) -> None:
    listing = caretaker.finds(Listing, 1)
    soon = listing.ends_on - timedelta(days=10)
    caretaker.is_at(soon.year, soon.month, soon.day)

    day_ends(caretaker)
    day_ends(caretaker)
    with caretaker.desk(write=False) as desk:
        told = [each for each in desk.all(select(Message)) if each.kind.endswith("ends")]
    day = listing.ends_on
    caretaker.does(renew, caretaker.finds(Listing, 2))
    caretaker.is_at(day.year, day.month, day.day)
    day_ends(caretaker)

    assert len(told) == 6
    assert any("ends on" in each for each in caretaker.card(ring[0])) is False
    assert caretaker.finds(Listing, 1).state is ListingState.ENDED
    assert caretaker.finds(Listing, 2).state is ListingState.ACTIVE


@pytest.mark.usefixtures("ring")
def test_the_catalogue_names_who_agreed_by_their_given_name_in_two_languages(
    caretaker: Caretaker,
) -> None:
    page = caretaker.reads("skills_exchange/catalogue", language="en")

    assert "offer sewing" in page
    assert "offer cooking" not in page
    assert "Ana" in page
    assert "Klein" not in page
    assert "On s’entraide" in page
    assert "We help each other" in page
    assert "ANN-1" in page


def test_a_hook_asks_twice_at_most(
    caretaker: Caretaker, ring: list[Resident], database: Database
) -> None:
    caretaker.does(look)
    asked: list[Callable[[Desk], object]] = [
        lambda desk: list(plugin.exchange_of(desk, ring[0])),
        lambda desk: list(plugin.to_propose(desk)),
        lambda desk: plugin.scanned(desk, "BON-00231"),
        lambda desk: plugin.scanned(desk, "ANN-1"),
        lambda desk: plugin.scanned(desk, "V01"),
    ]
    with caretaker.desk(write=False) as desk:
        counts = []
        for ask in asked:
            with counted_statements(database) as sent:
                ask(desk)
            counts.append(len(sent))

    assert counts == [2, 2, 1, 1, 0]


def test_the_sample_shows_a_ring_and_voucher_00231(at: At) -> None:
    with at() as desk:
        desk.site = replace(desk.site, plugins=frozenset({"skills_exchange"}))
        for home in named_people(NOW.year)[:4]:
            for each in home.people:
                desk.add(
                    Resident(
                        given_name=each.given_name,
                        family_name=each.family_name,
                        card_code=each.card_code,
                    )
                )

        plugin.sample_exchange(desk)
        plugin.sample_exchange(desk)

        voucher = queries.voucher_coded(desk, "BON-00231")
        assert voucher is not None
        assert (str(voucher.giver), str(voucher.receiver)) == ("Mehmet Yilmaz", "Odile Kern")
        assert len(desk.all(select(Member))) == 4
        assert [each.third is not None for each in desk.all(select(Suggestion))] == [True]
