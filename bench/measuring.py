"""Ours and raw by turns, and the middle of each: both see the same disturbances."""

import resource
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


MOST = 50  # repeats of a short work in one turn
FEWEST = 8  # calm turns of each work under which all turns count


def spent(work: Work, turn: int, repeats: int = 1) -> float:
    """Return the milliseconds that one turn takes; of several repeats, the mean."""
    begun = perf_counter()
    for _each in range(repeats):
        work(turn)
    return (perf_counter() - begun) * 1000 / repeats


class Turns:
    """The times of one work; a turn in which the machine took the core away is marked."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.repeats = 1
        self.times: list[tuple[float, bool]] = []

    def take(self, turn: int) -> None:
        """Do it once, and note whether it was left alone."""
        before = _taken_away()
        took = spent(self.work, turn, self.repeats)
        self.times.append((took, _taken_away() == before))

    @property
    def calm(self) -> list[float]:
        """The turns in which the machine left it alone."""
        return [took for took, left_alone in self.times if left_alone]

    @property
    def every(self) -> list[float]:
        """All turns."""
        return [took for took, _left_alone in self.times]


def _taken_away() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw


def by_turns(
    works: tuple[Work, ...], times: int, warm: int = 3, *, reads: bool = False
) -> tuple[float, ...]:
    """Run the works one after the other, `times` turns, and return each one's median.

    The first `warm` turns fill the caches and are not counted. A later work may use what an
    earlier one left in the same turn. Where they only read, a short work is repeated until it
    lasts as long as the longest, so that a busy machine disturbs both alike.
    """
    first = [[spent(work, turn) for work in works] for turn in range(warm)]
    found = [Turns(work) for work in works]
    if reads:
        least = [min(of_one) for of_one in zip(*first, strict=True)]
        for each, took in zip(found, least, strict=True):
            each.repeats = min(MOST, max(1, round(max(least) / took)))
    for turn in range(warm, warm + times):
        for each in found:
            each.take(turn)
    # Of one the calm turns and of another all of them would be no comparison.
    alike = all(len(each.calm) >= FEWEST for each in found)
    return tuple(statistics.median(each.calm if alike else each.every) for each in found)
