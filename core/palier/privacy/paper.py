"""A paper of chapters, as a tagged PDF that is read aloud: one person's data, the register."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from palier.text import reader
from palier.typeset import FAMILY, typeset

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf_of(sheet: Mapping[str, Any], fonts: Path) -> bytes:
    """Return the paper, tagged (PDF/UA-1), PDF/A-2a where every sign has a font."""
    inputs = {"sheet": json.dumps({**sheet, "lang": reader().locale}), "family": FAMILY}
    return typeset(TEMPLATE, inputs, fonts=fonts)
