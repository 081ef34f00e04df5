"""The caretakers' guide says the words and keys of the screens, and shows pictures that are there."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GUIDE = " ".join((DOCS / "caretakers.md").read_text("utf-8").split())
PACKAGES = (ROOT / "core" / "palier", *sorted(ROOT.glob("plugins/*/palier_*")))
KEYS = re.findall(r"\*\*([^*]+)\*\* \(`([^`]+)`\)", GUIDE)
ACT = re.compile(r"@act\(\s*_\(\"([^\"]+)\"\).*?\ndef (\w+)", re.DOTALL)
PICTURES = runpy.run_path(str(DOCS / "pictures" / "make.py"))


def shown() -> dict[str, set[str]]:
    """Return what is on the screens in French, each with its English words."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (package / "locale" / "fr").rglob("*.po"):
            with path.open("rb") as opened:
                for message in read_po(opened, locale="fr"):
                    english = message.id if isinstance(message.id, str) else message.id[0]
                    found.setdefault(str(message.string), set()).add(english)
    return found


def sources() -> Iterator[str]:
    """Yield the code and the templates that say which key is whose."""
    for package in PACKAGES:
        for path in (*package.rglob("*.py"), *package.rglob("*.html")):
            yield path.read_text("utf-8")


def is_said(words: str) -> bool:
    """Whether a sentence of the screens has these words, its values filled in."""
    if any(words in each for each in SHOWN):
        return True
    filled = (re.split(r"%\(\w+\)s", each.rstrip(".")) for each in SHOWN)
    patterns = ([re.escape(part) for part in parts] for parts in filled if len("".join(parts)) > 8)
    return any(re.fullmatch(".+".join(each), words) for each in patterns)


SHOWN = shown()
SOURCES = tuple(sources())
ACTS = [found for text in SOURCES for found in ACT.findall(text)]


def test_the_words_in_bold_are_on_the_screens() -> None:
    named = set(re.findall(r"\*\*([^*]+)\*\*", GUIDE))

    assert named - set(SHOWN) == set()


def test_the_words_in_quotation_marks_are_said_by_the_screens() -> None:
    quoted = {each.strip() for each in re.findall("«([^»]+)»", GUIDE)}

    assert quoted
    assert {each for each in quoted if not is_said(each)} == set()


@pytest.mark.parametrize(("label", "key"), KEYS)
def test_a_key_is_the_one_of_its_button(label: str, key: str) -> None:
    english = SHOWN[label]
    names = {f'_("{each}")' for each in english} | {
        rf".{function}" for words, function in ACTS if words in english
    }

    beside = [
        line
        for text in SOURCES
        for line in text.splitlines()
        if f'"{key}"' in line and any(each in line for each in names)
    ]

    assert beside


def test_most_parts_have_a_picture_and_each_picture_has_its_place() -> None:
    text = (DOCS / "caretakers.md").read_text("utf-8")

    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    shown_there = [each for each in parts if "](pictures/" in each]
    used = re.findall(r"\]\(pictures/(\w+)\.webp\)", text)

    assert len(shown_there) > 12
    assert sorted(used) == sorted(PICTURES["PICTURES"])
    assert {path.stem for path in (DOCS / "pictures").glob("*.webp")} == set(used)


@pytest.mark.parametrize("name", PICTURES["PICTURES"])
def test_a_picture_is_small(name: str) -> None:
    assert (DOCS / "pictures" / f"{name}.webp").stat().st_size <= PICTURES["MOST"]
