"""What came into the scan field, and the codes that it may stand for."""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from palier.codes import own
from palier.codes.keyboard import Keyboard, meant
from palier.codes.numbers import is_domestic, is_element_string, is_gtin, is_s10, is_sscc

LONGEST = 200  # no code is longer; what is beyond was never meant for this field
GS = "\x1d"  # the group separator of GS1, in barcodes FNC1

# How scanners and programs write a group separator where a keyboard has no key for it.
_SEPARATORS = re.compile(r"<GS>|\{GS\}|\[GS\]|\^\]|\\x1d|\\u001d|\\029|%1d|\u241d", re.IGNORECASE)
# What a scanner may put before a code: the kind of barcode, as AIM's list names it ("]C1", "]d2").
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BETWEEN = re.compile(r"[\s-]+")
# A tag has nothing to prove it: through other keys it is one only as a scanner writes it.
_SCANNED_TAG = re.compile(r"[A-Z]{1,3}-?[0-9]{2,6}")
_DIGIT_KEYS = frozenset("&é\"'(-è_çà")
_MANY = 4  # fewer may stand in a name
_CAPITAL_ACCENT = re.compile(r"[ÉÈÇÀ]")


class Kind(enum.Enum):
    """What proves that a text is a code: its shape, or its check digit."""

    CARD = "card"
    HOUSEHOLD = "household"
    BOOKING = "booking"
    RECEIPT = "receipt"
    POSTAL = "postal"
    DOMESTIC = "domestic"
    UNIT = "unit"
    PRODUCT = "product"
    ELEMENTS = "elements"
    SLIP = "slip"
    TAG = "tag"


# In this order: the first that fits is what it is.
_SHAPES = {
    Kind.CARD: own.CARD,
    Kind.HOUSEHOLD: own.HOUSEHOLD,
    Kind.BOOKING: own.BOOKING,
    Kind.RECEIPT: own.RECEIPT,
}
_NUMBERS = {
    Kind.POSTAL: is_s10,
    Kind.DOMESTIC: is_domestic,
    Kind.UNIT: is_sscc,
    Kind.PRODUCT: is_gtin,
}
_OTHERS = (Keyboard.AZERTY, Keyboard.AZERTY_LOCKED, Keyboard.LOCKED)
_LOOSE = {Kind.TAG: own.TAG, Kind.SLIP: own.SLIP}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed. `kind` is None for what nothing proves to be a code."""

    code: str
    kind: Kind | None = None
    keyboard: Keyboard = Keyboard.RIGHT


def cleaned(typed: str) -> str:
    """Return what was typed without the signs that scanners and pasting leave around it.

    Every control and invisible sign goes but the group separator, however it was written.
    """
    marked = _SEPARATORS.sub(GS, typed)
    return "".join(each for each in marked if each.isprintable() or each == GS).strip()


def normalise_scan(typed: str) -> tuple[Reading, ...]:
    """Return the ways to read a scan, the one as typed first.

    A scanner set to QWERTY that types on an AZERTY computer writes `RR473124829FR` as
    `RR'è"&é'_éçFR`: such a text is also read through those keys, but only where it then is a code
    with a right check digit or the shape of one of ours. So a name stays a name. Where the text
    as typed is a code already, there is no other reading. Pure: it knows no database.
    """
    text = cleaned(typed)
    if not text or len(text) > LONGEST:
        return (Reading(text),)
    as_typed = Reading(without_symbology(text))
    if (known := _read(text, Keyboard.RIGHT)) is not None:
        return (as_typed, known) if known.code != as_typed.code else (known,)
    return (as_typed, *_through_other_keys(text))


def likely(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Return the codes in the order in which they are worth asking about: proven ones first."""
    proven = [each.code for each in readings if each.kind is not None]
    plain = [each.code for each in readings if each.kind is None and each.code]
    return tuple(each for each in dict.fromkeys((*proven, *plain)) if len(each) <= LONGEST)


def looks_misread(text: str) -> bool:
    """Whether an unknown text is mostly signs of the row of digits on an AZERTY keyboard."""
    signs = sum(each in _DIGIT_KEYS for each in text)
    return signs >= _MANY and signs * 2 > len(text)


def _through_other_keys(text: str) -> Iterator[Reading]:
    """Yield what it was through other keys: as it is printed, in capitals, where one is that."""
    found = [each for each in map(partial(_through, text), _OTHERS) if each is not None]
    printed = [reading for reading, as_printed in found if as_printed]
    by_lock = [each for each in printed if each.keyboard is Keyboard.LOCKED]
    others = [each for each in printed if each.keyboard is not Keyboard.LOCKED]
    yield from others or by_lock or (each for each, _small in found)


def _through(text: str, keyboard: Keyboard) -> tuple[Reading, bool] | None:
    """Return the code, and whether no small letter had to become a capital for it."""
    sent = cleaned(meant(text, keyboard))
    found = _read(sent, keyboard)
    if found is None:
        return None
    if found.kind is Kind.TAG and not _is_scanned_tag(text, sent, keyboard):
        return None
    plain = without_symbology(sent)
    return found, found.kind is Kind.ELEMENTS or plain == plain.upper()


def _is_scanned_tag(text: str, sent: str, keyboard: Keyboard) -> bool:
    """Whether a tag came as a scanner sends it: "Vàè" is V07, "Zoé" and "JOSé" are people.

    With the capital lock on it is "vàè", which a name may begin with: that is nobody's tag.
    """
    if keyboard is Keyboard.LOCKED or _CAPITAL_ACCENT.search(text):
        return False
    return _SCANNED_TAG.fullmatch(sent) is not None


def _read(text: str, keyboard: Keyboard) -> Reading | None:
    """Return the text as the code that it is, in its one spelling."""
    plain = without_symbology(text).strip(GS)
    upper = plain.upper()
    for kind, shape in _SHAPES.items():
        if shape.fullmatch(upper):
            return Reading(upper, kind, keyboard)
    close = _BETWEEN.sub("", upper)
    for kind, proves in _NUMBERS.items():
        if proves(close):
            return Reading(close, kind, keyboard)
    if is_element_string(plain):
        return Reading(plain, Kind.ELEMENTS, keyboard)
    for kind, shape in _LOOSE.items():
        if shape.fullmatch(upper):
            return Reading(upper, kind, keyboard)
    return None


def without_symbology(text: str) -> str:
    """Return a text without the kind of barcode that a scanner may put in front."""
    found = _SYMBOLOGY.match(text)
    return text[found.end() :] if found else text
