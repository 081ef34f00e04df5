"""Serving the web pages."""

import click

from palier.cli.telling import command_errors, refuse


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@command_errors
def serve(host: str, port: int, workers: int) -> None:
    """Serve the web pages. On SQLite one process serves all; more processes need PostgreSQL."""
    import uvicorn

    from palier.cli.telling import opened

    with opened() as house:
        if workers > 1 and house.settings.on_sqlite:
            refuse("SQLite serves with one process. Take PostgreSQL for more workers.")
    click.echo(f"Palier answers on http://{host}:{port}")
    uvicorn.run(
        "palier.serving:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
    )
