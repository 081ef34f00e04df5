"""Rows of the law: the newest that holds on a day, of those that fit."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.dated import Rows

DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


class Rule(msgspec.Struct, frozen=True):
    kind: str
    valid_from: date


def rows(folder: Path, *told: tuple[str, date]) -> Rows[Rule]:
    written = (f'[[rule]]\nkind = "{kind}"\nvalid_from = {day}\n' for kind, day in told)
    file = folder / "rules.toml"
    file.write_text("".join(written), encoding="utf-8")
    return Rows(file, "rule", Rule)


@given(told=st.lists(st.tuples(st.sampled_from("ab"), DAYS), min_size=1), day=DAYS)
def test_the_newest_row_that_holds_and_fits_is_found(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, date]], day: date
) -> None:
    found = rows(tmp_path_factory.mktemp("law"), *told).on(day, lambda row: row.kind == "a")

    held = [since for kind, since in told if kind == "a" and since <= day]
    assert (found.valid_from if found else None) == max(held, default=None)


def test_before_the_first_nothing_holds(tmp_path: Path) -> None:
    law = rows(tmp_path, ("a", date(2026, 2, 1)), ("a", date(2025, 1, 1)))

    assert law.on(date(2024, 12, 31)) is None
    assert [each.valid_from.year for each in law.all] == [2025, 2026]
