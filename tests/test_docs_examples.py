"""The pages quote the plugin that they explain: each line shown is in its sources."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLUGIN = ROOT / "plugins" / "bike_hire"
SKELETON = ROOT / "core" / "palier" / "starting" / "skeleton"
SOURCES = [*PLUGIN.rglob("*.py"), PLUGIN / "pyproject.toml", *SKELETON.rglob("*.py.in")]
WRITTEN = {line.strip() for path in SOURCES for line in path.read_text("utf-8").splitlines()}


@pytest.mark.parametrize("page", ["partners.md", "decisions/acts.md"])
def test_each_line_of_an_example_is_in_the_plugin(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"^```(?:python|toml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    shown = {line.strip() for block in blocks for line in block.splitlines()}

    assert blocks
    assert shown - WRITTEN == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))

    assert [each for each in linked if not (page.parent / each).exists()] == []


def test_the_readme_links_lead_somewhere() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text("utf-8"))

    assert [each for each in linked if not (ROOT / each).exists()] == []
