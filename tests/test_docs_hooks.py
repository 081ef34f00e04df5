"""The page of the hooks says what hookspecs.py says, and no page names another."""

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

from palier import hookspecs
from palier.asking import Hooks
from palier.plugins import discover

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
NAMES = {each.name for each in hookspecs.ALL}
PROMISED = Path(__file__).parent / "vectors" / "hooks_1_0.txt"
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


def test_the_hooks_of_1_0_ask_what_was_promised() -> None:
    signature = runpy.run_path(str(DOCS / "make_hooks.py"))["signature"]
    promised = PROMISED.read_text("utf-8").splitlines()

    assert hookspecs.VERSION.startswith("1.")
    assert set(promised) <= {signature(each) for each in hookspecs.ALL}


def test_every_hook_has_two_who_answer_it() -> None:
    hooks = Hooks(discover())

    users = Counter(use.hook.name for each in hooks.registry.working() for use in hooks.uses(each))

    assert [each.name for each in hookspecs.ALL if users[each.name] < 2] == []
