"""Whatever is installed has its line on the page of dependencies."""

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "decisions" / "dependencies.md"


def test_each_dependency_is_named() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = told["dependency-groups"]
    wanted = chain(told["project"]["dependencies"], groups["dev"], groups["build"], groups["docs"])

    names = {re.split(r"[^a-z0-9-]", each)[0] for each in wanted}

    assert names <= set(re.findall(r"`([a-z0-9-]+)`", PAGE.read_text("utf-8")))
