"""Words as the search knows them: spelling, typos, what is cut."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from palier.db.normal import normal, one_typo
from palier.db.search import norm_of, words_of
from palier.db.typos import likes_of, may_typo, short_forms, terms_of, typo_pattern
from palier.errors import WrongDeclaration
from palier.residents.models import Membership

WORDS = st.text("abc", min_size=1, max_size=7)
LONG_ENOUGH = st.text("abc", min_size=3, max_size=7)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Éloïse  KERN", "eloise kern"),
        ("Yıldız", "yildiz"),
        ("Weiß", "weiss"),
        ("Cœur", "coeur"),
        ("N\u2019Diaye", "ndiaye"),
        ("Jean-Pierre", "jean pierre"),
        ("100%_'\";--", "100"),
        ("Иванов", "иванов"),
        ("محمد", "محمد"),
        ("\x00\ud800", ""),
    ],
)
def test_a_name_is_known_without_accents_and_signs(typed: str, known: str) -> None:
    assert normal(typed) == known


@given(st.text())
def test_normal_words_stay_as_they_are(words: str) -> None:
    once = normal(words)

    assert normal(once) == once


@given(st.text(), st.text())
def test_normal_words_know_no_capitals(words: str, more: str) -> None:
    assert normal(f"{words} {more}") == f"{normal(words)} {normal(more)}".strip()


@given(WORDS, WORDS)
def test_a_typo_is_one_from_both_sides(word: str, other: str) -> None:
    assert one_typo(word, other) == one_typo(other, word)


@given(WORDS, st.data())
def test_each_slip_of_a_finger_is_one_typo(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcx"))
    slips = {
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }

    assert all(one_typo(word, slip) for slip in slips)


@pytest.mark.parametrize("other", ["kernel", "karm", "nerk", "kren s", "ke"])
def test_two_slips_are_too_many(other: str) -> None:
    assert not one_typo("kern", other)


@given(LONG_ENOUGH, WORDS)
def test_the_database_forgives_what_the_rule_forgives(word: str, other: str) -> None:
    beginnings = {other[: len(word) + more] for more in (-1, 0, 1)} if len(word) >= 5 else set()
    forgiven = any(one_typo(word, each) for each in {other, *beginnings})

    found = re.search(typo_pattern(word), f"first {other} last")

    assert bool(found) == (forgiven or word in other)


@pytest.mark.parametrize("code", ["f0012", "7km3xp", "000123"])
def test_a_code_is_never_taken_for_its_neighbour(code: str) -> None:
    neighbour = code[:-1] + "9"

    assert not re.search(typo_pattern(code), neighbour)


def test_what_is_typed_without_end_is_cut() -> None:
    words = words_of("kern " * 1000)

    assert words == ["kern"] * 8
    assert words_of("k" * 4096) == ["k" * 40]


def test_a_model_without_words_is_a_fault_of_the_code() -> None:
    with pytest.raises(WrongDeclaration):
        norm_of(Membership)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """A trigram index as SQLite's tables have it."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(norm, tokenize='trigram')")
        yield connection
    connection.close()


def is_like(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern.replace("%", ".*"), text) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("abckz", min_size=3, max_size=8), st.text("abckz ", min_size=1, max_size=14))
@example("kat", "ka")
@example("kat", "ka bz")
@example("kern", "anna kren")
def test_the_indexes_leave_out_nothing_that_fits(
    index: sqlite3.Connection, word: str, other: str
) -> None:
    text = " ".join(other.split())
    index.execute("DELETE FROM words")
    index.execute("INSERT INTO words VALUES (?)", (text,))

    held = index.execute("SELECT 1 FROM words WHERE norm MATCH ?", (terms_of(word),)).fetchall()
    liked = any(is_like(each, text) for each in likes_of(word))

    if re.search(typo_pattern(word), text):
        assert held or text in short_forms(word)
        assert liked


@pytest.mark.parametrize("word", ["ke", "f0012", "кern", "7km"])
def test_what_no_index_knows_is_not_asked_of_it(word: str) -> None:
    assert not may_typo(word)
