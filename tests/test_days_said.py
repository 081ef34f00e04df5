"""How a day is said to its reader."""

from datetime import date

import pytest

from palier.text import Reader, read_by, say_date, show_day, show_full_day


@pytest.mark.parametrize(
    ("locale", "day", "said"),
    [
        ("fr", date(2027, 1, 1), "vendredi 1er janvier"),
        ("fr", date(2027, 5, 11), "mardi 11 mai"),
        ("fr", date(2027, 1, 31), "dimanche 31 janvier"),
        ("en", date(2027, 1, 1), "Friday 1 January"),
    ],
)
def test_the_first_of_a_month_has_its_own_word_in_french(locale: str, day: date, said: str) -> None:
    with read_by(Reader(locale, year=2027)):
        assert show_day(day) == said
        assert show_full_day(day) == f"{said} 2027"


def test_so_it_does_in_each_pattern_that_names_the_day() -> None:
    first = date(2027, 1, 1)

    with read_by(Reader("fr")):
        said = [say_date(first, pattern) for pattern in ("EEEE d", "d MMMM", "MMMM y")]
        assert said == ["vendredi 1er", "1er janvier", "janvier 2027"]
