"""Papers: a template and what stands in it, made a tagged PDF that is read aloud and kept."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FAMILY = "Atkinson Hyperlegible"

# One compiler for the process, one caller at a time: it breaks when threads share it freely, and
# one for each thread or template would hold its fonts again each time.
_one_at_a_time = Lock()


def typeset(
    template: Path, inputs: dict[str, str], *, fonts: Path, at: datetime | None = None
) -> bytes:
    """Return the template with these inputs as a PDF, tagged, PDF/A-2a and PDF/UA-1.

    `fonts` is a folder of TTF or OTF files. With the moment `at` the bytes are the same each time.
    A sign that no font has is still printed, tagged, but without the promise of PDF/A.
    """
    import typst

    text = _text_of(template)
    with _one_at_a_time:
        compiler = _compiler(fonts)
        try:
            return _compile(compiler, text, inputs, at, ["a-2a", "ua-1"])
        except typst.TypstError:
            return _compile(compiler, text, inputs, at, [])


@lru_cache(maxsize=1)
def _compiler(fonts: Path) -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=[fonts])


@lru_cache
def _text_of(template: Path) -> bytes:
    return template.read_bytes()


def _compile(
    compiler: "typst.Compiler",
    text: bytes,
    inputs: dict[str, str],
    at: datetime | None,
    standards: "list[typst.PDFStandard]",
) -> bytes:
    made = compiler.compile(
        input=text,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standards,
        timestamp=int(at.timestamp()) if at else None,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
