"""One person's data, all of it and nobody else's: in words for them, in JSON for a program."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import func, literal, select

from palier.accounts.models import Staff
from palier.context import Context
from palier.db.fields import Keep
from palier.db.records import SiteRecord, label_of
from palier.errors import Refused
from palier.privacy.about import Part, parts_about, people_of, with_title
from palier.reading import value_of
from palier.residents.merging import title_of
from palier.residents.models import Address, Household, Resident, ResidentState
from palier.screens.catalogue import Catalogue
from palier.screens.columns import asked_of
from palier.screens.record import names_of_acts
from palier.sites.models import Operator
from palier.text import Text, _, plural, show
from palier.trail import ActRow

# Of a paper with thousands of lines nobody reads one: the file for programs has them all.
PRINTED = 200
SHOWN = 20  # of a chapter on the screen
AT_ONCE = 500  # rows in memory
# Who served is staff's own.
STAFFS = {"person_code"}


class NobodyLeft(Refused):
    text = _("The data of this person were erased: nothing is kept that could be given.")


@dataclass(frozen=True)
class Row:
    """One thing that is kept: its cells in words, and as a program reads them."""

    words: tuple[str, ...]
    values: tuple[object, ...]


@dataclass(frozen=True)
class Chapter:
    """One sort of what is kept: why, how long, its columns and its rows.

    `total` is how many rows there are, however many were asked for; 0 where all were.
    """

    title: Text
    table: str
    why: tuple[Text, ...]
    keys: tuple[str, ...]
    labels: tuple[Text, ...]
    rows: Iterable[Row]
    total: int = 0


@dataclass(frozen=True)
class Dossier:
    """Everything that is kept about one person at one site."""

    name: str
    site: str
    operator: str
    made_at: str
    chapters: Iterable[Chapter]


def dossier_of(desk: Context, resident: Resident, most: int | None = None) -> Dossier:
    """Read it in the reader's words, at most so many rows of each sort. One statement for a sort.

    Without `most` the rows are read while they are walked through, once, a few hundred at a time.
    Raises `NobodyLeft` for someone erased.
    """
    if resident.state is ResidentState.ERASED:
        raise NobodyLeft
    if resident.merged_into_id is not None:
        resident = desk.session.get_one(Resident, resident.merged_into_id)
    people = people_of(desk, resident)
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    chapters = _chapters(desk, people, most)
    return Dossier(
        name=str(resident),
        site=desk.site.name,
        operator=operator.legal_name,
        made_at=show(desk.now),
        chapters=chapters if most is None else tuple(chapters),
    )


def _chapters(desk: Context, people: list[Resident], most: int | None) -> Iterator[Chapter]:
    for part in _parts(people):
        keys = tuple(k for k in (*part.kind.fields, *part.kind.links) if _is_theirs(part.kind, k))
        found = _rows(desk, part, keys, most)
        if (first := next(found, None)) is not None:
            total, row = first
            yield Chapter(
                title=title_of(desk, part.kind),
                table=str(part.table.name),
                why=tuple(said(each) for each in part.keeps),
                keys=keys,
                labels=tuple(label_of(part.kind, key) or Text(key) for key in keys),
                rows=_walked(row, found, most),
                total=total,
            )
    yield from acts_of(desk, people, most)


def _parts(people: list[Resident]) -> Iterator[Part]:
    home = people[0].household
    own: list[tuple[type[SiteRecord], list[int]]] = [(Resident, [each.id for each in people])]
    if home is not None:
        own.append((Household, [home.id]))
        if home.address is not None:
            own.append((Address, [home.address.id]))
    for kind, ids in own:
        rows: Any = kind
        yield Part(kind, rows.__table__, rows.id.in_(ids))
    yield from parts_about(people, home)


def _walked(first: Row, rest: Iterator[tuple[int, Row]], most: int | None) -> Iterable[Row]:
    rows = chain((first,), (row for _total, row in rest))
    return rows if most is None else tuple(rows)


def _rows(
    desk: Context, part: Part, keys: Sequence[str], most: int | None
) -> Iterator[tuple[int, Row]]:
    """Yield one table's rows, other people left out, each with how many there are."""
    kind = part.kind
    shown = [value_of(asked_of(kind, key)) for key in keys]
    total: Any = literal(0) if most is None else func.count().over()
    query = select(kind, total).where(part.where).order_by(part.id).limit(most)
    query = query.options(*(with_title(kind, key) for key in keys if key in kind.links))
    for record, number in desk.session.execute(query.execution_options(yield_per=AT_ONCE)):
        stored = [getattr(record, key) for key in keys]
        words = tuple(str(v.shown(s)) for v, s in zip(shown, stored, strict=True))
        yield number, Row(words, tuple(_plain(v, s) for v, s in zip(shown, stored, strict=True)))


def _is_theirs(kind: type[SiteRecord], key: str) -> bool:
    if key in STAFFS:
        return False
    link = kind.links.get(key)
    return link is None or link.target not in {Resident, Staff}


def _plain(value: Any, stored: object) -> object:
    if isinstance(stored, SiteRecord):
        return str(stored)
    return value.to_json(stored)


def said(keep: Keep) -> Text:
    """Say why something is kept and how long."""
    months = plural("%(n)s month", "%(n)s months", keep.months)
    return _("%(why)s: %(months)s").fill(why=keep.purpose, months=months)


def acts_of(desk: Context, people: list[Resident], most: int | None = None) -> Iterator[Chapter]:
    """Yield the names and days of what was done, never who of the staff did it."""
    found = _acts(desk, [each.id for each in people], most)
    if (first := next(found, None)) is not None:
        total, row = first
        yield Chapter(
            title=_("What was done"),
            table="act",
            why=(_("Count what the service does, and know what was done"),),
            keys=("what", "at"),
            labels=(_("What"), _("At")),
            rows=_walked(row, found, most),
            total=total,
        )


def _acts(desk: Context, ids: list[int], most: int | None) -> Iterator[tuple[int, Row]]:
    names = names_of_acts(Catalogue(desk.hooks.registry)) if desk.hooks else {}
    total: Any = literal(0) if most is None else func.count().over()
    query = select(ActRow.name, ActRow.at, total).where(ActRow.resident_id.in_(ids))
    query = query.order_by(ActRow.id.desc()).limit(most)
    for name, at, number in desk.session.execute(query.execution_options(yield_per=AT_ONCE)):
        what = str(names.get(name, Text(name)))
        yield number, Row((what, show(at)), (what, at.isoformat()))


def as_json(dossier: Dossier) -> Iterator[bytes]:
    """Yield it for a program, bit by bit: every row, keys of the columns, what they are called."""
    told = {
        "about": dossier.name,
        "site": dossier.site,
        "controller": dossier.operator,
        "made_at": dossier.made_at,
    }
    yield msgspec.json.encode(told)[:-1] + b',"data":['
    between = b"\n"
    for each in dossier.chapters:
        head = {
            "table": each.table,
            "title": str(each.title),
            "kept_for": [str(words) for words in each.why],
            "labels": dict(zip(each.keys, map(str, each.labels), strict=True)),
        }
        yield between + msgspec.json.encode(head, enc_hook=str)[:-1] + b',"rows":['
        start = b"\n"
        for row in each.rows:
            values = dict(zip(each.keys, row.values, strict=True))
            yield start + msgspec.json.encode(values, enc_hook=str)
            start = b",\n"
        yield b"]}"
        between = b",\n"
    yield b"]}\n"


def sheet_of(dossier: Dossier) -> dict[str, Any]:
    """Return what the paper shows, in words, of `PRINTED` rows a chapter; a longer one says so."""
    about = _("Everything that %(site)s keeps about this person. %(who)s answers for it.")
    more = _("%(n)s more lines are in the file for programs.")
    return {
        "title": str(_("What is kept about %(name)s").fill(name=dossier.name)),
        "intro": [
            str(about.fill(site=dossier.site, who=dossier.operator)),
            str(_("Made: %(when)s.").fill(when=dossier.made_at)),
            str(_("You may have it corrected or erased: ask at the desk.")),
        ],
        "chapters": [
            {
                "title": str(each.title),
                "why": [str(words) for words in each.why],
                "labels": [str(label) for label in each.labels],
                "rows": [[cell or "–" for cell in row.words] for row in each.rows],
                "more": str(more.fill(n=each.total - PRINTED)) if each.total > PRINTED else "",
            }
            for each in dossier.chapters
        ],
    }
