"""One person's data, all of it and nobody else's: in words for them, in JSON for a program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier.accounts.models import Staff
from palier.context import Context
from palier.db.fields import Keep
from palier.db.records import SiteRecord, label_of
from palier.errors import Refused
from palier.privacy.about import Part, parts_about, people_of
from palier.reading import value_of
from palier.residents.merging import title_of
from palier.residents.models import Address, Household, Resident, ResidentState
from palier.screens.columns import asked_of
from palier.sites.models import Operator
from palier.text import Text, _, plural, show
from palier.trail import ActRow

# Of a paper with thousands of lines nobody reads one: the file for programs has them all.
PRINTED = 200
# Who served is staff's own.
STAFFS = {"person_code"}


class NobodyLeft(Refused):
    text = _("The data of this person were erased: nothing is kept that could be given.")


@dataclass(frozen=True)
class Chapter:
    """One sort of what is kept: why, how long, its columns and its rows, as words and as values."""

    title: Text
    table: str
    why: tuple[Text, ...]
    keys: tuple[str, ...]
    labels: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Dossier:
    """Everything that is kept about one person at one site."""

    name: str
    site: str
    operator: str
    made_at: str
    chapters: tuple[Chapter, ...]


def dossier_of(desk: Context, resident: Resident) -> Dossier:
    """Read it all, in the reader's words. Raises `NobodyLeft` for someone erased."""
    if resident.state is ResidentState.ERASED:
        raise NobodyLeft
    if resident.merged_into_id is not None:
        resident = desk.session.get_one(Resident, resident.merged_into_id)
    people = people_of(desk, resident)
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    home = resident.household
    parts = [Part(Resident, Resident.__table__, Resident.id.in_([p.id for p in people]))]  # type: ignore[arg-type]  # a table
    if home is not None:
        parts.append(Part(Household, Household.__table__, Household.id == home.id))  # type: ignore[arg-type]
        if home.address is not None:
            parts.append(Part(Address, Address.__table__, Address.id == home.address.id))  # type: ignore[arg-type]
    parts += parts_about(people, home)
    chapters = (chapter_of(desk, each) for each in parts)
    return Dossier(
        name=str(resident),
        site=desk.site.name,
        operator=operator.legal_name,
        made_at=show(desk.now),
        chapters=(*(each for each in chapters if each.rows), *acts_of(desk, people)),
    )


def chapter_of(desk: Context, part: Part) -> Chapter:
    """Return one table's rows: fields and links that people read, other people left out."""
    kind = part.kind
    keys = tuple(key for key in (*kind.fields, *kind.links) if _is_theirs(kind, key))
    shown = [value_of(asked_of(kind, key)) for key in keys]
    links = [joinedload(getattr(kind, key)) for key in keys if key in kind.links]
    query = select(kind).where(part.where).options(*links).order_by(kind.id)
    words, values = [], []
    for record in desk.session.scalars(query.execution_options(yield_per=500)):
        stored = [getattr(record, key) for key in keys]
        words.append(tuple(str(v.shown(s)) for v, s in zip(shown, stored, strict=True)))
        values.append(tuple(_plain(v, s) for v, s in zip(shown, stored, strict=True)))
    labels = tuple(label_of(kind, key) or Text(key) for key in keys)
    why = tuple(said(each) for each in part.keeps)
    title = title_of(desk, kind)
    return Chapter(title, part.table.name, why, keys, labels, tuple(words), tuple(values))


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


def acts_of(desk: Context, people: list[Resident]) -> Iterator[Chapter]:
    """Yield the names and days of what was done, never who of the staff did it."""
    ids = [each.id for each in people]
    names = _act_names(desk)
    query = (
        select(ActRow.name, ActRow.at).where(ActRow.resident_id.in_(ids)).order_by(ActRow.id.desc())
    )
    rows = [(names.get(name, Text(name)), at) for name, at in desk.session.execute(query)]
    if rows:
        yield Chapter(
            title=_("What was done"),
            table="act",
            why=(_("Count what the service does, and know what was done"),),
            keys=("what", "at"),
            labels=(_("What"), _("At")),
            rows=tuple((str(name), show(at)) for name, at in rows),
            values=tuple((str(name), at.isoformat()) for name, at in rows),
        )


def _act_names(desk: Context) -> Mapping[str, Text]:
    plugins = desk.hooks.registry.working() if desk.hooks else []
    names: dict[str, Text] = {}
    for manifest in (each.manifest for each in plugins):
        acts = [*manifest.acts, *(a for s in manifest.screens for a in s.acts)]
        acts += [a for e in manifest.extends for a in e.acts]
        names |= {each.permission: each.label for each in acts}
    return names


def as_json(dossier: Dossier) -> bytes:
    """Return it for a program: every row, keys of the columns, and what they are called."""
    chapters = [
        {
            "table": each.table,
            "title": str(each.title),
            "kept_for": [str(words) for words in each.why],
            "labels": dict(zip(each.keys, map(str, each.labels), strict=True)),
            "rows": [dict(zip(each.keys, row, strict=True)) for row in each.values],
        }
        for each in dossier.chapters
    ]
    told = {
        "about": dossier.name,
        "site": dossier.site,
        "controller": dossier.operator,
        "made_at": dossier.made_at,
        "data": chapters,
    }
    return msgspec.json.format(msgspec.json.encode(told, enc_hook=str), indent=1)


def sheet_of(dossier: Dossier) -> dict[str, Any]:
    """Return what the paper shows, in words; long chapters are cut, and say so."""
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
                "rows": [[cell or "–" for cell in row] for row in each.rows[:PRINTED]],
                "more": str(more.fill(n=len(each.rows) - PRINTED))
                if len(each.rows) > PRINTED
                else "",
            }
            for each in dossier.chapters
        ],
    }
