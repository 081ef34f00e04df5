"""Numbers: whole ones, euros, kilograms, hours and minutes."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from babel.numbers import NumberFormatError, parse_decimal

from palier.context import Context
from palier.text import (
    Cents,
    Grams,
    Minutes,
    Money,
    Text,
    _,
    babel_locale,
    reader,
    show,
    show_minutes,
    show_weight,
)
from palier.values.base import CannotRead, Value

LARGEST = 15  # digits before the sign of decimals
HOURS_OF_A_DAY = 24
MINUTES_OF_AN_HOUR = 60


class Whole(Value):
    """A whole number."""

    widget = "integer"
    shown_as = "number"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a whole number, with or without the language's group signs."""
        number = number_in(typed)
        if number != number.to_integral_value():
            raise CannotRead(_("Type a whole number, for instance 3."))
        return int(number)

    def from_json(self, given: object, desk: Context) -> object:
        """Take an integer; true is none."""
        if not isinstance(given, int) or isinstance(given, bool):
            raise CannotRead(_("Send a whole number here."))
        return given

    def checked(self, stored: object) -> object:
        """Hold least and most, and what a column can hold."""
        number = int(str(int(stored)))  # type: ignore[call-overload]  # always an int here
        least, most = self.asked.min, self.asked.max
        if least is not None and number < least:
            raise CannotRead(_("At least %(least)s.").fill(least=self.shown(least)))
        if most is not None and number > most:
            raise CannotRead(_("At most %(most)s.").fill(most=self.shown(most)))
        if abs(number) > 2_000_000_000:
            raise CannotRead(_("This number is too large."))
        return stored

    def shown(self, stored: object) -> Text | str:
        """Say the number; a year has no group sign."""
        is_year = (self.asked.min or 0) >= 1000 and (self.asked.max or 10_000) < 10_000
        return str(stored) if is_year and stored is not None else show(stored)


class Euros(Whole):
    """An amount: typed as "2,40", sent as 240 cents."""

    widget = "money"
    shown_as = "money"

    def from_form(self, typed: str, desk: Context) -> object:
        """Read an amount in euros."""
        euros = number_in(typed.replace("€", ""))
        cents = euros * 100
        # "1,200" is 1.20 to one reader and 1200 to another: nobody is charged a guess.
        if _decimals(euros) > 2 or cents != cents.to_integral_value():
            raise CannotRead(_("Type an amount with two decimals, for instance 2.40."))
        return Cents(int(cents))

    def to_form(self, stored: object) -> str:
        """Write the amount as the language does, without the sign."""
        if stored is None:
            return ""
        amount = f"{Decimal(int(str(stored))) / 100:.2f}"
        return amount.replace(".", ",") if reader().locale.startswith("fr") else amount

    def shown(self, stored: object) -> Text | str:
        """Say the amount with its sign, or the word for nothing to pay."""
        if stored == 0 and self.asked.nothing is not None:
            return self.asked.nothing
        return "" if stored is None else show(Money(int(str(stored))))


class Weight(Whole):
    """A weight: typed in kilograms, sent in grams."""

    widget = "grams"
    shown_as = "number"

    def to_form(self, stored: object) -> str:
        """Write the kilograms as the language does, without the sign."""
        if stored is None:
            return ""
        kilograms = f"{Decimal(int(str(stored))) / 1000:f}"
        return kilograms.replace(".", ",") if reader().locale.startswith("fr") else kilograms

    def shown(self, stored: object) -> Text | str:
        """Say the kilograms with their sign."""
        return "" if stored is None else show_weight(int(str(stored)))

    def from_form(self, typed: str, desk: Context) -> object:
        """Read kilograms, half a gram rounded up."""
        grams = number_in(typed.replace("kg", "")) * 1000
        return Grams(int(grams.to_integral_value(ROUND_HALF_UP)))


class Lasting(Whole):
    """How long something takes: typed "1.5", "1:30", "1 h 30" or "45 min", sent in minutes."""

    widget = "minutes"
    shown_as = "number"

    def from_form(self, typed: str, desk: Context) -> object:
        """Read hours, or minutes that say so. More than a day's hours are none: "45" of what?"""
        said = "".join(typed.lower().split()).replace("\u2212", "-")
        flat = said.removeprefix("-")
        minutes = _minutes_in(flat)
        if minutes != minutes.to_integral_value() or "-" in flat:
            raise CannotRead(_how_long())
        return Minutes(int(minutes) * (-1 if said.startswith("-") else 1))

    def to_form(self, stored: object) -> str:
        """Write hours and minutes: "1:30"."""
        if stored is None:
            return ""
        hours, minutes = divmod(abs(int(str(stored))), 60)
        return f"{'-' if int(str(stored)) < 0 else ''}{hours}:{minutes:02}"

    def shown(self, stored: object) -> Text | str:
        """Say it in hours and minutes."""
        return "" if stored is None else show_minutes(int(str(stored)))


def _minutes_in(flat: str) -> Decimal:
    """Read "1:30", "1h30", "45min" or "1.5", without spaces and sign. Raises `CannotRead`."""
    hours, colon, rest = flat.rstrip("h").replace("h", ":").partition(":")
    if colon:
        over = number_in(rest.removesuffix("min"))
        if not 0 <= over < MINUTES_OF_AN_HOUR:
            raise CannotRead(_how_long())
        return number_in(hours or "0") * MINUTES_OF_AN_HOUR + over
    if flat.endswith(("min", "'")):
        return number_in(flat.removesuffix("min").rstrip("'"))
    number = number_in(hours)
    if number > HOURS_OF_A_DAY:
        raise CannotRead(_how_long())
    return number * MINUTES_OF_AN_HOUR


def _how_long() -> Text:
    return _("Type hours or minutes, for instance 1:30 or 45 min.")


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def number_in(typed: str) -> Decimal:
    """Read a number of a sane size. Raises `CannotRead`."""
    number = _decimal(typed)
    # "1e999999999" and "Infinity" are numbers to Python, and endless work.
    if not number.is_finite() or number.adjusted() > LARGEST:
        raise CannotRead(_("This number is too large."))
    return number


def _decimal(typed: str) -> Decimal:
    text = typed.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    locale = babel_locale(reader().locale)
    for attempt in (text, text.replace(",", ".")):
        try:
            return Decimal(attempt)
        except InvalidOperation:
            continue
    try:
        return parse_decimal(text, locale=locale, strict=True)
    except (NumberFormatError, InvalidOperation):
        raise CannotRead(_("Type a number, for instance 3.")) from None
