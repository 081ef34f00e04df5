"""The page of the commands names each command and option; a new site's commands run as printed."""

import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner

from palier.cli import main

DOCS = Path(__file__).parent.parent / "docs"
PASSWORD = "a-long-password"
HERE = "On one computer, with SQLite"


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


def blocks(page: str, heading: str, language: str) -> list[str]:
    """Return the code of one language under one heading of a page."""
    text = (DOCS / page).read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def lines_to_run(page: str, heading: str) -> list[list[str]]:
    """Return the `palier` lines of a page but for the one that serves until it is stopped."""
    code = "".join(blocks(page, heading, "sh")).replace("\\\n", " ")
    lines = [shlex.split(each) for each in code.splitlines() if each.startswith("palier ")]
    return [words[1:] for words in lines if words[1] != "serve"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for an installation, and the log as it was before the commands."""
    for name in ("CONFIG", "DATABASE_URL", "OWNER_URL", "SECRET", "SECRET_FILE", "CLOSINGS"):
        monkeypatch.delenv(f"PALIER_{name}", raising=False)
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)  # a backup is written where one stands
    before = structlog.get_config()
    yield tmp_path / "home"
    structlog.configure(**before)


def test_a_new_site_is_made_by_what_the_page_says(home: Path) -> None:
    lines = lines_to_run("new-site.md", HERE) + lines_to_run("new-site.md", "Keep a copy")
    runner = CliRunner()

    answers = [runner.invoke(main, each, input=f"{PASSWORD}\n{PASSWORD}\n") for each in lines]
    with closing(sqlite3.connect(home / "palier.sqlite3")) as database:
        made = database.execute(
            "SELECT (SELECT group_concat(name) FROM site_plugin WHERE state = 'on'),"
            " (SELECT group_concat(role) FROM staff), (SELECT regime FROM operator_vat),"
            " (SELECT skill FROM staff_skill)"
        ).fetchone()

    assert [each.output for each in answers if each.exit_code] == []
    assert made == ("bike_hire", "manager,caretaker", "franchise", "brake_test")
