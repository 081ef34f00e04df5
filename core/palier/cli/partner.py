"""For partners: begin a plugin, hold it to the contract."""

import importlib
from pathlib import Path

import click

from palier.cli.telling import command_errors, json_option, refuse


@click.command("new")
@click.argument("name")
@click.option("--title", default="", help="What people call it: Repair café.")
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path(), help="The folder it is made in."
)
@command_errors
def new_plugin(name: str, title: str, into: Path) -> None:
    """Begin a plugin: a package that works, with its tests, to be changed into your own."""
    from palier.starting.making import make_plugin

    folder = make_plugin(name, into, title)
    click.echo(f"Made: {folder}")
    click.echo(f"Next: palier plugin check {folder}, then pip install -e {folder}")


@click.command("check")
@click.argument("plugin")
@click.option("--only", multiple=True, help="One line of the table; can be said several times.")
@json_option
@command_errors
def check_plugin(plugin: str, only: tuple[str, ...], as_json: bool) -> None:
    """Hold a plugin to the contract: a line for each part, and what to do where one fails.

    PLUGIN is the name of one that is installed, or the folder of one that is not yet.
    """
    from palier.starting.finding import meant

    try:
        command = importlib.import_module("palier.testing.command")
    except ModuleNotFoundError as error:
        refuse(f"This needs {error.name}: pip install 'palier[testing]'")
    with meant(plugin) as found:
        command.hold(found, only, as_json=as_json)


@click.command("words")
@click.argument("plugin")
@command_errors
def plugin_words(plugin: str) -> None:
    """Bring a plugin's French catalogue up to date; what is new is left empty."""
    import palier
    from palier.starting.finding import folder_of, meant
    from palier.starting.translating import faults, package_at, read_only, update

    with meant(plugin) as found:
        folder, core = folder_of(found), read_only(Path(palier.__file__).parent)
    update(package_at(folder), core)
    written = package_at(folder)
    click.echo(f"Written: {written.catalogue}")
    for each in faults(written, core):
        click.echo(f"  {each}")


@click.command("migration")
@click.argument("plugin")
@click.argument("words")
@command_errors
def new_migration(plugin: str, words: str) -> None:
    """Write a plugin's next migration, from what its models say and its tables lack."""
    from palier.starting.finding import meant

    try:
        command = importlib.import_module("palier.testing.command")
    except ModuleNotFoundError as error:
        refuse(f"This needs {error.name}: pip install 'palier[testing]'")
    with meant(plugin) as found:
        written = command.write_migration(found, words)
    click.echo(f"Written: {written}")
