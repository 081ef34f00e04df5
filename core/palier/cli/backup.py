"""Backup and restore, with a drill that compares every table."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, refuse, tell

if TYPE_CHECKING:
    from palier.backup.archive import Told
    from palier.backup.restoring import Restored

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--with-keys", is_flag=True, help="Put the secret in too: keep such a file locked.")
@click.option("--drill", is_flag=True, help="Restore it beside, compare every table, clear away.")
@json_option
@command_errors
def backup(file: Path, with_keys: bool, drill: bool, as_json: bool) -> None:
    """Save an installation to one file while it is in use; no file is written over."""
    from palier.backup.making import make_backup

    with opened() as house:
        told = make_backup(house, file, keys=with_keys, say=_progress)
    if drill:
        _drill(file, as_json=as_json)
        return
    _tell_tables(told, as_json=as_json)
    if not as_json:
        click.echo(f"{told.rows} rows saved to {file}. Try it: palier restore {file} --drill")


@click.command()
@click.argument("file", type=FILE)
@click.option("--drill", is_flag=True, help="Only try it: compare every table, clear away.")
@plan_option
@json_option
@command_errors
def restore(file: Path, drill: bool, plan: bool, as_json: bool) -> None:
    """Bring a backup back into an installation that has no tables yet, and prove its books."""
    from palier.backup.restoring import restore as bring_back
    from palier.backup.restoring import told_by
    from palier.cli.telling import settings_here

    if plan:
        told = told_by(file)
        _tell_tables(told, as_json=as_json)
        if not as_json:
            click.echo(f"Made at {told.made_at.isoformat()} by Palier {told.palier}.")
        return
    if drill:
        _drill(file, as_json=as_json)
        return
    restored = bring_back(settings_here(), file, datetime.now(UTC))
    _tell_compared(restored, as_json=as_json)
    if not restored.well:
        refuse("The tables are back, but the journal does not prove whole: palier receipts verify")


def _drill(file: Path, *, as_json: bool) -> None:
    from palier.backup.restoring import drill
    from palier.cli.telling import settings_here

    tried = drill(settings_here(), file, datetime.now(UTC))
    _tell_compared(tried, as_json=as_json)
    if tried.differing:
        refuse("This backup is not what was saved. Make another one now.")
    if not tried.well:
        refuse("The journal in this backup does not prove whole: palier receipts verify")


def _tell_tables(told: "Told", *, as_json: bool) -> None:
    rows = [{"table": name, "rows": each.rows} for name, each in sorted(told.tables.items())]
    tell(rows, as_json=as_json)


def _tell_compared(restored: "Restored", *, as_json: bool) -> None:
    differing = set(restored.differing)
    rows: list[dict[str, object]] = [
        {"what": name, "rows": each.rows, "same": name not in differing}
        for name, each in sorted(restored.told.tables.items())
    ]
    rows += [
        {"what": f"journal {each.register}", "rows": each.verdict.records, "same": each.ok}
        for _site, each in restored.books
    ]
    tell(rows, as_json=as_json)


def _progress(part: str) -> None:
    click.echo(f"saved: {part}", err=True)
