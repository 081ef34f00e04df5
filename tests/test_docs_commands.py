"""The page of the commands names each command and option."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from palier.cli import main

DOCS = Path(__file__).parent.parent / "docs"


def every_command(
    group: click.Group = main, path: tuple[str, ...] = ("palier",)
) -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something, with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from every_command(found, (*path, name))
        else:
            yield " ".join((*path, name)), found


COMMANDS = dict(every_command())


def printed() -> dict[str, str]:
    """Return the synopsis of each command on the page."""
    text = (DOCS / "commands.md").read_text("utf-8")
    found = re.findall(r"^### `([^`]+)`\n\n((?:    .+\n)+)", text, re.MULTILINE)
    return {name: " ".join(lines.split()) for name, lines in found}


def options_of(command: click.Command) -> set[str]:
    options = (each for each in command.params if isinstance(each, click.Option))
    return {max(each.opts, key=len) for each in options}


def arguments_of(command: click.Command) -> list[str]:
    arguments = (each for each in command.params if isinstance(each, click.Argument))
    return [str(each.name).upper() for each in arguments]


def test_the_page_has_every_command_and_no_other() -> None:
    assert set(printed()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_has_each_option_and_argument(name: str) -> None:
    synopsis = printed()[name]
    rest = synopsis.removeprefix(name)

    named = set(re.findall(r"--[a-z-]+", rest))
    arguments = re.findall(r"[A-Z]+", re.split(r"\[|--", rest)[0])

    assert synopsis.startswith(name)
    assert named == options_of(COMMANDS[name])
    assert arguments == arguments_of(COMMANDS[name])


def test_the_page_has_each_setting() -> None:
    source = (Path(__file__).parent.parent / "core/palier/settings.py").read_text("utf-8")
    read = set(re.findall(r"told(?:\.get\(|\[)\"(\w+)\"", source))

    named = re.findall(r"^\| `PALIER_(\w+)`", (DOCS / "commands.md").read_text("utf-8"), re.M)

    assert {each.lower() for each in named} == read
