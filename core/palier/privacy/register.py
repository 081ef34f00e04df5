"""The register of processing (GDPR art. 30), made from what the packages of a site declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from palier.accounts.identity import Overrides, overrides_of
from palier.accounts.models import Staff
from palier.context import Context, Role
from palier.db.fields import Keep
from palier.db.links import tables
from palier.db.records import SiteRow, label_of, package_of
from palier.plugins import Plugin, Registry
from palier.privacy.about import leads_to_people, personal_columns
from palier.privacy.rules import Settings
from palier.residents.merging import title_of
from palier.screens.seeing import ROLES, least_to_see
from palier.sites.models import Operator, SitePlugin
from palier.text import Text, _, plural, show
from palier.trail import ActRow

SECURITY = (
    _(
        "Everyone signs in with a password of their own, kept only as a digest; roles limit who acts."
    ),
    _("The sites of one installation are kept apart, by the program and by the database."),
    _("Who opened whose record is noted for twelve months; every change leaves its trace."),
    _("No identity document, no health, no origin and no free words about a person are kept."),
)


@dataclass(frozen=True)
class Processing:
    """One entry: a purpose of one package, with what the law asks of the register."""

    name: Text
    purpose: Text
    basis: Text
    people: Text
    data: tuple[str, ...]
    recipients: Text
    outside: Text
    kept: tuple[Text, ...]
    since: date | None
    columns: tuple[tuple[str, str], ...]  # table and column, for programs and tests


@dataclass(frozen=True)
class Register:
    """The whole register of one site."""

    site: str
    controller: str
    contact: str
    reviewed_on: date | None
    entries: tuple[Processing, ...]
    security: tuple[Text, ...] = SECURITY

    @property
    def answers(self) -> str:
        """Who answers for it, and how they are reached."""
        contact = self.contact or str(_("no contact is written down yet"))
        return f"{self.controller}, {contact}"


def register_of(desk: Context, registry: Registry) -> Register:
    """Return the register, with the packages that are on at the desk's site only."""
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    since = {
        row.name: row.since_at.date()
        for row in desk.session.execute(select(SitePlugin.name, SitePlugin.since_at))
    }
    reviewed = select(ActRow.at).where(ActRow.name == "privacy.review").order_by(ActRow.id.desc())
    last = desk.session.scalar(reviewed.limit(1))
    rights = overrides_of(desk.session)
    entries = [
        each
        for plugin in registry.on(desk.site.plugins)
        for each in _entries(desk, plugin, since.get(plugin.name), rights)
    ]
    named = (desk.settings(Settings).contact, operator.address, operator.siret)
    contact = ", ".join(each for each in named if each)
    return Register(
        desk.site.name, operator.legal_name, contact, last.date() if last else None, tuple(entries)
    )


def _entries(
    desk: Context, plugin: Plugin, since: date | None, rights: Overrides
) -> Iterator[Processing]:
    """Yield one entry for each purpose that a package declares."""
    found: dict[Text, list[tuple[type[SiteRow], Table, Any, Keep]]] = {}
    for kind, table in tables():
        if package_of(kind.__module__) != plugin.name:
            continue
        for column in personal_columns(table):
            keep: Keep = column.info["personal"]
            found.setdefault(keep.purpose, []).append((kind, table, column, keep))
    for purpose, kept in found.items():
        yield Processing(
            name=_("%(service)s: %(why)s").fill(service=plugin.label, why=purpose),
            purpose=purpose,
            basis=kept[0][3].basis.label,
            people=_whose(kept),
            data=tuple(dict.fromkeys(_data(desk, kind, column) for kind, _t, column, _k in kept)),
            recipients=ROLES[_least(plugin, {kind for kind, _t, _c, _k in kept}, rights)],
            outside=_("None"),
            kept=tuple(dict.fromkeys(_period(kind, keep) for kind, _t, _c, keep in kept)),
            since=since,
            columns=tuple((table.name, column.name) for _k, table, column, _p in kept),
        )


def _whose(kept: Iterable[tuple[type[SiteRow], Table, Any, Keep]]) -> Text:
    for kind, table, _column, _keep in kept:
        if kind is Staff or any(each.name == "staff_id" for each in table.c):
            return _("People who work at the site")
        if table.name == "provider":
            return _("Providers")
        if table.name in {"resident", "household"} or any(map(leads_to_people, table.c)):
            return _("Residents")
    return _("Residents")


def _data(desk: Context, kind: type[SiteRow], column: Any) -> str:
    model: Any = kind
    name = str(column.name)
    fields, links = getattr(model, "fields", {}), getattr(model, "links", {})
    key = name.removesuffix("_id") if name.removesuffix("_id") in links else name
    label = label_of(model, key) if key in fields or key in links else None
    what = str(label or column.info.get("label") or name)
    return str(_("%(what)s: %(record)s").fill(what=title_of(desk, model), record=what))


def _least(plugin: Plugin, kinds: set[type[SiteRow]], rights: Overrides) -> Role:
    """Return the least role that may open what is kept, as the site decided."""
    opens = [least_to_see(each, rights) for each in plugin.manifest.screens if each.model in kinds]
    return min(opens, default=Role.CARETAKER)


def _period(kind: type[SiteRow], keep: Keep) -> Text:
    months = plural("%(n)s month", "%(n)s months", keep.months)
    known: Any = kind
    label = label_of(known, keep.after) if keep.after and hasattr(known, "fields") else None
    if label is None:
        return _("%(months)s after the last use").fill(months=months)
    return _("%(months)s after this day: “%(day)s”").fill(months=months, day=label)


def rows_of(register: Register) -> list[dict[str, Any]]:
    """Return the register with the fields that the law asks for, in the reader's words."""
    return [
        {
            str(_("Processing")): str(each.name),
            str(_("Controller and contact")): register.answers,
            str(_("Purpose")): str(each.purpose),
            str(_("Legal basis")): str(each.basis),
            str(_("Whose data")): str(each.people),
            str(_("Which data")): "; ".join(each.data),
            str(_("Who sees them")): str(each.recipients),
            str(_("Outside the European Union")): str(each.outside),
            str(_("Kept for how long")): "; ".join(map(str, each.kept)),
            str(_("Security")): " ".join(map(str, register.security)),
            str(_("Entered on")): show(each.since) if each.since else "–",
            str(_("Last review")): show(register.reviewed_on) if register.reviewed_on else "–",
        }
        for each in register.entries
    ]


def sheet_of(register: Register) -> dict[str, Any]:
    """Return what the paper shows."""
    rows = rows_of(register)
    return {
        "title": str(_("Register of processing: %(site)s").fill(site=register.site)),
        "intro": [register.answers, *map(str, register.security)],
        "chapters": [
            {
                "title": next(iter(each.values())),
                "why": [],
                "labels": list(each)[1:],
                "rows": [list(each.values())[1:]],
                "more": "",
            }
            for each in rows
        ],
    }
