"""What is written on a product: its code on the order form, its number on the scale's labels."""

import re

from palier.api import Choice, Refused, _

from .allergens import BARRED

_CODE = re.compile(r"[a-z0-9]{1,8}")
_ITEM = re.compile(r"[0-9]{4,6}")


class NotACode(Refused):
    text = _("A code has letters and digits alone, 8 at most: %(given)s is none.")
    field = "code"


class NotAnItem(Refused):
    text = _("The number on a scale's label has 4 to 6 digits: %(given)s is none.")
    field = "item"


class BarredFromLooseSale(Refused):
    text = _("%(goods)s may never be sold loose. Sell it packed, by the piece, or not at all.")
    field = "goods"


def read_code(given: str) -> str:
    """Return a product's code in small letters. Raises `NotACode`."""
    code = given.strip().lower()
    if not _CODE.fullmatch(code):
        raise NotACode(given=given)
    return code


def read_item(given: str) -> str:
    """Return the digits of a scale's label. Raises `NotAnItem`."""
    digits = given.strip()
    if not _ITEM.fullmatch(digits):
        raise NotAnItem(given=given)
    return digits


def check_loose(goods: Choice | None, *, loose: bool) -> None:
    """Raise `BarredFromLooseSale` for what the law bars from it (Consumer code D120-7)."""
    if loose and goods in BARRED:
        raise BarredFromLooseSale(goods=goods.label if goods else "")
