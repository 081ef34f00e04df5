"""Columns that a list makes for the rows it shows: all ids at once, never row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from palier.context import Context
from palier.screens.declared import Screen
from palier.screens.views import Cell, Heading, Row
from palier.text import Text, show


def beside(
    desk: Context, screen: Screen[Any], ids: Sequence[int]
) -> Mapping[Text, Mapping[int, object]]:
    """Return the words and values of a screen's own columns for these rows."""
    return {} if screen.beside is None else screen.beside(desk, ids)


def with_beside(
    desk: Context, screen: Screen[Any], headings: Sequence[Heading], rows: Sequence[Row]
) -> tuple[tuple[Heading, ...], tuple[Row, ...]]:
    """Return headings and rows with these columns behind the declared ones."""
    made = beside(desk, screen, [each.id for each in rows])
    more = tuple(Heading(label) for label in made)
    wider = tuple(
        replace(row, cells=(*row.cells, *(_cell(label, made[label], row.id) for label in made)))
        for row in rows
    )
    return (*headings, *more), wider


def _cell(label: Text, values: Mapping[int, object], id: int) -> Cell:
    value = values.get(id, "")
    return value if isinstance(value, Cell) else Cell(show(value), label=label)


def plain(value: object) -> str:
    """Return a value as a file holds it."""
    return str(value.text) if isinstance(value, Cell) else show(value)
