"""What a form asks for: each value of an act, said once, and which of them a record calls for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.db.types import Choice, Tick, Ticks
from palier.text import Cents, Grams, Minutes, Secret, Text

# What a form can ask for, besides one of a list, a checklist and a record; palier.reading reads it.
PLAIN = frozenset({str, int, bool, date, datetime, time, Cents, Grams, Minutes, Secret})


@dataclass(frozen=True)
class Ask:
    """What a form says of one value."""

    label: Text | None = None
    min: int | None = None
    max: int | None = None
    help: Text | None = None
    start: Callable[[Any], object] | None = None
    items: Sequence[Tick] = ()
    hidden: bool = False
    among: Callable[[Any], Any] | None = None
    offers: Callable[..., Mapping[str, Text]] | None = None


def ask(
    label: Text | None = None,
    *,
    min: int | None = None,
    max: int | None = None,
    help: Text | None = None,
    start: Callable[[Any], object] | None = None,
    items: Sequence[Tick] = (),
    hidden: bool = False,
    among: Callable[[Any], Any] | None = None,
    offers: Callable[[Any, Any], Mapping[str, Text]] | None = None,
) -> Ask:
    """Say how a form asks for one value: `Annotated[int, ask(_("Loaves"), min=1)]`.

    What is left out is taken from the field of the same name: of the act's record, then of the
    record that the act returns. `start` fills the form in; it never decides for the JSON API. A
    `hidden` value comes from the page that led to the form, and is asked of nobody. `among` narrows
    the records offered to some, by the record that the act is done to: the lines of this receipt.
    `offers` is what may be chosen, word by label, known only at the desk: `(desk, record)`, with the
    act's record or None.
    """
    return Ask(label, min, max, help, start, items, hidden, among, offers)


@dataclass(frozen=True)
class Asked:
    """One value of a form, an act's or a record's."""

    name: str
    label: Text
    kind: Any
    optional: bool = False
    default: object = UNSET
    min: int | None = None
    max: int | None = None
    help: Text | None = None
    items: Sequence[Tick] = ()
    start: Callable[[Any], object] | None = None
    hidden: bool = False
    nothing: Text | None = None
    among: Callable[[Any], Any] | None = None
    offers: Callable[..., Mapping[str, Text]] | None = None


@dataclass(frozen=True)
class Signature:
    """An act's function, read once."""

    record: type[SiteRecord] | None
    values: tuple[Asked, ...]
    result: type[SiteRecord] | None

    def values_for(self, record: SiteRecord | None) -> tuple[Asked, ...]:
        """Return the values as they are asked for this record: what may be chosen is its own."""
        return tuple(
            each
            if each.offers is None
            else replace(each, offers=partial(each.offers, record=record))
            for each in self.values
        )

    @property
    def secrets(self) -> frozenset[str]:
        """The names of values that nobody but the act may see or keep."""
        return frozenset(each.name for each in self.values if each.kind is Secret)


def is_asked_for(kind: Any) -> bool:
    """Whether a form can ask for a value of this type."""
    if kind in PLAIN:
        return True
    return isinstance(kind, type) and issubclass(kind, Choice | Ticks | SiteRecord)
