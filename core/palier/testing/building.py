"""Building a package and putting it beside the others, without touching what is installed."""

import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

BUILD = (
    "import importlib, sys; print(importlib.import_module(sys.argv[1]).build_wheel(sys.argv[2]))"
)


class CannotBuild(Exception):
    """A package could not be built; its words are what the build said last."""


def build_wheel(folder: Path, into: Path) -> Path:
    """Build the package in a folder with what its pyproject.toml names; return the wheel.

    Raises `CannotBuild`.
    """
    told = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    backend = told.get("build-system", {}).get("build-backend", "setuptools.build_meta")
    command = [sys.executable, "-c", BUILD, backend, str(into)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotBuild((done.stderr.strip() or "no answer").splitlines()[-1])
    return into / done.stdout.strip().splitlines()[-1]


def unpack(wheel: Path, into: Path) -> None:
    """Install a wheel of plain Python into a folder of its own."""
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(into)


def install_beside(folder: Path, into: Path) -> Mapping[str, str]:
    """Make a plugin known from its own folder; return the environment in which it is installed.

    `into` holds nothing but its name and its entry points.
    """
    wheel = build_wheel(folder, into)
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(into, [each for each in opened.namelist() if ".dist-info/" in each])
    wheel.unlink()
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(into), str(folder)))}
