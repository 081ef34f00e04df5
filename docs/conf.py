"""How Sphinx makes these pages into a site: `make docs`, into build/docs."""

import logging
from collections.abc import Iterator
from importlib.metadata import version as version_of

from sphinx.application import Sphinx

from palier.api import SiteRecord, Text

logging.getLogger("alembic").setLevel(logging.WARNING)  # Sphinx shows what others log

project = "Palier"
author = "The Palier developers"
copyright = "The Palier developers, AGPL-3.0-or-later"
version = release = version_of("palier")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = f"Palier {version}"
html_show_sphinx = False
html_copy_source = False
myst_heading_anchors = 3

# In our docstrings one back quote on each side is code, as in Markdown.
default_role = "code"
autodoc_default_options = {
    "members": True,
    "member-order": "bysource",
    "exclude-members": "site_id",
}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True


def columns_of(model: type[SiteRecord]) -> Iterator[str]:
    """Yield a line for each column and link: name, label, kind. A base without a table has none."""
    if not hasattr(model, "fields"):
        return
    for name, each in model.fields.items():
        yield _line(name, each.kind, each.label, optional=each.optional)
    for name, link in model.links.items():
        yield _line(name, link.target, link.label, optional=link.optional)


def _line(name: str, kind: type | None, label: Text, *, optional: bool) -> str:
    empty = ", may be empty" if optional else ""
    return f"- `{name}`: {label.words} (`{getattr(kind, '__name__', kind)}`{empty})"


def with_columns(
    _app: Sphinx, _what: str, _name: str, documented: object, _options: object, lines: list[str]
) -> None:
    """Add a table's columns to what its docstring says."""
    if isinstance(documented, type) and issubclass(documented, SiteRecord):
        lines += ["", *columns_of(documented), ""]


def setup(app: Sphinx) -> None:
    """Let autodoc ask about tables."""
    app.connect("autodoc-process-docstring", with_columns)
