"""Before an upgrade: which service fits this core, and which of its hooks changed or will change."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, version
from pathlib import Path
from typing import Any

import pytest
import structlog
from packaging.version import Version
from structlog.testing import capture_logs

from palier import hookspecs
from palier.asking import Hooks
from palier.db.migrations import owner_connection
from palier.installing import bring_up, oldest_accepted, standings, waiting
from palier.plugins import GROUP, discover
from palier.settings import Settings, load

PALIER = str(Path(sys.executable).with_name("palier"))
TOY = """
from palier.api import Card, Manifest, _, hooks
manifest = Manifest(
    name="toy_old", label=_("Toy"), summary=_("Toy"), icon="tool", requires_core="{accepts}"
)

@hooks.today
def due(desk):
    return ()
"""
LINE = "palier_toy_old/plugin.py:7"
Install = Callable[[str], dict[str, str]]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An installation of its own; the environment that names it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PALIER_")}
    made = {"PALIER_HOME": str(tmp_path / "home"), "PALIER_SECRET": "only-for-tests"}
    bring_up(load(made))
    return {**kept, **made, "LANG": "C.UTF-8"}


@pytest.fixture
def install(home: dict[str, str], tmp_path: Path) -> Iterator[Install]:
    """Install a plugin that says which core it accepts."""

    def write(accepts: str) -> dict[str, str]:
        folder = tmp_path / "palier_toy_old"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "plugin.py").write_text(TOY.format(accepts=accepts))
        told = tmp_path / "palier_toy_old-1.0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: palier-toy-old\nVersion: 1.0\n"
        )
        (told / "entry_points.txt").write_text(
            "[palier.plugins]\ntoy_old = palier_toy_old.plugin\n"
        )
        return {**home, "PYTHONPATH": str(tmp_path)}

    yield write
    for each in [each for each in sys.modules if each.startswith("palier_toy_old")]:
        del sys.modules[each]


def checked(environment: dict[str, str], *words: str) -> str:
    command = [PALIER, "upgrade", "--check", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def rows(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {each["package"]: each for each in json.loads(checked(environment, "--json"))}


def test_a_plugin_built_for_an_older_core_has_its_changed_hooks_named(install: Install) -> None:
    found = rows(install(">=0.0.1"))

    assert found["toy_old"]["accepts"] == ">=0.0.1"
    assert found["toy_old"]["hooks"] == f"today changed in 0.1 ({LINE})"
    assert found["toy_old"]["trouble"] == ""
    assert found["bike_hire"]["hooks"] == ""


def test_a_plugin_built_for_this_core_has_nothing_named(install: Install) -> None:
    environment = install(f">={version('palier')}")

    found = rows(environment)
    said = checked(environment)

    assert {each["hooks"] + each["trouble"] for each in found.values()} == {""}
    assert {each["from"] == each["to"] for each in found.values()} == {True}
    assert said.rstrip().endswith("Everything is up to date.")


def test_a_plugin_for_a_newer_core_is_named_with_what_it_accepts(install: Install) -> None:
    found = rows(install(">=99"))

    assert found["toy_old"]["accepts"] == ">=99"
    assert "it needs palier >=99, this is" in found["toy_old"]["trouble"]


def test_tables_of_a_newer_plugin_are_its_own_trouble(home: dict[str, str]) -> None:
    settings: Settings = load(home)
    with owner_connection(settings.owner_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version_bike_hire SET version_num = '9999'")

    found = {each.package: each for each in standings(settings)}

    assert "come from a newer version (9999)" in str(found["bike_hire"].trouble)
    assert found["palier"].trouble is None
    assert waiting(settings) == []


@pytest.mark.parametrize(
    ("accepts", "oldest"),
    [
        ("", "0.1"), (">=0.3", "0.3"), (">=0.2,<1", "0.2"), ("~=0.4.1", "0.4.1"), ("==0.2.*", "0.2"),
        ("<2", "0.1"), (">=0.1rc1", "0.1rc1"),
    ],
)  # fmt: skip
def test_the_oldest_core_that_a_manifest_accepts(accepts: str, oldest: str) -> None:
    assert oldest_accepted(accepts) == Version(oldest)


def test_a_hook_warns_before_it_changes_with_plugin_and_line(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(">=0.1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(hookspecs.today, "warns", "from 0.2 on a card needs a kind.")
    registry = discover([EntryPoint("toy_old", "palier_toy_old.plugin", GROUP)])

    structlog.reset_defaults()  # a command that ran before may have told it to be quiet

    with capture_logs() as said:
        Hooks(registry)

    (warned,) = (each for each in said if each.get("plugin") == "toy_old")
    assert (warned["log_level"], warned["hook"], warned["at"]) == ("warning", "today", LINE)
    assert warned["how"] == "from 0.2 on a card needs a kind."
