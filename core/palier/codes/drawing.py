"""Codes as they are printed: bars that every scanner reads, and QR for those that read pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from palier.codes.reading import GS

# Code 128 (ISO/IEC 15417): for each sign the widths of three bars and the spaces between them.
_TABLE = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
"""
_START, _FNC1, _STOP = 104, 102, "2331112"
_TALL = 40  # modules; a hand that holds the scanner a little askew still crosses every bar
_QUIET_BARS, _QUIET_SQUARES = 10, 4  # white around the code, in modules: the standards' own


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code as dark shapes of one path, on a ground of `wide` by `high` modules."""

    wide: int
    high: int
    path: str

    @property
    def svg(self) -> str:
        """The whole picture, black on white."""
        size = f'viewBox="0 0 {self.wide} {self.high}"'
        ground = f'<path fill="#fff" d="M0 0h{self.wide}v{self.high}H0z"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} shape-rendering="crispEdges">'
            f'{ground}<path d="{self.path}"/></svg>'
        )


def bars(code: str) -> Drawn:
    """Return a code as Code 128, with a group separator as GS1-128 has it (FNC1, first and inside).

    Raises `ValueError` for what is not plain ASCII: no keyboard has it either.
    """
    widths = [int(each) for sign in _signs(code) for each in _widths()[sign]]
    widths += [int(each) for each in _STOP]
    edges = [_QUIET_BARS]
    for each in widths:
        edges.append(edges[-1] + each)
    dark = list(pairwise(edges))[::2]
    path = "".join(f"M{start} 0h{end - start}v{_TALL}h-{end - start}z" for start, end in dark)
    return Drawn(edges[-1] + _QUIET_BARS, _TALL, path)


def squares(code: str) -> Drawn:
    """Return a code as QR, readable with an eighth of it gone (error correction M)."""
    import segno

    rows = segno.make(code, error="m", micro=False, boost_error=False).matrix
    size = len(rows) + 2 * _QUIET_SQUARES
    path = "".join(
        f"M{x} {y}h{wide}v1h-{wide}z"
        for y, row in enumerate(rows, _QUIET_SQUARES)
        for x, wide in _runs(row)
    )
    return Drawn(size, size, path)


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    at = _QUIET_SQUARES
    for dark, some in groupby(row):
        wide = len(list(some))
        if dark:
            yield at, wide
        at += wide


def _signs(code: str) -> list[int]:
    """Return the signs in set B, with the first and the check sign."""
    text = f"{GS}{code}" if GS in code else code
    found = [_START, *map(_sign, text)]
    check = found[0] + sum(place * sign for place, sign in enumerate(found[1:], 1))
    return [*found, check % 103]


def _sign(letter: str) -> int:
    if letter == GS:
        return _FNC1
    if not " " <= letter <= "\x7f":
        raise ValueError("Code 128 here takes plain ASCII only")
    return ord(letter) - 32


@cache
def _widths() -> tuple[str, ...]:
    return tuple(_TABLE.split())
