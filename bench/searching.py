"""Searching among all residents: by name, by a misspelt name, by a card's code."""

from collections.abc import Callable, Mapping

from bench.measuring import Measured, by_turns
from bench.places import Place, WentWrong, desk_of
from sqlalchemy import select

from palier.context import Context
from palier.residents.models import Resident
from palier.residents.people import find_people

TURNS = 40
# What every search is held against: each name of the site read and compared, no index asked.
EVERY_NAME = "SELECT count(*) FROM resident WHERE site_id = :site AND norm || '' LIKE :words"


def by_name(place: Place) -> Measured:
    """Measure the few who fit best, found by their family name."""
    return _search(place, lambda _id, name: name)


def by_misspelt_name(place: Place) -> Measured:
    """Measure the same with a letter of the name typed wrong."""
    return _search(place, lambda _id, name: _misspelt(name))


def by_code(place: Place) -> Measured:
    """Measure a card's owner, found by its code."""
    return _search(place, lambda number, _name: f"C{number}")


def _misspelt(name: str) -> str:
    middle = len(name) // 2
    return f"{name[:middle]}x{name[middle + 1 :]}"


def _search(place: Place, typed: Callable[[int, str], str]) -> Measured:
    connection, statement = place.raw(), place.written(EVERY_NAME)
    with desk_of(place, write=False) as desk:
        people = _people(desk, place.size.residents)

        def ours(turn: int) -> None:
            words = typed(*people[turn % len(people)])
            if not find_people(desk, words):
                raise WentWrong("nobody was found", words)

        def raw(turn: int) -> None:
            words = f"%{people[turn % len(people)][1].lower()}%"
            if connection.execute(statement, {"site": 1, "words": words}).fetchone()[0] < 1:
                raise WentWrong("nobody has this name", words)

        found, read = by_turns((ours, raw), TURNS, reads=True)
    return Measured(found, read)


def _people(desk: Context, residents: int) -> list[tuple[int, str]]:
    """Return some residents, from all over the list: number and family name."""
    ids = [turn * 37 % residents + 1 for turn in range(TURNS)]
    query = select(Resident.id, Resident.family_name).where(Resident.id.in_(ids))
    return [(row[0], row[1]) for row in desk.session.execute(query)]


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "search, a name": by_name,
    "search, misspelt": by_misspelt_name,
    "search, a code": by_code,
}
