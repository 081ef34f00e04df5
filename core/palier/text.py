"""Words in a source language, read in the reader's language when they are shown."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NewType, Self
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import Translations

Cents = NewType("Cents", int)
Grams = NewType("Grams", int)
Minutes = NewType("Minutes", int)
Secret = NewType("Secret", str)  # a password or a code: asked for, never shown, kept or compared

SOURCE = "en"
_OURS = {"fr", "en"}  # the languages of the screens
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reader:
    """Who reads: the language, the zone in which instants are shown, and the year it is there.

    Days of that year are said without it; 0 says the year always.
    """

    locale: str = SOURCE
    zone: ZoneInfo = _UTC
    year: int = 0


_NOBODY = Reader()
_reader: ContextVar[Reader] = ContextVar("palier_reader", default=_NOBODY)


def reader() -> Reader:
    """Return who reads now; the source language where nobody said."""
    return _reader.get()


@contextmanager
def read_by(who: Reader) -> Iterator[None]:
    """Show texts, dates and money for this reader inside the block."""
    token = _reader.set(who)
    try:
        yield
    finally:
        _reader.reset(token)


@dataclass(frozen=True)
class Text:
    """Words to be translated when shown. Not a `str`: a bare string where people read is an error.

    `str(text)` gives the words for the current `reader()`.
    """

    words: str
    many: str = ""
    n: int = 0
    values: Mapping[str, object] = field(default_factory=dict)

    def fill(self, **values: object) -> Self:
        """Fill `%(name)s`; values are shown in the reader's way (dates, money, other texts)."""
        return replace(self, values={**self.values, **values})

    def __str__(self) -> str:
        """Translate for the current reader."""
        words = catalogue(reader().locale).translate(self)
        if not (self.values or self.many):
            return words
        shown = {name: show(value) for name, value in self.values.items()}
        return words % {"n": show(self.n), **shown}

    def __hash__(self) -> int:
        """Texts are keys of sections: the words decide."""
        return hash((self.words, self.many, self.n))


def _(words: str, /) -> Text:
    """Mark words for translation. Never call it with anything but a literal."""
    return Text(words)


def plural(one: str, many: str, n: int) -> Text:
    """Return the form for `n`, which fills `%(n)s`."""
    return Text(one, many, n)


class Money(int):
    """Cents that show as an amount in euros wherever they are filled into words."""


class Duration(int):
    """Minutes that show as hours wherever they are filled into words: "1 h 30"."""


def show(value: object) -> str:  # noqa: C901, PLR0911 - one line for each kind of value
    """Say a value in the reader's way: texts translated, days and money in words and signs."""
    who = reader()
    match value:
        case None:
            return ""
        case str() | Text():
            return str(value)
        case Money():
            amount = format_currency(value / 100, "EUR", locale=babel_locale(who.locale))
            return amount.replace("-", "−")
        case Duration():
            return show_minutes(value)
        case bool():
            return str(_("Yes") if value else _("No"))
        case int():
            return format_decimal(value, locale=babel_locale(who.locale))
        case datetime():
            return show_moment(value)
        case date():
            return show_day(value)
        case time():
            return show_time(value)
    return str(value)


def show_day(day: date) -> str:
    """Say a day with its weekday: "jeudi 8 octobre 2026"."""
    who = reader()
    if day.year != who.year or who.locale[:2] not in _OURS:
        return show_full_day(day)
    return say_date(day, "EEEE d MMMM")


def show_full_day(day: date) -> str:
    """Say a day with its year, for papers that are kept: "jeudi 8 octobre 2026"."""
    # Other languages order a day's words in their own way, which is Babel's own pattern.
    return say_date(day, "EEEE d MMMM y" if reader().locale[:2] in _OURS else "full")


def show_month(day: date) -> str:
    """Return the month a day lies in, with its year."""
    return say_date(day, "MMMM y")


def say_date(day: date, pattern: str) -> str:
    """Say a day by one of Babel's patterns. The first of a month has its own word in French: 1er."""
    locale = reader().locale
    if day.day == 1 and locale[:2] == "fr":
        pattern = re.sub(r"\bd\b", "d'er'", pattern)
    return format_date(day, pattern, locale=babel_locale(locale))


def show_moment(moment: datetime) -> str:
    """Say an instant at the reader's place: "jeudi 8 octobre à 9 h 05"."""
    who = reader()
    day = show_day(moment.astimezone(who.zone).date())
    joint = {"fr": " \u00e0", "en": " at"}.get(who.locale[:2], ",")
    return f"{day}{joint} {show_time(moment)}"


def show_time(moment: time | datetime) -> str:
    """Say an hour: "9 h 05"; an instant is shown at the reader's place."""
    who = reader()
    local = moment.astimezone(who.zone).time() if isinstance(moment, datetime) else moment
    if who.locale.startswith("fr") and not local.minute:
        return f"{local.hour}\u00a0h"
    return format_time(local, _hours(who.locale), locale=babel_locale(who.locale))


def show_money(cents: int) -> str:
    """Say an amount in cents as euros: "2,40 €"."""
    return show(Money(cents))


def show_minutes(minutes: int) -> str:
    """Say how long something takes: "1 h 30", "45 min"; the signs are those of every language."""
    hours, rest = divmod(abs(minutes), 60)
    said = f"{hours}\u00a0h" if hours else f"{rest}\u00a0min"
    if hours and rest:
        said = f"{said}\u00a0{rest:02}"
    return f"\u2212{said}" if minutes < 0 else said


def show_weight(grams: int) -> str:
    """Say a weight in grams as it stands on a scale: "0.480 kg"."""
    kilograms = Decimal(grams) / 1000
    number = format_decimal(kilograms, "#,##0.000", locale=babel_locale(reader().locale))
    return f"{number}\u00a0kg"


def _hours(locale: str) -> str:
    return "H\u00a0'h'\u00a0mm" if locale.startswith("fr") else "HH:mm"


@cache
def babel_locale(name: str) -> Locale:
    """Return Babel's locale for a language of ours ("fr", "ar")."""
    return Locale.parse(name, sep="-" if "-" in name else "_")


def direction(name: str) -> str:
    """Return `rtl` for a language written from the right, else `ltr`."""
    return babel_locale(name).text_direction


class Catalogue:
    """The merged words of the core and all plugins in one language; the core's words win."""

    def __init__(self, locale: str, folders: Iterable[tuple[str, Path]] = ()) -> None:
        self.locale = locale
        self._all = Translations()
        self._all._catalog = {}  # noqa: SLF001 - merged in place
        for domain, folder in folders:
            path = folder / locale / "LC_MESSAGES" / f"{domain}.po"
            if path.exists():
                self._add(path)

    def _add(self, path: Path) -> None:
        with path.open("rb") as lines:
            messages = read_po(lines, locale=self.locale)
        compiled = BytesIO()
        write_mo(compiled, messages)
        compiled.seek(0)
        read = Translations(compiled)
        self._all.plural = read.plural  # merging leaves it English: "0 choses"
        self._all.merge(read)

    def has(self, text: Text) -> bool:
        """Whether these words are said in this language; those of the source always are."""
        known = self._all._catalog  # noqa: SLF001 - merged above
        return self.locale == SOURCE or bool(
            known.get((text.words, 0) if text.many else text.words)
        )

    def translate(self, text: Text) -> str:
        """Return the words in this language, `%(…)s` not yet filled."""
        if text.many:
            words = self._all.ungettext(text.words, text.many, text.n)
        else:
            words = self._all.gettext(text.words)
        return typography(words) if self.locale.startswith("fr") else words


_SPACES = (
    (re.compile(r"(?<=\S) (?=[;!?»])"), "\u202f"),
    (re.compile(r"(?<=«) (?=\S)"), "\u202f"),
    (re.compile(r"(?<=\S) (?=:)"), "\u00a0"),
    (re.compile(r"(?<=[0-9s]) (?=[€%]|h\b|kg\b|cm\b)"), "\u00a0"),
)


@cache
def typography(words: str) -> str:
    """Give French words their spaces and apostrophes, so that nobody has to by hand."""
    for pattern, space in _SPACES:
        words = pattern.sub(space, words)
    return words.replace("'", "\u2019")


_folders: list[tuple[str, Path]] = [("palier", Path(__file__).parent / "locale")]


# A consonant between two vowels goes with the second, a double one is parted; three letters stay
# on each side.
_SEAM = re.compile(
    r"(?<=\w\w[aeiouyàâéèêëîïôöûüœ])(?=[bcdfghjklmnpqrstvwxz][aeiouyàâéèêëîïôöûüœ]\w)"
    r"|(?<=\w[aeiouyàâéèêëîïôöûüœ]([bcdfglmnprstz]))(?=\1[aeiouyàâéèêëîïôöûüœ]\w)",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(r"\w{11,}")


def parted(words: object) -> str:
    """Say where long words may be cut, for narrow places: a hyphen shows only where it is needed."""
    return _LONG_WORD.sub(lambda word: _SEAM.sub("\u00ad", word[0]), show(words))


def add_words(domain: str, folder: Path) -> None:
    """Add a plugin's catalogue; the core's words win over its own."""
    if (domain, folder) not in _folders:
        _folders.insert(0, (domain, folder))
        catalogue.cache_clear()


def is_spoken(locale: str) -> bool:
    """Whether there are words of ours in a language: the source's own, or a catalogue."""
    files = (f / locale / "LC_MESSAGES" / f"{domain}.po" for domain, f in _folders)
    return locale == SOURCE or any(each.exists() for each in files)


@cache
def catalogue(locale: str) -> Catalogue:
    """Return the merged words of one language, read once."""
    return Catalogue(locale, _folders)
