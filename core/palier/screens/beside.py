"""Columns that a list makes for the rows it shows: all ids at once, never row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from palier.asking import Failure
from palier.context import Context
from palier.plugins import Plugin
from palier.screens.catalogue import Catalogue
from palier.screens.declared import Added, Screen
from palier.screens.views import Cell, Heading, Note, Row
from palier.text import Text, _, show


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


def with_added(
    desk: Context,
    catalogue: Catalogue,
    screen: Screen[Any],
    headings: Sequence[Heading],
    rows: Sequence[Row],
) -> tuple[tuple[Heading, ...], tuple[Row, ...], tuple[Note, ...]]:
    """Return headings and rows with the columns of other packages, and a warning for each that fails.

    A package that adds to a screen that is gone is named above its own lists.
    """
    ids = [each.id for each in rows]
    warnings = [gone(each) for each in lost_of(catalogue, screen)]
    for plugin, label, asked in catalogue.added_columns(desk, screen):
        assert desk.hooks is not None  # noqa: S101 - a page's desk has the house's hooks
        made = desk.hooks.declared(plugin, partial(_asked, asked, ids), desk)
        if isinstance(made, Failure):
            warnings.append(broken(plugin))
            continue
        headings = (*headings, Heading(label))
        rows = [replace(r, cells=(*r.cells, _cell(label, made, r.id))) for r in rows]
    return tuple(headings), tuple(rows), tuple(warnings)


def _asked(asked: Added, ids: Sequence[int], desk: Context) -> Mapping[int, object]:
    return asked(desk, ids)


def lost_of(catalogue: Catalogue, screen: Screen[Any]) -> list[str]:
    """Return the screens that are gone and that this list's package adds to."""
    plugin = catalogue.registry.plugins.get(screen.package)
    return [] if plugin is None else catalogue.gone(plugin)


def gone(name: str) -> Note:
    """The warning of a package that adds to what is no longer there."""
    words = _("What this service adds to %(name)s is not shown: there is no such list any more.")
    return Note("wait", _("Something can't be shown elsewhere."), words.fill(name=name))


def broken(plugin: Plugin) -> Note:
    """The one warning that stands in for what a plugin could not show."""
    words = _("The service %(name)s has a problem. The rest of the page works.")
    return Note("wait", _("This block can't be shown."), words.fill(name=plugin.label))


def _cell(label: Text, values: Mapping[int, object], id: int) -> Cell:
    value = values.get(id, "")
    return value if isinstance(value, Cell) else Cell(show(value), label=label)


def plain(value: object) -> str:
    """Return a value as a file holds it."""
    return str(value.text) if isinstance(value, Cell) else show(value)
