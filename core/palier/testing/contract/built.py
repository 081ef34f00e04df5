"""The wheel: built, and installed where nothing but it and Palier is."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from sysconfig import get_path

import palier
from palier.testing.building import CannotBuild, build_wheel, unpack
from palier.testing.contract.outcome import Failing, NotChecked, unless
from palier.testing.contract.stage import Stage

# Run without the site's own start, so that nothing installed as editable is found.
TRIED = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from pathlib import Path
from palier.db.migrations import newest, owner_connection, revision, upgrade
from palier.installing import package_of_plugin
from palier.plugins import GROUP, discover
from importlib.metadata import entry_points
name, home = sys.argv[2], sys.argv[3]
registry = discover([e for e in entry_points(group=GROUP) if e.name in json.loads(sys.argv[4])])
plugin = registry.plugins[name]
said = {"trouble": str(plugin.trouble or ""), "place": str(plugin.folder), "failed": ""}
if plugin.works:
    order = [package_of_plugin(registry.plugins[e]) for e in registry.needed_with(name)]
    done = upgrade(f"sqlite:///{home}/palier.sqlite3", order)
    said["failed"] = "; ".join(f"{k}: {v}" for k, v in done.failed.items())
print(json.dumps(said))
"""
NOT_NEEDED = {".pyc", ".pyo"}


def check_wheel(stage: Stage) -> None:
    """Its wheel has every file, and works where only it and Palier are installed."""
    project = stage.project
    if project is None:
        msg = f"No pyproject.toml beside {stage.folder}: check it where its sources are."
        raise NotChecked(msg)
    _check_backend(project)
    folder = stage.folder_of_checks / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        wheel = build_wheel(project, folder)
    except CannotBuild as error:
        raise Failing("Mend pyproject.toml until it builds.", [str(error)]) from error
    unless(
        _left_out(stage, wheel),
        "Let the wheel have these files: [tool.hatch.build.targets.wheel] says what is packed.",
    )
    place = folder / "installed"
    unpack(wheel, place)
    _try_it(stage, place)


def _check_backend(project: Path) -> None:
    told = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    backend = str(told.get("build-system", {}).get("build-backend", "setuptools.build_meta"))
    package = backend.partition(".")[0]
    if importlib.util.find_spec(package) is None:
        msg = f"{package} builds it and is not installed: pip install {package}"
        raise NotChecked(msg)


def _left_out(stage: Stage, wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        packed = set(opened.namelist())
    paths = (each for each in stage.folder.rglob("*") if each.is_file())
    wanted = {stage.shown(each) for each in paths if each.suffix not in NOT_NEEDED}
    return sorted(wanted - packed)


def _try_it(stage: Stage, place: Path) -> None:
    """Start a Python that knows this wheel, Palier and what Palier needs; make the tables there."""
    home = stage.folder_of_checks / "wheel" / "home"
    home.mkdir()
    needed = stage.registry.needed_with(stage.name)
    folders = [stage.registry.plugins[each].folder for each in needed[:-1]]
    core = Path(palier.__file__).parent.parent
    paths = [
        place,
        *(each.parent for each in folders if each),
        core,
        get_path("purelib"),
        get_path("platlib"),
    ]
    words = json.dumps([str(each) for each in dict.fromkeys(paths)])
    arguments = [words, stage.name, str(home), json.dumps(needed)]
    command = [sys.executable, "-I", "-S", "-c", TRIED, *arguments]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().splitlines()[-3:]
        raise Failing("Installed from its wheel it does not start.", last)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    if not Path(said["place"]).is_relative_to(place):
        raise Failing("The wheel lacks the package itself.", [said["place"], said["trouble"]])
    unless(
        [each for each in (said["trouble"], said["failed"]) if each],
        "Installed from its wheel it does not work.",
    )
