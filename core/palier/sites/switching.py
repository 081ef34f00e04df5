"""Switching a service line at a site: a row with a revision, seen by the next request."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from palier import hookspecs
from palier.asking import Hooks
from palier.context import Context, Place
from palier.errors import Refused
from palier.plugins import Registry
from palier.sites.models import Site, SitePlugin
from palier.text import _


class UnknownService(Refused):
    text = _("There is no service called %(name)s. `palier plugin list` shows those installed.")


class ServiceInTrouble(Refused):
    text = _("The service %(name)s can't be used: %(why)s")


class StillNeeded(Refused):
    text = _("%(name)s stays on: %(others)s needs it. Switch that off first.")


@dataclass(frozen=True)
class Plan:
    """What a switch would do: names in order, and what already is so."""

    names: tuple[str, ...]
    already: tuple[str, ...] = ()


def plan_enable(registry: Registry, on: frozenset[str], name: str) -> Plan:
    """Return what enabling would switch on, needs first. Raises the refusal in words."""
    plugin = registry.plugins.get(name)
    if plugin is None or plugin.is_core:
        raise UnknownService(name=name)
    if plugin.trouble is not None:
        raise ServiceInTrouble(name=name, why=plugin.trouble)
    names = registry.needed_with(name)
    return Plan(tuple(n for n in names if n not in on), tuple(n for n in names if n in on))


def plan_disable(registry: Registry, on: frozenset[str], name: str) -> Plan:
    """Return what disabling would switch off. Raises `StillNeeded`, `UnknownService`."""
    plugin = registry.plugins.get(name)
    if (plugin is None and name not in on) or (plugin is not None and plugin.is_core):
        raise UnknownService(name=name)
    needing = [each for each in registry.needing(name) if each in on]
    if needing:
        others = ", ".join(str(registry.plugins[each].label) for each in needing)
        raise StillNeeded(name=plugin.label if plugin is not None else name, others=others)
    return Plan((name,)) if name in on else Plan((), (name,))


def enable(desk: Context, hooks: Hooks, plan: Plan) -> None:
    """Switch services on, in order; the first time, each prepares the site."""
    for name in plan.names:
        row = _switch(desk, name, "on")
        desk.site = _with(desk, name)
        if not row.prepared:
            hooks.answer(hookspecs.on_enabled, desk, only=name)
            row.prepared = True
    if plan.names:
        grow(desk)


def disable(desk: Context, plan: Plan) -> None:
    """Switch services off; their data stays."""
    for name in plan.names:
        _switch(desk, name, "off")
    if plan.names:
        grow(desk)


def _with(desk: Context, name: str) -> Place:
    return replace(desk.site, plugins=desk.site.plugins | {name})


def _switch(desk: Context, name: str, state: str) -> SitePlugin:
    row = desk.session.scalars(
        select(SitePlugin).where(SitePlugin.name == name).with_for_update()
    ).first()
    if row is None:
        row = SitePlugin(name=name, prepared=False)
        desk.session.add(row)
    row.state, row.since_at, row.account_id = state, desk.now, desk.actor.account_id
    return row


def grow(desk: Context) -> None:
    """Let every worker's next request read anew what the site switched and allowed."""
    desk.session.execute(
        update(Site).where(Site.id == desk.site.id).values(revision=Site.revision + 1)
    )


def states(desk: Context) -> dict[str, tuple[str, datetime]]:
    """Return state and since when of every service that was ever on here, gone ones too."""
    rows = desk.session.scalars(select(SitePlugin))
    return {each.name: (each.state, each.since_at) for each in rows}
