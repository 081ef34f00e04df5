"""In-store barcodes: 13 digits that carry an item with its weight, its price or its count.

What stands behind the prefix is chosen by each shop and its scale, so it is a setting of the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from palier.api import Refused, _

# GS1 General Specifications, 7.9: weighted products of the check digit inside a price or a weight.
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)
_OF_FIVE = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)


class Layout(StrEnum):
    """What a prefix is followed by."""

    WEIGHT = "weight_g"
    PRICE = "price_cents"
    PRICE_CHECKED = "price_cents_pv"
    WEIGHT_CHECKED = "weight_g_pv"
    COUNT = "count"


class LabelMisread(Refused):
    text = _("This label was misread: its check digit does not fit. Scan it again.")
    field = "reading"


class LabelUnknown(Refused):
    text = _("No scale here prints labels that begin with %(prefix)s. Weigh it instead.")
    field = "reading"


@dataclass(frozen=True)
class Label:
    """What a label says: one of grams, cents, count is not None."""

    item: str
    grams: int | None = None
    cents: int | None = None
    count: int | None = None


def is_label(code: str) -> bool:
    """Whether it is an in-store number: 13 digits from 02 or 20 to 29, no product of the world."""
    return len(code) == 13 and code.isascii() and code.isdigit() and code.startswith(("2", "02"))


def read_label(code: str, layouts: Mapping[str, Layout]) -> Label:
    """Return what a label says. Raises `LabelUnknown` for a prefix, `LabelMisread` for a digit."""
    layout = layouts.get(code[:2])
    if layout is None:
        raise LabelUnknown(prefix=code[:2])
    if int(code[12]) != check_digit(code[:12]):
        raise LabelMisread
    if layout is Layout.COUNT:
        return Label(code[2:8], count=int(code[8:12]))
    item, value = code[2:7], code[7:12]
    if layout in {Layout.PRICE_CHECKED, Layout.WEIGHT_CHECKED}:
        item = code[2:6]
        if int(code[6]) != verifier(value):
            raise LabelMisread
    if layout in {Layout.WEIGHT, Layout.WEIGHT_CHECKED}:
        return Label(item, grams=int(value))
    return Label(item, cents=int(value))


def check_digit(digits: str) -> int:
    """Return the GS1 check digit behind twelve digits."""
    total = sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(digits))
    return -total % 10


def verifier(five: str) -> int:
    """Return the digit that proves five digits of a price or a weight inside the code."""
    total = sum(table[int(each)] for table, each in zip(_OF_FIVE, five, strict=True))
    return _FIVE_MINUS.index(-total % 10)
