"""Drawing a page: theme, then plugin, then core; one environment per theme."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
)

from palier.text import Text, _, parted, plural, show, show_money, show_time

HERE = Path(__file__).parent.parent
PLAIN = "plain"


@dataclass(frozen=True)
class Theme:
    """Tokens, templates and pictures of one look."""

    name: str
    folder: Path

    @cached_property
    def told(self) -> dict[str, Any]:
        """What theme.toml says."""
        return tomllib.loads((self.folder / "theme.toml").read_text("utf-8"))


def installed_themes() -> dict[str, Theme]:
    """Return the themes that are installed, by name."""
    found = {}
    for entry in entry_points(group="palier.themes"):
        folder = Path(str(files(entry.value)))
        if (folder / "theme.toml").exists():
            found[entry.name] = Theme(entry.name, folder)
    return found


class Renderer:
    """Draws templates in a site's theme; an unknown theme falls back to the plain one."""

    def __init__(self, folders: Iterable[Path], cache: Path | None = None) -> None:
        self.themes = installed_themes()
        self._folders = [each / "templates" for each in folders]
        self._cache = cache
        self._environments: dict[str, Environment] = {}

    def draw(self, template: str, theme: str, values: dict[str, Any]) -> str:
        """Return the page. Everything in `values` was read before."""
        return self._environment(theme).get_template(template).render(values)

    def fonts(self, theme: str) -> Path:
        """Return the folder of the letters that papers are set in."""
        for name in (theme, PLAIN):
            found = self.themes.get(name)
            if found and "fonts" in found.told:
                return found.folder / "static" / "fonts"
        return HERE / "static"

    def _environment(self, theme: str) -> Environment:
        name = theme if theme in self.themes else PLAIN
        if name not in self._environments:
            self._environments[name] = self._make(self.themes.get(name))
        return self._environments[name]

    def _make(self, theme: Theme | None) -> Environment:
        own = [theme.folder / "templates"] if theme else []
        loaders = [FileSystemLoader(each) for each in (*own, *self._folders, HERE / "templates")]
        cache = None
        if self._cache is not None:
            self._cache.mkdir(parents=True, exist_ok=True)
            cache = FileSystemBytecodeCache(str(self._cache))
        made = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=cache,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.globals |= {"_": _, "plural": plural, "Text": Text}
        made.filters |= {"date": show, "show": show, "money": show_money, "hour": show_time}
        made.filters["parted"] = parted
        return made
