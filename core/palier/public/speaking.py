"""The language of a public page: the one asked for, and the site's where a word lacks in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from palier.text import SOURCE, Text, _, babel_locale, catalogue, read_by, reader
from palier.web.asked import Request

KNOWN = ("fr", "en", "de", "tr", "ar")
# A language whose catalogue says this says all that the core writes on the page.
FIRST_WORDS = _("Open now, until %(hour)s")
LANGUAGE = "lang"


@dataclass(frozen=True)
class Spoken:
    """Words, and their language where it is not the page's own."""

    words: str
    lang: str = ""


def speak(words: Text | str, site_locale: str) -> Spoken:
    """Say words to who reads now; what has no words in their language is said in the site's.

    A plain string was typed at the site, in its language.
    """
    who = reader()
    if isinstance(words, str):
        return Spoken(words, "" if who.locale == site_locale else site_locale)
    if catalogue(who.locale).has(words):
        return Spoken(str(words))
    with read_by(replace(who, locale=site_locale)):
        return Spoken(str(words), site_locale)


def languages() -> tuple[str, ...]:
    """Return the languages in which the page can be read."""
    return tuple(each for each in KNOWN if catalogue(each).has(FIRST_WORDS))


def name_of(language: str) -> str:
    """Return what a language is called in itself: "Français"."""
    name = babel_locale(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def language_asked(request: Request, site_locale: str) -> str:
    """Return the language of the address, else the browser's first that is known, else the site's.

    No cookie is read: who reads the page leaves nothing, and anyone may keep a copy of it.
    """
    known = languages()
    if (chosen := request.query.get(LANGUAGE, "")) in known:
        return chosen
    wanted = next((each for each in _accepted(request.headers) if each in known), "")
    return wanted or (site_locale if site_locale in known else SOURCE)


def _accepted(headers: Mapping[str, str]) -> Iterator[str]:
    """Yield the languages of a browser, its favourite first: "fr-CH,fr;q=0.9,en;q=0.8"."""
    ranked = []
    for at, each in enumerate(headers.get("accept-language", "")[:400].split(",")):
        name, _sign, weight = each.strip().lower().partition(";q=")
        ranked.append((-_number(weight), at, name.split("-")[0]))
    yield from (name for weight, _at, name in sorted(ranked) if weight)


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
