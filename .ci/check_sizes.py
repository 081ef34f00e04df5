#!/usr/bin/env python3
"""Finds files over 400 lines and functions over 40, so that everything can be read in one go."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDERS = (".ci", "core", "plugins", "themes", "tests", "bench", "docs")
SUFFIXES = frozenset({".py", ".css", ".js", ".html"})
MADE_BY_TOOLS = frozenset({"__pycache__", "_build", "build", "dist"})
FILE_LINES = 400
FUNCTION_LINES = 40


def files_under(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            ours = MADE_BY_TOOLS.isdisjoint(path.relative_to(root).parts)
            if ours and path.suffix in SUFFIXES and path.is_file():
                yield path


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str, int]]:
    """Yield line, name and length of each function that is too long, decorators not counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, node.name, length


def findings(path: Path, root: Path) -> Iterator[str]:
    place = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    length = len(text.splitlines())
    if length > FILE_LINES:
        yield f"{place}: {length} lines, at most {FILE_LINES}"
    # A migration is one long list of steps, written once and never changed.
    if path.suffix == ".py" and path.parts[-3:-1] != ("migrations", "versions"):
        for line, name, lines in long_functions(ast.parse(text)):
            yield f"{place}:{line}: {name} has {lines} lines, at most {FUNCTION_LINES}"


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).parent.parent
    found = [finding for path in files_under(root) for finding in findings(path, root)]
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
