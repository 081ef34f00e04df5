"""Receipt numbers: register, year and a count without gap, as in AMP-01-2026-000123."""

from dataclasses import dataclass
from typing import Self

from palier.codes.own import RECEIPT

# Events of a paper book: its first number, and a number that nobody got.
BOOKLET_OPENED, PAPER_UNUSED = "booklet_opened", "paper_unused"


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """One receipt's place in its register's series; `count` starts at 1 each year."""

    register: str
    year: int
    count: int

    def __str__(self) -> str:
        """The number as it is printed, six digits at least."""
        return f"{self.register}-{self.year:04d}-{self.count:06d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a printed number. Raises ValueError for any text that `str` would not have made."""
        found = RECEIPT.fullmatch(text)
        if found is None:
            raise ValueError(f"not a receipt number: {text!r}")
        number = cls(found["register"], int(found["year"]), int(found["count"]))
        if number.count < 1 or str(number) != text:
            raise ValueError(f"not a receipt number: {text!r}")
        return number

    def follows(self, earlier: Self | None) -> bool:
        """Whether it is the very next one: one more in the same year, or the first of a later year."""
        if earlier is None:
            return self.count == 1
        if self.register != earlier.register:
            return False
        if self.year == earlier.year:
            return self.count == earlier.count + 1
        return self.year > earlier.year and self.count == 1


def copy_mark(print_no: int) -> str | None:
    """Return what is written across the `print_no`-th print: nothing on the first, then DUPLICATA 1, 2 …

    The word stands on French receipts in every language. Practice of NF 525; a reprint never
    changes a total. Raises ValueError below 1.
    """
    if print_no < 1:
        raise ValueError("prints are counted from 1")
    return None if print_no == 1 else f"DUPLICATA {print_no - 1}"


def copy_name(register: str, seq: int) -> str:
    """Return the name of a closing's file in the closings folder."""
    return f"{register}-{seq:09d}.json"
