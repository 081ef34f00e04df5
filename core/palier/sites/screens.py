"""What a manager sets for the site."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import or_, select

from palier.acts import Act, page
from palier.context import Context, Role
from palier.db.types import chosen
from palier.deciding import NAME, Row, Said, SettingsAct, decided, settings_of
from palier.plugins import Plugin
from palier.providers.models import VatRegime
from palier.reading import value_of
from palier.screens.catalogue import Offered, Paths
from palier.screens.declared import Page, Screen
from palier.screens.views import ActView, Block, Cell, Line, Link, Note, Section, Trace
from palier.sites.actions import (
    change_operator,
    change_site,
    hooks_of,
    off_here,
    on_here,
    operator_of,
    site_of,
    switch_off,
    switch_on,
)
from palier.sites.letterhead import regimes_of
from palier.sites.models import ClosingDay, Opening, Operator, Site, SitePlugin
from palier.sites.plans import lines_off, lines_on
from palier.sites.switching import StillNeeded, plan_disable, plan_enable, states
from palier.text import Text, _
from palier.trail import ActRow

openings = Screen(
    Opening,
    _("Opening hours"),
    columns=(
        Opening.weekday,
        Opening.opens,
        Opening.closes,
        Opening.valid_from,
        Opening.valid_to,
    ),
    filters=(Opening.weekday,),
    sort=Opening.weekday,
    form=(
        Opening.weekday,
        Opening.opens,
        Opening.closes,
        Opening.valid_from,
        Opening.valid_to,
    ),
    least=Role.MANAGER,
    icon="clock",
)

closing_days = Screen(
    ClosingDay,
    _("Closed days"),
    columns=(ClosingDay.from_on, ClosingDay.to_on, ClosingDay.reason),
    newest_first=ClosingDay.from_on,
    form=(ClosingDay.from_on, ClosingDay.to_on, ClosingDay.reason),
    least=Role.MANAGER,
    help=_("Days on which the desk does not open. Public holidays need no line: see Settings."),
    icon="lock",
)


@page(_("Services"), least=Role.MANAGER)
def services(desk: Context) -> Page:
    """Show which services are on here, since when, and which have a problem; switch them."""
    found = tuple(_services(desk))
    on = sum(1 for each in found if each.on)
    count = _("%(on)s on of %(all)s").fill(on=on, all=len(found))
    return Page("sites/services.html", services=found, count=count, changes=tuple(_lately(desk)))


@dataclass(frozen=True)
class Service:
    """One service of the page; `href` leads to the plan of its switch."""

    name: Text | str
    words: Text
    icon: str
    on: bool = False
    href: str = ""
    settings_href: str = ""
    trouble: Text | None = None


def _services(desk: Context) -> Iterator[Service]:
    known, here = states(desk), desk.site.plugins
    paths = Paths(desk.site.slug)
    back = paths.page(services)
    for plugin in hooks_of(desk).registry.services():
        state, since = known.pop(plugin.name, ("", None))
        if plugin.trouble is not None:
            yield Service(plugin.label, Text(plugin.version), "warn", trouble=plugin.trouble)
            continue
        words, on = plugin.manifest.summary, plugin.name in here
        if state == "on":
            words = _("%(what)s On since %(day)s.").fill(what=words, day=since)
        change = plugin.manifest.change_settings if on else None
        href = f"{paths.act(Offered(change, None))}?{urlencode({'back': back})}" if change else ""
        yield Service(
            plugin.label, words, plugin.manifest.icon, on, _switch(desk, plugin.name, on=on), href
        )
    for name in sorted(known):
        on = name in here
        gone = _("No longer installed. Its data stay.")
        yield Service(name, gone, "warn", on, _switch(desk, name, on=True) if on else "")


def _switch(desk: Context, name: str, *, on: bool) -> str:
    act, paths = switch_off if on else switch_on, Paths(desk.site.slug)
    query = urlencode({"service": name, "back": paths.page(services)})
    return f"{paths.act(Offered(act, None))}?{query}" if desk.may(act) else ""


def _lately(desk: Context) -> Iterator[Trace]:
    """Yield who switched and set what, the newest first."""
    done = or_(ActRow.name.in_(SWITCHES), ActRow.name.like(f"%.{NAME}"))
    rows = select(ActRow).where(done).order_by(ActRow.id.desc()).limit(SHOWN)
    known = hooks_of(desk).registry.plugins
    for row in desk.session.scalars(rows):
        package = row.name.partition(".")[0]
        if row.name in SWITCHES:
            said = (str(known[e].label) if e in known else e for e in _switched(row))
            text = SWITCHES[row.name].fill(what=", ".join(said))
        else:
            text = _("%(what)s: settings").fill(
                what=known[package].label if package in known else package
            )
        yield Trace(text, _("%(who)s, %(when)s").fill(who=row.who, when=row.at))


def _switched(row: ActRow) -> list[str]:
    """Return the services of a switch, each once: what they prepared at the site is told with it."""
    rows = (each for each in row.changes if each["in"] == SitePlugin.__tablename__)
    return list(dict.fromkeys(str(each.get("id") or each["set"]["name"][1]) for each in rows))


SHOWN = 8
SWITCHES = {
    switch_on.permission: _("%(what)s: switched on"),
    switch_off.permission: _("%(what)s: switched off"),
}


def plan_on(desk: Context, _record: None, typed: Mapping[str, str]) -> Page:
    """Show what switching a service on would do."""
    name = typed.get("service", "")
    offers = off_here(desk)
    if name not in offers:
        return Page("sites/plan.html", plan=None, service="")
    plan = plan_enable(hooks_of(desk).registry, desk.site.plugins, name)
    title = _("You are about to switch on: %(name)s").fill(name=offers[name])
    block = Block(title, "plug", tuple(lines_on(desk, plan, name)))
    return Page("sites/plan.html", plan=block, service=name, stay=_("Leave it off"))


def plan_off(desk: Context, _record: None, typed: Mapping[str, str]) -> Page:
    """Show what switching a service off would do, or what needs it."""
    name = typed.get("service", "")
    offers = on_here(desk)
    if name not in offers:
        return Page("sites/plan.html", plan=None, service="")
    title = _("You are about to switch off: %(name)s").fill(name=offers[name])
    stay = _("Leave it on")
    try:
        plan_disable(hooks_of(desk).registry, desk.site.plugins, name)
    except StillNeeded as refusal:
        why = (Line(refusal.words, icon="stop"),)
        return Page("sites/plan.html", plan=Block(title, "plug", why), service="", stay=stay)
    block = Block(title, "plug", tuple(lines_off(desk, name)))
    return Page("sites/plan.html", plan=block, service=name, stay=stay)


@page(_("The operator"), least=Role.MANAGER)
def operator(desk: Context) -> Page:
    """Show who runs the site and where it is, as papers say it, and change it."""
    body, site = operator_of(desk), site_of(desk)
    regime = desk.session.scalars(regimes_of(desk.site.operator_id, desk.today)).first()
    sections = (
        Section(_("Who runs the site"), tuple(_facts(body, OPERATOR_FACTS)), "house"),
        Section(_("The site"), tuple(_facts(site, SITE_FACTS)), "door"),
    )
    vat = chosen(VatRegime, regime.regime).label if regime is not None else _("Not said yet")
    note = None
    if not body.siret and not body.rna and not body.register_ref:
        note = Note(
            "wait",
            _("No number stands on the papers yet."),
            _("Write down the SIRET, or the number of the association."),
        )
    return Page(
        "sites/operator.html",
        sections=sections,
        vat=_("VAT: %(regime)s").fill(regime=vat),
        missing=note,
        changes=tuple(_act_button(desk, each) for each in (change_operator, change_site)),
        regime=_vat_href(desk),
        turnover=f"{Paths(desk.site.slug).root}/receipts/turnover",
    )


OPERATOR_FACTS = (
    ("legal_name", _("Legal name")),
    ("form", _("Legal form")),
    ("address", _("Address")),
    ("siret", _("SIRET")),
    ("rna", _("RNA")),
    ("register_ref", _("Court register")),
    ("vat_number", _("VAT number")),
)
SITE_FACTS = (
    ("name", _("Name")),
    ("address", _("Address")),
    ("department", _("Department")),
    ("qpv_code", _("Priority area")),
)


def _facts(of: Operator | Site, names: Sequence[tuple[str, Text]]) -> Iterator[tuple[Text, Cell]]:
    for name, label in names:
        kind = "code" if name in {"siret", "rna", "vat_number", "qpv_code"} else "text"
        yield label, Cell(getattr(of, name) or "–", kind=kind)


def _act_button(desk: Context, act: Act[..., Any]) -> ActView:
    paths = Paths(desk.site.slug)
    query = urlencode({"back": paths.page(operator)})
    return ActView(act.name, act.label, f"{paths.act(Offered(act, None))}?{query}", icon="edit")


def _vat_href(desk: Context) -> str:
    """Return where the regime is changed: an act of the till, known here by its address."""
    paths = Paths(desk.site.slug)
    query = urlencode({"back": paths.page(operator)})
    return f"{paths.root}/receipts/do/change_vat_regime?{query}"


@page(_("Settings"), least=Role.MANAGER)
def settings(desk: Context) -> Page:
    """Show what this site decided of each service, since when, and what is to come."""
    rows = decided(desk)
    on = desk.hooks.registry.on(desk.site.plugins) if desk.hooks else ()
    acts = [(each, act) for each in on if (act := each.manifest.change_settings) is not None]
    blocks = tuple(_settings(desk, each, act, rows) for each, act in acts if desk.may(act))
    return Page("sites/settings.html", blocks=blocks)


def _settings(
    desk: Context, plugin: Plugin, act: SettingsAct, rows: Mapping[str, list[Row]]
) -> Block:
    paths = Paths(desk.site.slug)
    href = f"{paths.act(Offered(act, None))}?{urlencode({'back': paths.page(settings)})}"
    lines = tuple(_setting(each) for each in settings_of(desk, act, rows))
    more = Link(_("Change: %(what)s").fill(what=plugin.label), href)
    return Block(plugin.label, plugin.manifest.icon, lines, more=more)


def _setting(said: Said) -> Line:
    value = value_of(said.asked)
    text = _("%(what)s: %(value)s").fill(what=said.asked.label, value=value.shown(said.now) or "–")
    told = [
        _("From %(day)s: %(value)s").fill(day=day, value=value.shown(each) or "–")
        for day, each in said.coming
    ]
    if said.since is not None:
        words = _("Since %(day)s; before: %(value)s")
        told.insert(0, words.fill(day=said.since, value=value.shown(said.before) or "–"))
    if said.source:
        told.append(Text(said.source))
    return Line(text, ". ".join(map(str, told)), icon="tool", kind="soon" if said.coming else "")
