"""The glossary's labels are the ones on the screens."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
LABELS = re.findall(r"\"([^\"]+)\" = \"([^\"]+)\"", GLOSSARY)
FOLDERS = (ROOT / "core" / "palier", *sorted(ROOT.glob("plugins/*/palier_*")))


def catalogues() -> Iterator[Catalog]:
    for folder in FOLDERS:
        for path in (folder / "locale" / "fr").rglob("*.po"):
            with path.open("rb") as opened:
                yield read_po(opened, locale="fr")


CATALOGUES = tuple(catalogues())


def french_of(english: str) -> set[str]:
    """Return what the catalogues say for a label, wherever it stands."""
    found = (each.get(english) for each in CATALOGUES)
    return {str(message.string) for message in found if message is not None}


@pytest.mark.parametrize(("english", "french"), LABELS)
def test_a_label_is_what_the_catalogue_says(english: str, french: str) -> None:
    assert french_of(english) == {french}


def test_each_line_of_the_glossary_has_its_cells() -> None:
    widths = {line.count(" | ") for line in GLOSSARY.splitlines() if line.startswith("| ")}

    assert widths == {1, 2}
    assert len(LABELS) > 30
