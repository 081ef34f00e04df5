"""Keyboards: what a scanner set to one of them writes on a computer set to another."""

import enum

# The keys of a PC from the top left to the bottom right, first alone, then with the shift key.
_QWERTY = r"`1234567890-=qwertyuiop[]asdfghjkl;'\zxcvbnm,./"
_QWERTY_SHIFT = r'~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>?'
_AZERTY = "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!"
_AZERTY_SHIFT = "~1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§"
# Where the capital lock makes capitals of accents, they are still these keys.
_CAPITALS = {"É": "2", "È": "7", "Ç": "9", "À": "0"}

_WRITTEN = str.maketrans(_QWERTY + _QWERTY_SHIFT, _AZERTY + _AZERTY_SHIFT)
_WRITTEN_LOCKED = str.maketrans(_QWERTY + _QWERTY_SHIFT, _AZERTY_SHIFT + _AZERTY)
_TURNED = str.maketrans(_AZERTY + _AZERTY_SHIFT, _AZERTY_SHIFT + _AZERTY)


class Keyboard(enum.Enum):
    """Through which keys a text came: the right ones, or AZERTY where QWERTY was meant."""

    RIGHT = "right"
    AZERTY = "azerty"
    AZERTY_LOCKED = "azerty_locked"  # the same, with the capital lock on
    LOCKED = "locked"  # AZERTY was meant, but the capital lock was on


_MEANT = {
    Keyboard.AZERTY: str.maketrans(
        _AZERTY + _AZERTY_SHIFT + "".join(_CAPITALS),
        _QWERTY + _QWERTY_SHIFT + "".join(_CAPITALS.values()),
    ),
    Keyboard.AZERTY_LOCKED: str.maketrans(_AZERTY_SHIFT + _AZERTY, _QWERTY + _QWERTY_SHIFT),
    Keyboard.LOCKED: str.maketrans(
        _AZERTY + _AZERTY_SHIFT + "".join(_CAPITALS),
        _AZERTY_SHIFT + _AZERTY + "".join(_CAPITALS.values()),
    ),
}


def written(code: str, *, locked: bool = False) -> str:
    """Return what a QWERTY scanner writes for a code on an AZERTY computer.

    `locked` is with the capital lock on, which turns the row of digits too, as on Windows.
    """
    return code.translate(_WRITTEN_LOCKED if locked else _WRITTEN)


def locked(code: str) -> str:
    """Return what a scanner set to AZERTY writes on such a computer with the capital lock on.

    As on Windows, where the lock turns the row of digits too: "V07" is "vàè".
    """
    return code.translate(_TURNED)


def meant(text: str, keyboard: Keyboard) -> str:
    """Return what the scanner sent, had this text come through these keys."""
    return text.translate(_MEANT[keyboard]) if keyboard in _MEANT else text
