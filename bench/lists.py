"""Reading: a list of 80 by name, as JSON and as a page, and one record."""

import json
from collections.abc import Callable, Mapping

from bench.measuring import Measured, Work, by_turns
from bench.places import API, DESK, Place, Twins, WentWrong

TURNS = 200
PEOPLE = f"{API}residents/resident"
PAGES = f"{DESK}residents/resident"
LIST = """
SELECT r.id, r.given_name, r.family_name, h.id, h.code, r.phone, r.channel, r.state
FROM resident AS r LEFT JOIN household AS h ON h.id = r.household_id AND h.site_id = r.site_id
WHERE r.site_id = :site ORDER BY r.family_name, r.id LIMIT :size"""
RECORD = """
SELECT r.*, h.* FROM resident AS r
LEFT JOIN household AS h ON h.id = r.household_id AND h.site_id = r.site_id
WHERE r.site_id = :site AND r.id = :id"""


def list_json(place: Place) -> Measured:
    """Measure a list of 80 as programs read it."""
    answer = json.loads(place.asks(PEOPLE, size="80").body)
    ids = [each["id"] for each in answer["rows"]]
    if ids != [row[0] for row in raw_list(place, 80)()]:
        raise WentWrong("the raw list has other rows")
    return _list(place, list_of(place), 81)


def list_page(place: Place) -> Measured:
    """Measure a page of the same list, which has 50."""
    return _list(place, page_of(place), 51)


def list_of(place: Place) -> Work:
    """Return what reads a list of 80 as programs do."""
    return lambda _turn: place.asks(PEOPLE, size="80")


def page_of(place: Place) -> Work:
    """Return what opens the list's first page."""
    return lambda _turn: place.asks(PAGES)


def record_of(place: Place) -> Work:
    """Return what reads one record as programs do, another one each turn."""
    return lambda turn: place.asks(f"{PEOPLE}/{one(place, turn)}")


def one(place: Place, turn: int) -> int:
    """Return the resident of a turn, from all over the list."""
    return turn * 37 % place.size.residents + 1


def _list(place: Place, work: Work, size: int) -> Measured:
    twins, bare = Twins(place, work), raw_list(place, size)
    ours, raw, same = by_turns((twins.ours, lambda _turn: bare(), twins.raw), TURNS, reads=True)
    return Measured(ours, raw, same)


def raw_list(place: Place, size: int) -> Callable[[], list[tuple[object, ...]]]:
    """Return the list's one statement on a connection of its own."""
    connection, statement = place.raw(), place.written(LIST)
    given = {"site": 1, "size": size}
    return lambda: list(connection.execute(statement, given).fetchall())


def read_json(place: Place) -> Measured:
    """Measure one record as programs read it, another one each turn."""
    connection, statement = place.raw(), place.written(RECORD)

    def raw(turn: int) -> None:
        given = {"site": 1, "id": one(place, turn)}
        if connection.execute(statement, given).fetchone()[0] != one(place, turn):
            raise WentWrong("the raw record is another")

    twins = Twins(place, record_of(place))
    ours, bare, same = by_turns((twins.ours, raw, twins.raw), TURNS, reads=True)
    return Measured(ours, bare, same)


MEASURES: Mapping[str, Callable[[Place], Measured]] = {
    "list of 80, JSON": list_json,
    "list, page": list_page,
    "read a record, JSON": read_json,
}
