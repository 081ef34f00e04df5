"""`palier plugin new` gives a package that works: its tests, its style and its types are proved."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from palier.cli import main
from palier.testing.building import install_beside

ROOT = Path(__file__).parent.parent
LONG = "a_service_with_a_long_name_1"
TITLE = "Repair café"


def new(*words: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    done = CliRunner().invoke(main, ["plugin", "new", *words])
    return done.exit_code, done.output


def ran(
    folder: Path, *command: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of Python's tools in a folder."""
    words = [sys.executable, "-m", *command]
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the house's settings and two new plugins, one with the longest of names."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "plugins").mkdir()
    assert new("repair_cafe", "--title", TITLE, "--into", str(folder / "plugins"))[0] == 0
    assert new(LONG, "--into", str(folder / "plugins"))[0] == 0
    return folder


def test_a_new_plugin_passes_its_own_tests(house: Path, tmp_path: Path) -> None:
    folder = house / "plugins" / "repair_cafe"
    environment = install_beside(folder, tmp_path)

    quick = ("-p", "no:cacheprovider", "-m", "not browser")
    done = ran(folder, "pytest", "-q", *quick, "tests", environment=environment)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "command", [("ruff", "check", "."), ("ruff", "format", "--check", ".")], ids=" ".join
)
def test_new_plugins_keep_the_style_of_the_house(house: Path, command: tuple[str, ...]) -> None:
    done = ran(house, *command)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["repair_cafe", LONG])
def test_new_plugins_keep_the_strict_types_of_the_house(house: Path, name: str) -> None:
    folder = house / "plugins" / name
    environment = {"MYPYPATH": f"{folder}:{ROOT / 'core'}", "PATH": ""}

    done = ran(house, "mypy", str(folder), environment=environment)

    assert done.returncode == 0, done.stdout


def test_its_title_stands_where_people_read_it(house: Path) -> None:
    folder = house / "plugins" / "repair_cafe"
    manifest = (folder / "palier_repair_cafe" / "plugin.py").read_text("utf-8")

    assert f'label=_("{TITLE}")' in manifest
    assert (folder / "README.md").read_text("utf-8").startswith(f"# {TITLE}\n")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Repair", "small letters and digits without accents"),
        ("repair-cafe", "small letters and digits without accents"),
        ("café", "small letters and digits without accents"),
        ("2nd_hand", "small letters and digits without accents"),
        ("a__b", "small letters and digits without accents"),
        ("../up", "small letters and digits without accents"),
        (f"{LONG}2", "at most 28 letters"),
        ("class", "belongs to Palier or to Python"),
        ("receipts", "belongs to Palier or to Python"),
        ("api", "belongs to Palier or to Python"),
        ("theme_red", "belongs to Palier or to Python"),
        ("bike_hire", "palier_bike_hire is installed"),
    ],
)
def test_a_name_that_can_not_be_is_refused_in_words(tmp_path: Path, name: str, why: str) -> None:
    code, said = new(name, "--into", str(tmp_path))

    assert (code, why in said) == (1, True), said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ['a "b"', "100 %", "{{ x }}", "two\nlines", "x" * 60, '"""'])
def test_a_title_that_would_break_code_or_catalogue_is_refused(tmp_path: Path, title: str) -> None:
    code, said = new("toy", "--title", title, "--into", str(tmp_path))

    assert (code, "This can't be a title" in said) == (1, True), said
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "mine.txt").write_text("mine")

    code, said = new("toy", "--into", str(tmp_path))

    assert (code, "is there already, and nothing is written over" in said) == (1, True)
    assert [each.name for each in (tmp_path / "toy").iterdir()] == ["mine.txt"]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    code, said = new("toy", "--into", str(tmp_path / "nowhere"))

    assert (code, "nowhere is no folder" in said) == (1, True)
