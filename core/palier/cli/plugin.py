"""Services: list, enable, disable, settings, archive, purge, new, check."""

from typing import Any

import click

from palier.cli.partner import check_plugin, new_migration, new_plugin, plugin_words
from palier.cli.retiring import archive_plugin, purge_plugin
from palier.cli.telling import command_errors, json_option, opened, plan_option, tell


@click.group()
def plugin() -> None:
    """Service lines, switched on neighbourhood by neighbourhood."""


plugin.add_command(new_plugin)
plugin.add_command(archive_plugin)
plugin.add_command(purge_plugin)
plugin.add_command(check_plugin)
plugin.add_command(plugin_words)
plugin.add_command(new_migration)


@plugin.command("list")
@click.option("--site", default="", help="Also say what is on at this site.")
@json_option
@command_errors
def list_plugins(site: str, as_json: bool) -> None:
    """List the installed services; one that can't be used says why."""

    with opened() as house:
        rows = _rows(house, site)
    tell(rows, as_json=as_json, empty="No service is installed.")


def _rows(house: Any, site: str) -> list[dict[str, Any]]:
    from palier.sites.switching import states

    found: dict[str, Any] = {}
    if site:
        with house.at(site, "palier plugin list", write=False) as desk:
            found = states(desk)
    rows = []
    for each in house.registry.services():
        row = {"name": each.name, "version": each.version}
        if site:
            row["state"] = found.pop(each.name, ("absent", None))[0]
        row["trouble"] = str(each.trouble) if each.trouble else ""
        rows.append(row)
    gone = "not installed; its data stay"
    rows += [
        {"name": name, "version": "", "state": state, "trouble": gone}
        for name, (state, _since) in found.items()
    ]
    return rows


@plugin.command()
@click.argument("name")
@click.option("--site", required=True)
@plan_option
@json_option
@command_errors
def enable(name: str, site: str, plan: bool, as_json: bool) -> None:
    """Switch a service on at a site, what it needs first. The next request sees it."""
    from palier.sites.actions import switch_on
    from palier.sites.switching import plan_enable
    from palier.trail import perform

    with opened() as house, house.at(site, "palier plugin enable", write=not plan) as desk:
        wanted = plan_enable(house.registry, desk.site.plugins, name)
        if not plan:
            perform(desk, switch_on, None, {"service": name})
    _tell(wanted.names, wanted.already, "on", plan, as_json)


@plugin.command()
@click.argument("name")
@click.option("--site", required=True)
@plan_option
@json_option
@command_errors
def disable(name: str, site: str, plan: bool, as_json: bool) -> None:
    """Switch a service off at a site; its data stay and come back with it."""
    from palier.sites.actions import switch_off
    from palier.sites.switching import plan_disable
    from palier.trail import perform

    with opened() as house, house.at(site, "palier plugin disable", write=not plan) as desk:
        wanted = plan_disable(house.registry, desk.site.plugins, name)
        if not plan:
            perform(desk, switch_off, None, {"service": name})
    _tell(wanted.names, wanted.already, "off", plan, as_json)


@plugin.command()
@click.argument("name")
@click.option("--site", required=True)
@click.option("--set", "changes", multiple=True, help="SETTING=VALUE; can be said several times.")
@click.option(
    "--from", "day", type=click.DateTime(["%Y-%m-%d"]), help="From which day on; today by default."
)
@click.option("--source", default="", help="The meeting or letter behind it.")
@plan_option
@json_option
@command_errors
def settings(
    name: str,
    site: str,
    changes: tuple[str, ...],
    day: Any,
    source: str,
    plan: bool,
    as_json: bool,
) -> None:
    """Show what a site decided of a service, or change it from a day on."""
    from palier.sites.settling import shown_settings, to_settle
    from palier.trail import perform

    wanted = dict(each.partition("=")[::2] for each in changes)
    with opened() as house:
        write = bool(wanted) and not plan
        with house.at(site, "palier plugin settings", write=write) as desk:
            from_day = day.date() if day else desk.today
            act, values = to_settle(desk, house.registry, name, wanted, from_day)
            if write:
                perform(desk, act, None, {**values, "valid_from": from_day, "source": source})
        with house.at(site, "palier plugin settings", write=False) as desk:
            rows = shown_settings(desk, act, wanted if plan else {})
    tell(rows, as_json=as_json)


def _tell(
    names: tuple[str, ...], already: tuple[str, ...], state: str, plan: bool, as_json: bool
) -> None:
    verb = "would be" if plan else "is"
    rows = [{"service": name, "state": f"{verb} {state}"} for name in names]
    rows += [{"service": name, "state": f"already {state}"} for name in already]
    tell(rows, as_json=as_json)
