"""Our own codes: how they are made, and how they are told from names.

None has a check digit: a printed code proves itself, and a typed one that is wrong by a sign meets
another's household once in forty thousand times, another's card once in ten million, and then
shows whose it is.
"""

import re
import secrets

# No letter or digit that is taken for another when it is read aloud or written by hand.
SIGNS = "23456789BCDFGHJKMNPQRTVWXZ"

CARD = re.compile(rf"H-[{SIGNS}]{{8}}")
HOUSEHOLD = re.compile(rf"F-[{SIGNS}]{{6}}")
BOOKING = re.compile(rf"B-[{SIGNS}]{{7}}")
RECEIPT = re.compile(
    r"(?P<register>[A-Z0-9]+(?:-[A-Z0-9]+)*)-(?P<year>[0-9]{4})-(?P<count>[0-9]{6,})"
)
SLIP = re.compile(r"[A-Z][A-Z0-9_]*-[1-9][0-9]{0,17}")  # a table's name and a record's number
TAG = re.compile(r"[A-Z]{1,4}-?[0-9]{1,6}")


def new_card_code() -> str:
    """Return a card's code, "H-4TRX92QB": no count, so that nobody guesses a neighbour's."""
    return _new("H", 8)


def new_household_code() -> str:
    """Return a code that two desks never make at once: "F-7KM3XP", one in 309 million."""
    return _new("F", 6)


def new_booking_code() -> str:
    """Return what stands on a booking's slip: "B-7KM3XPQ"."""
    return _new("B", 7)


def _new(letter: str, signs: int) -> str:
    return f"{letter}-{''.join(secrets.choice(SIGNS) for _each in range(signs))}"
