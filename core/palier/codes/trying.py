"""What a scan of a test says of the scanner. No database."""

import enum
from dataclasses import dataclass

from palier.codes.keyboard import Keyboard, meant
from palier.codes.reading import (
    GS,
    LONGEST,
    Kind,
    Reading,
    cleaned,
    looks_misread,
    normalise_scan,
    without_symbology,
)


class Trial(enum.Enum):
    """The codes of the test sheet, each for one thing that may go wrong."""

    DIGITS = "2012345678903"  # EAN-13 of a shop's own range, with all ten digits
    LETTERS = "H-MQWZ2589"  # the letters that other keyboards have elsewhere, and a dash
    POST = "RR123456785FR"
    SEPARATOR = f"010201234567890310AB12{GS}3075"
    SQUARES = "H-KWZQ4673"  # drawn as QR, like member cards

    @property
    def is_squares(self) -> bool:
        """Whether only a scanner that reads pictures can read it."""
        return self is Trial.SQUARES


class Trouble(enum.Enum):
    """What to mend: in the scanner, or on the computer."""

    OTHER_KEYS = "other_keys"
    LOCKED = "locked"
    NO_SEPARATOR = "no_separator"
    NO_ENTER = "no_enter"
    SLOW = "slow"
    MISREAD = "misread"
    UNKNOWN = "unknown"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came: the code, which trial it is if it is one, and what to mend, worst first.

    `is_read`: Palier takes it for the code that is printed, though something is to be mended.
    """

    code: str
    trial: Trial | None
    is_read: bool
    troubles: tuple[Trouble, ...]


def judge(typed: str, *, ended: bool = True, slow: bool = False, locked: bool = False) -> Verdict:
    """Say how a scanner read a code, one of the test sheet or any other.

    `ended`: Enter came behind it; `slow`: keys came no faster than a person's; `locked`: the
    computer said that its capital lock was on.
    """
    text = cleaned(typed)
    if len(text) > LONGEST:
        return Verdict("", None, is_read=False, troubles=(Trouble.TOO_LONG,))
    readings = normalise_scan(typed)
    best = next((each for each in readings if each.kind is not None), readings[0])
    trial, keyboard = _trial_of(text) or (None, best.keyboard)
    strange = trial is None and best.kind is None
    found = [
        (Trouble.MISREAD, strange and looks_misread(text)),
        (Trouble.UNKNOWN, strange and not looks_misread(text)),
        (Trouble.LOCKED, locked or keyboard in _LOCKED or _is_small(text, best)),
        (Trouble.OTHER_KEYS, keyboard in _OTHER and not (locked and _is_lock_alone(text, best))),
        (Trouble.NO_SEPARATOR, trial is Trial.SEPARATOR and GS not in best.code),
        (Trouble.NO_ENTER, not ended),
        (Trouble.SLOW, slow),
    ]
    is_read = best.kind is not None and (trial is None or _same(best.code, trial.value))
    troubles = tuple(each for each, is_so in found if is_so)
    return Verdict(best.code, trial, is_read, troubles)


_LOCKED = {Keyboard.LOCKED, Keyboard.AZERTY_LOCKED}
_OTHER = {Keyboard.AZERTY, Keyboard.AZERTY_LOCKED}
# None is a lock that turns letters alone. The likeliest first: some codes fit several.
_IN_TURN = (Keyboard.RIGHT, Keyboard.AZERTY, Keyboard.LOCKED, None, Keyboard.AZERTY_LOCKED)


def _trial_of(text: str) -> tuple[Trial, Keyboard] | None:
    """Return which code of the sheet this is, and through which keys it came."""
    for keyboard in _IN_TURN:
        sent = meant(text, keyboard) if keyboard else text.swapcase()
        for trial in Trial:
            if _same(cleaned(sent), trial.value):
                return trial, keyboard or Keyboard.LOCKED
    return None


def _same(code: str, printed: str) -> bool:
    """Whether these are the signs that are printed; the kind of barcode may stand in front."""
    return without_symbology(code).replace(GS, "") == printed.replace(GS, "")


def _is_small(text: str, read: Reading) -> bool:
    """Whether a code of capitals came in small letters: by hand, or with the capital lock on."""
    if read.kind in {None, Kind.ELEMENTS} or read.keyboard is not Keyboard.RIGHT:
        return False
    plain = without_symbology(text)
    return plain != plain.upper()


def _is_lock_alone(text: str, read: Reading) -> bool:
    """Whether the lock explains it all: digits alone can't tell it from other keys."""
    return cleaned(meant(text, Keyboard.LOCKED)).upper() == read.code
