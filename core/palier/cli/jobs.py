"""What runs by itself: run it, list it."""

import signal
from threading import Event

import click

from palier.cli.telling import command_errors, json_option, opened, refuse, tell


@click.group()
def jobs() -> None:
    """What runs by itself: reminders, messages, clearing up."""


@jobs.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
@command_errors
def run(once: bool) -> None:
    """Run the jobs, one after the other, until stopped. Several may run at once on PostgreSQL.

    On SQLite `palier serve` does it already; `--once` works beside it.
    """
    from palier.jobs.running import Loop

    with opened() as house:
        loop = Loop(house)
        if once:
            ran = loop.once()
            click.echo(f"{len(ran)} run: {', '.join(ran)}" if ran else "Nothing is due.")
            return
        if house.settings.on_sqlite:
            refuse("On SQLite the jobs run in palier serve. Here: palier jobs run --once.")
        stop = Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_more: stop.set())
        click.echo("The jobs run until this is stopped.")
        loop.forever(stop)


@jobs.command("list")
@json_option
@command_errors
def list_jobs(as_json: bool) -> None:
    """List every job with its site, when it runs next, and what went wrong last."""
    from palier.jobs.telling import job_states

    with opened() as house:
        rows = [
            {
                "job": each.job,
                "site": each.site,
                "next": _minute(each.next_at),
                "running": each.running,
                "last well": _minute(each.last_ok_at),
                "trouble": each.last_error,
            }
            for each in job_states(house)
        ]
    tell(rows, as_json=as_json, empty="No job yet: they are made when the loop first runs.")


def _minute(moment: object) -> str:
    return str(moment)[:16] if moment else ""
