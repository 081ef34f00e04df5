"""The budgets name what `make bench` measures, line by line."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KINDS = {"sqlite", "postgresql"}


def test_budgets_name_exactly_the_lines_that_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    bench = importlib.import_module("bench.run")

    measured = list(bench.measures())
    limits = bench.budgets()

    assert list(limits) == measured
    assert all(KINDS <= each.keys() <= KINDS | {"goal"} for each in limits.values())
    assert all(limit > 0 for each in limits.values() for limit in each.values())
