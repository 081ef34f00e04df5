"""Who may be written down twice: the rule, the page, and what is told apart for good."""

import random
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.db.engine import Database
from palier.residents.actions import add_household, add_resident, tell_apart
from palier.residents.comparing import pairs_of, twins_after
from palier.residents.duplicates import Known, Like, Pair, likely_pairs, reasons
from palier.residents.models import Household, Resident
from palier.residents.rules import SameRecord
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At, counted_statements
from palier.trail import perform

PAGE = "/ampere/desk/residents/duplicates"
ODILE = Known(1, "odile", "kern", household=1, door="40", birth_year=1968, phone="+33612345678")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Known(2, "odile", "kern", household=1), (Like.NAME, Like.HOUSEHOLD)),
        (Known(2, "odille", "kern", birth_year=1968), (Like.SPELLING, Like.BIRTH_YEAR)),
        (Known(2, "kern", "odile", door="40"), (Like.NAME, Like.DOOR)),
        (Known(2, "kenr", "odil", phone="+33612345678"), (Like.SPELLING, Like.PHONE)),
        (Known(2, "odile", "kern", household=2), (Like.NAME,)),
        (Known(2, "odile", "kern", household=2, birth_year=1990), ()),
        (Known(2, "odille", "kern", household=2), ()),
        (Known(2, "paul", "kern", household=1, door="40"), ()),
        (Known(2, "paul", "kern", household=1, phone="+33612345678"), ()),
        (Known(2, "paul", "weber", household=2, phone="+33612345678"), (Like.PHONE,)),
        (Known(2, "theo", "ritter", household=2), ()),
    ],
)
def test_what_makes_two_records_look_like_one_person(other: Known, why: tuple[Like, ...]) -> None:
    assert reasons(ODILE, other) == why
    assert reasons(other, ODILE) == why


def test_a_number_that_many_left_says_nothing_of_them() -> None:
    people = [
        Known(n, 3 * chr(97 + n), 4 * chr(107 + n), household=n, phone="+33388609090")
        for n in range(9)
    ]

    assert likely_pairs(people) == []
    assert len(likely_pairs(people[:2])) == 1


def test_the_surest_come_first() -> None:
    people = [
        ODILE,
        Known(2, "odille", "kern", birth_year=1968),
        Known(3, "odile", "kern", household=1, birth_year=1968),
        Known(4, "paul", "weber", household=2, phone="+33612345678"),
    ]

    pairs = likely_pairs(people)

    assert pairs[0] == Pair(1, 3, ())
    assert pairs[-1] == Pair(1, 4, ())


PEOPLE = st.lists(
    st.builds(
        Known,
        st.integers(1, 60),
        st.sampled_from(["odile", "odille", "paul", "pau", "kern"]),
        st.sampled_from(["kern", "kenr", "weber", "odile", "webe"]),
        st.integers(1, 4) | st.none(),
        st.integers(1, 4) | st.none(),
        st.sampled_from([1968, 1990, None]),
        st.sampled_from(["+336", "+337", None]),
        st.sampled_from(["a@b.fr", None]),
    ),
    max_size=24,
    unique_by=lambda known: known.id,
)


@given(PEOPLE)
def test_no_pair_that_is_left_out_was_one(people: list[Known]) -> None:
    found = likely_pairs(people)

    compared = {
        frozenset((one.id, other.id)): reasons(one, other)
        for one in people
        for other in people
        if one.id < other.id
    }
    crowded = any(
        sum(getattr(each, name) == value for each in people) > 8
        for name in ("phone", "email")
        for value in {getattr(each, name) for each in people} - {None}
    )
    wanted = {pair for pair, why in compared.items() if why}
    named = {pair for pair, why in compared.items() if {Like.NAME, Like.SPELLING} & set(why)}
    here = {frozenset((each.one, each.other)) for each in found}
    assert named <= here <= wanted
    assert crowded or here == wanted


@pytest.fixture
def twice(at: At) -> None:
    """Odile Kern twice in one stairwell, and Paul, who lives there too."""
    with at() as desk:
        for stairwell in ("4", "4"):
            home = add_household(desk, street="rue de Wattwiller", number="40", stairwell=stairwell)
            name = "Odile" if home.id == 1 else "Odille"
            add_resident(desk, home, given_name=name, family_name="Kern", sure=True)
        first = desk.session.get_one(Household, 1)
        add_resident(desk, first, given_name="Paul", family_name="Kern", sure=True)


@pytest.mark.usefixtures("twice")
def test_who_was_told_apart_is_never_offered_again(at: At) -> None:
    with at() as desk:
        assert [(each.one, each.other) for each in pairs_of(desk)] == [(1, 2)]
        one, other = (desk.session.get_one(Resident, each) for each in (2, 1))

        perform(desk, tell_apart, one, {"other": other})
        perform(desk, tell_apart, other, {"other": one})

        assert pairs_of(desk) == []
        with pytest.raises(SameRecord):
            tell_apart(desk, one, other=one)


@pytest.mark.usefixtures("twice")
def test_the_page_costs_three_statements_however_many_there_are(at: At, database: Database) -> None:
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        letters = random.Random(7)
        for number in range(60):
            word = "".join(letters.choices("abcdefgh", k=8))
            for spelling in (word, word[:-1]):
                desk.add(
                    Resident(
                        household=home,
                        given_name=spelling,
                        family_name="Kern",
                        card_code=f"C-{number}-{len(spelling)}",
                    )
                )

    with at(write=False) as desk, counted_statements(database) as sent:
        pairs = pairs_of(desk)
        first = twins_after(desk, pairs, "")

    assert len(sent) == 3
    assert len(pairs) >= 61
    assert len(first) == 20


@pytest.mark.usefixtures("twice")
def test_compare_merge_and_undo_from_the_page(browser: Browser) -> None:
    page = browser.opens(PAGE)
    compare = re.search(r'href="([^"]+merge\?other=2)"', page)

    assert "Odile Kern" in words_of(page)
    assert "Names that differ by a letter" in words_of(page)
    assert compare is not None

    form = browser.opens(unescape(compare[1]))
    assert "What the one record will say" in words_of(form)
    data = {**hidden_of(form), "other": "2", "given_name": "gone", "home": "1"}
    done = browser.client.post("/ampere/desk/residents/resident/1/merge", data=data)

    assert "Undo the merge" in words_of(done.text)
    assert "Odille Kern" in words_of(browser.opens("/ampere/desk/residents/resident/1"))
    assert "Nobody seems to be written down twice." in words_of(browser.opens(PAGE))
    assert "Odile" not in words_of(browser.opens("/ampere/desk/residents/resident"))
    browser.sends("/ampere/desk/residents/merge/1/undo_merge")
    assert "Odile" in words_of(browser.opens("/ampere/desk/residents/resident"))


@pytest.mark.usefixtures("twice")
def test_a_record_is_chosen_where_none_was(browser: Browser) -> None:
    path = "/ampere/desk/residents/resident/1/merge"

    page = browser.sends(path, status=422, other="2", __find="compare")

    assert "Stays : Odile Kern" in words_of(page) or "Stays: Odile Kern" in words_of(page)


@pytest.mark.usefixtures("twice")
def test_a_refusal_keeps_both_records_in_sight(browser: Browser) -> None:
    path = "/ampere/desk/residents/resident/1/merge"
    form = hidden_of(browser.opens(f"{path}?other=2"))

    answer = browser.client.post(path, data={**form, "other": "2", "channel": "nobody"})

    assert answer.status_code == 422
    assert "Choose one of the list." in words_of(answer.text)
    assert "What the one record will say" in words_of(answer.text)
    itself = browser.client.post(path, data={**form, "other": "1"})
    assert "This is one record: choose the other one." in words_of(itself.text)


@pytest.mark.usefixtures("twice")
def test_a_form_that_was_open_meanwhile_reaches_the_kept_record(browser: Browser) -> None:
    form = hidden_of(browser.opens("/ampere/desk/residents/resident/1/merge?other=2"))
    browser.client.post("/ampere/desk/residents/resident/1/merge", data={**form, "other": "2"})

    card = words_of(browser.opens("/ampere/desk/desk/card?resident=2"))

    assert "Odile Kern" in card
    assert "Merged" not in card
