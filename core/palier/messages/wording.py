"""A text kept as JSON, to be said later in the language of whoever it is for."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from palier.context import Place
from palier.db.types import Choice
from palier.residents.languages import Language, LanguageName
from palier.text import Money, Reader, Text, _, catalogue, read_by, show

Stored = dict[str, Any]
ERASED = _("Erased")


def to_stored(text: Text) -> Stored:
    """Return a text as JSON keeps it, with what fills it; records become their titles."""
    stored: Stored = {"words": text.words}
    if text.many:
        stored |= {"many": text.many, "n": text.n}
    if text.values:
        stored["values"] = {name: _value(value) for name, value in text.values.items()}
    return stored


def _value(value: object) -> list[object]:  # noqa: C901, PLR0911 - one line for each kind of value
    match value:
        case None:
            return ["none"]
        case LanguageName():
            return ["language", value.words]
        case Text():
            return ["text", to_stored(value)]
        case Choice():
            return _value(value.label)
        case str():
            return ["str", str(value)]
        case bool():
            return ["bool", value]
        case Money():
            return ["money", int(value)]
        case int():
            return ["int", int(value)]
        case datetime():
            return ["moment", value.isoformat()]
        case date():
            return ["day", value.isoformat()]
        case time():
            return ["hour", value.isoformat()]
    return ["str", show(value)]


def from_stored(stored: Stored) -> Text:
    """Return the text again; of one that was erased only that it was."""
    if not stored:
        return ERASED
    values = {name: _filled(*each) for name, each in stored.get("values", {}).items()}
    return Text(stored["words"], stored.get("many", ""), stored.get("n", 0), values)


def _filled(kind: str, value: Any = None) -> object:  # noqa: PLR0911 - one line for each kind
    match kind:
        case "text":
            return from_stored(value)
        case "language":
            return LanguageName(value)
        case "moment":
            return datetime.fromisoformat(value)
        case "day":
            return date.fromisoformat(value)
        case "hour":
            return time.fromisoformat(value)
        case "money":
            return Money(value)
    return value


def written_in(text: Text, language: Language, otherwise: str) -> str:
    """Return the locale in which a text is written to someone: their own, where we have its words.

    `otherwise` is the site's. Half a sentence in each language helps nobody.
    """
    known = catalogue(language.locale)
    return language.locale if all(known.has(each) for each in _parts(text)) else otherwise


def _parts(text: Text) -> Iterator[Text]:
    yield text
    for value in text.values.values():
        if isinstance(value, Text) and not isinstance(value, LanguageName):
            yield from _parts(value)


def say(text: Text, locale: str, zone: ZoneInfo, year: int = 0) -> str:
    """Return a text in a language, with its days and hours as the site's clock shows them."""
    with read_by(Reader(locale, zone, year)):
        return str(text)


def say_to(text: Text, language: Language, site: Place, year: int) -> str:
    """Return a text as it is written to someone who has this language."""
    return say(text, written_in(text, language, site.locale), site.zone, year)
