"""The tolerant search: words in any order, accents forgiven, one typo too when nothing fits."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    and_,
    any_,
    cast,
    column,
    false,
    func,
    inspect,
    literal,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from palier.db.normal import normal
from palier.db.records import SiteRecord
from palier.db.scope import SiteSession
from palier.db.typos import INDEXED, likes_of, may_typo, short_forms, terms_of, typo_pattern
from palier.errors import WrongDeclaration

R = TypeVar("R", bound=SiteRecord)

_CHARACTERS = 200
_WORDS = 8
_LETTERS = 40
_LAST = "\U0010ffff"  # after every sign that a word may go on with


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
    return alike(session, model, words)


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
        tolerant.append(_linked(model, place, target, alike(session, target, words)))
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


def alike(session: SiteSession, model: type[SiteRecord], words: str) -> ColumnElement[bool]:
    """Return the condition "each of these words is in the record, with one typo at most"."""
    return and_(*(_is_alike(session, model, each) for each in words_of(words)))


def _is_alike(session: SiteSession, model: type[SiteRecord], word: str) -> ColumnElement[bool]:
    """Return it for one word: the index leaves few rows, the expression those that are right."""
    pattern = typo_pattern(word)
    fits = norm_of(model).regexp_match(pattern)
    if not may_typo(word):
        return _holds(session, model, word) if word.isascii() else fits
    if not _is_sqlite(session):
        return _kept(session, model, likes_of(word), pattern)
    other, short = aliased(model), short_forms(word)
    more = (other.id, norm_of(other).in_(short)) if short else ()
    return and_(_in_index(model, terms_of(word), *more), fits)


def norm_of(model: type[SiteRecord]) -> InstrumentedAttribute[str]:
    """Return the column searched. Raises `WrongDeclaration` for a model without `search=True`."""
    found: InstrumentedAttribute[str] | None = getattr(model, "norm", None)
    if found is None:
        msg = f"{model.__name__} has no field with search=True"
        raise WrongDeclaration(msg)
    return found


def _holds(session: SiteSession, model: type[SiteRecord], word: str) -> ColumnElement[bool]:
    if not _is_sqlite(session):
        some = [f"{word}%", f"% {word}%"] if len(word) < INDEXED else [f"%{word}%"]
        return _kept(session, model, some)
    if len(word) < INDEXED:
        return _begins_here(model, word)
    return _in_index(model, f'"{word}"')


def _begins_here(model: type[SiteRecord], word: str) -> ColumnElement[bool]:
    """Return "a word begins with this", for SQLite: the first by its index, others as trigrams."""
    if len(word) < INDEXED - 1:
        return _begins(norm_of(model), word)
    other = aliased(model)
    first = and_(norm_of(other) >= word, norm_of(other) < word + _LAST)
    return _in_index(model, f'" {word}"', other.id, first)


def _kept(
    session: SiteSession, model: type[SiteRecord], some: list[str], pattern: str = ""
) -> ColumnElement[bool]:
    """Return "the row fits one of these patterns of LIKE, and the expression", for PostgreSQL.

    The site's own function asks the index: see `palier.db.guards`. Across sites there is no site
    to ask for, and every row is read.
    """
    if session.site_id is None:
        norm = norm_of(model)
        likes = or_(*(norm.like(each) for each in some))
        return and_(likes, norm.regexp_match(pattern)) if pattern else likes
    fits = getattr(func, f"{_table_of(model)}_fits")(literal(some, ARRAY(Text)), pattern)
    # A subquery is asked once, a function might be asked for each row.
    kept = cast(select(fits).scalar_subquery(), ARRAY(BigInteger))
    return model.id == any_(kept)


def _in_index(model: type[SiteRecord], terms: str, *more: Any) -> ColumnElement[bool]:
    """Return "the trigram index of SQLite has this row for these terms".

    `more` is the id of an alias and a condition: a row that fits it is in as well. A union, since
    an OR would read every row.
    """
    # The index of a parent table serves its children: they share their keys.
    words = table(f"{_table_of(model)}_words", column("rowid"), column("norm"))
    held = select(words.c.rowid).where(words.c.norm.match(terms))
    if not more:
        return model.id.in_(held)
    id, condition = more
    return model.id.in_(held.union_all(select(id).where(condition)))


def _is_sqlite(session: SiteSession) -> bool:
    return str(session.get_bind().dialect.name) == "sqlite"


def _begins(norm: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return or_(norm.startswith(word), norm.contains(f" {word}"))


def _table_of(model: type[SiteRecord]) -> str:
    return str(inspect(model).attrs["norm"].columns[0].table.name)
