"""A screen's columns as SQL and as shown values: lists load columns, not records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, inspect
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import aliased

from palier.db.records import SiteRecord, label_of
from palier.db.types import Choice
from palier.reading import value_of
from palier.screens.declared import Screen
from palier.screens.views import Cell
from palier.signature import Asked
from palier.text import Text, show
from palier.values import Value

# How a state is shown: what waits for somebody, what went well, what is closed.
_TONES = {
    "ready": "ok", "active": "ok", "listed": "ok", "receipted": "ok", "back": "ok", "held": "",
    "blocked": "wait", "open": "wait", "requested": "wait", "paused": "wait", "out": "",
    "lost": "stop", "refused": "stop", "struck_off": "stop",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One column: its words, its kind of value, where its values stand in a row."""

    key: str
    label: Text
    value: Value
    expressions: tuple[ColumnElement[Any], ...]
    target: type[SiteRecord] | None = None
    alias: Any = None

    @property
    def sortable(self) -> bool:
        """Whether its values have an order: a checklist has none, and PostgreSQL says so."""
        return self.value.widget != "ticks"

    @property
    def sort(self) -> ColumnElement[Any]:
        """What the list is sorted by: a link by the last word of its title."""
        return self.expressions[-1]

    @property
    def is_optional(self) -> bool:
        """Whether a row may have nothing here."""
        return self.value.asked.optional

    def text(self, values: Sequence[Any]) -> Text | str:
        """Return what people read, from this column's part of a row."""
        if self.target is None:
            return self.value.shown(values[0])
        return " ".join(show(each) for each in values[1:] if each is not None)

    def json(self, values: Sequence[Any]) -> object:
        """Return what a program reads; a link is its id and its title."""
        if self.target is None:
            return self.value.to_json(values[0])
        return {"id": values[0], "title": str(self.text(values))} if values[0] is not None else None


def asked_of(model: type[SiteRecord], key: str) -> Asked:
    """Return a column, link or computed figure as a form and a list know it."""
    if field := model.fields.get(key):
        return Asked(
            key, field.label, field.kind, field.optional, field.default,
            field.min, field.max, field.help, field.items, nothing=field.nothing,
        )  # fmt: skip
    if link := model.links.get(key):
        return Asked(key, link.label, link.target, link.optional, link.default)
    label = label_of(model, key)
    assert label is not None  # noqa: S101 - Screen.check found it at start
    return Asked(key, label, int)


_columns: dict[tuple[type[SiteRecord], str], Shown] = {}


def shown_column(model: type[SiteRecord], key: str) -> Shown:
    """Return one column of a model, ready to be selected and shown; made once."""
    if (model, key) not in _columns:
        _columns[model, key] = _column(model, key)
    return _columns[model, key]


def _column(model: type[SiteRecord], key: str) -> Shown:
    asked = asked_of(model, key)
    value = value_of(asked)
    if key in model.links:
        alias = aliased(model.links[key].target, flat=True)
        titles = tuple(getattr(alias, each) for each in alias.__mapper__.class_.title_columns)
        return Shown(key, asked.label, value, (alias.id, *titles), asked.kind, alias)
    attribute = getattr(model, key)
    return Shown(key, asked.label, value, (attribute,))


def is_computed(model: type[SiteRecord], key: str) -> bool:
    """Whether a column is a figure made of others."""
    found = inspect(model).all_orm_descriptors.get(key)
    return isinstance(found, hybrid_property)


def columns_of(screen: Screen[Any]) -> tuple[Shown, ...]:
    """Return a screen's columns in their order."""
    return tuple(shown_column(screen.model, each.key or "") for each in screen.columns)


def parts(row: Row[Any], columns: Sequence[Shown], start: int = 1) -> list[Sequence[Any]]:
    """Cut a row into each column's values; the record's id comes first."""
    found: list[Sequence[Any]] = []
    at = start
    for column in columns:
        found.append(row[at : at + len(column.expressions)])
        at += len(column.expressions)
    return found


def cell(column: Shown, values: Sequence[Any], href: str | None = None) -> Cell:
    """Return one shown value with its kind, and its tone where it is a state."""
    text = column.text(values)
    kind, tone = column.value.shown_as, ""
    if column.target is None and isinstance(values[0], Choice):
        kind = "state" if column.key == "state" else "text"
        tone = _TONES.get(values[0].value, "")
    if column.key == "code" or column.key.endswith("_code"):
        kind = "code"
    return Cell(text, href, kind, tone, column.label)
