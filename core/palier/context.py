"""Where and for whom the code runs: one site, one actor, one moment, one transaction."""

import enum
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from palier.db.records import SiteRecord
from palier.db.scope import SiteSession
from palier.site_settings import read_settings

if TYPE_CHECKING:
    from palier.acts import Act
    from palier.asking import Hooks

R = TypeVar("R", bound=SiteRecord)
S = TypeVar("S")


class Role(enum.IntEnum):
    """The least role that an act asks for; a site may change it act by act."""

    TRAINEE = 1
    CARETAKER = 2
    MANAGER = 3


@dataclass(frozen=True)
class Place:
    """The site in scope."""

    id: int
    slug: str
    name: str
    kind: str
    zone: ZoneInfo
    locale: str
    theme: str
    revision: int
    operator_id: int
    plugins: frozenset[str] = frozenset()
    till_open: bool | None = None  # None where nobody asked


@dataclass(frozen=True)
class Actor:
    """Who acts. `overrides` are the site's changes to what a role may do."""

    name: str
    account_id: int | None = None
    role: Role | None = None
    staff_id: int | None = None
    person_code: str = ""
    skills: frozenset[str] = frozenset()
    admin: bool = False
    overrides: Mapping[tuple[int, str], bool] = field(default_factory=dict)

    def __str__(self) -> str:
        """The name, as the bar shows it."""
        return self.name

    def may(self, permission: str, least: Role) -> bool:
        """Whether this person may do what asks for `least`, as the site changed it."""
        if self.role is None:
            return False
        changed = self.overrides.get((int(self.role), permission))
        return self.role >= least if changed is None else changed


SYSTEM = Actor("system", role=Role.MANAGER)
NOBODY = Actor("")  # who reads what is open to all; may do nothing


@dataclass(frozen=True)
class Seat:
    """From where someone acts: the session, and the device of the day it stands on, if any.

    `terminal_id` is a device of this very site; while one trains, the device is the live site's.
    `locks_after` is in minutes of doing nothing; 0 is never.
    """

    sign_in_id: int | None = None
    on_device: bool = False
    terminal_id: int | None = None
    by_code: bool = False
    locks_after: int = 0


NO_SEAT = Seat()


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; an empty value takes it away. `max_age` is in seconds."""

    name: str
    value: str
    max_age: int | None = None
    http_only: bool = True


def key_for(secret: bytes, purpose: str) -> bytes:
    """Return a key for one purpose, made from the installation's secret."""
    return hmac.digest(secret, purpose.encode(), "sha256")


class Context:
    """What every act and hook is given first. Areas use it; plugins get the `Desk` built on it."""

    def __init__(
        self,
        session: SiteSession,
        site: Place,
        actor: Actor,
        now: datetime,
        *,
        hooks: "Hooks | None" = None,
        secret: bytes = b"",
        origin: str = "",
    ) -> None:
        self.session = session
        self.site = site
        self.actor = actor
        self.now = now
        self.hooks = hooks
        self.origin = origin
        self._secret = secret
        self.quantity = 1
        self.closings: Path | None = None  # where closings are kept outside the database
        self.archives: Path | None = None  # where yearly archives are kept outside the database
        self.fonts: Path | None = None  # letters for papers
        self.ways_out: frozenset[str] = (
            frozenset()
        )  # "sms", "mail": what the installation sends with
        self.csrf = ""
        self.seat = NO_SEAT
        self.cookies: list[Cookie] = []  # what the browser is to keep, once this is committed
        self.noted: list[tuple[str, int]] = []  # what was looked at, for the access log
        self.locale = site.locale
        self.visit_id: int | None = None
        self.cancels_id: int | None = None  # the act row that this act takes back

    @property
    def today(self) -> date:
        """The site's own day."""
        return self.now.astimezone(self.site.zone).date()

    def local(self, moment: datetime) -> datetime:
        """The same instant on the site's clock."""
        return moment.astimezone(self.site.zone)

    def signing_key(self, key_id: str) -> bytes:
        """Return a register's key, made from the installation's secret; never stored."""
        return self.own_key(f"register:{key_id}")

    def own_key(self, purpose: str) -> bytes:
        """Return a key for one purpose, made from the installation's secret; never stored."""
        return key_for(self._secret, purpose)

    def seal(self, words: str) -> str:
        """Return a short sign that only this installation makes for these words."""
        return hmac.digest(self._secret, words.encode(), "sha256").hex()[:10]

    def settings(self, kind: type[S]) -> S:
        """Return a package's settings at this site, as they are today."""
        return read_settings(self.session, kind, self.today)

    def settings_on(self, kind: type[S], day: date) -> S:
        """Return a package's settings at this site, as they are decided for a day."""
        return read_settings(self.session, kind, day)

    def may(self, act: "Act[Any, Any]") -> bool:
        """Whether the actor may do this act, skill included."""
        skilled = act.needs_skill is None or act.needs_skill.name in self.actor.skills
        return skilled and self.actor.may(act.permission, act.least)

    def check_member(self, act: "Act[Any, Any]", record: object, values: Mapping[str, Any]) -> None:
        """Refuse what is for members only; the desk, which knows memberships, does."""

    def counts(self, quantity: int) -> None:
        """Say that this act counts for so many; one if never said."""
        self.quantity = quantity

    def begin_visit(self, resident_id: int) -> None:
        """Let what follows be part of this resident's visit; a bare context knows of none."""

    def enter_visit(self, visit_id: int) -> None:
        """Let what follows be part of a visit that is open; a bare context knows of none."""

    # records

    def add(self, record: R) -> R:
        """Save a new record; it has its `id` from here on."""
        self.session.add(record)
        self.session.flush()
        return record

    def one(self, record: R) -> R:
        """Return the stored record with these `unique` values, made if missing, ours until commit."""
        kind = type(record)
        values = column_values(record)
        same = [_column(kind, each) == values[_key(kind, each)] for each in kind.unique_columns]
        query = select(kind).where(*same)
        if found := self.lock(query):
            return found
        dialect = self.session.get_bind().dialect.name
        make = postgresql.insert if dialect == "postgresql" else sqlite.insert
        if not kind.issued:
            values["version"] = 1
        self.session.execute(make(kind).values(**values).on_conflict_do_nothing())
        return cast("R", self.lock(query))

    def find(self, model: type[R], id: int) -> R | None:
        """Return the record of this site with this id, if there is one."""
        return self.session.get(model, id)

    def lock(self, query: Select[R]) -> R | None:
        """Return the first record, fresh, ours until the act ends."""
        entity = query.column_descriptions[0]["entity"]
        locked = query.limit(1).with_for_update(of=entity).execution_options(populate_existing=True)
        found: R | None = self.session.scalars(locked).unique().first()
        return found

    def all(self, query: Select[R], *links: InstrumentedAttribute[Any]) -> list[R]:
        """Return the records, with these links loaded in the same statement."""
        options = [joinedload(each) for each in links]
        return list(self.session.scalars(query.options(*options)).unique())

    def total(self, column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
        """Return the sum of a column over the rows where all this holds; 0 for none."""
        return int(
            self.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0
        )


def _key(kind: type[SiteRecord], name: str) -> str:
    return f"{name}_id" if name in kind.links else name


def _column(kind: type[SiteRecord], name: str) -> Any:
    return getattr(kind, _key(kind, name))


def column_values(record: SiteRecord) -> dict[str, Any]:
    """Return what a new record's columns hold, links as ids, empty ones left out."""
    kind = type(record)
    values: dict[str, Any] = {}
    for attribute in inspect(kind).column_attrs:
        if attribute.key not in {"id", "site_id", "version"}:
            value = getattr(record, attribute.key)
            if value is not None:
                values[attribute.key] = value
    for name in kind.links:
        if (there := getattr(record, name)) is not None:
            values[f"{name}_id"] = there.id
    return values
