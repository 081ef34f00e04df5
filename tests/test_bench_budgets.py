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
    assert all(KINDS <= each.keys() <= KINDS | {"goal", "at_million"} for each in limits.values())
    assert all(limit > 0 for each in limits.values() for limit in each.values())


@pytest.mark.parametrize(
    ("residents", "wrong"),
    [(20_000, []), (999_999, []), (1_000_000, ["search, a name on sqlite"])],
)
def test_a_search_that_reads_every_row_is_over_its_budget_at_a_million(
    monkeypatch: pytest.MonkeyPatch, residents: int, wrong: list[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    bench = importlib.import_module("bench.run")
    measured = importlib.import_module("bench.measuring").Measured
    reads_all = measured(ours=130.0, raw=130.0)
    limits = bench.holding(bench.budgets(), residents)

    found = bench.over([("search, a name", "sqlite", reads_all)], limits)

    assert [each.partition(":")[0] for each in found] == wrong


def test_each_search_has_a_budget_that_only_an_index_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    limits = importlib.import_module("bench.run").budgets()

    searches = [each for line, each in limits.items() if line.startswith("search, ")]
    assert len(searches) == 3
    assert all(each["at_million"] < 1 for each in searches)


def test_what_all_services_cost_is_held_against_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    bench, services = (importlib.import_module(f"bench.{each}") for each in ("run", "services"))
    measured = importlib.import_module("bench.measuring").Measured
    found = [
        ("booking", "sqlite", measured(ours=13.0, raw=10.0)),
        ("sale", "sqlite", measured(ours=13.1, raw=10.0)),
    ]

    wrong = bench.dearer(found, services.LIMITS)

    assert list(services.LIMITS) == list(services.MEASURES)
    asking = {line for line, limit in services.LIMITS.items() if limit > services.MOST}
    assert asking == {"desk, page", "a resident's card, page"}
    assert [each.partition(":")[0] for each in wrong] == ["sale on sqlite with all services on"]
