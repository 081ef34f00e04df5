"""One class for each kind of value: widget, parser, JSON, how it is shown. Forms know no more."""

from palier.values.base import CannotRead, Tickbox, Unseen, Value, Words, is_id
from palier.values.numbers import Euros, Lasting, Weight, Whole
from palier.values.times import Day, Hour, Moment

__all__ = [
    "CannotRead",
    "Day",
    "Euros",
    "Hour",
    "Lasting",
    "Moment",
    "Tickbox",
    "Unseen",
    "Value",
    "Weight",
    "Whole",
    "Words",
    "is_id",
]
