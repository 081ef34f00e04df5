"""Opening a neighbourhood: its row, its operator, its usual hours."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec
from sqlalchemy import select

from palier.context import Context
from palier.db.engine import Database
from palier.errors import Refused
from palier.providers.rules import read_siret
from palier.sites.letterhead import regimes_of
from palier.sites.models import Opening, Operator, OperatorVat, Site, Weekday
from palier.sites.saying import said
from palier.text import _, show_time
from palier.visits.reasons import usual_reasons

RESERVED = frozenset(
    {"api", "static", "sign-in", "sign-out", "desk-code", "lock", "language", "display", "health", "network", "metrics",
     "p", "favicon.ico", "desk", "calendar.ics", "train"}
)  # fmt: skip
HOURS = ((time(9), time(12, 30)), (time(14), time(18, 30)))
OPEN_DAYS = 5  # Monday to Friday, until the site says otherwise


class SlugIsReserved(Refused):
    text = _(
        "%(slug)s is a word of Palier's own addresses. Choose another, for instance the street."
    )


class SlugIsWrong(Refused):
    text = _("%(slug)s can't be an address: use small letters, digits and dashes, 2 to 40 of them.")


class SlugIsTaken(Refused):
    text = _("There is already a site called %(slug)s.")


class NoSuchZone(Refused):
    text = _("%(zone)s is not a time zone. One is, for instance, Europe/Paris.")


class OperatorHasRegime(Refused):
    text = _(
        "The operator %(name)s is known, with the VAT regime %(found)s. Leave --vat out; a manager"
        " changes the regime under Till, for all of its sites."
    )


USUAL_VAT = "taxable"


class NewSite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a new neighbourhood is given."""

    slug: str
    name: str
    address: str = ""
    operator: str = ""
    theme: str = "plain"
    locale: str = "fr"
    timezone: str = "Europe/Paris"
    vat: str = ""  # taxable for a new operator; one that is known keeps its own
    form: str = ""
    siret: str = ""


class WrongSiteFile(Refused):
    text = _("%(file)s can't be read: %(why)s")


def wanted_site(slug: str, said: Mapping[str, str], file: Path | None) -> NewSite:
    """Return what is wanted of a new site: what was said, else what a TOML file says, else usual.

    Raises `WrongSiteFile`.
    """
    told: dict[str, Any] = {}
    try:
        if file is not None:
            told = tomllib.loads(file.read_text("utf-8"))
        values = {"name": slug.capitalize(), **told, **said, "slug": slug}
        return msgspec.convert(values, NewSite)
    except (OSError, ValueError) as error:
        raise WrongSiteFile(file=str(file), why=str(error)) from error


def check_slug(slug: str) -> None:
    """Raise `SlugIsReserved` or `SlugIsWrong` for an address that can't be one."""
    if slug in RESERVED:
        raise SlugIsReserved(slug=slug)
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", slug):
        raise SlugIsWrong(slug=slug)


def _check(session: Any, wanted: NewSite, now: datetime) -> date:
    """Return the day it is at the site. Raises a refusal for what can't be opened."""
    check_slug(wanted.slug)
    try:
        ZoneInfo(wanted.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NoSuchZone(zone=wanted.timezone) from error
    if wanted.timezone not in available_timezones():
        raise NoSuchZone(zone=wanted.timezone)
    if session.scalars(select(Site.id).where(Site.slug == wanted.slug)).first():
        raise SlugIsTaken(slug=wanted.slug)
    day = now.astimezone(ZoneInfo(wanted.timezone)).date()
    if wanted.vat:
        _check_vat(session, wanted, day)
    return day


def _check_vat(session: Any, wanted: NewSite, day: date) -> None:
    """Raise `OperatorHasRegime` where an operator that is known stands otherwise towards VAT."""
    name = wanted.operator or wanted.name
    known = session.scalars(select(Operator.id).where(Operator.legal_name == name)).first()
    held = session.scalars(regimes_of(known, day)).first() if known is not None else None
    if held is not None and held.regime != wanted.vat:
        raise OperatorHasRegime(name=name, found=held.regime)


def planned(database: Database, wanted: NewSite, now: datetime) -> list[str]:
    """Return what opening would make, in sentences. Raises the same refusals, writes nothing."""
    with database.read() as session:
        _check(session, wanted, now)
    hours = ", ".join(f"{show_time(a)}–{show_time(b)}" for a, b in HOURS)
    operator = wanted.operator or wanted.name
    return [
        f"site {wanted.slug}: {wanted.name}, {wanted.timezone}, {wanted.locale}, theme {wanted.theme}",
        f"operator: {operator}, VAT: {wanted.vat or USUAL_VAT}",
        f"hours from Monday to Friday: {hours}",
        "no service is on: palier plugin enable NAME --site " + wanted.slug,
    ]


def open_site(database: Database, wanted: NewSite, now: datetime) -> int:
    """Make a site with its operator and hours; return its id. Raises the refusals of `_check`."""
    with database.write() as session:
        day = _check(session, wanted, now)
        name = wanted.operator or wanted.name
        operator = session.scalars(select(Operator).where(Operator.legal_name == name)).first()
        if operator is None:
            siret = read_siret(wanted.siret) if wanted.siret else None
            operator = Operator(legal_name=name, form=wanted.form, siret=siret)
            session.add(operator)
            session.flush()
            session.add(
                OperatorVat(
                    operator_id=operator.id,
                    regime=wanted.vat or USUAL_VAT,
                    valid_from=day,
                )
            )
        site = Site(
            slug=wanted.slug,
            name=wanted.name,
            address=wanted.address,
            operator_id=operator.id,
            theme=wanted.theme,
            locale=wanted.locale,
            timezone=wanted.timezone,
        )
        session.add(site)
        session.flush()
        session.enter(site.id)
        for weekday in list(Weekday)[:OPEN_DAYS]:
            for opens, closes in HOURS:
                session.add(Opening(weekday=weekday, opens=opens, closes=closes, valid_from=day))
        session.add_all(usual_reasons(wanted.locale))
        session.flush()
        return site.id


def all_sites(database: Database) -> list[dict[str, Any]]:
    """Return every site, for a list."""
    with database.read() as session:
        rows = session.scalars(select(Site).order_by(Site.slug))
        return [
            {
                "slug": s.slug,
                "name": s.name,
                "kind": s.kind.value,
                "state": s.state.value,
                "theme": s.theme,
            }
            for s in rows
        ]


def facts_of(desk: Context) -> list[dict[str, Any]]:
    """Return what a site is and has on."""
    site = desk.site
    hours = desk.session.scalars(select(Opening).order_by(Opening.weekday, Opening.opens))
    facts = {"slug": site.slug, "name": site.name, "theme": site.theme, "locale": site.locale}
    facts |= {each["what"]: each["value"] for each in said(desk, {})}
    facts |= {"timezone": site.zone.key, "services": ", ".join(sorted(site.plugins))}
    rows = [{"what": name, "value": value} for name, value in facts.items()]
    for each in hours:
        span = f"{show_time(each.opens)}–{show_time(each.closes)}"
        rows.append({"what": str(each.weekday), "value": span})
    return rows
