"""Words are kept and said again later, in the language of whoever reads them."""

import json
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palier.messages.models import Way
from palier.messages.telling import TEST
from palier.messages.wording import from_stored, say, to_stored, written_in
from palier.residents.languages import Language
from palier.text import Money, Reader, Text, _, catalogue, plural, read_by

PARIS = ZoneInfo("Europe/Paris")
VALUES = some.one_of(
    some.none(),
    some.text(),
    some.booleans(),
    some.integers(-(10**9), 10**9),
    some.builds(Money, some.integers(-(10**9), 10**9)),
    some.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    some.dates(date(1990, 1, 1), date(2100, 1, 1)),
    some.times(),
    some.sampled_from([Language.TURKISH.label, Way.SMS.label, plural("One", "%(n)s", 3)]),
)
TEXTS = some.builds(
    lambda value, other: Text("%(value)s, %(other)s").fill(value=value, other=other),
    VALUES,
    some.one_of(VALUES, some.builds(lambda v: Text("(%(v)s)").fill(v=v), VALUES)),
)


@given(TEXTS, some.sampled_from(["fr", "en", "tr", "ar"]))
def test_what_is_kept_says_the_same(text: Text, locale: str) -> None:
    again = from_stored(json.loads(json.dumps(to_stored(text))))

    assert say(again, locale, PARIS, 2026) == say(text, locale, PARIS, 2026)


def test_days_and_hours_are_the_sites_own_whoever_reads() -> None:
    due = datetime(2026, 10, 6, 16, 30, tzinfo=UTC)
    stored = to_stored(Text("%(due)s").fill(due=due))

    assert say(from_stored(stored), "fr", PARIS, 2026) == "mardi 6 octobre à 18\u00a0h\u00a030"
    assert say(from_stored(stored), "tr", PARIS, 2026) == "6 Ekim 2026 Salı, 18:30"
    assert say(from_stored(stored), "de", PARIS, 2026) == "Dienstag, 6. Oktober 2026, 18:30"


def test_a_record_is_kept_as_its_title() -> None:
    stored = to_stored(Text("%(what)s").fill(what=Way.SMS))

    with read_by(Reader("fr")):
        assert str(from_stored(stored)) == "SMS"


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        (Language.FRENCH, "fr"),
        (Language.ALSATIAN, "fr"),
        (Language.SOMALI, "fr"),
        (Language.ENGLISH, "en"),
    ],
)
def test_a_language_without_our_words_reads_the_sites(language: Language, locale: str) -> None:
    assert written_in(_("Text message"), language, "fr") == locale


def test_half_a_sentence_in_each_language_is_never_written() -> None:
    known = Text("Receipt")  # a word of the Turkish catalogue
    half = Text("%(what)s").fill(what=Text("No such words in any catalogue"))

    assert written_in(known, Language.TURKISH, "fr") == "tr"
    assert written_in(half, Language.TURKISH, "fr") == "fr"


def test_hours_are_said_in_each_language() -> None:
    assert say(Text("%(at)s").fill(at=time(9)), "fr", PARIS) == "9\u00a0h"


TOLD = (
    _("The membership of your household lasts until %(day)s. Renew it at the desk."),
    _("Hello %(name)s,"),
    _("Your concierge service %(site)s"),
    _("A message from %(site)s"),
    _("For %(name)s: %(words)s"),
    _("%(site)s: %(words)s"),
    TEST,
)


@pytest.mark.parametrize("words", TOLD, ids=str)
@pytest.mark.parametrize("locale", ["fr", "de", "tr", "ar"])
def test_what_people_are_told_is_said_in_each_language_of_papers(locale: str, words: Text) -> None:
    assert catalogue(locale).has(words)
