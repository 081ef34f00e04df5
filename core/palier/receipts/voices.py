"""The languages of a receipt's paper: French as the law has it, and the resident's."""

from collections.abc import Iterator
from contextlib import contextmanager

from palier.context import Context
from palier.receipts.models import ReceiptPrint
from palier.residents.languages import Language, second_of
from palier.text import Reader, is_spoken, read_by
from palier.voices import Voice


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
