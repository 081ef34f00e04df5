"""The tolerant search: words in any order, accents forgiven, one typo too when nothing fits."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    false,
    inspect,
    literal,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from palier.db.normal import normal
from palier.db.records import SiteRecord
from palier.db.scope import SiteSession
from palier.errors import WrongDeclaration

R = TypeVar("R", bound=SiteRecord)

_CHARACTERS = 200
_WORDS = 8
_LETTERS = 40
# A trigram index knows nothing of shorter words: those match the beginning of a word only.
_INDEXED = 3
# From five letters on, a typo is also forgiven in the beginning of a longer word.
_BEGINNING = 5


def words_of(given: str) -> list[str]:
    """Return what is looked for: normal words; what is beyond 200 characters or 8 is cut."""
    return [each[:_LETTERS] for each in normal(given[:_CHARACTERS]).split()[:_WORDS]]


def matching(session: SiteSession, model: type[R], words: str) -> ColumnElement[bool]:
    """Return the condition "all these words are in the record", for the WHERE of any query.

    Costs one statement: words that fit nothing as they are typed are looked for with one typo.
    Nothing typed fits every record, signs without a letter fit none.
    """
    wanted = words_of(words)
    if not wanted:
        return false() if words.strip() else true()
    exact = and_(*(_holds(session, model, each) for each in wanted))
    if session.scalar(select(model.id).where(exact).limit(1)) is not None:
        return exact
    return alike(model, words)


def matching_shown(
    session: SiteSession, model: type[R], links: Iterable[str], words: str
) -> ColumnElement[bool]:
    """Return the condition "in the record's own words, or in those of one record it links to".

    Costs one statement, as `matching` does. Raises `WrongDeclaration` where nothing is searched.
    """
    wanted = words_of(words)
    if not wanted:
        return false() if words.strip() else true()
    exact, tolerant = [], []
    for place in _places(model, links):
        target = model.links[place].target if place else model
        whole = and_(*(_holds(session, target, each) for each in wanted))
        exact.append(_linked(model, place, target, whole))
        tolerant.append(_linked(model, place, target, alike(target, words)))
    if not exact:
        norm_of(model)
    if session.scalar(select(model.id).where(or_(*exact)).limit(1)) is not None:
        return or_(*exact)
    return or_(*tolerant)


def is_searched(model: type[SiteRecord], links: Iterable[str]) -> bool:
    """Whether a list that shows these links has words to be searched by."""
    return any(True for _each in _places(model, links))


def _places(model: type[SiteRecord], links: Iterable[str]) -> Iterator[str]:
    """Yield where words are: "" for the record itself, else the name of a link."""
    if hasattr(model, "norm"):
        yield ""
    for name in links:
        if name in model.links and hasattr(model.links[name].target, "norm"):
            yield name


def _linked(
    model: type[SiteRecord], place: str, target: type[SiteRecord], fits: ColumnElement[bool]
) -> ColumnElement[bool]:
    if not place:
        return fits
    link: InstrumentedAttribute[int | None] = getattr(model, f"{place}_id")
    return link.in_(select(target.id).where(fits))


def nearest(
    session: SiteSession,
    model: type[R],
    words: str,
    limit: int = 8,
    *,
    where: Sequence[ColumnElement[bool]] = (),
) -> list[R]:
    """Return the records that fit best: whole words first, then beginnings, then by name.

    Their links come with them, so that a picker can tell two of one name apart.
    """
    wanted = words_of(words)
    if not wanted:
        return []
    norm = norm_of(model)
    spaced = literal(" ") + norm + " "
    whole = and_(*(spaced.contains(f" {each} ") for each in wanted))
    begins = and_(*(_begins(norm, each) for each in wanted))
    best = (whole.desc(), begins.desc(), norm, model.id)
    links = [joinedload(getattr(model, each)) for each in model.links]
    query = select(model).where(matching(session, model, words), *offered(model), *where)
    query = query.options(*links)
    return list(session.scalars(query.order_by(*best).limit(limit)).unique())


def offered(model: type[SiteRecord]) -> list[ColumnElement[bool]]:
    """Return the conditions "may be chosen": not merged into another record, not erased."""
    merged: InstrumentedAttribute[int | None] | None = getattr(model, "merged_into_id", None)
    return [merged.is_(None), norm_of(model) != ""] if merged is not None else []


def alike(model: type[SiteRecord], words: str) -> ColumnElement[bool]:
    """Return the condition "each of these words is in the record, with one typo at most".

    It reads every row of the site on SQLite (25 ms for 20,000): for when the exact words are not
    there, and before a person is saved.
    """
    norm = norm_of(model)
    return and_(*(norm.regexp_match(typo_pattern(each)) for each in words_of(words)))


def typo_pattern(word: str) -> str:
    """Return the expression for a word as it is typed, or one typo away, for both databases.

    Codes (words with a digit) and words of one or two letters are taken as they are: one sign more
    or less makes them another.
    """
    if len(word) < _INDEXED:
        return f"(^| ){word}"
    if not word.isalpha():
        return word
    any_letter = "[^ ]"
    forms = {word}
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        forms |= {before + any_letter + after, before + any_letter + after[1:], before + after[1:]}
        if len(after) > 1:
            forms.add(before + after[1] + after[0] + after[2:])
    end = "" if len(word) >= _BEGINNING else "( |$)"
    return f"{word}|(^| )({'|'.join(sorted(forms))}){end}"


def norm_of(model: type[SiteRecord]) -> InstrumentedAttribute[str]:
    """Return the column searched. Raises `WrongDeclaration` for a model without `search=True`."""
    found: InstrumentedAttribute[str] | None = getattr(model, "norm", None)
    if found is None:
        msg = f"{model.__name__} has no field with search=True"
        raise WrongDeclaration(msg)
    return found


def _holds(session: SiteSession, model: type[SiteRecord], word: str) -> ColumnElement[bool]:
    norm = norm_of(model)
    if len(word) < _INDEXED:
        return _begins(norm, word)
    if session.get_bind().dialect.name != "sqlite":
        return norm.contains(word)
    # The index of a parent table serves its children: they share their keys.
    words = table(f"{_table_of(model)}_words", column("rowid"), column("norm"))
    return model.id.in_(select(words.c.rowid).where(words.c.norm.match(f'"{word}"')))


def _begins(norm: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return or_(norm.startswith(word), norm.contains(f" {word}"))


def _table_of(model: type[SiteRecord]) -> str:
    return str(inspect(model).attrs["norm"].columns[0].table.name)
