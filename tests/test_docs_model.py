"""The page of the model names the tables that there are as such, and no other."""

import re
from pathlib import Path

from palier.db.migrations import core_package
from palier.plugins import discover

PAGE = Path(__file__).parent.parent / "docs" / "model.md"


def test_the_tables_said_to_be_there_are_the_tables_there() -> None:
    discover()

    said = re.findall(r"\*\*(\w+)\*\*[^*\[]{0,30}\[now", PAGE.read_text("utf-8"))

    assert set(said) == core_package().tables
