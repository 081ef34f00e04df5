"""What a package declares of a screen; everything shown and offered comes from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from palier.acts import Act
from palier.context import Context, Role
from palier.db.records import SiteRecord, label_of, package_of, table_name
from palier.errors import WrongDeclaration
from palier.text import Text

R = TypeVar("R", bound=SiteRecord)
# Columns made for the rows that are shown: ids in; words, then a value for each id out. An area
# takes the context, a plugin the desk.
Beside = Callable[[Any, Sequence[int]], Mapping[Text, Mapping[int, object]]]
# A column that another package adds: ids in, a value for each of them out.
Added = Callable[[Any, Sequence[int]], Mapping[int, object]]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]


def bool_of(condition: Any) -> ColumnElement[bool]:
    """Name a comparison's type."""
    found: ColumnElement[bool] = condition
    return found


@dataclass(frozen=True)
class Timeline:
    """Bars from `start` to `end`, a row for each `row`."""

    row: InstrumentedAttribute[Any]
    start: InstrumentedAttribute[datetime]
    end: InstrumentedAttribute[datetime]


@dataclass(frozen=True, eq=False)
class Screen(Generic[R]):
    """A list, a record page, forms, exports and a JSON API over one model.

    `columns` are shown by the list and the record page; links show their title. A list holds what
    `usual` says, until the reader filters by a column that it names. `form` names what
    *New* and *Edit* offer (a manager's, unless `form_least` says otherwise); without it, records
    are made by acts alone; with `makes=False` the form only changes them. Whoever may do one of its acts may open the screen, and whoever has the
    role `least`. With `menu` it is among its service's tabs; `name` is its word in addresses.
    `only` narrows the list to some rows; `apart` leaves out of the records' pages and acts too what
    it leaves out, for another screen over the same model has it. `beside` adds columns made for those shown, `facts` lines
    made for a record's page. With `calendar` the list leads to the site's public calendar too, where
    its records stand by `public_events`.
    """

    model: type[R]
    title: Text
    _: KW_ONLY
    columns: Sequence[Column]
    filters: Sequence[InstrumentedAttribute[Any]] = ()
    usual: ColumnElement[bool] | None = None
    sort: InstrumentedAttribute[Any] | None = None
    newest_first: InstrumentedAttribute[Any] | None = None
    sections: Mapping[Text, Sequence[Column]] | None = None
    totals: Sequence[InstrumentedAttribute[Any]] = ()
    form: Sequence[InstrumentedAttribute[Any]] = ()
    form_least: Role = Role.MANAGER
    makes: bool = True
    acts: Sequence[Act[..., Any]] = ()
    timeline: Timeline | None = None
    least: Role = Role.TRAINEE
    help: Text | None = None
    icon: str = ""
    menu: bool = True
    name: str = ""
    only: Callable[[Any], ColumnElement[bool]] | None = None
    apart: bool = False
    beside: Beside | None = None
    facts: Beside | None = None
    calendar: bool = False

    @property
    def package(self) -> str:
        """The plugin or area that declares it."""
        return package_of(self.model.__module__)

    @property
    def word(self) -> str:
        """Its word in addresses: the model's own name."""
        return self.name or table_name(self.model).removeprefix(f"{self.package}_")

    @property
    def permission(self) -> str:
        """What one needs to open it, where none of its acts opens it."""
        return f"{self.package}.see_{self.word}"

    @property
    def form_permission(self) -> str:
        """What one needs to make and change its records."""
        return f"{self.package}.edit_{self.word}"

    def act(self, name: str) -> Act[..., Any] | None:
        """Return one of its acts by name."""
        return next((each for each in self.acts if each.name == name), None)

    def holds(self, desk: Context) -> tuple[ColumnElement[bool], ...]:
        """Return what its records fulfil besides being of its model."""
        return (self.only(desk),) if self.apart and self.only is not None else ()

    def may_open(self, desk: Context) -> bool:
        """Whether the actor may see it."""
        opened = any(desk.may(each) for each in self.acts)
        return opened or desk.actor.may(self.permission, self.least)

    def check(self) -> None:
        """Raise `WrongDeclaration` that names what does not fit."""
        names = [each.name for each in self.acts]
        if len(set(names)) < len(names) or {"new", "edit", "export"} & set(names):
            raise self._wrong(f"acts need names of their own, not new, edit or export: {names}")
        for each in self.acts:
            record = each.signature.record
            if record is not None and not issubclass(self.model, record):
                raise self._wrong(f"{each.name} is an act on {record.__name__}")
        sections = [each for columns in (self.sections or {}).values() for each in columns]
        for column in [*self.columns, *self.form, *sections, *self.filters, *self.totals]:
            if label_of(self.model, column.key or "") is None:
                raise self._wrong(f"{column.key} has no words: declare it with field(_(…))")

    def _wrong(self, words: str) -> WrongDeclaration:
        return WrongDeclaration(f"{self.package}, screen {self.word}: {words}")


@dataclass(frozen=True)
class Panel:
    """A screen's rows, on the page of the record they link to: `Panel(loans, Loan.resident)`.

    With `same` it stands on records of that class instead, and shows the rows whose `link` has the
    same value: every price of one item. `title` names it where the screen's own would stand twice
    on a page; a panel that is `rare` is left out while it has no rows.
    """

    screen: Screen[Any]
    link: InstrumentedAttribute[Any]
    same: type[SiteRecord] | None = None
    title: Text | None = None
    rare: bool = False

    def stands_on(self, model: type[SiteRecord]) -> bool:
        """Whether it is shown on records of this class."""
        own = self.screen.model
        return issubclass(model, self.same or own.links[self.link.key].target)

    def of(self, record: SiteRecord) -> ColumnElement[bool]:
        """Return the condition for the rows of a record."""
        name, model = self.link.key, self.screen.model
        if self.same is not None:
            return bool_of(getattr(model, name) == getattr(record, name))
        return bool_of(getattr(model, f"{name}_id") == record.id)


@dataclass(frozen=True)
class Extend:
    """Acts and columns added to another package's screen, by name. Adds, never takes away.

    `screen` is `"package/word"`, or a class: every screen over records of it. `columns` answer for
    all shown rows at once: ids in, values out. One that fails, or a screen that is gone, is one
    warning above the list; the rest of the page stands.
    """

    screen: str | type[SiteRecord]
    acts: Sequence[Act[..., Any]] = ()
    columns: Mapping[Text, Added] | None = None

    def stands_on(self, screen: Screen[Any]) -> bool:
        """Whether it adds to this screen."""
        if isinstance(self.screen, str):
            return self.screen == f"{screen.package}/{screen.word}"
        return issubclass(screen.model, self.screen)


class Page:
    """A template of the package and what it shows. Read everything before you return it."""

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
