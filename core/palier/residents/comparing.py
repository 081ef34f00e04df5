"""Two records side by side: which pairs of a site may be one person, and what each of two says."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from palier.context import Context
from palier.db.normal import normal
from palier.residents import rules
from palier.residents.duplicates import Known, Like, Pair, likely_pairs
from palier.residents.models import Address, Household, Resident, ResidentState, ToldApart
from palier.residents.people import in_words
from palier.residents.rules import Whose
from palier.text import Text, _, show

PAGE = 20
_HERE = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))


@dataclass(frozen=True)
class Twins:
    """A pair that may be one person: the record that would stay, the other, and why."""

    kept: Resident
    gone: Resident
    why: tuple[Like, ...]


@dataclass(frozen=True)
class Choosing:
    """One line of a comparison: a label, what each record says, and whose value is proposed."""

    name: str
    label: Text
    kept: Text | str
    gone: Text | str
    whose: Whose

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return str(self.kept) != str(self.gone)


def pairs_of(desk: Context) -> list[Pair]:
    """Return every pair of the site that may be one person. Two statements, however many."""
    return likely_pairs(_known(desk), _told_apart(desk))


def _known(desk: Context) -> Iterator[Known]:
    query = (
        select(
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Household.id,
            Address.street,
            Address.number,
            Address.stairwell,
            Resident.birth_year,
            Resident.phone,
            Resident.email,
        )
        .outerjoin(Resident.household)
        .outerjoin(Household.address)
        .where(_HERE)
        .order_by(Resident.id)
    )
    spelt: dict[str, str] = {}
    for (
        id,
        given,
        family,
        home,
        street,
        number,
        stairwell,
        year,
        phone,
        email,
    ) in desk.session.execute(query):
        words = [_spelt(each, spelt) for each in (given, family)]
        door = (_spelt(street, spelt), _spelt(number, spelt), _spelt(stairwell or "", spelt))
        place = door if street else None
        mail = email.casefold() if email else None
        yield Known(id, words[0], words[1], home, place, year, phone, mail)


def _spelt(word: str | None, known: dict[str, str]) -> str:
    """Return a word as it is compared; each spelling is worked out once."""
    if not word:
        return ""
    if word not in known:
        known[word] = normal(word).replace(" ", "")
    return known[word]


def _told_apart(desk: Context) -> set[frozenset[int]]:
    """Return the pairs that somebody told apart; what was merged since stands for its new record."""
    one, other = aliased(Resident), aliased(Resident)
    query = (
        select(
            func.coalesce(one.merged_into_id, one.id), func.coalesce(other.merged_into_id, other.id)
        )
        .select_from(ToldApart)
        .join(one, ToldApart.one.of_type(one))
        .join(other, ToldApart.other.of_type(other))
    )
    return {frozenset(row) for row in desk.session.execute(query)}


def twins_after(desk: Context, pairs: list[Pair], after: str) -> list[Twins]:
    """Return one page of pairs, those behind `after`, with their records. One statement."""
    ahead = (each for each in pairs if not after or each.rank > _read(after))
    page = list(islice(ahead, PAGE))
    ids = {id for each in page for id in (each.one, each.other)}
    home = joinedload(Resident.household).joinedload(Household.address)
    query = select(Resident).where(Resident.id.in_(ids)).options(home)
    people = {each.id: each for each in desk.session.scalars(query).unique()}
    return [Twins(people[each.one], people[each.other], each.why) for each in page]


def written(pair: Pair) -> str:
    """Return a pair's place for an address."""
    return ".".join(map(str, pair.rank))


def _read(after: str) -> tuple[int, ...]:
    parts = after.split(".")
    return tuple(map(int, parts)) if all(each.lstrip("-").isdigit() for each in parts) else ()


def about(resident: Resident) -> Text | str:
    """Say what tells a record from its twin: where, born when, since when not seen."""
    said: list[Text] = [in_words(resident)]
    if resident.birth_year:
        said.append(_("born in %(year)s").fill(year=str(resident.birth_year)))
    if resident.last_contact_on:
        said.append(_("last seen on %(day)s").fill(day=resident.last_contact_on))
    return ", ".join(str(each) for each in said)


def compared(kept: Resident, gone: Resident) -> list[Choosing]:
    """Return what two records say, line by line, with what is proposed."""
    names = ("given_name", "family_name", "birth_year", "household")
    more = ("phone", "email", "language", "channel")
    return [_choosing(each, kept, gone) for each in (*names, *more)]


def _choosing(name: str, kept: Resident, gone: Resident) -> Choosing:
    link = Resident.links.get(name)
    label = link.label if link else Resident.fields[name].label
    whose = rules.sensible(name, kept, gone)
    return Choosing(name, label, _said(name, kept), _said(name, gone), whose)


def _said(name: str, resident: Resident) -> Text | str:
    value: Any = getattr(resident, name)
    if name == "household" and value is not None:
        return f"{value.code}, {value.address}" if value.address else str(value.code)
    if name == "channel":
        ways = (getattr(resident, each) for each in ("channel", "channel_2", "channel_3"))
        return ", ".join(str(each.label) for each in ways if each is not None)
    return str(value) if name == "birth_year" and value else show(value)
