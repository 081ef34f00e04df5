"""A seeded Ampère, with its address and its sign-ins."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from palier.cli.telling import command_errors, refuse

if TYPE_CHECKING:
    from palier.demo.seeding import Tell

HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Only make it.")
@click.option("--fresh", is_flag=True, help="Make it anew, even if it was made today.")
@command_errors
def demo(port: int, no_serve: bool, fresh: bool) -> None:
    """Make two neighbourhoods that show everything, on SQLite, and serve them.

    They are kept in var/demo, or in the folder that PALIER_HOME names, and made anew on another
    day: their three months of history end today. Nobody in them is real.
    """
    if not no_serve:
        _check_free(port)
    from palier.demo import keeping
    from palier.demo.seeding import Size
    from palier.house import now_utc

    settings = keeping.settings_of(os.environ)
    if find_spec("faker") is None:
        refuse("The demonstration invents its people with Faker: pip install 'palier[demo]'")
    if fresh or not keeping.is_of_today(settings, now_utc()):
        with _progress() as tell:
            keeping.make(settings, Size(), tell)
    _say(port)
    if not no_serve:
        _serve(str(settings.home), port)


def _check_free(port: int) -> None:
    """Refuse a port that something answers on already, before anything is made."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            refuse(f"Port {port} is taken. Choose another: palier demo --port {port % 65535 + 1}")


@contextmanager
def _progress() -> Iterator["Tell"]:
    """Show how far it is, on one line."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns) as bar:
        task = bar.add_task("", total=None)
        yield lambda words, done, of: bar.update(
            task, description=str(words), completed=done, total=of, refresh=True
        )


def _say(port: int) -> None:
    from palier.demo.arranging import OPENS_WITH
    from palier.demo.places import PLACES, STAFF

    address = f"http://{HOST}:{port}"
    click.echo(f"\nPalier answers on {address}")
    for place in PLACES:
        click.echo(
            f"  {place.name:<11} {address}/{place.slug}/desk, for everyone {address}/{place.slug}/"
        )
    click.echo("Sign in as")
    for each in STAFF:
        where = " and ".join(place.name for place in each.sites)
        click.echo(
            f"  {each.login:<11} {OPENS_WITH}   {each.name}, {each.role} at {where}, "
            f"desk code {each.code}"
        )


def _serve(home: str, port: int) -> None:
    import uvicorn

    for name in [each for each in os.environ if each.startswith("PALIER_")]:
        del os.environ[name]
    os.environ["PALIER_HOME"] = home  # what the server process reads
    uvicorn.run(
        "palier.serving:application",
        factory=True,
        host=HOST,
        port=port,
        log_level="warning",
        access_log=False,
    )
