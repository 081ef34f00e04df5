"""A paper that a person signs or keeps: in two languages, with the code that leads back here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from palier.codes.drawing import Drawn, squares
from palier.context import Context
from palier.db.records import SiteRecord
from palier.residents.languages import Language, second_of
from palier.residents.models import Resident
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.sites.models import Operator, Site
from palier.text import Reader, Text, direction, read_by, show
from palier.values import is_id
from palier.voices import Voice, Words

R = TypeVar("R", bound=SiteRecord)


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a paper says before it is signed, and the record that its code leads back to.

    Values of `facts` are said as lists say them: days in words, money with its sign. `signers` sign
    each on a line of their own; without any it is a slip, which the person keeps and brings again.
    `code` is the record's own, where it has one.
    """

    title: Text
    about: SiteRecord
    facts: Sequence[tuple[Text, object]]
    terms: Sequence[Text]
    signers: Sequence[Text]
    code: str = ""


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """The paper in words: the site's language, and the person's own where it is another one."""

    lang: str
    also_lang: str
    also_dir: str
    title: Words
    operator: str
    operator_lines: tuple[str, ...]
    facts: tuple[tuple[Words, Words], ...]
    terms: tuple[Words, ...]
    signers: tuple[Words, ...]
    code: str
    drawn: Drawn
    large: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """Says words on a paper in the site's language, and in a second one where it is another.

    `code` draws a code to be scanned. A template says them with `twice` of `palier/twice.html`.
    """

    lang: str
    also_lang: str
    also_dir: str
    operator: str
    operator_lines: tuple[str, ...]
    zone: ZoneInfo

    def __call__(self, words: object) -> Words:
        """Say words, a day, an amount."""
        say = Voice(Reader(self.also_lang, self.zone) if self.also_lang else None)
        with read_by(Reader(self.lang, self.zone)):
            return say(partial(_shown, words))

    def code(self, code: str) -> Drawn:
        """Draw a code in squares."""
        return squares(code)


def paper_of(desk: Context, language: Language | None = None) -> Paper:
    """Return what says a paper's words, for who reads this language. Two statements."""
    second = second_of(desk.site.locale, language)
    operator, lines = _sender(desk)
    way = direction(second) if second else ""
    return Paper(desk.site.locale, second, way, operator, lines, desk.site.zone)


def _sender(desk: Context) -> tuple[str, tuple[str, ...]]:
    """Return who runs the site, and the lines under that name."""
    site = desk.session.get_one(Site, desk.site.id)
    operator = desk.session.get_one(Operator, site.operator_id)
    where = site.address or operator.address
    return operator.legal_name, tuple(each for each in (site.name, where) if each)


def slip_code(record: SiteRecord) -> str:
    """Return the code on a record's slip: "BIKE_HIRE_LOAN-12", read back by `desk.from_slip`."""
    return f"{record.path}-{record.id}".upper()


def from_slip(desk: Context, model: type[R], code: str) -> R | None:
    """Return the record whose slip carries this code, if it is one of `model`."""
    word, _dash, number = code.strip().upper().rpartition("-")
    if word != model.__tablename__.upper() or not is_id(number):
        return None
    return desk.find(model, int(number))


def page_to_sign(desk: Context, paper: ToSign, person: Resident | None) -> Page:
    """Return the page that prints a paper by itself, in the person's language too.

    Who has no record here gets it in the site's language; the page leads back to the desk.
    """
    root = f"{Paths(desk.site.slug).root}/desk"
    back = f"{root}/card?resident={person.id}" if person is not None else root
    sheet = sheet_to_sign(desk, paper, person)
    return Page("palier/to_sign.html", sheet=sheet, back=back, known=person is not None)


def sheet_to_sign(desk: Context, paper: ToSign, person: Resident | None) -> SignedSheet:
    """Return a paper's words, in the large letters that the person may have asked for."""
    first, zone = desk.site.locale, desk.site.zone
    second = second_of(first, person.language if person is not None else None)
    say = Voice(Reader(second, zone) if second else None)
    code = paper.code or slip_code(paper.about)
    operator, lines = _sender(desk)
    with read_by(Reader(first, zone)):
        return SignedSheet(
            lang=first,
            also_lang=second,
            also_dir=direction(second) if second else "",
            title=say(paper.title),
            operator=operator,
            operator_lines=lines,
            facts=tuple(_facts(say, paper.facts)),
            terms=tuple(say(each) for each in paper.terms),
            signers=tuple(say(each) for each in paper.signers),
            code=code,
            drawn=squares(code),
            large=person is not None and person.large_type,
        )


def _facts(say: Voice, facts: Iterable[tuple[Text, object]]) -> Iterator[tuple[Words, Words]]:
    for word, value in facts:
        if value is not None:
            yield say(word), say(partial(_shown, value))


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else show(value)
