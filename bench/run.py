"""Measures Palier beside the bare drivers and holds the ratios to bench/budgets.toml."""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.measuring import Measured
    from bench.places import Place

BUDGETS = Path(__file__).with_name("budgets.toml")
MILLION = 1_000_000
KINDS = ("sqlite", "postgresql")
Budgets = Mapping[str, Mapping[str, float]]
Found = list[tuple[str, str, "Measured"]]


def measures() -> dict[str, Callable[["Place"], "Measured"]]:
    """Return every line with its function, in the table's order."""
    from bench import journal, lists, searching, starting, writes

    return {
        **lists.MEASURES,
        **searching.MEASURES,
        **writes.MEASURES,
        **journal.MEASURES,
        **starting.MEASURES,
    }


def budgets() -> Budgets:
    """Read the ratios that may not be exceeded, by line and database."""
    read: Budgets = tomllib.loads(BUDGETS.read_text("utf-8"))
    return read


def holding(limits: Budgets, residents: int) -> Budgets:
    """Return the budgets that hold at this size: `at_million`, where there is one, from a million on."""
    if residents < MILLION:
        return limits
    return {
        line: {**each, **dict.fromkeys(KINDS, each["at_million"])} if "at_million" in each else each
        for line, each in limits.items()
    }


def measured(kinds: list[str], only: str, residents: int) -> Iterator[tuple[str, str, "Measured"]]:
    """Yield line, database and figures, one database after the other."""
    from bench.filling import Size
    from bench.places import PLACES

    wanted = {line: work for line, work in measures().items() if only in line}
    for kind in kinds:
        print(f"{kind}: {residents:,} residents", file=sys.stderr)
        with (
            tempfile.TemporaryDirectory() as folder,
            PLACES[kind](Path(folder), Size(residents)) as place,
        ):
            for line, work in wanted.items():
                print(f"  {line}", file=sys.stderr)
                yield line, kind, work(place)


def table(found: Found, limits: Budgets) -> Any:
    """Return what is printed: each figure beside the raw one, the ratio beside its budget."""
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False)
    for heading in ("work", "database"):
        drawn.add_column(heading)
    for heading in ("Palier", "raw", "", "ratio", "budget", "goal", "own statements"):
        drawn.add_column(heading, justify="right" if heading else "left")
    for line, kind, each in found:
        limit, goal = (limits[line].get(name) for name in (kind, "goal"))
        style = "red" if limit is not None and each.ratio > limit else ""
        drawn.add_row(
            line, kind, _figure(each.ours), _figure(each.raw), each.unit, f"{each.ratio:.1f}",
            "" if limit is None else f"{limit:g}",
            "" if goal is None else f"{goal:g}",
            "" if each.same is None else f"{_figure(each.same)} ({each.ours / each.same:.1f})",
            style=style,
        )  # fmt: skip
    return drawn


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value >= 100 else f"{value:.3g}"


def beside(found: Found, limits: Mapping[str, float]) -> Any:
    """Return the second table: all services on beside one."""
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False)
    for heading in ("work", "database"):
        drawn.add_column(heading)
    for heading in ("all on", "one on", "", "ratio", "budget"):
        drawn.add_column(heading, justify="right" if heading else "left")
    for line, kind, each in found:
        drawn.add_row(
            line, kind, _figure(each.ours), _figure(each.raw), each.unit, f"{each.ratio:.2f}",
            f"{limits[line]:g}", style="red" if each.ratio > limits[line] else "",
        )  # fmt: skip
    return drawn


def dearer(found: Found, limits: Mapping[str, float]) -> list[str]:
    """Return a sentence for each line that all services on make too slow."""
    return [
        f"{line} on {kind} with all services on: {each.ratio:.2f} times what it is with one,"
        f" the budget is {limits[line]:g}"
        for line, kind, each in found
        if each.ratio > limits[line]
    ]


def over(found: Found, limits: Budgets) -> list[str]:
    """Return a sentence for each line that exceeds its budget."""
    return [
        f"{line} on {kind}: {each.ratio:.1f} times raw, the budget is {limits[line][kind]:g}"
        for line, kind, each in found
        if kind in limits[line] and each.ratio > limits[line][kind]
    ]


def main() -> int:
    """Measure, print, and return 1 when a line is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Fraction, default=Fraction(1, 50), help="1 is a million")
    parser.add_argument("--database", choices=KINDS, help="both by default")
    parser.add_argument("--only", default="", help="only the lines with this in their name")
    parser.add_argument("--part", choices=("raw", "services"), help="both tables by default")
    asked = parser.parse_args()
    kinds = [asked.database] if asked.database else list(KINDS)
    residents = max(1000, int(asked.scale * MILLION))
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    wrong = [
        words
        for part, run in (("raw", beside_raw), ("services", beside_one_service))
        if asked.part in {part, None}
        for words in run(kinds, asked.only, residents)
    ]
    for words in wrong:
        print(f"Over budget: {words}.", file=sys.stderr)
    return 1 if wrong else 0


def beside_raw(kinds: list[str], only: str, residents: int) -> list[str]:
    """Print Palier beside the bare drivers; return a sentence for each line over its budget."""
    limits = holding(budgets(), residents)
    found = sorted(measured(kinds, only, residents), key=_place_of)
    _show(table(found, limits))
    return over(found, limits)


def beside_one_service(kinds: list[str], only: str, residents: int) -> list[str]:
    """Print all services on beside one; return a sentence for each line over its budget."""
    from bench import services
    from bench.filling import Size

    found: Found = []
    for kind in kinds:
        print(f"{kind}: all services on", file=sys.stderr)
        found.extend(services.measured(kind, only, Size(residents)))
    _show(beside(found, services.LIMITS))
    return dearer(found, services.LIMITS)


def _show(drawn: Any) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 130).print(drawn)


def _place_of(row: tuple[str, str, "Measured"]) -> int:
    return list(measures()).index(row[0])


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # so that `bench` is found
    sys.exit(main())
