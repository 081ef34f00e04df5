"""One class for each kind of value: widget, parser, JSON, how it is shown. Forms know no more."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from babel.numbers import NumberFormatError, parse_decimal

from palier.context import Context
from palier.errors import PalierError
from palier.signature import Asked
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
    show_day,
    show_minutes,
    show_moment,
    show_time,
    show_weight,
)

LARGEST = 15  # digits before the sign of decimals
HOURS_OF_A_DAY = 24
MINUTES_OF_AN_HOUR = 60


class CannotRead(PalierError):
    """A value that can't be read, with the sentence for its field."""

    def __init__(self, words: Text) -> None:
        super().__init__(words)
        self.words = words


def is_id(typed: str) -> bool:
    """Whether this can be a record's id; digits of other scripts are none."""
    return typed.isascii() and typed.isdigit() and len(typed) < 18


class Value:
    """A kind of value. `typed` comes from a form, `given` from JSON, `stored` is Python's."""

    widget: ClassVar[str] = "text"
    shown_as: ClassVar[str] = "text"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string"}

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def from_form(self, typed: str, desk: Context) -> object:
        """Read what was typed. Raises `CannotRead` with the sentence for the field."""
        return typed

    def from_json(self, given: object, desk: Context) -> object:
        """Read what a program sent. Raises `CannotRead`."""
        if not isinstance(given, str):
            raise CannotRead(_("Send text here."))
        return given

    def checked(self, stored: object) -> object:
        """Hold the limits. Raises `CannotRead`."""
        return stored

    def to_form(self, stored: object) -> str:
        """Return what stands in the input."""
        return "" if stored is None else str(stored)

    def to_json(self, stored: object) -> object:
        """Return what a program reads."""
        return stored

    def shown(self, stored: object) -> Text | str:
        """Return what people read."""
        return show(stored)


class Words(Value):
    """A short text."""

    def checked(self, stored: object) -> object:
        """Hold the length."""
        most = self.asked.max
        if most is not None and len(str(stored)) > most:
            words = _("This has %(long)s letters. At most %(most)s fit.")
            raise CannotRead(words.fill(long=len(str(stored)), most=most))
        return stored


class Unseen(Value):
    """A password or a code: typed as it is, never shown again."""

    widget = "password"

    def to_form(self, stored: object) -> str:
        """Nothing: it is typed anew each time."""
        return ""

    def shown(self, stored: object) -> Text | str:
        """Nothing."""
        return ""


class Whole(Value):
    """A whole number."""

    widget = "integer"
    shown_as = "number"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a whole number, with or without the language's group signs."""
        number = _number(typed)
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
        euros = _number(typed.replace("€", ""))
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
        grams = _number(typed.replace("kg", "")) * 1000
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
        over = _number(rest.removesuffix("min"))
        if not 0 <= over < MINUTES_OF_AN_HOUR:
            raise CannotRead(_how_long())
        return _number(hours or "0") * MINUTES_OF_AN_HOUR + over
    if flat.endswith(("min", "'")):
        return _number(flat.removesuffix("min").rstrip("'"))
    number = _number(hours)
    if number > HOURS_OF_A_DAY:
        raise CannotRead(_how_long())
    return number * MINUTES_OF_AN_HOUR


def _how_long() -> Text:
    return _("Type hours or minutes, for instance 1:30 or 45 min.")


class Tickbox(Value):
    """Yes or no. An empty form sends nothing, which is no."""

    widget = "tick"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Anything sent is a yes."""
        return bool(typed)

    def from_json(self, given: object, desk: Context) -> object:
        """Take true or false."""
        if not isinstance(given, bool):
            raise CannotRead(_("Send true or false here."))
        return given

    def to_form(self, stored: object) -> str:
        """1 for yes."""
        return "1" if stored else ""


class Day(Value):
    """A day at the site."""

    widget = "date"
    shown_as = "date"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a day as browsers send it, or as people here write it."""
        for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
            try:
                return datetime.strptime(typed, pattern).replace(tzinfo=desk.site.zone).date()
            except ValueError:
                continue
        raise CannotRead(_("Type a day, for instance 08/10/2026."))

    def from_json(self, given: object, desk: Context) -> object:
        """Take 2026-10-08."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """2026-10-08."""
        return stored.isoformat() if isinstance(stored, date) else ""

    def to_json(self, stored: object) -> object:
        """2026-10-08."""
        return self.to_form(stored) or None

    def shown(self, stored: object) -> Text | str:
        """Say the day."""
        return show_day(stored) if isinstance(stored, date) else ""


class Moment(Value):
    """An instant: typed on the site's clock, sent with its offset."""

    widget = "datetime"
    shown_as = "date"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a local moment. An hour that the clock leaves out in spring is refused."""
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            raise CannotRead(_("Type a day and an hour, for instance 08/10/2026 14:00.")) from None
        if not 1900 <= local.year <= 2200:
            raise CannotRead(_("Type a day and an hour, for instance 08/10/2026 14:00."))
        if local.tzinfo is not None:
            return local
        aware = local.replace(tzinfo=desk.site.zone)
        back = aware.astimezone(UTC).astimezone(desk.site.zone)
        if back.replace(tzinfo=None) != local:
            raise CannotRead(_("This hour does not exist: the clocks change that night."))
        return aware

    def from_json(self, given: object, desk: Context) -> object:
        """Take an instant with its offset; without one it is the site's clock."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """The site's clock, to the minute."""
        if not isinstance(stored, datetime):
            return ""
        return stored.astimezone(reader().zone).strftime("%Y-%m-%dT%H:%M")

    def to_json(self, stored: object) -> object:
        """With its offset."""
        return stored.isoformat() if isinstance(stored, datetime) else None

    def shown(self, stored: object) -> Text | str:
        """Say the moment."""
        return show_moment(stored) if isinstance(stored, datetime) else ""


class Hour(Value):
    """An hour of the day."""

    widget = "time"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "time"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read 14:00, 14h or 14 h 00."""
        flat = typed.lower().replace(" ", "").replace("h", ":").rstrip(":")
        hours, _colon, minutes = flat.partition(":")
        try:
            return time(int(hours), int(minutes or 0))
        except ValueError:
            raise CannotRead(text_hour()) from None

    def from_json(self, given: object, desk: Context) -> object:
        """Take 14:00."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """14:00."""
        return stored.strftime("%H:%M") if isinstance(stored, time) else ""

    def to_json(self, stored: object) -> object:
        """14:00."""
        return self.to_form(stored) or None

    def shown(self, stored: object) -> Text | str:
        """Say the hour."""
        return show_time(stored) if isinstance(stored, time) else ""


def text_hour() -> Text:
    """The sentence for an hour that can't be read."""
    return _("Type an hour, for instance 14:00.")


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _number(typed: str) -> Decimal:
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
