"""The rules of wishes and workshops: no database, no server."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from palier.api import Minutes
from palier_workshops import rules
from palier_workshops.models import Band, Sex

TODAY = date(2026, 10, 6)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wish 12 +9", (12, 9)),
        ("w12+9", (12, 9)),
        ("V12+9", (12, 9)),
        ("vœu 12", (12, None)),
        ("w012", (12, None)),
    ],
)
def test_a_wish_is_typed_with_its_households(typed: str, meant: tuple[int, int | None]) -> None:
    assert rules.read_typed(typed) == meant


@pytest.mark.parametrize(
    "typed", ["12+9", "w", "w0", "w12+0", "w12+", "walk", "V07", "v7", "V07B", "w12-9"]
)
def test_another_code_is_no_wish(typed: str) -> None:
    assert rules.read_typed(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("f40 f60", [(Sex.WOMAN, Band.MIDDLE), (Sex.WOMAN, Band.OLDER)]),
        ("F4F6", [(Sex.WOMAN, Band.MIDDLE), (Sex.WOMAN, Band.OLDER)]),
        ("h 7, x", [(Sex.MAN, Band.OLD), (Sex.NOT_SAID, Band.NOT_SAID)]),
        ("a0 m83", [(Sex.OTHER, Band.CHILD), (Sex.MAN, Band.OLD)]),
        ("w25 w26", [(Sex.WOMAN, Band.GROWN), (Sex.WOMAN, Band.ADULT)]),
    ],
)
def test_people_without_names_are_keyed_by_letter_and_age(
    typed: str, meant: list[tuple[Sex, Band]]
) -> None:
    assert list(rules.read_heads(typed)) == meant


@pytest.mark.parametrize("typed", ["40", "z40", "f1", "f40 q", "f-4"])
def test_what_is_not_understood_is_refused(typed: str) -> None:
    with pytest.raises(rules.NotHeads) as refusal:
        list(rules.read_heads(typed))

    assert refusal.value.field == "heads"


def test_the_usual_start_is_the_first_usual_day_after_the_notice() -> None:
    assert rules.usual_start(TODAY, rules.Settings()) == datetime(2026, 10, 22, 14)  # noqa: DTZ001


def test_a_workshop_lasts_as_long_in_the_night_in_which_clocks_go_back() -> None:
    zone = ZoneInfo("Europe/Paris")
    late = datetime(2026, 10, 25, 1, 30, tzinfo=zone)

    ends = rules.end_of(late, Minutes(120))

    assert ends.astimezone(zone).strftime("%H:%M") == "02:30"


def test_voters_come_first_until_the_day_before_at_the_latest() -> None:
    assert rules.first_until(TODAY, date(2026, 10, 22), 7) == date(2026, 10, 13)
    assert rules.first_until(TODAY, date(2026, 10, 9), 7) == date(2026, 10, 8)
    assert rules.first_until(TODAY, TODAY, 7) is None
    assert rules.first_until(TODAY, date(2026, 10, 22), 0) is None
