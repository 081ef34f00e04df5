"""A service that goes: archive and purge."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, tell

if TYPE_CHECKING:
    from palier.house import House
    from palier.retiring.planning import Plan


@click.command("archive")
@click.argument("name")
@click.option("--site", default="", help="Only this site's rows; all sites' by default.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@plan_option
@json_option
@command_errors
def archive_plugin(name: str, site: str, to: Path | None, plan: bool, as_json: bool) -> None:
    """Write a service's rows to a file that is read without Palier; it must be off."""
    from palier.retiring.archiving import archive
    from palier.retiring.planning import plan_archive

    with opened() as house:
        wanted = plan_archive(house, name, site)
        if plan:
            _tell_plan(wanted, as_json=as_json)
            return
        file = to or _named(name, site, house)
        told = archive(house, wanted, file)
    rows = [{"table": t, "rows": k.rows, "sha256": k.sha256} for t, k in told.tables.items()]
    tell(rows, as_json=as_json)
    if not as_json:
        click.echo(f"Written: {file}. It holds personal data: keep it locked.")


@click.command("purge")
@click.argument("name")
@click.option("--site", default="", help="Only this site's rows; else the tables themselves go.")
@click.option(
    "--backup", type=click.Path(path_type=Path, dir_okay=False), help="Where to save all before."
)
@click.option("--yes-without-backup", is_flag=True, help="Save nothing before.")
@plan_option
@json_option
@command_errors
def purge_plugin(
    name: str, site: str, backup: Path | None, yes_without_backup: bool, plan: bool, as_json: bool
) -> None:
    """Take a service's rows or tables away for good; receipts and the trail stay whole."""
    from palier.retiring.planning import plan_purge
    from palier.retiring.purging import purge, purge_site

    with opened() as house:
        wanted = plan_purge(house, name, site)
        if plan:
            _tell_plan(wanted, as_json=as_json)
            return
        if not as_json:
            _tell_rows(wanted)
        before = _named(f"before-purge-{name}", site, house, "%Y-%m-%d-%H%M%S")
        file = None if yes_without_backup else backup or before
        count = (purge_site if site else purge)(house, wanted, backup=file)
    tell([{"service": name, "rows gone": count, "backup": file}], as_json=as_json)
    if not as_json and not site:
        package = f"palier-{name.replace('_', '-')}"
        click.echo(f"Its tables are gone. Next: pip uninstall {package}, and start Palier anew.")


def _named(what: str, site: str, house: "House", when: str = "%Y-%m-%d") -> Path:
    """Return the name of a file of today, or of now, in this folder."""
    return Path(f"{what}-{site or 'all'}-{house.clock():{when}}.zip")


def _tell_rows(plan: "Plan") -> None:
    rows = [asdict(each) for each in plan.rows]
    tell(rows, as_json=False, empty="It has no rows.")
    click.echo()


def _tell_plan(plan: "Plan", *, as_json: bool) -> None:
    if as_json:
        why = [str(each) for each in plan.why_not]
        rows = [asdict(each) for each in plan.rows]
        tell([{"rows": rows, "in the way": why}], as_json=True)
        return
    _tell_rows(plan)
    click.echo(f"{plan.count} rows.")
    for each in plan.why_not:
        click.echo(f"In the way: {each}")
