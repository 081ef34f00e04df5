"""A receipt on paper: one 80 mm wide page as a tagged PDF that is read aloud and kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("paper.typ")

# One compiler for the process, one caller at a time: it breaks when threads share it freely, and
# one for each thread would hold its fonts again each time.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A thing sold, in words; `notes` are lines of their own under it (tare, bracket, correction)."""

    label: str
    total: str
    quantity: str = ""
    unit_price: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperVat:
    """A table of VAT: three or four words as its head, then one row of words for each rate."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt whose words and amounts are already translated and formatted.

    `facts` and `payments` are (word, value): number, date with seconds, register, person code.
    `mention` is the legal sentence where no VAT is charged. `under` stands below the total and is
    no part of it: deposits, membership. `marks` stand in a frame on top: a copy, training.
    `large` prints in large letters. `lang` is a language code such as `fr`.
    """

    lang: str
    title: str
    number: str
    issued_at: datetime
    operator: str
    operator_lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lines: tuple[PaperLine, ...]
    total: tuple[str, str]
    payments: tuple[tuple[str, str], ...] = ()
    vat: PaperVat | None = None
    mention: str = ""
    under: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    closing_words: tuple[str, ...] = ()
    large: bool = False


def receipt_pdf(paper: Paper, *, fonts: Path, family: str) -> bytes:
    """Return the receipt as a PDF, tagged, PDF/A-2a and PDF/UA-1, the same bytes each time.

    `fonts` is a folder of TTF or OTF files, `family` the name of one in it. A receipt with a sign
    that no font has is still printed, tagged, but without the promise of PDF/A.
    """
    import typst

    inputs = {"paper": json.dumps(asdict(paper), default=datetime.isoformat), "family": family}
    with _one_at_a_time:
        compiler = _compiler(fonts)
        try:
            return _compile(compiler, inputs, paper, ["a-2a", "ua-1"])
        except typst.TypstError:
            return _compile(compiler, inputs, paper, [])


@lru_cache(maxsize=1)
def _compiler(fonts: Path) -> "typst.Compiler":
    import typst

    return typst.Compiler(TEMPLATE, font_paths=[fonts])


def _compile(
    compiler: "typst.Compiler",
    inputs: dict[str, str],
    paper: Paper,
    standards: "list[typst.PDFStandard]",
) -> bytes:
    made = compiler.compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standards,
        timestamp=int(paper.issued_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
