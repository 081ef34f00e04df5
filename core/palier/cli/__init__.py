"""The commands. Each group is imported when it is asked for: `palier --help` costs little."""

import importlib
from typing import Any

import click

_COMMANDS = {
    "demo": "palier.cli.demo:demo",
    "init": "palier.cli.installation:init",
    "upgrade": "palier.cli.installation:upgrade",
    "doctor": "palier.cli.installation:doctor",
    "serve": "palier.cli.serving:serve",
    "site": "palier.cli.site:site",
    "plugin": "palier.cli.plugin:plugin",
    "user": "palier.cli.user:user",
    "resident": "palier.cli.resident:resident",
    "receipts": "palier.cli.receipts:receipts",
    "backup": "palier.cli.backup:backup",
    "restore": "palier.cli.backup:restore",
    "jobs": "palier.cli.jobs:jobs",
    "messages": "palier.cli.messages:messages",
}
_HELP = {
    "demo": "Make a seeded Ampère on SQLite and serve it.",
    "init": "Make the database, the secret and the folders of an installation.",
    "upgrade": "Bring every table to this version, the core first.",
    "doctor": "Say what is well and what is not.",
    "serve": "Serve the web pages.",
    "site": "Neighbourhoods: new, set, list, show.",
    "plugin": "Services: list, enable, settings, archive, purge, new, check.",
    "user": "People who sign in: add, role, skill, end, list.",
    "resident": "One person's data: export, forget.",
    "receipts": "Verify the journal, close a period.",
    "backup": "Save everything to one file, while it runs.",
    "restore": "Bring a backup back, or only try it.",
    "jobs": "What runs by itself: run, list.",
    "messages": "Messages: test, bounced.",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a first day."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _colon, name = place.partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _HELP[name]) for name in _COMMANDS])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="palier")
def main(**_more: Any) -> None:
    """Palier: the system a neighbourhood concierge service runs on."""
