"""Column types: instants in UTC, closed lists, checklists."""

import enum
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from typing import Any, Self, cast

from sqlalchemy import BigInteger, DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from palier.text import Text

# On SQLite only INTEGER counts by itself.
Key = BigInteger().with_variant(Integer, "sqlite")

_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; on SQLite text of fixed width, which sorts."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type, text on SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(26))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive instant: it would mean another hour elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"an instant needs its zone: {value!r}"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.strftime(_FORMAT) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return cast("datetime", value).astimezone(UTC)


class Choice(str, enum.Enum):  # noqa: UP042 - a member takes two values: stored and shown
    """A closed list. `WAITING = "waiting", _("Waiting")`: stored, and in JSON, as "waiting"."""

    _label: Text

    def __new__(cls, value: str, label: Text) -> Self:
        """Keep the stored word and its label together."""
        member = str.__new__(cls, value)
        member._value_ = value
        member._label = label  # noqa: SLF001 - its own
        return member

    @property
    def label(self) -> Text:
        """The words people read."""
        return self._label

    def __str__(self) -> str:
        """Show the label, in the reader's language."""
        return str(self._label)


def chosen(kind: type[Choice], value: str) -> Choice:
    """Return the member stored as `value`. Raises `ValueError` for a word that is none."""
    member = kind._value2member_map_.get(value)
    if member is None:
        msg = f"{value!r} is not a {kind.__name__}"
        raise ValueError(msg)
    return cast("Choice", member)


class ChoiceColumn(TypeDecorator[Choice]):
    """A closed list as text; the CHECK beside it is named after the column."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[Choice]) -> None:
        super().__init__(40)
        self.kind = kind

    @property
    def python_type(self) -> type[Choice]:
        """The enumeration itself."""
        return self.kind

    def process_bind_param(self, value: Choice | str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store the word."""
        return None if value is None else chosen(self.kind, getattr(value, "value", value)).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Choice | None:  # noqa: ARG002
        """Give the member back."""
        return None if value is None else chosen(self.kind, value)


@dataclass(frozen=True)
class Skill:
    """What a caretaker must have learnt; the roster plans with it."""

    name: str
    label: Text


@dataclass(frozen=True)
class Tick:
    """A line of a checklist; `skill` names who may tick it, `must` what can't be left out."""

    name: str
    label: Text
    _: KW_ONLY
    must: bool = False
    skill: Skill | None = None


class Ticks(frozenset[str]):
    """The names ticked, kept with who ticked and when."""

    by: str = ""
    at: datetime | None = None

    @classmethod
    def made(cls, names: Iterable[str], by: str, at: datetime) -> Self:
        """Return the names ticked by someone at an instant."""
        ticks = cls(names)
        ticks.by, ticks.at = by, at
        return ticks


class TicksColumn(TypeDecorator[Ticks]):
    """A checklist as JSON: names, who, when; one that was not filled in is no value at all."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def process_bind_param(self, value: Ticks | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store the names in order."""
        if value is None:
            return None
        at = value.at.astimezone(UTC).isoformat() if value.at else None
        return {"ticked": sorted(value), "by": value.by, "at": at}

    def process_result_value(self, value: Any, dialect: Dialect) -> Ticks | None:  # noqa: ARG002
        """Give the names back with who and when."""
        if value is None:
            return None
        ticks = Ticks(value["ticked"])
        ticks.by = value["by"]
        ticks.at = datetime.fromisoformat(value["at"]) if value["at"] else None
        return ticks
