"""Ours and raw by turns, and the middle of each: both see the same disturbances."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

Work = Callable[[int], object]


@dataclass(frozen=True)
class Measured:
    """What one line came to, in its unit: milliseconds, but for memory. `same` is the work's own
    statements sent raw, where `raw` is one statement only.
    """

    ours: float
    raw: float
    same: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many times the raw figure ours is."""
        return self.ours / self.raw


def spent(work: Work, turn: int) -> float:
    """Return the milliseconds that one turn takes."""
    begun = perf_counter()
    work(turn)
    return (perf_counter() - begun) * 1000


def by_turns(works: tuple[Work, ...], times: int, warm: int = 3) -> tuple[float, ...]:
    """Run the works one after the other, `times` turns, and return each one's median.

    The first `warm` turns fill the caches and are not counted. A later work may use what an
    earlier one left in the same turn.
    """
    found: list[list[float]] = [[] for _each in works]
    for turn in range(warm + times):
        for place, work in enumerate(works):
            took = spent(work, turn)
            if turn >= warm:
                found[place].append(took)
    return tuple(statistics.median(each) for each in found)
