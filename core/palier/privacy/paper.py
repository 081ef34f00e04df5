"""A paper of chapters, as a tagged PDF that is read aloud: one person's data, the register."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from palier.text import reader

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("paper.typ")
FAMILY = "Atkinson Hyperlegible"
_one_at_a_time = Lock()  # a compiler breaks when threads share it freely


def pdf_of(sheet: Mapping[str, Any], fonts: Path) -> bytes:
    """Return the paper, tagged (PDF/UA-1), PDF/A-2a where every sign has a font."""
    import typst

    inputs = {"sheet": json.dumps({**sheet, "lang": reader().locale}), "family": FAMILY}
    with _one_at_a_time:
        compiler = _compiler(fonts)
        try:
            return _compile(compiler, inputs, ["a-2a", "ua-1"])
        except typst.TypstError:
            return _compile(compiler, inputs, [])


@lru_cache(maxsize=1)
def _compiler(fonts: Path) -> "typst.Compiler":
    import typst

    return typst.Compiler(TEMPLATE, font_paths=[fonts])


def _compile(
    compiler: "typst.Compiler", inputs: dict[str, str], standards: "list[typst.PDFStandard]"
) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
