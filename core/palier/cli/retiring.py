"""A service that goes: archive and purge."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, tell

if TYPE_CHECKING:
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
        day = house.clock().date().isoformat()
        file = to or Path(f"{name}-{site or 'all'}-{day}.zip")
        told = archive(house, wanted, file)
    rows = [{"table": t, "rows": k.rows, "sha256": k.sha256} for t, k in told.tables.items()]
    tell(rows, as_json=as_json)
    if not as_json:
        click.echo(f"Written: {file}. It holds personal data: keep it locked.")


@click.command("purge")
@click.argument("name")
@click.option("--site", default="", help="Only this site's rows; else the tables themselves go.")
@click.option("--yes-without-backup", is_flag=True, help="Even if no backup is a day old.")
@plan_option
@json_option
@command_errors
def purge_plugin(name: str, site: str, yes_without_backup: bool, plan: bool, as_json: bool) -> None:
    """Take a service's rows or tables away for good; receipts and the trail stay whole."""
    from palier.retiring.planning import plan_purge
    from palier.retiring.purging import purge, purge_site

    with opened() as house:
        wanted = plan_purge(house, name, site)
        if plan:
            _tell_plan(wanted, as_json=as_json)
            return
        take = purge_site if site else purge
        count = take(house, wanted, without_backup=yes_without_backup)
    tell([{"service": name, "rows gone": count}], as_json=as_json)
    if not as_json and not site:
        click.echo(f"Its tables are gone. Next: pip uninstall palier-{name.replace('_', '-')}")


def _tell_plan(plan: "Plan", *, as_json: bool) -> None:
    rows: list[dict[str, object]] = [
        {"site": each.site, "table": each.table, "rows": each.rows} for each in plan.rows
    ]
    made = plan.backup_at.isoformat() if plan.backup_at else "never"
    if as_json:
        why = [str(each) for each in plan.why_not]
        tell([{"rows": rows, "last backup": made, "in the way": why}], as_json=True)
        return
    tell(rows, as_json=False, empty="It has no rows.")
    click.echo(f"{plan.count} rows. Last backup: {made}.")
    for each in plan.why_not:
        click.echo(f"In the way: {each}")
