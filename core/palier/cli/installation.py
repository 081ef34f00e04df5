"""Making, upgrading and examining an installation."""

from importlib.metadata import version
from typing import Any

import click

from palier.cli.telling import command_errors, json_option, opened, refuse, settings_here, tell
from palier.settings import Settings, make_secret


@click.command()
@command_errors
def init() -> None:
    """Make the database, the secret and the folders; run again, it changes nothing."""
    from palier.installing import bring_up

    settings = settings_here()
    make_secret(settings)
    settings.closings.mkdir(parents=True, exist_ok=True)
    done = bring_up(settings_here())
    click.echo(f"Ready: {done.settings.shown_url}")
    click.echo("Next: palier site new SLUG --name NAME, then palier user add LOGIN --site SLUG")


@click.command()
@click.option("--check", is_flag=True, help="Only say what an upgrade would change.")
@json_option
@command_errors
def upgrade(check: bool, as_json: bool) -> None:
    """Bring every table to this version, the core first, then plugins in order of needs."""
    from palier.installing import bring_up

    settings = settings_here()
    if check:
        _tell_standings(settings, as_json=as_json)
        return
    done = bring_up(settings)
    _note_versions()
    rows: list[dict[str, Any]] = [
        {"package": name, "from": before or "-", "to": after or "-", "trouble": ""}
        for name, (before, after) in done.upgraded.moved.items()
    ]
    rows += [
        {"package": name, "from": "", "to": "", "trouble": str(words)}
        for name, words in done.upgraded.failed.items()
    ]
    rows += [
        {"package": name, "from": "", "to": "", "trouble": "not installed; its tables stay"}
        for name in done.upgraded.gone
    ]
    tell(rows, as_json=as_json)
    if done.upgraded.failed:
        raise SystemExit(1)


def _tell_standings(settings: Settings, *, as_json: bool) -> None:
    """Say what would move, which core each service accepts, and which of its hooks changed."""
    from palier.installing import standings

    found = standings(settings)
    rows = [
        {
            "package": each.package,
            "from": each.found or "-",
            "to": each.wanted or "-",
            "accepts": each.accepts,
            "hooks": "; ".join(each.hooks),
            "trouble": str(each.trouble or ""),
        }
        for each in found
    ]
    tell(rows, as_json=as_json)
    if not as_json and not any(each.waits or each.hooks or each.trouble for each in found):
        click.echo("Everything is up to date.")


def _note_versions() -> None:
    """Let the journal of each site say which version signs from now on."""
    from palier.db.migrations import core_package, newest
    from palier.receipts.events import note_version
    from palier.sites.opening import all_sites

    with opened() as house:
        for each in all_sites(house.database):
            with house.at(each["slug"], "palier upgrade") as desk:
                note_version(desk, version("palier"), newest(core_package()) or "")


@click.command()
@json_option
@command_errors
def doctor(as_json: bool) -> None:
    """Say what is well and what is not; exit code 1 when something needs care."""
    from palier.backup.lately import last_backup
    from palier.installing import examine

    with opened() as house:
        rows = [*examine(house), last_backup(house)]
    tell([{"what": r.what, "well": r.well, "words": r.words} for r in rows], as_json=as_json)
    if not all(each.well for each in rows):
        refuse("Something needs care.")
