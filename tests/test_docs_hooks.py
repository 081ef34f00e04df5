"""The page of the hooks says what hookspecs.py says, and no page names another."""

import re
import runpy
from pathlib import Path

import pytest

from palier import hookspecs

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
NAMES = {each.name for each in hookspecs.ALL}
PAGES = sorted({*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("plugins/*/README.md")})


def test_the_page_is_what_the_code_says() -> None:
    make = runpy.run_path(str(DOCS / "make_hooks.py"))

    made = make["page"]()

    assert (DOCS / "hooks.md").read_text("utf-8") == made


def test_the_page_has_each_hook_once_and_no_other() -> None:
    headings = re.findall(r"^## `(\w+)`$", (DOCS / "hooks.md").read_text("utf-8"), re.MULTILINE)

    assert len(headings) == len(NAMES)
    assert set(headings) == NAMES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_name_hooks_that_exist(page: Path) -> None:
    named = set(re.findall(r"\bhooks\.(?!md\b)([a-z_]+)", page.read_text("utf-8")))

    assert named <= NAMES


@pytest.mark.parametrize("hook", hookspecs.ALL, ids=lambda hook: hook.name)
def test_each_hook_says_what_to_return_and_shows_it(hook: hookspecs.Hook[..., object]) -> None:
    words = hook.__doc__ or ""

    assert "Example:" in words
    assert hook.arguments[0] == "desk"
    assert len(hook.arguments) <= 2
