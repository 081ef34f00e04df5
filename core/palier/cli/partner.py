"""For partners: begin a plugin."""

from pathlib import Path

import click

from palier.cli.telling import command_errors


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
    click.echo(f"Next: pip install -e {folder}, then palier plugin check {name}")
