"""Bars of a small chart, placed here so that the page only writes them; one scale for all of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH = 300, 114  # units of the drawing; the page gives it its size
LEFT, TOP, BOTTOM = 24, 8, 18
GAP = 0.2  # of a bar's place
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One hour: where its bar stands, and what it says."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    count: int
    high: bool  # the highest of its chart is drawn strong


@dataclass(frozen=True)
class Plot:
    """A chart, ready to be written. `top` is what the highest line stands for."""

    bars: tuple[Bar, ...]
    top: int
    base: float = HIGH - BOTTOM
    width: int = WIDE
    height: int = HIGH


def round_up(most: int) -> int:
    """Return the next round number of at least 5: 5, 10, 20, 50, 100 …"""
    size = 1
    while True:
        for step in STEPS:
            if size * step >= max(most, 5):
                return size * step
        size *= 10


def draw(counts: Sequence[int], labels: Sequence[str], top: int) -> Plot:
    """Return the bars of one chart on a scale up to `top`."""
    place = (WIDE - LEFT) / max(len(counts), 1)
    tall = HIGH - BOTTOM - TOP
    most = max(counts, default=0)
    bars = []
    for at, (count, label) in enumerate(zip(counts, labels, strict=True)):
        x, height = LEFT + at * place, tall * count / top
        bars.append(
            Bar(
                round(x + place * GAP / 2, 1),
                round(HIGH - BOTTOM - height, 1),
                round(place * (1 - GAP), 1),
                round(height, 1),
                round(x + place / 2, 1),
                label,
                count,
                high=count == most > 0,
            )
        )
    return Plot(tuple(bars), top)
