"""A plugin that somebody means: one that is installed, or a package in a folder."""

import importlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from palier.errors import Refused
from palier.plugins import GROUP, discover
from palier.sites.switching import ServiceInTrouble
from palier.text import _


class NotInstalled(Refused):
    text = _(
        "There is no plugin %(name)s here. Install it first, pip install -e ITS-FOLDER, or name the"
        " folder itself."
    )


class NoPluginThere(Refused):
    text = _(
        "There is no plugin in %(folder)s: its pyproject.toml has to name one under"
        ' [project.entry-points."palier.plugins"], with the package beside it.'
    )


class CannotRead(Refused):
    text = _("%(file)s can't be read: %(why)s")


def folder_of(name: str) -> Path:
    """Return the folder of a plugin's package. Raises `NotInstalled` and `ServiceInTrouble`."""
    found = discover().plugins.get(name)
    if found is None or found.is_core:
        raise NotInstalled(name=name)
    if found.folder is None:
        raise ServiceInTrouble(name=name, why=found.trouble)
    return found.folder


@contextmanager
def meant(wanted: str) -> Iterator[str]:
    """Yield the name of a plugin that is installed, or of one in a folder, which is known meanwhile.

    A folder goes before what is installed. Raises `NoPluginThere` and `CannotRead`.
    """
    folder = _folder(wanted)
    if folder is None:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="palier-known-") as place:
        name = _make_known(folder, Path(place))
        before = list(sys.path)
        sys.path[:0] = [place, str(folder)]
        importlib.invalidate_caches()
        try:
            yield name
        finally:
            sys.path[:] = before


def _folder(wanted: str) -> Path | None:
    """Return the folder that is meant: `./toy`, or `toy` where nothing of that name is installed."""
    path = Path(wanted)
    if os.sep in wanted or path in {Path(), Path("..")}:
        return path.resolve()
    installed = {each.name for each in entry_points(group=GROUP)}
    return path.resolve() if wanted not in installed and path.is_dir() else None


def _make_known(folder: Path, place: Path) -> str:
    """Write down what installing the folder would say of it; return the plugin's name."""
    told = _told(folder)
    named = told.get("entry-points", {}).get(GROUP, {})
    if len(named) != 1:
        raise NoPluginThere(folder=folder)
    ((name, module),) = named.items()
    if not (folder / module.split(".")[0]).is_dir():
        raise NoPluginThere(folder=folder)
    whole = str(told.get("name", name)).replace("-", "_")
    number = told.get("version", "0")
    known = place / f"{whole}-{number}.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {whole}\nVersion: {number}\n")
    (known / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}\n")
    return str(name)


def _told(folder: Path) -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    file = folder / "pyproject.toml"
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except OSError:
        raise NoPluginThere(folder=folder) from None
    except ValueError as error:
        raise CannotRead(file=file, why=error) from error
    project: dict[str, Any] = told.get("project", {})
    return project
