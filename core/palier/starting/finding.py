"""A plugin that is installed, where its sources are."""

from pathlib import Path

from palier.errors import Refused
from palier.plugins import discover
from palier.text import _


class NotInstalled(Refused):
    text = _("There is no plugin %(name)s here. Install it first: pip install -e ITS-FOLDER")


def folder_of(name: str) -> Path:
    """Return the folder of a plugin's package. Raises `NotInstalled`."""
    found = discover().plugins.get(name)
    if found is None or found.is_core or found.folder is None:
        raise NotInstalled(name=name)
    return found.folder
