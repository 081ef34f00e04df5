"""What a column, a link or a computed figure says of itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin, overload

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Label,
    String,
    Time,
    case,
    type_coerce,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped
from sqlalchemy.types import TypeEngine

from palier.db.types import Choice, ChoiceColumn, Instant, Tick, Ticks, TicksColumn
from palier.errors import WrongDeclaration
from palier.text import Cents, Grams, Minutes, Text, _

T = TypeVar("T")


class Unset(Enum):
    """Stands for "nothing was given", where None is an answer."""

    UNSET = 0


UNSET = Unset.UNSET


class Basis(Choice):
    """Why the law lets something be kept (GDPR art. 6)."""

    CONTRACT = "contract", _("What the person asked for")
    LAW = "law", _("A duty set by law")
    PUBLIC = "public", _("A task in the public interest")
    INTEREST = "interest", _("A legitimate interest")
    CONSENT = "consent", _("Consent")


@dataclass(frozen=True)
class Keep:
    """Why a column keeps something about a person, and for how many months after which day column.

    Export, erasure, the register and the retention job read only this.
    """

    purpose: Text
    months: int
    after: str = ""
    basis: Basis = Basis.CONTRACT


@dataclass(frozen=True)
class Field:
    """A column as forms, lists, exports and errors know it. `kind` is the Python type."""

    label: Text
    default: object = UNSET
    min: int | None = None
    max: int | None = None
    help: Text | None = None
    index: bool = False
    items: Sequence[Tick] = ()
    keep: Keep | None = None
    search: bool = False
    nothing: Text | None = None
    impersonal: bool = False
    kind: Any = None
    optional: bool = False
    name: str = ""


class Itself:
    """Stands for the class that a link is declared in: `belongs_to(Itself, …)`."""


@dataclass(frozen=True)
class LinkField:
    """A link to one record of the same site."""

    target: Any
    label: Text
    default: object = UNSET
    keep: Keep | None = None
    optional: bool = False
    name: str = ""


def field(
    label: Text,
    *,
    default: object = UNSET,
    min: int | None = None,
    max: int | None = None,
    help: Text | None = None,
    index: bool = False,
    items: Sequence[Tick] = (),
    keep: Keep | None = None,
    search: bool = False,
    nothing: Text | None = None,
    impersonal: bool = False,
) -> Any:
    """Declare a column, with what a form, a list, an export and an error say of it.

    The annotation decides the type: `Mapped[Cents]`, `Mapped[str | None]`. `min` and `max` are also
    a CHECK in the database; for text, `max` is the length. `index` is `(site_id, this, id)`: what a
    long list is sorted or filtered by must have it. `search` puts the words into the record's
    tolerant search. `nothing` is the word for an amount of 0: a price is free. `impersonal` says of
    text in a record that leads to a person that it is about the thing: a workshop's title beside who
    leads it. A default is set when the record is made, not when it is saved.
    """
    return Field(label, default, min, max, help, index, items, keep, search, nothing, impersonal)


def belongs_to(
    target: type[T], label: Text, *, default: object = UNSET, keep: Keep | None = None
) -> Any:
    """Declare a link to one record of the same site; `default=None` makes it optional.

    Makes the column `<name>_id` and a foreign key that holds the site too. Compare links, not ids:
    `Loan.bike == bike`. There is no reverse attribute. `Itself` is the class being declared.
    """
    return LinkField(target, label, default, keep)


class Computed(Generic[T]):
    """A figure made of the record's own columns; works in Python and in SQL."""

    key: str

    @overload
    def __get__(self, record: None, owner: type[Any]) -> ColumnElement[T]: ...
    @overload
    def __get__(self, record: object, owner: type[Any]) -> T: ...
    def __get__(self, record: object | None, owner: type[Any]) -> Any:
        """Give the figure of a record, or its SQL."""
        raise NotImplementedError  # the hybrid below answers; this is for the type checker


def computed(label: Text) -> Callable[[Callable[[Any], T]], Computed[T]]:
    """Make a figure of the record's own columns with + - * and comparisons: works in SQL too."""

    def wrap(function: Callable[[Any], T]) -> Computed[T]:
        hybrid: Any = hybrid_property(function)
        function.__computed__ = label  # type: ignore[attr-defined]
        return cast("Computed[T]", hybrid)

    return wrap


def at_least(least: int, figure: T) -> T:
    """Return a figure that is never below this one, for what is `computed`: in Python and in SQL."""
    if isinstance(figure, int):
        return cast("T", max(least, figure))
    column: Any = figure
    return cast("T", case((column > least, column), else_=least))


def column_type(kind: Any, most: int | None) -> TypeEngine[Any]:
    """Return the column type for a Python type. Raises `WrongDeclaration` for one unknown."""
    if kind in {Cents, Grams}:
        return BigInteger()
    if isinstance(kind, type):
        if issubclass(kind, Choice):
            return ChoiceColumn(kind)
        if issubclass(kind, Ticks):
            return TicksColumn()
        if kind is str:
            return String(most or 200)
    found = _PLAIN.get(kind)
    if found is None:
        msg = f"no column holds a {kind!r}"
        raise WrongDeclaration(msg)
    return found


_PLAIN: dict[Any, TypeEngine[Any]] = {
    bool: Boolean(),
    int: Integer(),
    Minutes: Integer(),
    date: Date(),
    time: Time(),
    datetime: Instant(),
    dict: JSON(),
}


def mapped_kind(annotation: Any) -> tuple[Any, bool]:
    """Return (type, optional) of `Mapped[int | None]`."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Mapped else annotation
    if get_origin(inner) in {Union, UnionType}:
        kinds = [each for each in get_args(inner) if each is not NoneType]
        if len(kinds) == 1:
            return kinds[0], True
    return inner, False


__all__ = [
    "UNSET",
    "Computed",
    "Field",
    "Itself",
    "Keep",
    "Label",
    "LinkField",
    "belongs_to",
    "column_type",
    "computed",
    "field",
    "mapped_kind",
    "type_coerce",
]
