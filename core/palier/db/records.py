"""Records: rows that belong to one site, constructed with keywords, checked by the types."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast, dataclass_transform, get_type_hints

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
    inspect,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship, remote

from palier.db.fields import (
    UNSET,
    Field,
    Itself,
    Keep,
    LinkField,
    belongs_to,
    column_type,
    field,
    mapped_kind,
)
from palier.db.normal import normal
from palier.db.types import Choice, Key
from palier.errors import WrongDeclaration
from palier.text import Text, show

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the core and of the plugins."""

    metadata = MetaData(naming_convention=NAMES)
    __defaults__: ClassVar[Mapping[str, object]] = {}
    traced: ClassVar[bool] = False  # whether an act's row says what it changes here; records always

    def __init__(self, **values: Any) -> None:
        """Set what was given, then the defaults: a new record is whole before it is saved."""
        known = inspect(type(self)).attrs
        for name, value in {**self.__defaults__, **values}.items():
            if name not in known:
                msg = f"{type(self).__name__} has no {name!r}"
                raise TypeError(msg)
            setattr(self, name, value)


def package_of(module: str) -> str:
    """Return the plugin or the core area a module belongs to: `palier_bike_hire` → `bike_hire`."""
    first, *rest = module.split(".")
    if first == "palier":
        return rest[0] if rest else "palier"
    return first.removeprefix("palier_")


def table_name(cls: type) -> str:
    """Return `<plugin>_<class>`; a core area's tables carry the class's name alone."""
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    own = cls.__module__.split(".")[0]
    return snake if own == "palier" else f"{package_of(own)}_{snake}"


_SITE = partial(ForeignKey, "site.id", ondelete="RESTRICT")


class SiteRow(Base):
    """A row that belongs to one site: the session adds the site to every statement on it."""

    __abstract__ = True
    copied: ClassVar[bool] = False  # whether a training twin begins with these rows
    site_id: Mapped[int] = mapped_column(Key, _SITE(), nullable=False, sort_order=-9)


@dataclass_transform(kw_only_default=True, field_specifiers=(field, belongs_to))
class SiteRecord(SiteRow):
    """A table whose rows each belong to one site.

    The table is `<plugin>_<class>`. `title` names the columns that stand for the record in lists,
    pickers and `str(record)`; `unique` columns are unique together within a site. `issued` rows
    are append-only: the database refuses to change them, but for the columns named in `loose`.
    `copied` rows are what a site is made of, prices and things: a training twin begins with them.
    Links that `stay` are left as they are when two residents turn out to be one person.
    """

    __abstract__ = True
    if TYPE_CHECKING:
        id: Mapped[int]
        version: Mapped[int]
    package: ClassVar[str]
    fields: ClassVar[Mapping[str, Field]]
    links: ClassVar[Mapping[str, LinkField]]
    title_columns: ClassVar[tuple[str, ...]]
    known_as: ClassVar[Text | None] = None  # what people call its rows, where no screen says it
    issued: ClassVar[bool] = False
    loose: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[bool] = False
    unique_columns: ClassVar[tuple[str, ...]]

    def __init_subclass__(
        cls,
        title: str | Sequence[str] | None = None,
        unique: Sequence[str] = (),
        issued: bool = False,
        loose: Sequence[str] = (),
        copied: bool = False,
        stays: bool = False,
        **more: Any,
    ) -> None:
        """Turn fields and links into columns, relationships and constraints, then map the class."""
        if "__abstract__" in cls.__dict__:
            super().__init_subclass__(**more)
            return
        parent = next((each for each in cls.__mro__[1:] if _is_table(each)), None)
        cls.package = package_of(cls.__module__)
        own_fields, own_links = _declared(cls)
        cls.fields = {**getattr(parent, "fields", {}), **own_fields}
        cls.links = {**getattr(parent, "links", {}), **own_links}
        cls.title_columns = _titles(title, parent)
        cls.unique_columns = tuple(unique)
        cls.issued, cls.loose, cls.stays = issued, tuple(loose), stays
        cls.copied = copied or bool(getattr(parent, "copied", False))
        if "__tablename__" not in cls.__dict__:
            cls.__tablename__ = table_name(cls)
        _check_free(cls)
        _add_key(cls, parent)
        _add_columns(cls, own_fields, own_links)
        super().__init_subclass__(**more)
        _constrain(cls, own_fields, own_links, parent)

    def __str__(self) -> str:
        """The record's title, as lists and pickers show it: days and times in words."""
        parts = (getattr(self, each) for each in self.title_columns)
        return " ".join(
            show(each) if isinstance(each, date) else str(each or "") for each in parts
        ).strip()

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return which rows their code still stands for: all, unless the class says otherwise."""
        return true()

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Return which rows something still waits for: they keep what they say, however old."""
        return false()

    @classmethod
    def kept_from(cls, keep: Keep) -> ColumnElement[Any] | None:
        """Return the day or the instant from which a declaration's months count.

        None where the table knows no such day: what it keeps goes with the person.
        """
        return cls.__table__.c.get(keep.after) if keep.after else None

    @property
    def path(self) -> str:
        """`subject_type` of an act on this record: its table."""
        return str(type(self).__tablename__)


def _check_free(cls: type[SiteRecord]) -> None:
    """Refuse a table that another class has: only the first of two plugins can have it."""
    taken = Base.metadata.tables.get(cls.__tablename__)
    if taken is None:
        return
    owner = next(each.class_ for each in Base.registry.mappers if each.local_table is taken)
    msg = (
        f"{cls.__module__}.{cls.__name__}: the table {cls.__tablename__} is that of"
        f" {owner.__module__}.{owner.__name__}. Call yours something else"
    )
    raise WrongDeclaration(msg)


def _is_table(cls: type) -> bool:
    return issubclass(cls, SiteRecord) and "__table__" in cls.__dict__


def _titles(title: str | Sequence[str] | None, parent: type | None) -> tuple[str, ...]:
    if title is None:
        inherited: tuple[str, ...] = getattr(parent, "title_columns", ("id",))
        return inherited
    return (title,) if isinstance(title, str) else tuple(title)


def _declared(cls: Any) -> tuple[dict[str, Field], dict[str, LinkField]]:
    hints = get_type_hints(cls, localns={cls.__name__: cls}, include_extras=True)
    fields: dict[str, Field] = {}
    links: dict[str, LinkField] = {}
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Field):
            kind, optional = mapped_kind(hints[name])
            fields[name] = replace(value, name=name, kind=kind, optional=optional)
        elif isinstance(value, LinkField):
            optional = mapped_kind(hints[name])[1]
            if optional != (value.default is None):
                msg = f"{cls.__name__}.{name}: `| None` and `default=None` go together"
                raise WrongDeclaration(msg)
            target = cls if value.target is Itself else value.target
            links[name] = replace(value, name=name, optional=optional, target=target)
    return fields, links


def _add_key(cls: type[SiteRecord], parent: type[SiteRecord] | None) -> None:
    if parent is not None:
        # A record that extends another (a bike is a resource) shares its key.
        cls.id = mapped_column(Key, primary_key=True, autoincrement=False, sort_order=-10)
        cls.site_id = mapped_column(Key, _SITE(), nullable=False, sort_order=-9)
        cls.__annotations__ |= {"id": Mapped[int], "site_id": Mapped[int]}
        cls.__table_args__ = (_refer(["site_id", "id"], cast("Table", parent.__table__)),)
        return
    cls.id = mapped_column(Key, primary_key=True, sort_order=-10)
    cls.__annotations__["id"] = Mapped[int]
    arguments: dict[str, Any] = {}
    if not cls.issued:
        cls.version = mapped_column(nullable=False, sort_order=90)
        cls.__annotations__["version"] = Mapped[int]
        arguments["version_id_col"] = cls.version
    own = cls.__dict__.get("__mapper_args__", {})
    cls.__mapper_args__ = {**arguments, **own}


def _add_columns(
    cls: type[SiteRecord], fields: Mapping[str, Field], links: Mapping[str, LinkField]
) -> None:
    for name, declared in fields.items():
        info: dict[str, Any] = {"field": declared}
        if declared.keep:
            info["personal"] = declared.keep
        kind = column_type(declared.kind, declared.max)
        setattr(cls, name, mapped_column(kind, nullable=declared.optional, info=info))
    for name, link in links.items():
        info = {"link": link, **({"personal": link.keep} if link.keep else {})}
        column = mapped_column(Key, nullable=link.optional, info=info)
        setattr(cls, f"{name}_id", column)
        optional = int | None if link.optional else int
        cls.__annotations__[f"{name}_id"] = Mapped[optional]  # type: ignore[valid-type]
        setattr(cls, name, _relationship(cls, name, link))
    if any(each.search for each in fields.values()) and not hasattr(cls, "norm"):
        cls.norm = mapped_column(String(400), nullable=False, default="", sort_order=91)
        cls.__annotations__["norm"] = Mapped[str]


def _relationship(cls: type[SiteRecord], name: str, link: LinkField) -> Any:
    # Only the id is foreign here, so that a loaded record costs no statement; the table's
    # constraint carries the site as well.
    def condition() -> Any:
        return foreign(cls.__table__.c[f"{name}_id"]) == remote(_key_of(link.target))

    return relationship(link.target, primaryjoin=condition, viewonly=False)


def _key_of(target: type[SiteRecord]) -> Column[int]:
    return cast("Column[int]", target.__table__.c.id)


def _constrain(
    cls: type[SiteRecord],
    fields: Mapping[str, Field],
    links: Mapping[str, LinkField],
    parent: Any,
) -> None:
    table = cls.__table__
    assert isinstance(table, Table)  # noqa: S101 - every record has a table of its own
    cls.__defaults__ = {**getattr(parent, "__defaults__", {}), **_defaults(fields)}
    table.append_constraint(UniqueConstraint("site_id", "id"))
    for name, link in links.items():
        table.append_constraint(_refer(["site_id", f"{name}_id"], link.target.__table__))
        Index(None, table.c.site_id, table.c[f"{name}_id"], table.c.id)
    for each in _checks(fields):
        table.append_constraint(each)
    for name, declared in fields.items():
        if declared.index:
            Index(None, table.c.site_id, table.c[name], table.c.id)
    if cls.unique_columns:
        columns = [f"{each}_id" if each in links else each for each in cls.unique_columns]
        table.append_constraint(UniqueConstraint("site_id", *columns))
    if hasattr(cls, "norm"):
        event.listen(cls, "before_insert", _write_norm)
        event.listen(cls, "before_update", _write_norm)


def _refer(columns: Sequence[str], target: Table) -> ForeignKeyConstraint:
    there = [f"{target.name}.site_id", f"{target.name}.id"]
    return ForeignKeyConstraint(columns, there, ondelete="RESTRICT")


def _defaults(fields: Mapping[str, Field]) -> dict[str, object]:
    return {name: each.default for name, each in fields.items() if each.default is not UNSET}


def _checks(fields: Mapping[str, Field]) -> Iterator[CheckConstraint]:
    for name, declared in fields.items():
        kind = declared.kind
        if isinstance(kind, type) and issubclass(kind, Choice):
            words = ", ".join(f"'{each.value}'" for each in kind)
            yield CheckConstraint(f"{name} IN ({words})", name=f"{name}_known")
        elif kind is not str:
            if declared.min is not None:
                yield CheckConstraint(f"{name} >= {declared.min}", name=f"{name}_least")
            if declared.max is not None:
                yield CheckConstraint(f"{name} <= {declared.max}", name=f"{name}_most")


def _write_norm(_mapper: Any, _connection: Any, record: Any) -> None:
    words = (getattr(record, name) for name, each in type(record).fields.items() if each.search)
    record.norm = normal(" ".join(str(each) for each in words if each))


def label_of(cls: type[SiteRecord], name: str) -> Text | None:
    """Return what people read above a column, a link or a computed figure."""
    if name in cls.fields:
        return cls.fields[name].label
    if name in cls.links:
        return cls.links[name].label
    hybrid = inspect(cls).all_orm_descriptors.get(name)
    function = getattr(hybrid, "fget", None)
    return getattr(function, "__computed__", None)


_absent: set[str] = set()


def leave_out(names: Iterable[str] = ()) -> None:
    """Let no walk over all tables meet these: this database lacks them, since a service's migration
    did not run there.
    """
    _absent.clear()
    _absent.update(names)


def all_tables() -> Sequence[Table]:
    """Return every table, those that others refer to first."""
    return [each for each in Base.metadata.sorted_tables if each.name not in _absent]


__all__ = ["Base", "Mapped", "SiteRecord", "SiteRow", "label_of", "package_of"]
