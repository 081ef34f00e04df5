"""Words of a paper in one language or in two: French as the law has it, and the resident's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from palier.context import Context
from palier.receipts.models import ReceiptPrint
from palier.receipts.paper import Said, Words
from palier.residents.languages import Language
from palier.text import SOURCE, Reader, Text, is_spoken, read_by


class Voice:
    """Says words for whoever reads now, and for a second reader where there is one."""

    def __init__(self, second: Reader | None = None) -> None:
        self.second = second

    @property
    def also(self) -> str:
        """The code of the second language, or nothing."""
        return self.second.locale if self.second else ""

    def __call__(self, words: Text | Callable[[], str]) -> Words:
        """Say words, or what a function makes of the reader of the moment."""
        say = words if callable(words) else words.__str__
        text = say()
        if self.second is None:
            return text
        with read_by(self.second):
            also = say()
        return text if also == text else Said(text, also)


def second_of(first: str, language: Language | None) -> str:
    """Return the locale of a paper's second language: the person's own, else English.

    Nothing where no second language was asked for, or the person reads the first one.
    """
    if language is None or language.locale == first:
        return ""
    if is_spoken(language.locale):
        return language.locale
    return SOURCE if first != SOURCE else ""


@contextmanager
def voice_of(desk: Context, copy: ReceiptPrint | None) -> Iterator[Voice]:
    """Speak as a paper does: in the site's language and the second one that was asked for.

    What is only looked at is in the language of who looks.
    """
    if copy is None:
        yield Voice()
        return
    first, zone = desk.site.locale, desk.site.zone
    second = second_of(first, copy.language)
    with read_by(Reader(first, zone)):
        yield Voice(Reader(second, zone) if second else None)


def offered_languages(desk: Context) -> list[Language]:
    """Return the languages that a paper can be said in beside the site's own."""
    others = (each for each in Language if each.locale != desk.site.locale)
    return [each for each in others if is_spoken(each.locale)]


def usual_language(desk: Context, language: Language | None) -> Language | None:
    """Return the second language that a person's paper has unless someone chooses another."""
    second = second_of(desk.site.locale, language)
    return next((each for each in Language if each.locale == second), None) if second else None
