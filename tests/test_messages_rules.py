"""Which way a message takes, when a text message may leave, what it costs."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palier.messages.models import Way
from palier.messages.rules import (
    AGAIN,
    Settings,
    after_quiet,
    again_after,
    for_telephone,
    is_quiet,
    next_way,
    receiver_of,
    sms_parts,
)
from palier.residents.models import Address, Channel, Household, Resident, ResidentState
from palier.testing.plugin import NOW

PARIS = ZoneInfo("Europe/Paris")
USUAL = Settings()
MOBILE, FIXED = "+33612345678", "+33388609090"
HOME = Household(code="F-1", address=Address(street="rue de Genève", number="4"))


def person(**more: Any) -> Resident:
    return Resident(given_name="Odile", family_name="Kern", card_code="H-1", **more)


def here(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=PARIS)


def test_the_first_way_that_leads_to_the_person_is_taken() -> None:
    odile = person(
        phone=FIXED, email="o@k.fr", channel=Channel.EMAIL, channel_2=Channel.CALL, household=HOME
    )

    ways = [next_way(odile), next_way(odile, {Way.EMAIL}), next_way(odile, {Way.EMAIL, Way.CALL})]

    assert ways == [Way.EMAIL, Way.CALL, None]


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"channel": Channel.SMS, "phone": FIXED}, Way.CALL),  # it gets no text messages
        ({"channel": Channel.SMS, "phone": None}, Way.CALL),
        ({"channel": Channel.EMAIL, "no_mail_since": NOW.date(), "email": "o@k.fr"}, Way.CALL),
        ({"channel": Channel.LETTER, "household": None}, Way.CALL),
        ({"channel": Channel.LETTER, "household": HOME}, Way.LETTER),
        ({"channel": Channel.LETTER, "household": HOME, "state": ResidentState.LEFT}, Way.CALL),
    ],
)
def test_a_way_that_leads_nowhere_is_passed_over_and_nobody_is_forgotten(
    given: dict[str, Any], way: Way
) -> None:
    assert next_way(person(**given)) is way


def test_a_relative_gets_the_messages_while_they_live_here() -> None:
    marie = person(phone=MOBILE, channel=Channel.SMS)
    odile = person(contact_via=marie)

    before = receiver_of(odile)
    marie.state = ResidentState.LEFT

    assert before is marie
    assert receiver_of(odile) is odile


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-10-06 07:59:59", True),
        ("2026-10-06 08:00", False),
        ("2026-10-06 19:59:59", False),
        ("2026-10-06 20:00", True),
        ("2026-10-06 03:00", True),
    ],
)
def test_no_text_message_between_eight_and_eight(moment: str, quiet: bool) -> None:
    assert is_quiet(here(moment), USUAL, PARIS) is quiet


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-10-06 21:00", "2026-10-07 08:00"),
        ("2026-10-07 02:00", "2026-10-07 08:00"),
        ("2026-10-24 21:00", "2026-10-25 08:00"),  # the clock goes back that night
        ("2026-03-28 21:00", "2026-03-29 08:00"),  # and forward that one
        ("2026-10-06 12:00", "2026-10-06 12:00"),
    ],
)
def test_what_is_made_at_night_leaves_in_the_morning(moment: str, leaves: str) -> None:
    assert after_quiet(here(moment), USUAL, PARIS) == here(leaves)


def test_a_site_may_leave_sundays_alone() -> None:
    settings = Settings(quiet_sundays=True)

    assert after_quiet(here("2026-10-10 21:00"), settings, PARIS) == here("2026-10-12 08:00")
    assert after_quiet(here("2026-10-11 12:00"), settings, PARIS) == here("2026-10-12 08:00")


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = Settings(quiet_from=time(12), quiet_until=time(14))

    assert after_quiet(here("2026-10-06 13:00"), siesta, PARIS) == here("2026-10-06 14:00")
    assert not is_quiet(here("2026-10-06 23:00"), siesta, PARIS)


INSTANTS = some.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)


@given(INSTANTS, some.times(), some.times(), some.booleans())
def test_it_never_leaves_in_quiet_hours_whatever_they_are(
    moment: datetime, start: time, end: time, sundays: bool
) -> None:
    settings = Settings(quiet_from=start, quiet_until=end, quiet_sundays=sundays)

    leaves = after_quiet(moment, settings, PARIS)

    assert leaves >= moment
    assert not is_quiet(leaves, settings, PARIS)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("é" * 160, 1),  # a letter of the short alphabet
        ("€" * 80, 1),  # takes two places
        ("€" * 81, 2),
        ("ê" * 70, 1),  # a letter of no short alphabet: 70 places
        ("ê" * 71, 2),
        ("مرحبا" * 14, 1),
        ("😀" * 35, 1),  # takes two of the 70
        ("😀" * 36, 2),
        ("a" * 2000, 14),
        ("", 1),
    ],
)
def test_a_long_text_message_costs_several(words: str, parts: int) -> None:
    assert sms_parts(words) == parts


def test_typography_costs_nothing() -> None:
    words = "Votre vélo : l’accueil l’attend…"

    assert sms_parts(for_telephone(words)) == 1
    assert for_telephone("10\u202f€") == "10 €"


def test_each_try_comes_later_and_the_last_one_ends_it() -> None:
    waits = [again_after(tries, NOW) for tries in range(1, 7)]

    assert waits[-1] is None
    assert [each - NOW for each in waits if each] == list(AGAIN)
    assert sorted(AGAIN) == list(AGAIN)
    assert sum(AGAIN, timedelta()) < timedelta(hours=6)
