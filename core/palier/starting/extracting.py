"""Reads from one package's sources and templates every sentence that has to be translated."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract

KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "plural": (1, 2)}
DECORATORS = frozenset({"act", "page"})
TEMPLATES = frozenset({".html", ".txt", ".xml", ".svg"})
# Babel's template reader drops a whole file that it cannot read, in silence, unless told not to.
OPTIONS = {"silent": "false"}

Found = tuple[int, str | None, str, list[str]]


def is_shown(decorator: ast.expr) -> bool:
    """Tell whether a function so decorated shows its docstring's first line as help."""
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(named, ast.Attribute):
        return named.attr in DECORATORS
    return isinstance(named, ast.Name) and named.id in DECORATORS


def extract_docstrings(
    fileobj: IO[bytes],
    keywords: object,  # noqa: ARG001  Babel hands every reader the same four
    comment_tags: Sequence[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield the docstring's first line of each act and page, in the shape Babel asks for."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        docstring = ast.get_docstring(node)
        if docstring and any(is_shown(decorator) for decorator in node.decorator_list):
            yield node.body[0].lineno, None, docstring.splitlines()[0].strip(), []


def methods_for(path: Path) -> Sequence[str]:
    """Return the readers for one file, by the names under which Babel imports them."""
    if path.suffix == ".py":
        return ("python", f"{__name__}:extract_docstrings")
    if path.suffix in TEMPLATES and "templates" in path.parts:
        return ("jinja2.ext:babel_extract",)
    return ()


def words_of(package: Path) -> Catalog:
    """Return what the package says to people: each sentence with the places that say it."""
    words = Catalog(locale="fr", domain=package.name)
    for path in sorted(package.rglob("*")):
        for method in methods_for(path):
            with path.open("rb") as opened:
                for line, message, _comments, _context in extract(
                    method, opened, keywords=KEYWORDS, options=OPTIONS
                ):
                    place = (path.relative_to(package.parent).as_posix(), line)
                    words.add(message, locations=[place])
    return words
