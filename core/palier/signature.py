"""What a form asks for: each value of an act, said once, and which of them a record calls for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.db.types import Choice, Tick, Ticks
from palier.text import Cents, Grams, Minutes, Secret, Text

# What a form can ask for, besides one of a list, a checklist and a record; palier.reading reads it.
PLAIN = frozenset({str, int, bool, date, datetime, time, Cents, Grams, Minutes, Secret})

# The lines of a checklist, or what names them for a record; a sentence of help alike.
Items = Sequence[Tick] | Callable[[Any], Sequence[Tick]]
Help = Text | Callable[[Any], Text | None]


@dataclass(frozen=True)
class Ask:
    """What a form says of one value."""

    label: Text | None = None
    min: int | None = None
    max: int | None = None
    help: Help | None = None
    start: Callable[[Any], object] | None = None
    items: Items = ()
    hidden: bool = False
    among: Callable[[Any], Any] | None = None
    offers: Callable[..., Mapping[str, Text]] | None = None
    fits: Callable[[Any], bool] | None = None
    decides: bool = False
    first: bool = False


def ask(
    label: Text | None = None,
    *,
    min: int | None = None,
    max: int | None = None,
    help: Help | None = None,
    start: Callable[[Any], object] | None = None,
    items: Items = (),
    hidden: bool = False,
    among: Callable[[Any], Any] | None = None,
    offers: Callable[[Any, Any], Mapping[str, Text]] | None = None,
    fits: Callable[[Any], bool] | None = None,
    decides: bool = False,
    first: bool = False,
) -> Ask:
    """Say how a form asks for one value: `Annotated[int, ask(_("Loaves"), min=1)]`.

    What is left out is taken from the field of the same name: of the act's record, then of the
    record that the act returns. `start` fills the form in; it never decides for the JSON API. A
    `hidden` value comes from the page that led to the form, and is asked of nobody. `among` narrows
    the records offered to some, by the record that the act is done to: the lines of this receipt.
    `offers` is what may be chosen, word by label, known only at the desk: `(desk, record)`, with the
    act's record or None; with `first` the first of it stands in the form: whose turn it is. `items`
    may be a function: the lines of a checklist for this record; `help` as well. A value with `fits` is asked only where that says so of the record; elsewhere it has its
    default, and with None for one it is to be filled in where it is asked. An act of the whole list has no record: these are then asked about what was chosen in
    the value that `decides`, or about None.
    """
    return Ask(label, min, max, help, start, items, hidden, among, offers, fits, decides, first)


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
    lines: Callable[[Any], Sequence[Tick]] | None = None
    says: Callable[[Any], Text | None] | None = None
    fits: Callable[[Any], bool] | None = None
    decides: bool = False
    first: bool = False

    def of(self, record: SiteRecord | None) -> "Asked":
        """Return it as it is asked for this record: what may be chosen or ticked is its own."""
        offers = self.offers and _about(self.offers, record)
        items = self.lines(record) if self.lines is not None else self.items
        help = self.says(record) if self.says is not None else self.help
        asked = replace(self, offers=offers, items=items, help=help)
        # None only says that it was not asked for: where it is, it is filled in.
        only_where_asked = self.fits is not None and self.default is None
        return replace(asked, optional=False, default=UNSET) if only_where_asked else asked


def _about(
    offers: Callable[..., Mapping[str, Text]], record: SiteRecord | None
) -> Callable[[Any], Mapping[str, Text]]:
    return lambda desk: offers(desk, record)


@dataclass(frozen=True)
class Signature:
    """An act's function, read once."""

    record: type[SiteRecord] | None
    values: tuple[Asked, ...]
    result: type[SiteRecord] | None

    def values_for(self, record: SiteRecord | None) -> tuple[Asked, ...]:
        """Return the values that are asked for this record, each as it is asked for it."""
        fitting = (each for each in self.values if each.fits is None or each.fits(record))
        return tuple(each.of(record) for each in fitting)

    @property
    def decider(self) -> Asked | None:
        """The value whose record decides what else is asked, where the act has no record."""
        return next((each for each in self.values if each.decides), None)

    @property
    def secrets(self) -> frozenset[str]:
        """The names of values that nobody but the act may see or keep."""
        return frozenset(each.name for each in self.values if each.kind is Secret)


def is_asked_for(kind: Any) -> bool:
    """Whether a form can ask for a value of this type."""
    if kind in PLAIN:
        return True
    return isinstance(kind, type) and issubclass(kind, Choice | Ticks | SiteRecord)
