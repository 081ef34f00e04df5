"""What is offered where a form asks for a record: by a scanned code, else by words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from palier.codes.reading import likely, normalise_scan
from palier.context import Context
from palier.db.normal import normal
from palier.db.records import SiteRecord
from palier.db.search import nearest, words_of


@dataclass(frozen=True)
class Picks:
    """The records that fit, the best first. `sure`: the first is the one that was meant."""

    records: Sequence[SiteRecord] = ()
    sure: bool = False


def with_code(desk: Context, model: type[SiteRecord], typed: str) -> Picks:
    """Return the record whose own code was scanned or typed; one statement at most."""
    column, codes = code_of(model), {each.upper() for each in likely(normalise_scan(typed))}
    if column is None or not codes:
        return Picks()
    links = [joinedload(getattr(model, each)) for each in model.links]
    query = select(model).where(column.in_(codes), model.in_use()).options(*links)
    found = desk.session.scalars(query.limit(2)).unique().all()
    return Picks(found, sure=len(found) == 1)


def picks_for(desk: Context, model: type[SiteRecord], typed: str) -> Picks:
    """Return the record with this code, else those whose words are nearest to what was typed."""
    coded = with_code(desk, model, typed)
    if coded.records:
        return coded
    found = nearest(desk.session, model, typed)
    wanted = words_of(typed)
    fit = [each for each in found if _begins(each, wanted)]
    return Picks(found, sure=len(fit) == 1 and found[0] is fit[0])


def _begins(record: SiteRecord, wanted: Sequence[str]) -> bool:
    """Whether each typed word is the beginning of one of the record's own."""
    words = normal(str(record)).split()
    return all(any(word.startswith(each) for word in words) for each in wanted)


def code_of(model: type[SiteRecord]) -> InstrumentedAttribute[str] | None:
    """Return the column that tells a record from all others of its site, if it has one."""
    for kind in model.__mro__:
        columns: tuple[str, ...] = getattr(kind, "unique_columns", ())
        if len(columns) == 1 and columns[0] in model.fields:
            found: InstrumentedAttribute[str] = getattr(model, columns[0])
            return found
    return None
