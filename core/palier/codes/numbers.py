"""Numbers that others print: parcels, letters, products; a check digit says that they are whole."""

import re

from stdnum import ean

from palier.text import babel_locale

_S10 = re.compile(r"(?:A[V-Z]|G[AD]|Q[A-M]|[B-EHL-PRUVZ][A-Z])([0-9]{8})([0-9])([A-Z]{2})")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_DOMESTIC = re.compile(r"[0-9][A-Z]([0-9]{10})([0-9])")
_DIGITS = re.compile(r"[0-9]+")
_GTIN = {8, 12, 13, 14}
# GS1's own set of 82 signs, and the separator between elements whose length is not fixed.
_ELEMENTS = re.compile(r"[!-\"%-?A-Z_a-z\x1d]*")
_LONGEST_ELEMENTS = 120


def is_s10(number: str) -> bool:
    """Whether it is a postal item's number of the world's posts, as in RR473124829FR.

    UPU standard S10: service, eight digits, check digit, country. Letters J, K, S, T and W are
    kept for later.
    """
    found = _S10.fullmatch(number)
    if found is None or found[3] not in babel_locale("en").territories:
        return False
    total = sum(int(a) * b for a, b in zip(found[1], _S10_WEIGHTS, strict=True))
    check = 11 - total % 11
    return int(found[2]) == {10: 0, 11: 5}.get(check, check)


def is_domestic(number: str) -> bool:
    """Whether it looks like a parcel of the French post, as in 8L20524752032.

    The check digit was read in one program of 2012, not in a standard: never refuse by it.
    """
    found = _DOMESTIC.fullmatch(number)
    return found is not None and _checks(found[1] + found[2])


def is_sscc(number: str) -> bool:
    """Whether it is a logistic unit's number: 18 digits, GS1 modulo 10; or these behind (00)."""
    plain = number.removeprefix("00") if len(number) == 20 else number
    return len(plain) == 18 and _checks(plain)


def is_gtin(number: str) -> bool:
    """Whether it is a product's number of 8, 12, 13 or 14 digits, GS1 modulo 10."""
    return len(number) in _GTIN and _checks(number)


def is_element_string(text: str) -> bool:
    """Whether it is a GS1 text that begins with a unit's (00) or a product's number (01).

    Their check digit proves the keyboard; the elements behind it are not read here.
    """
    if len(text) > _LONGEST_ELEMENTS or not _ELEMENTS.fullmatch(text):
        return False
    lengths = {"00": 18, "01": 14, "02": 14}
    length = lengths.get(text[:2], 0)
    first = text[2 : 2 + length]
    return len(first) == length > 0 and _checks(first)


def _checks(digits: str) -> bool:
    """Whether the last digit is the GS1 check digit of those before it."""
    return bool(_DIGITS.fullmatch(digits)) and ean.calc_check_digit(digits[:-1]) == digits[-1]
