#!/usr/bin/env python3
"""Compares what each package says with its French catalogue; --update writes what is missing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from palier.starting.translating import HEADER, Package, clashes, faults, package_at, update


def packages_under(root: Path) -> list[Package]:
    """Return the core first: where two catalogues hold one sentence, its words win."""
    members = (*root.glob("plugins/*/palier_*"), *root.glob("themes/*/palier_*"))
    paths = [root / "core" / "palier", *sorted(members)]
    found = [path for path in paths if path.is_dir()]
    return [package_at(path) for path in found]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--update", action="store_true")
    chosen = parser.parse_args(arguments)
    packages = packages_under(chosen.root)
    core = packages[0]
    if chosen.update:
        for package in packages:
            update(package, core)
    found = [line for package in packages for line in faults(package, core)]
    found += clashes(packages)
    for line in found:
        print(line)
    return 1 if found else 0


__all__ = ["HEADER", "main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
