"""A receipt on paper: one 80 mm wide page as a tagged PDF that is read aloud and kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from palier.codes.drawing import Drawn, squares
from palier.text import direction
from palier.typeset import typeset
from palier.voices import Said, Words

TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A thing sold, in words; `notes` are lines of their own under it (tare, bracket, correction)."""

    label: str
    total: str
    quantity: str = ""
    unit_price: str = ""
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperVat:
    """A table of VAT: three or four words as its head, then one row of words for each rate."""

    head: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PaperPart:
    """What is no turnover, apart: sold in one provider's name, or deposits on containers.

    `title` says so; `legal` are sentences of the law, in French; the sum is part of the total.
    """

    title: Words
    lines: tuple[PaperLine, ...]
    total: tuple[Words, str]
    vat: PaperVat | None = None
    legal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt whose words and amounts are already translated and formatted.

    `facts` and `payments` are (word, value): number, date with seconds, register, person code.
    `mention` is the legal sentence where no VAT is charged. `under` stands below the total and is
    no part of it: deposits, membership. `marks` stand in a frame on top: a copy, training.
    `large` prints in large letters. `lang` is a language code such as `fr`, `also_lang` that of
    the second language, in which all words but labels of things and legal sentences stand too.
    """

    lang: str
    title: Words
    number: str
    issued_at: datetime
    operator: str
    operator_lines: tuple[str, ...]
    facts: tuple[tuple[Words, Words], ...]
    lines: tuple[PaperLine, ...]
    total: tuple[Words, str]
    payments: tuple[tuple[Words, str], ...] = ()
    parts: tuple[PaperPart, ...] = ()
    vat: PaperVat | None = None
    mention: str = ""
    under: tuple[Words, ...] = ()
    marks: tuple[Words, ...] = ()
    closing_words: tuple[Words, ...] = ()
    large: bool = False
    also_lang: str = ""

    @property
    def name(self) -> str:
        """The title in the first language alone, with the number."""
        title = self.title.text if isinstance(self.title, Said) else self.title
        return f"{title} {self.number}"

    @property
    def code(self) -> str:
        """What is drawn at its end, so that a scan opens it: its number, nothing more."""
        return self.number

    @property
    def drawn(self) -> Drawn:
        """The code as squares."""
        return squares(self.code)

    @property
    def also_dir(self) -> str:
        """`rtl` where the second language is written from the right."""
        return direction(self.also_lang) if self.also_lang else ""


def receipt_pdf(paper: Paper, *, fonts: Path, family: str) -> bytes:
    """Return the receipt as a PDF, tagged, PDF/A-2a and PDF/UA-1, the same bytes each time.

    `fonts` is a folder of TTF or OTF files, `family` the name of one in it. A receipt with a sign
    that no font has is still printed, tagged, but without the promise of PDF/A.
    """
    told = asdict(paper) | {"name": paper.name, "also_dir": paper.also_dir}
    told["drawn"] = paper.drawn.svg
    inputs = {"paper": json.dumps(told, default=datetime.isoformat), "family": family}
    return typeset(TEMPLATE, inputs, fonts=fonts, at=paper.issued_at)
