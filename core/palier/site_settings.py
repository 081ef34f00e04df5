"""What each site decides for itself: typed settings, valid from a day on."""

import dataclasses
from collections.abc import Hashable, Mapping
from datetime import date, time
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.records import SiteRow, package_of
from palier.db.scope import SiteSession
from palier.db.types import Key

S = TypeVar("S")


class SiteSetting(SiteRow):
    """One decision of one site; a change is a new row with a later `valid_from`."""

    copied = True
    traced = True
    __tablename__ = "site_setting"
    __table_args__ = (UniqueConstraint("site_id", "package", "key", "valid_from"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    package: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(120), default="")
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT")
    )


def read_settings(session: SiteSession, kind: type[S], day: date) -> S:
    """Return the settings of the class's package on that day: its defaults, then the site's rows.

    The rows of all packages are read with the first that is asked for: a page with ten services on
    asks once. Raises `msgspec.ValidationError` for a stored value that no longer fits the class.
    """
    package = package_of(kind.__module__)
    cached: dict[Any, Any] = session.info.setdefault("settings", {})
    place = session.site_id, day  # a session may go from site to site
    if place not in cached:
        cached[place] = _rows(session, day)
    if (place, kind) not in cached:
        cached[place, kind] = _from_rows(kind, cached[place].get(package, {}))
    found: S = cached[place, kind]
    return found


def decide(
    session: SiteSession,
    package: str,
    values: Mapping[str, object],
    day: date,
    who: int | None,
    source: str = "",
) -> None:
    """Write what a site decides from a day on: a new row each, or that day's own corrected."""
    todays = select(SiteSetting).where(
        SiteSetting.package == package, SiteSetting.valid_from == day
    )
    known = {row.key: row for row in session.scalars(todays)}
    for key, value in values.items():
        row = known.get(key) or SiteSetting(package=package, key=key, valid_from=day)
        row.value, row.account_id, row.source = to_stored(value), who, source
        session.add(row)
    session.info.pop("settings", None)


def _rows(session: SiteSession, day: date) -> dict[str, dict[str, Any]]:
    """Return what the site decided, by package and key."""
    valid = (
        SiteSetting.valid_from <= day,
        or_(SiteSetting.valid_to.is_(None), SiteSetting.valid_to > day),
    )
    query = (
        select(SiteSetting.package, SiteSetting.key, SiteSetting.value)
        .where(*valid)
        .order_by(SiteSetting.valid_from)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.package, {})[row.key] = row.value
    return found


def _from_rows(kind: type[S], rows: dict[str, Any]) -> S:
    known = _types(cast("Hashable", kind))
    given = {key: msgspec.convert(value, known[key]) for key, value in rows.items() if key in known}
    return kind(**given)


@cache
def _types(kind: Hashable) -> dict[str, Any]:
    return {each.name: each.type for each in dataclasses.fields(cast("Any", kind))}


def from_stored(kind: type, key: str, value: object) -> object:
    """Return one setting as its class has it. Raises `msgspec.ValidationError`."""
    return msgspec.convert(value, _types(cast("Hashable", kind))[key])


def to_stored(value: object) -> object:
    """Return a setting as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | time) else value
